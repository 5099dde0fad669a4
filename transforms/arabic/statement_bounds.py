"""Where a content ends: with its quotation, its sentence, or before what is no longer the source's."""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

from transforms.arabic.particles import particle
from transforms.arabic.statement_boundaries import Boundary
from transforms.arabic.statement_openers import Hit
from transforms.arabic.statement_reader import CLAUSE_MARKS, COMMAS, Reader

_TRIES: Final = 8
_LONGEST_PHRASE: Final = 30
_LONGEST_UNCLOSED: Final = 400
_MA: Final = particle("ma")
_CUES: Final = ("participle", "verb", "present", "deed")  # boundaries that are another cue or verb, with its gender


def content_end(reader: Reader, hit: Hit, boundaries: list[Boundary]) -> int:
    """The end of the content of a cue, exclusive."""
    if hit.fixed_end is not None:
        return hit.fixed_end
    limit = reader.clause_limit(hit.first)
    start = hit.content
    while start < limit and reader.tokens[start].is_punct and start not in reader.quote_from:
        start += 1
    if hit.opener == "colon" and start in reader.quote_from:
        closed = reader.quote_from[start]
        after = closed.last + 1
        if not closed.closed or after >= limit or not reader.is_word(after) or _opens_anew(reader, after):
            return _quotation_end(reader, start)
        return _bounded(reader, after, limit, hit, boundaries, quoted=True)
    quote = reader.quote_from.get(start)
    described = hit.opener == "prep" and "as" in hit.reading.form.cue.frames
    if described and quote is None:
        quote = next(
            (reader.quote_from[i] for i in range(start, min(start + 3, limit)) if i in reader.quote_from), None
        )
        if quote and quote.closed and quote.last + 1 < limit and reader.is_word(quote.last + 1):
            after_word = reader.words[quote.last + 1]
            named = hit.first > 0 and reader.words[hit.first - 1].folded == _MA  # what he called "..."
            if named or not (after_word.conjunction or after_word.groups):
                return quote.last
        quote = None
    if quote:
        if not quote.closed:
            return min(quote.last, quote.first + _LONGEST_UNCLOSED)
        after = quote.last + 1
        goes_on = after < limit and (reader.tokens[after].text in COMMAS or not reader.tokens[after].is_punct)
        if not goes_on or (hit.opener == "quote" and reader.tokens[after].text in COMMAS):
            return _quotation_end(reader, start)
        start = after
    if hit.opener == "colon" and not quote:
        return _unmarked_end(reader, start, limit, hit, boundaries)
    return _bounded(reader, start, limit, hit, boundaries, quoted=quote is not None)


def _unmarked_end(reader: Reader, start: int, limit: int, hit: Hit, boundaries: list[Boundary]) -> int:
    """The end of speech behind a colon without quotation marks: before the same source's next colon or participle."""
    gender = hit.reading.form.gender
    for boundary in boundaries[bisect_left(boundaries, start + 1, key=lambda b: b.at) :]:
        if boundary.at >= limit:
            break
        parted = reader.tokens[boundary.at - 1].text in CLAUSE_MARKS
        if boundary.kind in ("colon", "participle") and parted and gender in (boundary.gender, ""):
            return boundary.at
    return limit


def _opens_anew(reader: Reader, at: int) -> bool:
    """Whether the words behind a quotation are the reporter's: a verb, a conjunction, an attribution, a setting."""
    word = reader.words[at]
    return bool(
        word.conjunction
        or word.and_that
        or word.finite
        or word.perfect
        or word.attribution
        or word.groups
        or word.participle
    )


def _quotation_end(reader: Reader, at: int) -> int:
    """The end of a quotation, and of quoted sentences of the same paragraph that carry it on without a cue."""
    quote = reader.quote_from[at]
    end = quote.last
    paragraph = reader.paragraph_end[at]
    if not quote.closed:
        return min(end, at + _LONGEST_UNCLOSED)
    while quote.closed:
        i = quote.last + 1
        while i < paragraph and reader.tokens[i].is_punct and i not in reader.quote_from:
            i += 1
        if i >= paragraph or i not in reader.quote_from or i == quote.last + 1:
            break
        quote = reader.quote_from[i]
        end = quote.last
    return end


def _bounded(reader: Reader, start: int, limit: int, hit: Hit, boundaries: list[Boundary], quoted: bool) -> int:
    i = bisect_left(boundaries, max(start, hit.last), key=lambda b: b.at)
    tries = 0
    quote_here = reader.quote_in[start] if start < len(reader.tokens) else None
    while i < len(boundaries) and boundaries[i].at < limit and tries < _TRIES:
        boundary = boundaries[i]
        i += 1
        inside = reader.quote_in[boundary.at]
        if inside is not None and inside.closed and inside is not quote_here:
            continue
        if not _concerns(reader, hit, start, boundary):
            continue
        if _parts(reader, hit, start, boundary) and (boundary.at > start or (quoted and boundary.at == start)):
            return boundary.at
        tries += 1
    return limit


def _concerns(reader: Reader, hit: Hit, start: int, boundary: Boundary) -> bool:
    """Whether contents of this kind end at boundaries of that kind: a phrase where a clause would go on."""
    form, nominal = hit.reading.form, hit.opener in ("np", "prep")
    match boundary.kind:
        case "colon":
            return False
        case "late":
            return (nominal or hit.opener == "quote") and boundary.at - start >= _least(reader, start)
        case "meanwhile" | "gloss":
            return nominal
        case "deed":
            return _goes_on(reader, hit, start, boundary.at)
        case "act":
            return nominal and boundary.at > start and not _subordinates(reader, start, boundary.at)
        case "main":
            return nominal and form.kind == "masdar"
        case "relative":
            return nominal and form.kind == "masdar" and not form.suffix
        case "present":
            return form.kind == "present"
    return True


def _parts(reader: Reader, hit: Hit, start: int, boundary: Boundary) -> bool:
    """Whether what follows is no longer the content: another clause, or a cue that agrees with the source in gender."""
    gender = hit.reading.form.gender if hit.reading.form.kind != "masdar" else ""
    if boundary.kind not in _CUES or not gender or boundary.gender in ("", gender):
        return True
    if boundary.kind != "participle":
        return False
    nominal = hit.opener in ("np", "prep") and not _subordinates(reader, start, boundary.at)
    return nominal or hit.subject.mode == "relative"


def _least(reader: Reader, start: int) -> int:
    """How many words a content has at least: a phrase with its preposition one, any other two."""
    return 1 if reader.words[start].bi else 2


def _goes_on(reader: Reader, hit: Hit, start: int, at: int) -> bool:
    """Whether a perfect joined with `and` goes on with the cue's own verb, as the content is a phrase without one."""
    form = hit.reading.form
    if hit.opener not in ("np", "prep") or form.kind != "past" or at - start > _LONGEST_PHRASE:
        return False
    return not any(w.that or w.finite or w.groups & {"relative", "clause"} for w in reader.words[start:at])


def _subordinates(reader: Reader, first: int, last: int) -> bool:
    """Whether a clause of its own begins within a range, so that a verb behind it may belong to that."""
    return any(
        w.that or w.and_that or w.finite or w.groups & {"relative", "demonstrative"} for w in reader.words[first:last]
    )
