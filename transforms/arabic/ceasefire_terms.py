"""Where a text names a ceasefire: terms with their clitics and inserted words, and only in the literal sense."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from transforms.arabic.ceasefire_grammar import has_stem_in, word_class
from transforms.arabic.ceasefire_lexicon import act_forms
from transforms.arabic.clitics import ARTICLE, LAM, readings
from transforms.arabic.inflection import TAA_MARBUTA, is_preposition, noun_forms
from transforms.arabic.lexicon import Entry, key_field, load_lexicon, one_of
from transforms.arabic.normalize import fold_text, fold_word
from transforms.arabic.segment import Token

FILE: Final = "ceasefire_terms.toml"
_LONGEST_GAP: Final = 4
_SHORTEST: Final = 4
_TURNED_REACH: Final = 6


@dataclass(frozen=True, kw_only=True)
class TermEntry(Entry):
    id: str = key_field()
    kind: str = one_of("truce", "lull", "halt", "turned")
    heads: tuple[str, ...]
    objects: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FigurativeEntry(Entry):
    id: str = key_field()
    near: tuple[str, ...]
    around: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ArmedEntry(Entry):
    id: str = key_field()
    words: tuple[str, ...]
    objects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """A term covers tokens `first` to `last`, both inclusive. `definite`: its head bears the article or is in construct."""

    first: int
    last: int
    entry: str
    definite: bool


@dataclass(frozen=True)
class _Tables:
    heads: dict[str, tuple[tuple[TermEntry, str], ...]]
    objects: dict[str, tuple[tuple[str, ...], ...]]
    turned: tuple[TermEntry, ...]
    near: frozenset[str]
    around: re.Pattern[str]
    armed: re.Pattern[str]
    fighting: re.Pattern[str]
    named: re.Pattern[str]
    lull_objects: frozenset[str]
    quantifiers: frozenset[str]
    blockers: frozenset[str]


_CLITICS: Final = "[\u0648\u0641]?[\u0628\u0644\u0643]?(?:\u0627\u0644|\u0644)?"


def _any_word(words: Sequence[str]) -> re.Pattern[str]:
    stems = sorted({_bare(word) for word in words}, key=len, reverse=True)
    return re.compile(rf"(?<!\w){_CLITICS}(?:{'|'.join(map(re.escape, stems))})(?!\w)")


def _bare(word: str) -> str:
    """A listed word folded and without the article that may stand before it; of a phrase, as it stands."""
    return fold_word(word.removeprefix(ARTICLE) if len(word) > _SHORTEST else word)


def _stem(folded: str) -> str:
    """Without the article, as objects are listed with it for the eye."""
    article = next((r.stem for r in readings(folded) if r.article and not r.conjunction and not r.preposition), None)
    return article or folded


@cache
def _tables() -> _Tables:
    entries = load_lexicon(FILE, "term", TermEntry)
    heads: dict[str, list[tuple[TermEntry, str]]] = {}
    objects = {}
    for entry in entries:
        for head in entry.heads:
            for form, pronoun in noun_forms(head):
                heads.setdefault(form, []).append((entry, pronoun))
        objects[entry.id] = tuple(
            sorted((tuple(map(_bare, phrase.split())) for phrase in entry.objects), key=len, reverse=True)
        )
    figurative = load_lexicon(FILE, "figurative", FigurativeEntry)
    armed = load_lexicon(FILE, "armed", ArmedEntry)
    return _Tables(
        heads={form: tuple(found) for form, found in heads.items()},
        objects=objects,
        turned=tuple(entry for entry in entries if entry.kind == "turned"),
        near=frozenset(_bare(w) for e in figurative for w in e.near),
        around=_any_word([w for e in figurative for w in e.around]),
        armed=_any_word([w for e in armed for w in e.words]),
        fighting=_any_word([w for e in armed for w in e.words if e.id == "fighting"]),
        named=_any_word(
            [head for e in entries if e.kind == "truce" for head in e.heads]
            + [phrase for e in entries if e.id == "halt.fire" for phrase in e.objects if " " in phrase]
        ),
        lull_objects=frozenset(_bare(w) for e in armed for w in e.objects),
        quantifiers=word_class("quantifier"),
        blockers=word_class("blocker"),
    )


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


def may_name_ceasefire(text: str) -> bool:
    """A cheap test that has no false negatives: whether the words of some term occur."""
    folded = fold_text(text)
    alone, heads, objects = _prefilter()
    if any(root in folded for root in alone):
        return True
    return any(root in folded for root in heads) and any(root in folded for root in objects)


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
    return {form: first for first in firsts for form, pronoun in noun_forms(first) if pronoun}


def _match_phrase(tokens: Sequence[Token], at: int, end: int, phrases: tuple[tuple[str, ...], ...]) -> int:
    """The last token of the longest phrase that begins at `at`, or -1."""
    stems = _stems(tokens[at].folded)
    for phrase in phrases:
        if phrase[0] not in stems or at + len(phrase) > end:
            continue
        if all(not tokens[at + k].is_punct and word in _stems(tokens[at + k].folded) for k, word in enumerate(phrase)):
            return at + len(phrase) - 1
    return -1


def _halt_end(tokens: Sequence[Token], at: int, end: int, entry: TermEntry) -> int:
    """The last token of the object behind the head at `at`, or -1. Between the two only what an object may have before it."""
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
                following.folded in tables.near
                or _stem(following.folded) in tables.near
                or bool(tables.around.fullmatch(following.folded))
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


def find_terms(tokens: Sequence[Token], context: str) -> list[Term]:
    """The terms of a sequence of tokens (a paragraph), in order, none overlapping.

    `context` is the folded text that is asked for the sense where the paragraph itself does not tell.
    """
    out: list[Term] = []
    i, end = 0, len(tokens)
    while i < end:
        term = None if tokens[i].is_punct else _term_at(tokens, i, end, context)
        if term:
            out.append(term)
        i = term.last + 1 if term else i + 1
    return out


def _term_at(tokens: Sequence[Token], i: int, end: int, context: str) -> Term | None:
    for head in _heads(tokens[i].folded):
        if head.entry.kind == "halt" and not head.pronoun:
            last = _halt_end(tokens, i, end, head.entry)
            if last >= 0:
                gap = last - i > 1 and any(r.preposition == LAM for r in readings(tokens[last - 1].folded))
                return Term(i, last, head.entry.id, head.definite or not gap)
        elif (head.entry.kind == "truce" and _is_truce(tokens, i, end, context)) or (
            head.entry.kind == "lull" and not head.pronoun and _is_lull(tokens, i, end, context, head.definite)
        ):
            return Term(i, i, head.entry.id, head.definite)
    if _turned_end(tokens, i, end) >= 0:
        return Term(i, _turned_end(tokens, i, end), "turned", True)
    return None


def _window(tokens: Sequence[Token], i: int, reach: int) -> str:
    return " ".join(token.folded for token in tokens[max(0, i - reach) : i + reach])


@lru_cache(maxsize=64)
def _evidence(text: str) -> tuple[int, int, int]:
    """How many words of a folded text tell of sport or trade, of armed parties, and of fighting itself."""
    tables = _tables()
    counts = (len(pattern.findall(text)) for pattern in (tables.around, tables.armed, tables.fighting))
    return next(counts), next(counts), next(counts)


def evidence_of(text: str) -> tuple[int, int, int]:
    """How many words of a text tell of sport or trade, of armed parties, and of fighting itself."""
    return _evidence(fold_text(text))


@lru_cache(maxsize=8)
def _names_one(context: str) -> bool:
    """Whether the article names a ceasefire outright, so that a lull in it is one too."""
    return _tables().named.search(context) is not None


def _is_truce(tokens: Sequence[Token], i: int, end: int, context: str) -> bool:
    tables = _tables()
    if i + 1 < end and _stem(tokens[i + 1].folded) in tables.near:
        return False
    for text in (_window(tokens, i, 30), context):
        figurative, armed, _ = _evidence(text)
        if figurative or armed:
            return armed > figurative or not figurative
    return True


def _is_lull(tokens: Sequence[Token], i: int, end: int, context: str, definite: bool) -> bool:
    tables = _tables()
    following = tokens[i + 1] if i + 1 < end else None
    if following is not None and not following.is_punct and not definite:
        if _stem(following.folded) in tables.lull_objects and following.folded != _stem(following.folded):
            return True
        if any(r.article and not r.conjunction for r in readings(following.folded)):
            return False
        if not _after_pact(tokens, i) and not _may_follow_lull(following.folded):
            return False
    figurative, _, fighting = _evidence(_window(tokens, i, 25))
    if figurative:
        return False
    if _after_pact(tokens, i):
        return fighting > 0 or _evidence(context)[2] >= 3
    return fighting > 0 and (_is_acted_on(tokens, i, end) or (definite and _names_one(context)))


def _is_acted_on(tokens: Sequence[Token], i: int, end: int) -> bool:
    """Whether something is done to it, or it is between two: a mere mood is only felt."""
    near = [*range(max(0, i - 4), i), *range(i + 1, min(end, i + 5))]
    return any(tokens[k].folded in word_class("between") or act_forms(tokens[k].folded) for k in near)


def _after_pact(tokens: Sequence[Token], i: int) -> bool:
    return i > 0 and has_stem_in(tokens[i - 1].folded, "pact")


def _may_follow_lull(folded: str) -> bool:
    return bool({folded, _stem(folded)} & word_class("lull_follower"))
