"""What something is deemed or called: they deemed it a success, what he called interference."""

from __future__ import annotations

from typing import Final

from transforms.arabic.adjacent_phrases import split_object
from transforms.arabic.clitics import ALEF, BEH, HAMZA
from transforms.arabic.inflection import TAA_MARBUTA
from transforms.arabic.noun_phrases import starts_phrase
from transforms.arabic.particles import particle
from transforms.arabic.statement_openers import Hit
from transforms.arabic.statement_reader import Reader
from transforms.arabic.statement_subjects import ELIDED, Subject, subject_after
from transforms.arabic.statement_words import CueReading, Word

_DEEMED: Final = 16
_SHORTEST_ACCUSATIVE: Final = 3
_AS_GOOD_AS: Final = BEH + particle("likeness")


def match_deemed(reader: Reader, at: int, reading: CueReading, before: Subject, no_subject_after: bool) -> Hit | None:
    """deem X a Y: the content runs from X to an indefinite accusative; with a pronoun for X, it is the accusative."""
    form, words = reading.form, reader.words
    first, limit = at + 1, min(reader.clause_limit(at), at + _DEEMED)
    if form.suffix:
        span = None
        if (
            first < limit
            and (words[first].kind or (words[first].definite and not words[first].masdar))
            and not no_subject_after
        ):
            span = subject_after(reader, first, limit)
        start = span[1] if span else first
        what = "as" in form.cue.frames and start < limit and words[start].masdar
        if start < limit and (start in reader.quote_from or _accusative(words[start]) or what):
            quote = reader.quote_from.get(start)
            end = quote.last if quote and quote.closed else None
            return Hit(at, at + 1, reading, "np", start, Subject("post", span) if span else ELIDED, end)
        return None
    known = before.mode == "pre" and before.span is not None and words[before.span[0]].kind not in ("", "place")
    known = known or form.first_person
    sourced = first < limit and words[first].kind in ("place", "organisation", "role")
    sourced = sourced or form.kind == "participle" or (form.kind == "past" and no_subject_after)
    if form.kind == "present" and not (known or (sourced and not no_subject_after)):
        return None  # is deemed, that is: is
    for i in range(first + 1, limit):
        word = words[i]
        if word.that or word.participle or "relative" in word.groups:
            return None
        if i == first + 1 and i in reader.quote_from and "object" in words[first].groups:
            return Hit(at, at + 1, reading, "np", first, before)  # deeming it "ridiculous"
        predicate = _accusative(word) or word.folded == _AS_GOOD_AS or (sourced and _is_feminine_predicate(reader, i))
        if predicate and "preposition" not in words[i - 1].groups:
            if no_subject_after or known:
                return Hit(at, at + 1, reading, "np", first, before) if starts_phrase(reader, first) else None
            border = split_object(reader, first, i)
            span = subject_after(reader, first, border) if border is not None else None
            if form.kind == "present" and any("preposition" in w.groups for w in words[border or first : i]):
                return None
            return Hit(at, at + 1, reading, "np", border, Subject("post", span)) if border and span else None
    return None


def _accusative(word: Word) -> bool:
    """Whether a word looks like an indefinite accusative."""
    named = word.definite or word.kind or word.groups - {"content_noun"} or word.finite or word.pronominal
    return len(word.folded) > _SHORTEST_ACCUSATIVE and word.folded.endswith((ALEF, ALEF + HAMZA)) and not named


def _is_feminine_predicate(reader: Reader, at: int) -> bool:
    """Whether an indefinite feminine noun stands at a token that governs no other: (deems X) a threat."""
    word = reader.words[at]
    plain = not (word.definite or word.bi or word.li or word.conjunction or word.finite)
    governs = at + 1 < len(reader.words) and reader.words[at + 1].definite
    return plain and word.folded.endswith(TAA_MARBUTA) and not governs and reader.words[at - 1].definite
