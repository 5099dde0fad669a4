"""Whether two texts are nearly the same: signatures, their bands, and the Jaccard index of word 4-grams. No Beam.

A signature is bytes: first BANDS band keys of eight bytes, then the 32-bit hashes of the text's distinct word 4-grams,
sorted, little-endian. Texts that share a band key are candidates (MinHash LSH: of pairs with a Jaccard index of 0.8 all
but 2 in 10,000 share one); `jaccard` decides. Bands and hashes do not depend on the machine or the process.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final

import numpy as np

from transforms.arabic.normalize import fold_text
from transforms.elements import SignedText

NEARLY_SAME: Final = 0.8
# Of a text and the original that it is marked with, where a third lies between them.
_ALIKE: Final = 0.5
BANDS: Final = 16
_ROWS: Final = 4
_SHINGLE_WORDS: Final = 4
# Shorter texts are boilerplate (a video's caption, a notice to subscribers) as often as news.
_LEAST_SHINGLES: Final = 16
# The smallest hashes stand for a longer text's: a uniform sample of its 4-grams.
_MOST_SHINGLES: Final = 4096
_BAND_BYTES: Final = BANDS * 8
_WORD: Final = re.compile(r"\w+")
_TAA_MARBUTA, _HEH = "\u0629", "\u0647"

# A wire text in more papers than that has named its original long before.
_MOST_COMPARED: Final = 64

Array = np.ndarray[Any, Any]


def sign_text(body: str) -> bytes:
    """The signature of a text; empty where it is too short to be compared."""
    words = _WORD.findall(fold_text(body).replace(_TAA_MARBUTA, _HEH))
    grams = {" ".join(words[i : i + _SHINGLE_WORDS]) for i in range(len(words) - _SHINGLE_WORDS + 1)}
    if len(grams) < _LEAST_SHINGLES:
        return b""
    digests = b"".join(hashlib.blake2b(gram.encode("utf-8", "replace"), digest_size=4).digest() for gram in grams)
    shingles = np.unique(np.frombuffer(digests, "<u4"))[:_MOST_SHINGLES]
    return _band_keys(shingles) + shingles.tobytes()


def _band_keys(shingles: Array) -> bytes:
    from datasketch import MinHash  # its import takes as long as Beam's, and only the pool's processes need it

    minhash = MinHash(num_perm=BANDS * _ROWS, seed=1, hashfunc=int, scheme="affine32")
    minhash.update_batch(shingles.tolist())
    rows = minhash.hashvalues.astype("<u4").reshape(BANDS, _ROWS)
    return b"".join(
        hashlib.blake2b(row.tobytes(), digest_size=8, salt=band.to_bytes(2, "little")).digest()
        for band, row in enumerate(rows)
    )


def bands_of(signature: bytes) -> Array:
    """The band keys of a signature; those of different bands never agree but by chance."""
    return np.frombuffer(signature[:_BAND_BYTES], "<u8")


def jaccard(first: bytes, second: bytes) -> float:
    """The Jaccard index of two texts' word 4-grams, by their signatures; an estimate where one exceeds 4,096."""
    a, b = np.frombuffer(first[_BAND_BYTES:], "<u4"), np.frombuffer(second[_BAND_BYTES:], "<u4")
    if max(len(a), len(b)) < _MOST_SHINGLES:
        common = len(np.intersect1d(a, b, assume_unique=True))
        return common / ((len(a) + len(b) - common) or 1)
    sample = np.union1d(a, b)[:_MOST_SHINGLES]
    return float(np.mean(np.isin(sample, a, assume_unique=True) & np.isin(sample, b, assume_unique=True)))


def choose_original(
    text: SignedText, candidates: Iterable[SignedText], find: Callable[[str], SignedText | None], window_us: int
) -> SignedText:
    """The text with the original that it duplicates among the candidates, whatever their order; as it is without one.

    The nearest counts, of equally near ones the earliest. Where that is a duplicate itself, its original is taken
    (`find` gives it, or None where it is no longer known), provided that it is at least half the same.
    """
    best: tuple[float, int, str] | None = None
    chosen = text
    for known in candidates:
        if text.record_id in (known.record_id, known.original) or abs(known.time_us - text.time_us) > window_us:
            continue
        likeness = jaccard(text.signature, known.signature)
        rank = -likeness, known.time_us, known.record_id
        if likeness < NEARLY_SAME or (best is not None and rank >= best):
            continue
        distance = 1 - likeness
        if known.original:
            first = find(known.original)
            # Without the original, the triangle inequality, which Jaccard distances keep.
            distance = distance + known.distance if first is None else 1 - jaccard(text.signature, first.signature)
            if distance > 1 - _ALIKE:
                continue
        best, chosen = rank, replace(text, original=known.original or known.record_id, distance=distance)
    return chosen


def choose_among_earlier(text: SignedText, earlier: Iterable[SignedText], window_us: int) -> SignedText:
    """The text with its original among those that were given on before it, in the order in which they were.

    Which of them are duplicates themselves is found again, from themselves: it is as it was then, provided that their
    originals are among them. The 64 earliest count.
    """
    marked: dict[str, SignedText] = {}
    for each in itertools.islice(earlier, _MOST_COMPARED):
        marked[each.record_id] = choose_original(each, marked.values(), marked.get, window_us)
    return choose_original(text, marked.values(), marked.get, window_us)
