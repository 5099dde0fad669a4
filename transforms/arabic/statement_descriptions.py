"""What is described as what."""

from __future__ import annotations

from transforms.arabic.adjacent_phrases import OF_NAMES, split_object
from transforms.arabic.clitics import ARTICLE, BEH
from transforms.arabic.inflection import NOON, TAA_MARBUTA, YEH
from transforms.arabic.noun_phrases import phrase_end, starts_phrase
from transforms.arabic.statement_objects import skip_to_phrase
from transforms.arabic.statement_openers import REACH, Hit, breaks_clause
from transforms.arabic.statement_reader import CLAUSE_MARKS, COMMAS, Reader
from transforms.arabic.statement_subjects import ELIDED, Subject, insertion_end, subject_after
from transforms.arabic.statement_words import RESUMPTIVE, CueReading


def match_description(
    reader: Reader, at: int, reading: CueReading, before: Subject, no_subject_after: bool
) -> Hit | None:
    """describe X as Y: the content runs from X."""
    limit = min(reader.clause_limit(at), at + REACH)
    for i in range(at + 1, limit):
        word = reader.words[i]
        as_clause = (word.that and word.bi) or (
            word.folded in (BEH, BEH + ARTICLE) and (i > at + 1 or reading.form.suffix != "")
        )
        if as_clause or (
            word.bi
            and (i > at + 1 or reading.form.suffix)
            and "not_bi" not in word.groups
            and (word.definite or word.pronominal or (reading.form.suffix and i == at + 1))
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


def end_description(reader: Reader, hit: Hit) -> Hit:
    """End what a clause within a phrase describes something as: with its quotation or phrase, or at a comma."""
    if reader.words[hit.content].folded == BEH and hit.content + 1 in reader.quote_from:
        hit.content += 1
    hit.fixed_end = _description_end(reader, hit.content)
    return hit


def _description_end(reader: Reader, at: int) -> int:
    limit = reader.clause_limit(at)
    quote = next((reader.quote_from[i] for i in (at, at + 1) if i in reader.quote_from), None)
    if quote and quote.closed:
        return quote.last
    mark = next((i for i in range(at, limit) if reader.tokens[i].text in CLAUSE_MARKS), limit)
    if reader.words[at].that or reader.words[at].masdar:
        return mark
    place = next((i for i in range(at + 1, mark) if "preposition" in reader.words[i].groups), mark)
    return max(at + 1, phrase_end(reader, at, place))


def _second_phrase(reader: Reader, first: int, end: int) -> int | None:
    """Where, before `as`, a phrase follows an insertion, or a definite noun what is complete (a name, a plural)."""
    words = reader.words
    closes = (insertion_end(reader, i, end) for i in range(first + 1, end))
    close = next((i for i in closes if i is not None), end)
    if close + 1 < end and starts_phrase(reader, close + 1):
        return close + 1
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
