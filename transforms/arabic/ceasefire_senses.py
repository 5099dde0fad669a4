"""Whether a word that may name a ceasefire does: literal or figurative, of arms or of tempers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from transforms.arabic.ceasefire_grammar import (
    has_stem_in,
    word_class,
)
from transforms.arabic.ceasefire_lexicon import (
    act_forms,
)
from transforms.arabic.clitics import ARTICLE, readings
from transforms.arabic.lexicon import Entry, key_field, load_lexicon, one_of
from transforms.arabic.normalize import fold_word
from transforms.arabic.segment import Token

FILE: Final = "ceasefire_terms.toml"
_SHORTEST: Final = 4
_CLITICS: Final = "[\u0648\u0641]?[\u0628\u0644\u0643]?(?:\u0627\u0644|\u0644)?"


@dataclass(frozen=True, kw_only=True)
class TermEntry(Entry):
    id: str = key_field()
    kind: str = one_of("truce", "lull", "halt", "stop", "turned")
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


@dataclass(frozen=True)
class _Senses:
    near: frozenset[str]
    around: re.Pattern[str]
    armed: re.Pattern[str]
    fighting: re.Pattern[str]
    named: re.Pattern[str]
    lull_objects: frozenset[str]


@cache
def senses() -> _Senses:
    entries = load_lexicon(FILE, "term", TermEntry)
    figurative = load_lexicon(FILE, "figurative", FigurativeEntry)
    armed = load_lexicon(FILE, "armed", ArmedEntry)
    return _Senses(
        near=frozenset(bare_word(w) for e in figurative for w in e.near),
        around=_any_word([w for e in figurative for w in e.around]),
        armed=_any_word([w for e in armed for w in e.words]),
        fighting=_any_word([w for e in armed for w in e.words if e.id == "fighting"]),
        named=_any_word(
            [head for e in entries if e.kind == "truce" for head in e.heads]
            + [phrase for e in entries if e.id == "halt.fire" for phrase in e.objects if " " in phrase]
        ),
        lull_objects=frozenset(bare_word(w) for e in armed for w in e.objects),
    )


def _any_word(words: Sequence[str]) -> re.Pattern[str]:
    stems = sorted({bare_word(word) for word in words}, key=len, reverse=True)
    return re.compile(rf"(?<!\w){_CLITICS}(?:{'|'.join(map(re.escape, stems))})(?!\w)")


def bare_word(word: str) -> str:
    """A listed word folded and without the article that may stand before it; of a phrase, as it stands."""
    return fold_word(word.removeprefix(ARTICLE) if len(word) > _SHORTEST else word)


def stem_of(folded: str) -> str:
    """Without the article, as objects are listed with it for the eye."""
    article = next((r.stem for r in readings(folded) if r.article and not r.conjunction and not r.preposition), None)
    return article or folded


def is_truce(tokens: Sequence[Token], i: int, end: int, context: str) -> bool:
    tables = senses()
    if i + 1 < end and stem_of(tokens[i + 1].folded) in tables.near:
        return False
    for text in (_window(tokens, i, 30), context):
        figurative, armed, _ = _evidence(text)
        if figurative or armed:
            return armed > figurative or not figurative
    return True


def is_lull(tokens: Sequence[Token], i: int, end: int, context: str, definite: bool) -> bool:
    tables = senses()
    following = tokens[i + 1] if i + 1 < end else None
    if following is not None and not following.is_punct and not definite:
        if stem_of(following.folded) in tables.lull_objects and following.folded != stem_of(following.folded):
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
    return fighting > 2 or (fighting > 0 and (_is_acted_on(tokens, i, end) or (definite and _names_one(context))))


@lru_cache(maxsize=64)
def _evidence(text: str) -> tuple[int, int, int]:
    """How many words of a folded text tell of sport or trade, of armed parties, and of fighting itself."""
    tables = senses()
    counts = (len(pattern.findall(text)) for pattern in (tables.around, tables.armed, tables.fighting))
    return next(counts), next(counts), next(counts)


@lru_cache(maxsize=8)
def _names_one(context: str) -> bool:
    """Whether the article names a ceasefire outright, so that a lull in it is one too."""
    return senses().named.search(context) is not None


def _window(tokens: Sequence[Token], i: int, reach: int) -> str:
    return " ".join(token.folded for token in tokens[max(0, i - reach) : i + reach])


def _is_acted_on(tokens: Sequence[Token], i: int, end: int) -> bool:
    """Whether something is done to it, or it is between two: a mere mood is only felt."""
    near = [*range(max(0, i - 4), i), *range(i + 1, min(end, i + 5))]
    return any(tokens[k].folded in word_class("between") or act_forms(tokens[k].folded) for k in near)


def _after_pact(tokens: Sequence[Token], i: int) -> bool:
    return i > 0 and has_stem_in(tokens[i - 1].folded, "pact")


def _may_follow_lull(folded: str) -> bool:
    return bool({folded, stem_of(folded)} & word_class("lull_follower"))
