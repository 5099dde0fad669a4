"""Quotations: whether one is what is said or a name in marks, and how much of a content is quoted."""

from __future__ import annotations

from bisect import bisect_left

from transforms.arabic.clitics import LAM, WAW
from transforms.arabic.inflection import NOON, TAA_MARBUTA, YEH
from transforms.arabic.particles import PREPOSITIONS
from transforms.arabic.segment import Quote
from transforms.arabic.statement_reader import CLAUSE_MARKS, COMMAS, Reader, is_quote_mark

_LONG_QUOTE = 4
_MOST_QUOTES = 40
_LONGEST_NAME = 4
_ADJECTIVAL = (YEH + TAA_MARBUTA, YEH + WAW + NOON, YEH + YEH + NOON)  # relational adjectives
_FRAMING = frozenset(PREPOSITIONS.values())


def quote_length(reader: Reader, at: int) -> int:
    quote = reader.quote_from[at]
    return sum(reader.is_word(i) for i in range(quote.first + 1, min(quote.last, quote.first + 30)))


def is_speech(reader: Reader, cue: int, at: int, limit: int) -> bool:
    """Whether a quotation is what is said, and not a name in marks: long, or nothing but the end follows."""
    quote = reader.quote_from[at]
    length = quote_length(reader, at)
    after = quote.last + 1
    parted = after + 1 < limit and reader.tokens[after].text in CLAUSE_MARKS
    semicolon = parted and reader.tokens[after].text not in COMMAS
    opens = parted and (reader.words[after + 1].that_bare or (semicolon and reader.words[after + 1].folded in _FRAMING))
    if quote.closed and at > cue + 1 and opens:
        return False  # the name of an event, and then what was said there
    if at and (
        reader.words[at - 1].folded == LAM
        or reader.words[at - 1].attribution
        or "titled" in reader.words[at - 1].groups
    ):
        return False
    before = reader.words[at - 1] if at else None
    if before and before.kind and before.kind != "role" and not before.definite and length <= 6:
        return False
    later = any(
        reader.words[i].that or reader.tokens[i].text == ":" for i in range(quote.last + 1, min(limit, quote.last + 25))
    )
    later = later and not (after < limit and length >= _LONG_QUOTE and reader.words[after].participle)
    name = length <= _LONG_QUOTE and quote.closed
    if name and before and before.groups == {"preposition"} and (after >= limit or reader.is_word(after)):
        return False
    if name and after < limit and reader.is_word(after) and at == cue + 1:
        return length >= 2 and not later and bool(reader.words[at + 1].groups & {"utterance", "negation"})
    return (length > _LONG_QUOTE and not (later and length < 8)) or (not later and length >= 2)


def quotation_kind(reader: Reader, first: int, last: int) -> str:
    """direct, mixed or indirect, by the quotation marks that hold or lie in a content."""
    outer = reader.quote_in[first]
    if outer is not None and (last <= outer.last or _joined(reader, outer, last)):
        return "direct"
    at = bisect_left(reader.quotes, first, key=_opening)
    for quote in reader.quotes[at : at + _MOST_QUOTES]:
        if quote.first >= last:
            break
        if _counts(reader, quote.first, min(quote.last, last)):
            return "mixed"
    if outer is not None and outer.last < last and (outer.last - first > 2 or _counts(reader, outer.first, outer.last)):
        return "mixed"
    return "indirect"


def _joined(reader: Reader, quote: Quote, last: int) -> bool:
    """Whether up to a token there are only further quotations, with marks and `and` between them."""
    end = quote.last + 1
    for _ in range(_MOST_QUOTES):
        while end < last and (reader.tokens[end].is_punct or reader.words[end].folded == WAW):
            if end in reader.quote_from:
                break
            end += 1
        if end >= last:
            return True
        if end not in reader.quote_from:
            return False
        end = reader.quote_from[end].last + 1
    return False


def _opening(quote: Quote) -> int:
    return quote.first


def _counts(reader: Reader, opening: int, last: int) -> bool:
    """Whether words in marks are a quotation and neither a name nor one ironic word."""
    words = sum(reader.is_word(i) for i in range(opening + 1, last))
    if words < 2:
        return words == 1 and reader.words[opening + 1].folded.endswith(_ADJECTIVAL)
    first = reader.words[opening + 1]
    if first.verb or first.groups & {"negation", "auxiliary"}:
        return True  # a clause is no name
    before = reader.words[opening - 1] if opening and not is_quote_mark(reader.tokens[opening - 1]) else None
    named = before is not None and bool(before.kind not in ("", "place") or "addressee" in before.groups)
    return not (named and before is not None and not before.definite and words <= _LONGEST_NAME)
