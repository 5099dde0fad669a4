"""Places that a text names, by the lexicon `places.toml`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from transforms.arabic.clitics import SEEN, readings
from transforms.arabic.lexicon import Entry, key_field, load_lexicon
from transforms.arabic.normalize import fold_text
from transforms.arabic.segment import Token, tokenize

FILE: Final = "places.toml"


@dataclass(frozen=True, kw_only=True)
class Place(Entry):
    """A place: `name` in English, its Arabic `names`, the place that it lies `within`, and what its names are not."""

    name: str = key_field()
    names: tuple[str, ...]
    within: str = ""
    only_after: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()


@cache
def load_places() -> dict[str, Place]:
    """The places of the lexicon by name, in its order."""
    return {place.name: place for place in load_lexicon(FILE, "place", Place)}


@cache
def _by_first_word() -> dict[str, list[tuple[tuple[str, ...], Place]]]:
    """Names as folded words under the first of them, the longest first."""
    index: dict[str, list[tuple[tuple[str, ...], Place]]] = {}
    for place in load_places().values():
        for name in place.names:
            words = tuple(fold_text(name).split())
            index.setdefault(words[0], []).append((words, place))
    for names in index.values():
        names.sort(key=lambda found: -len(found[0]))
    return index


def find_places(text: str) -> list[str]:
    """The names of the places that a text names, each once, in the order of the text; not what they lie within."""
    tokens = tokenize(text)
    found: dict[str, None] = {}
    at = 0
    while at < len(tokens):
        words, place = _name_at(tokens, at)
        if place:
            found[place.name] = None
        at += words or 1
    return list(found)


def _name_at(tokens: Sequence[Token], at: int) -> tuple[int, Place | None]:
    """How many tokens the longest name that begins here has, and the place where it counts as one."""
    index = _by_first_word()
    for form in _forms(tokens[at]):
        for words, place in index.get(form, ()):
            end = at + len(words)
            if words[1:] == tuple(token.folded for token in tokens[at + 1 : end]):
                return len(words), place if _counts(place, tokens, at, end) else None
    return 0, None


def _forms(token: Token) -> Iterable[str]:
    """What the word may be without the conjunction and preposition that are written with it."""
    return (r.article + r.stem for r in readings(token.folded) if r.preposition != SEEN)


def _counts(place: Place, tokens: Sequence[Token], at: int, end: int) -> bool:
    before = {r.stem for r in readings(tokens[at - 1].folded) if not r.article} if at else set()
    after = tokens[end].folded if end < len(tokens) else ""
    if place.only_after and not before & _folded(place.only_after):
        return False
    return not before & _folded(place.not_after) and after not in _folded(place.not_before)


@cache
def _folded(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(fold_text, words))


def with_surroundings(names: Iterable[str]) -> list[str]:
    """The places and those that they lie within, however far, each once."""
    places = load_places()
    found: dict[str, None] = {}
    for name in names:
        while name and name not in found:
            found[name] = None
            name = places[name].within
    return list(found)
