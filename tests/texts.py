"""Invented texts that share as much as a test wants."""

import random

from transforms.elements import SignedText
from transforms.near_duplicates import sign_text

LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"


def make_body(seed, changed=0, length=120):
    """A text of random words; the last `changed` of them are another text's (of 120, 9 leave a Jaccard index of 0.85,
    30 one of 0.6)."""
    words = _words(seed, length)
    if changed:
        words[-changed:] = _words(f"{seed}/{changed}", changed)
    return " ".join(words)


def _words(seed, n):
    source = random.Random(str(seed))
    return ["".join(source.choices(LETTERS, k=source.randint(3, 7))) for _ in range(n)]


def make_text(name, body, time_us=0, revision=1, fetched_us=None):
    return SignedText(name, revision, time_us, time_us if fetched_us is None else fetched_us, sign_text(body))
