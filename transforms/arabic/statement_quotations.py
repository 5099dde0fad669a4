"""Whether a quotation is what is said, or a name in marks."""

from __future__ import annotations

from transforms.arabic.clitics import LAM
from transforms.arabic.particles import PREPOSITIONS
from transforms.arabic.statement_reader import CLAUSE_MARKS, COMMAS, Reader

_LONG_QUOTE = 4
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
        return False
    return (length > _LONG_QUOTE and not (later and length < 8)) or (not later and length >= 2)
