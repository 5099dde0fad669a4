"""Clitics are peeled off words by code, so that lexicons list bare words only.

Arabic writes conjunctions (wa, fa), prepositions (bi, li, ka), the future's sa and the article (al) in one word with
what follows. Which letters are clitics cannot be told from the word alone, so all readings are offered, the least
peeled one first, and a lexicon decides.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

WAW: Final = "\u0648"
FEH: Final = "\u0641"
BEH: Final = "\u0628"
LAM: Final = "\u0644"
KAF: Final = "\u0643"
SEEN: Final = "\u0633"
ALEF: Final = "\u0627"
HAMZA: Final = "\u0621"
ARTICLE: Final = ALEF + LAM
_SHORTEST_STEM: Final = 2


class Reading(NamedTuple):
    """One way to read a folded word: conjunction, preposition, article, stem; all but the stem may be empty."""

    conjunction: str
    preposition: str
    article: str
    stem: str

    @property
    def bare(self) -> bool:
        return not (self.conjunction or self.preposition or self.article)


def _after_conjunction(conjunction: str, word: str) -> list[Reading]:
    out = [Reading(conjunction, "", "", word)]
    if word.startswith(ARTICLE) and len(word) >= 2 + _SHORTEST_STEM:
        out.append(Reading(conjunction, "", ARTICLE, word[2:]))
    if word[0] in (BEH, LAM, KAF) and len(word) > _SHORTEST_STEM:
        rest = word[1:]
        if word[0] == LAM and rest[0] == LAM and len(rest) > _SHORTEST_STEM:
            out.append(Reading(conjunction, LAM, ARTICLE, rest[1:]))
            if word[2] != LAM:  # li + al + a stem that begins with lam is written with two of the three
                out.append(Reading(conjunction, LAM, ARTICLE, rest))
        elif rest.startswith(ARTICLE) and len(rest) >= 2 + _SHORTEST_STEM:
            out.append(Reading(conjunction, word[0], ARTICLE, rest[2:]))
        out.append(Reading(conjunction, word[0], "", rest))
    if word[0] == SEEN and len(word) > 3:
        out.append(Reading(conjunction, SEEN, "", word[1:]))
    return out


@lru_cache(maxsize=65536)
def readings(folded: str) -> tuple[Reading, ...]:
    """All readings of a folded word, the least peeled first."""
    if not folded:
        return ()
    out = _after_conjunction("", folded)
    if folded[0] in (WAW, FEH) and len(folded) > _SHORTEST_STEM:
        out += _after_conjunction(folded[0], folded[1:])
    return tuple(out)
