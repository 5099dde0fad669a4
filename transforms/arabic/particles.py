"""Single words that rules ask for by name: prepositions, particles, and a few more."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from transforms.arabic.lexicon import Entry, key_field, load_lexicon
from transforms.arabic.normalize import fold_word


@dataclass(frozen=True, kw_only=True)
class Particle(Entry):
    """A word under the name that rules know it by."""

    name: str = key_field()
    word: str


@cache
def _words() -> dict[str, str]:
    return {entry.name: entry.word for entry in load_lexicon("particles.toml", "particle", Particle)}


def spelled(name: str) -> str:
    """The word as the lexicon spells it, with its hamza and its final letter."""
    return _words()[name]


def particle(name: str) -> str:
    """The folded word."""
    return fold_word(spelled(name))


# The prepositions that open a content, as frames name them, folded.
PREPOSITIONS: Final = {name: particle(name) for name in ("ila", "ala", "an", "min", "fi")}
