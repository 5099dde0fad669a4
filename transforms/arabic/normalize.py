"""Folding of Arabic text for matching, with the way back to the text as published.

Folded are: presentation forms and other compatibility characters (NFKC, character by character), hamza carriers of
alef, alef maksura (to yeh), Persian yeh and kaf, Arabic-Indic digits. Dropped are: diacritics, tatweel and invisible
marks (bidi controls, joiners, soft hyphen, byte order mark). Kept is taa marbuta, which tells gender.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

DIACRITICS: Final = "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u08d3-\u08ff"
INVISIBLE: Final = "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
TATWEEL: Final = "\u0640"

_ONE_TO_ONE: Final = {
    **{ord(c): "ا" for c in "أإآٱٲٳ"},
    ord("ى"): "ي",
    ord("ی"): "ي",
    ord("ې"): "ي",
    ord("ک"): "ك",
    **{ord(c): str(i) for i, c in enumerate("٠١٢٣٤٥٦٧٨٩")},
    **{ord(c): str(i) for i, c in enumerate("۰۱۲۳۴۵۶۷۸۹")},
}
# Whatever may change the length of the text when folded: dropped characters, and compatibility characters.
_UNEVEN: Final = re.compile(
    f"[{DIACRITICS}{INVISIBLE}{TATWEEL}\u00a0-\u00bf\u0300-\u036f\u0675-\u0678\u2000-\u206f\u2070-\u2bff\u3000-\u33ff"
    "\uf900-\uffff\U0001d400-\U0001f2ff]"
)
_DROPPED: Final = re.compile(f"[{DIACRITICS}{INVISIBLE}{TATWEEL}]")


@dataclass(frozen=True, slots=True)
class Folded:
    """Character i of the folded `text` comes from character `offsets[i]` of the source; the last offset is its end."""

    text: str
    offsets: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The source's span that the folded span came from, without dropped characters before it."""
        if start >= end:
            return self.offsets[start], self.offsets[start]
        return self.offsets[start], self.offsets[end - 1] + 1


@lru_cache(maxsize=4096)
def _fold_char(char: str) -> str:
    if _DROPPED.match(char):
        return ""
    folded = unicodedata.normalize("NFKC", char).translate(_ONE_TO_ONE)
    return _DROPPED.sub("", folded) if folded != char else folded


def fold(text: str) -> Folded:
    """Fold a text, keeping for each character the offset that it came from."""
    if not _UNEVEN.search(text):
        return Folded(text.translate(_ONE_TO_ONE), range(len(text) + 1))
    chars: list[str] = []
    offsets: list[int] = []
    for offset, char in enumerate(text):
        folded = _fold_char(char)
        if folded:
            chars.append(folded)
            offsets.extend([offset] * len(folded))
    offsets.append(len(text))
    return Folded("".join(chars), offsets)


@lru_cache(maxsize=65536)
def fold_word(word: str) -> str:
    """The folded form of one word; cached, since a few thousand words make up most of all news."""
    if not _UNEVEN.search(word):
        return word.translate(_ONE_TO_ONE)
    return "".join(map(_fold_char, word))
