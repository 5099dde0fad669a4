"""What is described as what, what is deemed what."""

from __future__ import annotations

from transforms.arabic.adjacent_phrases import OF_NAMES, split_object
from transforms.arabic.clitics import ALEF, BEH, HAMZA
from transforms.arabic.noun_phrases import starts_phrase
from transforms.arabic.statement_forms import MEEM, NOON, TAA_MARBUTA, YEH
from transforms.arabic.statement_objects import skip_to_phrase
from transforms.arabic.statement_openers import REACH, Hit, breaks_clause
from transforms.arabic.statement_reader import COMMAS, Reader
from transforms.arabic.statement_subjects import ELIDED, Subject, subject_after
from transforms.arabic.statement_words import RESUMPTIVE, CueReading, Word

_DEEMED = 16
_SHORTEST_ACCUSATIVE = 3
_AS_GOOD_AS = BEH + MEEM + "\u062b\u0627\u0628" + TAA_MARBUTA


def match_description(
    reader: Reader, at: int, reading: CueReading, before: Subject, no_subject_after: bool
) -> Hit | None:
    """describe X as Y: the content runs from X."""
    limit = min(reader.clause_limit(at), at + REACH)
    for i in range(at + 1, limit):
        word = reader.words[i]
        as_clause = (word.that and word.bi) or (word.folded == BEH and (i > at + 1 or reading.form.suffix != ""))
        if as_clause or (
            word.bi
            and (i > at + 1 or reading.form.suffix)
            and "not_bi" not in word.groups
            and (word.definite or word.pronominal)
        ):
            if reading.form.suffix:
                span = None if no_subject_after else subject_after(reader, at + 1, i)
                return Hit(at, at + 1, reading, "prep", i, Subject("post", span) if span else before)
            if no_subject_after:
                return Hit(at, at + 1, reading, "prep", skip_to_phrase(reader, at + 1, i), before)
            border = split_object(reader, at + 1, i) or _second_phrase(reader, at + 1, i)
            if border is None:
                start = skip_to_phrase(reader, at + 1, i)
                return Hit(at, at + 1, reading, "prep", start, ELIDED) if start < i else None
            span = subject_after(reader, at + 1, border)
            return Hit(at, at + 1, reading, "prep", border, Subject("post", span) if span else ELIDED)
        if breaks_clause(reader, i, at):
            return None
    return None


def _second_phrase(reader: Reader, first: int, end: int) -> int | None:
    """Where, before `as`, a definite noun follows what is complete: a name, or a definite plural."""
    words = reader.words
    for i in range(first + 1, end):
        word, before = words[i], words[i - 1]
        if (
            reader.tokens[i].text in COMMAS
            and words[first].kind
            and not (words[first].kind == "role" and before.definite)
        ):
            after = next((k for k in range(i + 1, end) if "time" not in words[k].groups), end)
            if after < end and starts_phrase(reader, after) and words[after].kind in ("", "document"):
                return after
        if word.folded in RESUMPTIVE or word.finite or word.groups & {"relative", "preposition", "adjunct"}:
            return None
        if not (word.definite and reader.is_word(i) and reader.is_word(i - 1)) or word.bi or word.li or word.governed:
            continue
        name = not (before.definite or before.kind or before.masdar or before.conjunction)
        name = name and before.groups <= OF_NAMES
        if name and word.kind in ("role", "organisation"):
            return i
        source = i == first + 1 and before.definite and before.kind in ("role", "anonymous", "organisation")
        if source and not (word.kind or word.groups or word.folded.endswith((YEH, YEH + TAA_MARBUTA, YEH + NOON))):
            return i
    return None


def match_deemed(reader: Reader, at: int, reading: CueReading, before: Subject, no_subject_after: bool) -> Hit | None:
    """deem X a Y: the content runs from X to an indefinite accusative; with a pronoun for X, it is the accusative."""
    form, words = reading.form, reader.words
    first, limit = at + 1, min(reader.clause_limit(at), at + _DEEMED)
    if form.suffix:
        span = None
        if first < limit and (words[first].kind or words[first].definite) and not no_subject_after:
            span = subject_after(reader, first, limit)
        start = span[1] if span else first
        if start < limit and (start in reader.quote_from or _accusative(words[start])):
            return Hit(at, at + 1, reading, "np", start, Subject("post", span) if span else ELIDED)
        return None
    known = before.mode == "pre" and before.span is not None and words[before.span[0]].kind not in ("", "place")
    if form.kind == "present" and not known:
        return None  # is deemed, that is: is
    for i in range(first + 1, limit):
        word = words[i]
        if word.that or word.participle or "relative" in word.groups:
            return None
        if (_accusative(word) or word.folded == _AS_GOOD_AS) and "preposition" not in words[i - 1].groups:
            if no_subject_after or known:
                return Hit(at, at + 1, reading, "np", first, before) if starts_phrase(reader, first) else None
            border = split_object(reader, first, i)
            span = subject_after(reader, first, border) if border is not None else None
            return Hit(at, at + 1, reading, "np", border, Subject("post", span)) if border and span else None
    return None


def _accusative(word: Word) -> bool:
    """Whether a word looks like an indefinite accusative."""
    named = word.definite or word.kind or word.groups - {"content_noun"} or word.finite or word.pronominal
    return len(word.folded) > _SHORTEST_ACCUSATIVE and word.folded.endswith((ALEF, ALEF + HAMZA)) and not named
