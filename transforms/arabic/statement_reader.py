"""One field as the statement rules read it: tokens with their readings, and where sentences and quotations lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from transforms.arabic.inflection import ALEF_MAKSURA
from transforms.arabic.particles import spelled
from transforms.arabic.segment import QUOTES, Quote, Token, segment
from transforms.arabic.statement_words import Word, is_pair_name, look_up, part_of_name

MARK: Final = Word()  # stands for punctuation: no reading at all
COMMAS: Final = frozenset(",\u060c")
CLAUSE_MARKS: Final = COMMAS | frozenset(";\u061b")
OPEN_BRACKETS: Final = frozenset("([{")
CLOSE_BRACKETS: Final = frozenset(")]}")
DASHES: Final = frozenset("-\u2013\u2014\u0640")
_LINKS: Final = frozenset(".-")
_LONGEST_INITIAL: Final = 3  # longer words behind a full stop begin a sentence, and the space is missing
# How a field tells yeh from alef maksura: 'ala with the one, never fi with it; then with yeh it is the name Ali.
_ALA: Final = spelled("ala")
_ALI: Final = spelled("ali")
_FI_MAKSURA: Final = f" {spelled('fi')[:-1]}{ALEF_MAKSURA} "
_SEARCH_LIMIT: Final = 40


@dataclass(slots=True)
class Reader:
    """Token indexes are the coordinates of all rules; `words[i]` reads `tokens[i]`."""

    field: str
    text: str
    tokens: list[Token]
    words: list[Word]
    sentences: list[tuple[int, int]]
    sentence_of: list[int]
    paragraph_end: list[int]
    quotes: list[Quote]
    quote_from: dict[int, Quote]
    quote_in: list[Quote | None]
    quote_to: dict[int, Quote]
    tells_yeh: bool  # the field tells final yeh from alef maksura

    def is_title(self) -> bool:
        return self.field == "title"

    def sentence(self, at: int) -> tuple[int, int]:
        """The sentence of a token; for a paragraph break, an empty one."""
        number = self.sentence_of[at]
        return self.sentences[number] if number >= 0 else (at, at)

    def clause_limit(self, at: int) -> int:
        """Where a construction that begins at a token must end: its sentence, or its quotation."""
        end = self.sentence(at)[1]
        quote = self.quote_in[at]
        return min(end, quote.last) if quote and quote.closed else end

    def skip_bracket(self, at: int, limit: int) -> int:
        """The token after the bracket that closes the one at `at`, or the next token if none does."""
        for i in range(at + 1, min(limit, at + _SEARCH_LIMIT)):
            if self.tokens[i].text in CLOSE_BRACKETS:
                return i + 1
        return at + 1

    def trim(self, first: int, last: int) -> tuple[int, int]:
        """The token range without marks at its edges; brackets that pair inside stay."""
        while first < last and self.tokens[first].is_punct:
            first += 1
        while last > first and self.tokens[last - 1].is_punct:
            last -= 1
        return first, last

    def quote_ending(self, at: int) -> Quote | None:
        """The closed quotation whose closing mark stands at a token."""
        return self.quote_to.get(at)

    def is_word(self, at: int) -> bool:
        return not self.tokens[at].is_punct


def read_field(field: str, text: str) -> Reader:
    """Segment a field and read its words."""
    seg = segment(text)
    tokens = list(seg.tokens)
    tells_yeh = _ALA in text and _FI_MAKSURA not in text
    words = _read_words(text, tokens, tells_yeh)
    sentence_of = [-1] * len(tokens)
    for number, (first, last) in enumerate(seg.sentences):
        sentence_of[first:last] = [number] * (last - first)
    paragraph_end = [0] * len(tokens)
    for first, last in seg.paragraphs:
        paragraph_end[first:last] = [last] * (last - first)
    quote_in: list[Quote | None] = [None] * len(tokens)
    quote_from = {}
    for quote in seg.quotes:
        quote_from[quote.first] = quote
        quote_in[quote.first + 1 : quote.last] = [quote] * (quote.last - quote.first - 1)
    quote_to = {quote.last: quote for quote in seg.quotes if quote.closed}
    return Reader(
        field,
        text,
        tokens,
        words,
        list(seg.sentences),
        sentence_of,
        paragraph_end,
        list(seg.quotes),
        quote_from,
        quote_in,
        quote_to,
        tells_yeh,
    )


def _read_words(text: str, tokens: list[Token], tells_yeh: bool) -> list[Word]:
    words = [MARK if token.is_punct else look_up(token.folded) for token in tokens]
    again = {k for i, word in enumerate(words) if word.contextual for k in (i, i + 1)}
    again |= {i + 1 for i, token in enumerate(tokens) if token.text in _LINKS}
    if _ALI in text:
        again |= {i for i, token in enumerate(tokens) if token.text == _ALI}
        tells_yeh = tells_yeh or any(token.text == _ALA for token in tokens)
    for i in sorted(again):
        if i < len(tokens) and not tokens[i].is_punct:
            _read_again(tokens, words, i, tells_yeh)
    return words


def _read_again(tokens: list[Token], words: list[Word], at: int, tells_yeh: bool) -> None:
    """A word beside its neighbours: part of a name, or what ends `asked not to give his name`."""
    token, before = tokens[at], tokens[at - 1] if at else None
    linked = before is not None and before.text in _LINKS and not (token.space_before or before.space_before)
    if before and linked and (before.text == "-" or len(token.folded) <= _LONGEST_INITIAL):
        words[at] = part_of_name(token.folded)  # a letter of an abbreviation, a part of a name
    elif before and words[at - 1].paired and is_pair_name(before.folded, token.folded):
        words[at - 1] = part_of_name(before.folded)
        words[at] = part_of_name(token.folded)
    elif tells_yeh and token.text == _ALI:
        words[at] = part_of_name(token.folded)  # and not the preposition
    if "identity" in words[at].groups:
        _withhold(words, at - 1)


def _withhold(words: list[Word], at: int) -> None:
    """Read `asked not to give his name` as a relative clause, which says nothing; `at` is before the name."""
    governed = at > 1 and "preposition" in words[at].groups
    at -= governed
    if at > 1 and "withheld" in words[at].groups:
        words[at] = Word(folded=words[at].folded)
        if governed:
            words[at + 1] = Word(folded=words[at + 1].folded, groups=frozenset(["preposition", "withheld"]))
        at -= 1
        if words[at].groups & {"negation"}:
            at -= 1
        if words[at].cues or words[at].finite:
            words[at] = Word(folded=words[at].folded, groups=frozenset(["relative", "withheld"]))


def is_quote_mark(token: Token) -> bool:
    return token.is_punct and token.text in QUOTES
