"""Where a text names a ceasefire: terms with their clitics and inserted words, and only in the literal sense."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from transforms.arabic.ceasefire_grammar import is_in, word_class
from transforms.arabic.ceasefire_senses import FILE, TermEntry, bare_word, is_lull, is_truce, senses, stem_of
from transforms.arabic.clitics import LAM, readings
from transforms.arabic.inflection import TAA_MARBUTA, is_preposition, noun_forms
from transforms.arabic.lexicon import load_lexicon
from transforms.arabic.normalize import fold_text, fold_word
from transforms.arabic.segment import Token

_LONGEST_GAP: Final = 4
_TURNED_REACH: Final = 6


@dataclass(frozen=True, slots=True)
class Term:
    """Tokens `first` to `last`, both inclusive. `definite`: the head bears the article or is in construct."""

    first: int
    last: int
    entry: str
    definite: bool


@dataclass(frozen=True)
class _Tables:
    heads: dict[str, tuple[tuple[TermEntry, str], ...]]
    objects: dict[str, tuple[tuple[str, ...], ...]]
    turned: tuple[TermEntry, ...]
    quantifiers: frozenset[str]
    blockers: frozenset[str]


@cache
def _tables() -> _Tables:
    entries = load_lexicon(FILE, "term", TermEntry)
    heads: dict[str, list[tuple[TermEntry, str]]] = {}
    objects = {}
    for entry in entries:
        for head in entry.heads:
            for form in noun_forms(head):
                heads.setdefault(form.text, []).append((entry, form.pronoun))
        objects[entry.id] = tuple(
            sorted((tuple(map(bare_word, phrase.split())) for phrase in entry.objects), key=len, reverse=True)
        )
    return _Tables(
        heads={form: tuple(found) for form, found in heads.items()},
        objects=objects,
        turned=tuple(entry for entry in entries if entry.kind == "turned"),
        quantifiers=word_class("quantifier"),
        blockers=word_class("blocker"),
    )


def find_terms(tokens: Sequence[Token], context: str) -> list[Term]:
    """The terms of a sequence of tokens (a paragraph), in order, none overlapping.

    `context` is the folded text that is asked for the sense where the paragraph itself does not tell.
    """
    out: list[Term] = []
    i, end = 0, len(tokens)
    while i < end:
        term = _term_at(tokens, i, end, context) if _may_begin(tokens[i].folded) else None
        if term:
            out.append(term)
        i = term.last + 1 if term else i + 1
    return out


@lru_cache(maxsize=16384)
def _may_begin(folded: str) -> bool:
    """Whether a term may begin with a word: it is a head, or an object that stands before its head."""
    return bool(_heads(folded)) or not _turned_firsts().isdisjoint(_stems(folded))


@cache
def _turned_firsts() -> frozenset[str]:
    tables = _tables()
    return frozenset(phrase[0] for entry in tables.turned for phrase in tables.objects[entry.id])


def _term_at(tokens: Sequence[Token], i: int, end: int, context: str) -> Term | None:
    for head in _heads(tokens[i].folded):
        stops = head.entry.kind == "stop" and _is_behind_preposition(tokens, i)
        if (head.entry.kind == "halt" or stops) and not head.pronoun:
            last = _halt_end(tokens, i, end, head.entry)
            if last >= 0:
                gap = last - i > 1 and any(r.preposition == LAM for r in readings(tokens[last - 1].folded))
                return Term(i, last, head.entry.id, head.definite or not gap)
        elif (head.entry.kind == "truce" and is_truce(tokens, i, end, context)) or (
            head.entry.kind == "lull" and not head.pronoun and is_lull(tokens, i, end, context, head.definite)
        ):
            return Term(i, i, head.entry.id, head.definite)
    if _turned_end(tokens, i, end) >= 0:
        return Term(i, _turned_end(tokens, i, end), "turned", True)
    return None


def _is_behind_preposition(tokens: Sequence[Token], i: int) -> bool:
    if i and is_in(tokens[i - 1].folded, "leading_to"):
        return True
    return any(r.preposition or r.article for r in readings(tokens[i].folded) if r.stem in _stop_heads())


@cache
def _stop_heads() -> frozenset[str]:
    return frozenset(head for head, found in _tables().heads.items() if any(e.kind == "stop" for e, _ in found))


def _halt_end(tokens: Sequence[Token], at: int, end: int, entry: TermEntry) -> int:
    """The last token of the object behind the head at `at`, or -1; between them only what may precede an object."""
    tables = _tables()
    phrases = tables.objects[entry.id]
    plain = True
    for i in range(at + 1, min(end, at + 2 + _LONGEST_GAP)):
        token = tokens[i]
        if token.is_punct:
            return -1
        last = _match_phrase(tokens, i, end, phrases)
        if last >= 0 and (plain or any(r.preposition == LAM for r in readings(token.folded))):
            following = tokens[last + 1] if last + 1 < end else None
            figurative = following is not None and (
                following.folded in senses().near
                or stem_of(following.folded) in senses().near
                or bool(senses().around.fullmatch(following.folded))
            )
            return -1 if figurative else last
        if token.folded in tables.blockers:
            return -1
        stems = _stems(token.folded)
        if not stems & tables.quantifiers:
            plain = False
    return -1


def _turned_end(tokens: Sequence[Token], at: int, end: int) -> int:
    for entry in _tables().turned:
        last = _match_phrase(tokens, at, end, _tables().objects[entry.id])
        if last < 0:
            continue
        for i in range(last + 1, min(end, last + 1 + _TURNED_REACH)):
            if tokens[i].is_punct:
                break
            if any(head.entry is entry and head.pronoun for head in _heads(tokens[i].folded)):
                return last
    return -1


def _match_phrase(tokens: Sequence[Token], at: int, end: int, phrases: tuple[tuple[str, ...], ...]) -> int:
    """The last token of the longest phrase that begins at `at`, or -1."""
    stems = _stems(tokens[at].folded)
    for phrase in phrases:
        if phrase[0] not in stems or at + len(phrase) > end:
            continue
        if all(not tokens[at + k].is_punct and word in _stems(tokens[at + k].folded) for k, word in enumerate(phrase)):
            return at + len(phrase) - 1
    return -1


@dataclass(frozen=True, slots=True)
class _Head:
    entry: TermEntry
    pronoun: str
    definite: bool


@lru_cache(maxsize=16384)
def _heads(folded: str) -> tuple[_Head, ...]:
    table = _tables().heads
    return tuple(
        _Head(entry, pronoun, bool(reading.article))
        for reading in readings(folded)
        if not reading.preposition or is_preposition(reading.preposition)
        for entry, pronoun in table.get(reading.stem, ())
    )


@lru_cache(maxsize=16384)
def _stems(folded: str) -> frozenset[str]:
    """The word without article, leading lam and pronoun; no conjunction and no other preposition is peeled."""
    found = set()
    for reading in readings(folded):
        if not reading.conjunction and reading.preposition in ("", LAM):
            found.add(reading.stem)
            found.update(_without_pronoun(reading.stem))
    return frozenset(found)


def _without_pronoun(stem: str) -> list[str]:
    table = _object_forms()
    return [table[stem]] if stem in table else []


@cache
def _object_forms() -> dict[str, str]:
    """Objects with a pronoun -> the bare object."""
    firsts = {phrase[0] for phrases in _tables().objects.values() for phrase in phrases}
    return {form.text: first for first in firsts for form in noun_forms(first) if form.pronoun}


def may_name_ceasefire(text: str) -> bool:
    """A cheap test that has no false negatives: whether the words of some term occur."""
    folded = fold_text(text)
    alone, heads, objects = _prefilter()
    if any(root in folded for root in alone):
        return True
    return any(root in folded for root in heads) and any(root in folded for root in objects)


@cache
def _prefilter() -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Heads that name a ceasefire alone, heads that need an object, and the first words of those objects."""
    entries = load_lexicon(FILE, "term", TermEntry)
    alone = {fold_word(h) for e in entries if not e.objects for h in e.heads}
    heads = {fold_word(h) for e in entries if e.objects for h in e.heads}
    firsts = {phrase[0] for phrases in _tables().objects.values() for phrase in phrases}
    # The last letter is left off where a pronoun changes it.
    return tuple(_roots(alone)), tuple(_roots(heads)), tuple(_roots(firsts))


def _roots(words: Iterable[str]) -> list[str]:
    roots = {word.removesuffix(TAA_MARBUTA) for word in words}
    return sorted(root for root in roots if not any(other != root and other in root for other in roots))
