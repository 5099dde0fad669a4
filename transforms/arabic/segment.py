"""Segmentation: words and marks, paragraphs, sentences and quotations, all as indexes into one list of tokens.

News text is careless, so everything here is tolerant: quotation marks that do not pair end with their paragraph,
straight quotes are told apart by the spaces around them, and a mark of one kind may be closed by another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from transforms.arabic.normalize import DIACRITICS, INVISIBLE, fold_word

_TOKEN: Final = re.compile(
    rf"(\d+(?:[.,\u066b\u066c/]\d+)+|\w[\w{DIACRITICS}]*(?:[{INVISIBLE}]+\w[\w{DIACRITICS}]*)*)"
    rf"|(\n+)|''|[^\w\s{INVISIBLE}{DIACRITICS}]"
)
OPENING: Final = frozenset("\u00ab\u201c\u201e\u2039\u300a")
CLOSING: Final = frozenset("\u00bb\u201d\u203a\u300b")
STRAIGHT: Final = frozenset(['"', "''", "\uff02", "\u201f"])
QUOTES: Final = OPENING | CLOSING | STRAIGHT
_LONGEST_SENTENCE: Final = 400  # tokens; a text without full stops is cut here, which keeps all rules linear
_LONGEST_DATELINE: Final = 16
_SHORTEST_GLUED: Final = 4
ENDS: Final = frozenset(".!?\u061f\u06d4\u2026")  # question mark, Urdu full stop, ellipsis


@dataclass(slots=True)
class Token:
    """A word, one mark, or a run of newlines. `end` is exclusive; `folded` is for matching (marks: as they are)."""

    start: int
    end: int
    text: str
    folded: str
    is_punct: bool
    is_break: bool
    space_before: bool


@dataclass(frozen=True, slots=True)
class Quote:
    """From an opening mark at token `first` to a closing mark at `last`; not `closed`: up to the paragraph's end,
    or to another opening mark.
    """

    first: int
    last: int
    closed: bool


@dataclass(frozen=True, slots=True)
class Segmented:
    """`paragraphs` and `sentences` are half-open ranges of tokens (newlines belong to none), both in order."""

    text: str
    tokens: list[Token]
    paragraphs: Sequence[tuple[int, int]]
    sentences: Sequence[tuple[int, int]]
    quotes: Sequence[Quote]


def tokenize(text: str) -> list[Token]:
    """Split a text into words, marks and paragraph breaks; a number with its decimals is one word."""
    tokens = []
    last = -1
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        word = text[start:end]
        kind = match.lastindex  # 1 a word, 2 newlines, None a mark
        if kind == 1 and (folded := fold_word(word)):  # a tatweel that stands alone is a dash
            tokens.append(Token(start, end, word, folded, False, False, start > last))
        else:
            tokens.append(Token(start, end, word, word, True, kind == 2, start > last))
        last = end
    return tokens


def split_paragraphs(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """Ranges of tokens between newlines."""
    out = []
    first = 0
    for i, token in enumerate(tokens):
        if token.is_break:
            if i > first:
                out.append((first, i))
            first = i + 1
    if len(tokens) > first:
        out.append((first, len(tokens)))
    return out


def pair_quotes(tokens: Sequence[Token], paragraphs: Sequence[tuple[int, int]]) -> list[Quote]:
    """Pair quotation marks within each paragraph. Of quotations in quotations the outer one is given."""
    out = []
    for first, last in paragraphs:
        opened = -1
        marks = [i for i in range(first, last) if tokens[i].text in QUOTES]
        resume = 0
        for n, i in enumerate(marks):
            token = tokens[i]
            if n < resume:
                continue
            if opened < 0:
                # A lone closing-shaped mark with no word right after it closes nothing.
                following = tokens[i + 1] if i + 1 < last else None
                if following and not (token.text in CLOSING and (following.space_before or following.is_punct)):
                    opened = i
                continue
            if token.text in OPENING and tokens[opened].text in OPENING:
                if [tokens[k].text in CLOSING for k in marks[n + 1 : n + 3]] == [True, True]:
                    resume = n + 2  # an inner quotation, and the mark that closes the outer one
                else:
                    out.append(Quote(opened, i, False))
                    opened = i
                continue
            if _may_close(tokens, opened, i, last):
                if i > opened + 1:
                    out.append(Quote(opened, i, True))
                opened = -1
            elif token.text in STRAIGHT and tokens[opened].text in STRAIGHT:
                out.append(Quote(opened, i, False))
                opened = i
        if opened >= 0:
            out.append(Quote(opened, last, False))
    return out


def _may_close(tokens: Sequence[Token], opened: int, at: int, last: int) -> bool:
    """Whether the mark at `at` closes the one at `opened`, and is not an inner opening mark."""
    kind, mark = tokens[opened].text, tokens[at].text
    if (kind in STRAIGHT) != (mark in STRAIGHT):
        return False
    if kind in STRAIGHT:
        # A mark glued to the next word but not to the one before opens: the earlier one was never closed.
        return not (tokens[at].space_before and at + 1 < last and not tokens[at + 1].space_before and at + 1 < last)
    return True


def split_sentences(
    tokens: Sequence[Token], paragraphs: Sequence[tuple[int, int]], quotes: Sequence[Quote]
) -> list[tuple[int, int]]:
    """Split paragraphs at full stops that stand outside of closed quotations; the stop belongs to its sentence."""
    inside = bytearray(len(tokens) + 1)
    for quote in quotes:
        if quote.closed:
            for i in range(quote.first + 1, quote.last):
                inside[i] = 1
    out = []
    for first, last in paragraphs:
        begin = _after_dateline(tokens, first, last)
        if begin > first:
            out.append((first, begin))
        for i in range(begin, last):
            if i - begin >= _LONGEST_SENTENCE:
                out.append((begin, i))
                begin = i
            if i < begin or tokens[i].text not in ENDS or not _ends_sentence(tokens, i, last):
                continue
            end = i + 1
            if inside[i]:
                # A stop right before the closing mark ends the sentence that the quotation belongs to.
                if (
                    end >= last
                    or tokens[end].text not in QUOTES
                    or inside[end]
                    or not _starts_anew(tokens, end + 1, last)
                ):
                    continue
                end += 1
            out.append((begin, end))
            begin = end
        if begin < last:
            out.append((begin, last))
    return out


def _after_dateline(tokens: Sequence[Token], first: int, last: int) -> int:
    """Behind a dateline at the head of the text: `Dubai, UAE (CNN)-- ...`."""
    if first > 0:
        return first
    for i in range(first, min(last - 2, _LONGEST_DATELINE)):
        double = tokens[i].text == tokens[i + 1].text == "-" and not tokens[i + 1].space_before
        if double or (tokens[i].text == ")" and tokens[i + 1].text in "-\u2013\u2014"):
            end = i + 2
            while end < last - 1 and tokens[end].text in "-\u2013\u2014":
                end += 1
            return end
    return first


def _starts_anew(tokens: Sequence[Token], at: int, last: int) -> bool:
    return at < last and not tokens[at].is_punct and tokens[at].space_before


def _ends_sentence(tokens: Sequence[Token], at: int, last: int) -> bool:
    if at + 1 >= last:
        return True
    following = tokens[at + 1]
    if following.text in QUOTES and not following.space_before:
        return True
    if following.text in ENDS or following.text in CLOSING:
        return False
    initial = (
        at > 0
        and len(tokens[at - 1].text) == 1
        and not tokens[at - 1].is_punct
        and not tokens[at].space_before
        and tokens[at - 1].text != '"'
    )
    return (following.space_before and not initial) or (tokens[at].text == "." and _glued(tokens, at))


def _glued(tokens: Sequence[Token], at: int) -> bool:
    """Whether only the space behind a full stop is missing: Arabic words, none an initial, stand on both sides."""
    around = (tokens[at - 1], tokens[at + 1]) if at else ()
    return bool(around) and not any(t.is_punct or len(t.text) < _SHORTEST_GLUED or t.text.isascii() for t in around)


@lru_cache(maxsize=4)
def segment(text: str) -> Segmented:
    """All of the above for one field. Cached, as several rules read the same text; nobody changes what it returns."""
    tokens = tokenize(text)
    paragraphs = split_paragraphs(tokens)
    quotes = pair_quotes(tokens, paragraphs)
    return Segmented(text, tokens, paragraphs, split_sentences(tokens, paragraphs, quotes), quotes)
