"""Where a content ends: with its quotation, its sentence, or before what is no longer the source's."""

from __future__ import annotations

from bisect import bisect_left

from transforms.arabic.clitics import WAW
from transforms.arabic.particles import PREPOSITIONS, particle
from transforms.arabic.statement_boundaries import Boundary, is_setting
from transforms.arabic.statement_openers import Hit
from transforms.arabic.statement_reader import CLAUSE_MARKS, COMMAS, Reader

_TRIES = 8
_LONGEST_OPENING = 3
_LONGEST_UNCLOSED = 400
_MA = particle("ma")


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
        parted = goes_on and reader.tokens[after].text in COMMAS
        if not goes_on or (parted and (hit.opener == "quote" or _sets_scene(reader, after + 1))):
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


def _sets_scene(reader: Reader, at: int) -> bool:
    """Whether behind a quotation and a comma the reporter tells when, where or in answer to what it was said."""
    if at >= len(reader.words):
        return False
    word = reader.words[at]
    scene = word.groups & {"governing", "amid"} or word.groups >= {"aside", "demonstrative"}
    return bool(scene) or (word.folded == PREPOSITIONS["fi"] and is_setting(reader, at))


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
        i += i + 1 < paragraph and reader.words[i].folded == WAW and i + 1 in reader.quote_from
        if i >= paragraph or i not in reader.quote_from or i == quote.last + 1:
            break
        quote = reader.quote_from[i]
        end = quote.last
    return end


def _bounded(reader: Reader, start: int, limit: int, hit: Hit, boundaries: list[Boundary], quoted: bool) -> int:
    """The first boundary behind the beginning of a content that ends it, or the limit."""
    i = bisect_left(boundaries, max(start, hit.last), key=lambda b: b.at)
    tries = 0
    quote_here = reader.quote_in[start] if start < len(reader.tokens) else None
    for k in range(i, len(boundaries)):
        boundary = boundaries[k]
        if boundary.at >= limit or tries == _TRIES:
            break
        inside = reader.quote_in[boundary.at]
        if inside is not None and inside.closed and inside is not quote_here:
            continue
        if not _binds(reader, start, hit, boundary):
            continue
        if _agrees(reader, start, hit, boundary) and (boundary.at > start or (quoted and boundary.at == start)):
            return boundary.at
        tries += 1
    return limit


def _binds(reader: Reader, start: int, hit: Hit, boundary: Boundary) -> bool:
    """Whether a boundary of this kind ends contents like that of a cue."""
    form = hit.reading.form
    phrase = hit.opener in ("np", "prep")
    match boundary.kind:
        case "colon":
            return False
        case "present":
            return form.kind == "present"
        case "phrase":
            return phrase
        case "that":
            return phrase and hit.subject.mode == "relative"  # X, who warned of floods, said | that ...
        case "act":
            parted = reader.tokens[boundary.at - 1].text in COMMAS
            held = _holds_clause if parted else _subordinates
            return phrase and boundary.at > start and not held(reader, start, boundary.at)
        case "main":
            return (phrase and form.kind == "masdar") or _is_subordinate(reader, hit)
        case "relative":
            return phrase and form.kind == "masdar" and not form.suffix
        case "predicate":
            return phrase and form.kind == "masdar" and _is_topic(reader, hit)
        case "late":
            if boundary.at - start < _least(reader, start) or _holds_clause(reader, start, boundary.at):
                return False
            return phrase or hit.opener == "quote"
    return True


def _is_subordinate(reader: Reader, hit: Hit) -> bool:
    """Whether a cue stands in a clause that opens its sentence, before the main one: while X said that ..., Y ..."""
    first = reader.sentence(hit.first)[0]
    return 0 < hit.first - first <= _LONGEST_OPENING and bool(reader.words[first].groups & {"amid", "when"})


def _is_topic(reader: Reader, hit: Hit) -> bool:
    """Whether a verbal noun begins a clause as its subject: that his consent to ... came."""
    return hit.first == reader.sentence(hit.first)[0] or reader.words[hit.first - 1].that


def _agrees(reader: Reader, start: int, hit: Hit, boundary: Boundary) -> bool:
    """Whether the verb or participle at a boundary can have the same source as a cue."""
    form = hit.reading.form
    if form.kind == "masdar" or form.gender == "" or boundary.gender in ("", form.gender):
        return True
    if boundary.kind == "verb" and hit.opener in ("np", "prep") and reader.tokens[boundary.at - 1].text in COMMAS:
        return True
    if boundary.kind != "participle":
        return False
    if reader.tokens[boundary.at - 1].text in COMMAS and "relay" not in form.cue.frames:
        return True
    return hit.subject.mode == "relative" or (
        hit.opener in ("np", "prep") and not _subordinates(reader, start, boundary.at)
    )


def _least(reader: Reader, start: int) -> int:
    """How many words a content has at least: a phrase with its preposition one, any other two."""
    return 1 if reader.words[start].bi else 2


def _holds_clause(reader: Reader, first: int, last: int) -> bool:
    """Whether a range holds a verb or `that`, so that what is behind it may be that clause's."""
    return any(w.that or w.and_that or w.finite for w in reader.words[first:last])


def _subordinates(reader: Reader, first: int, last: int) -> bool:
    """Whether a clause of its own begins within a range, so that a verb behind it may belong to that."""
    return any(
        w.that or w.and_that or w.finite or w.groups & {"relative", "demonstrative"} for w in reader.words[first:last]
    )
