"""The texts of the last days, which new ones are compared with: files in the state folder, arrays in memory. No Beam.

A run adds one file, `texts/<run>.texts`: Parquet, a row a text (elements.SignedText). Files are immutable; a run that
finds many small ones puts their rows into its own, and its commit deletes them. A file is deleted when all its texts
are older than the window. Where several rows have one record_id, the latest revision counts.
"""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from transforms import files
from transforms.elements import SignedText
from transforms.errors import InputError
from transforms.near_duplicates import BANDS, bands_of, choose_original

# About 1.2 kB each for articles of 250 words.
MOST_TEXTS: Final = 50_000
MERGED_FILES: Final = 32
# Candidates taken of one band: the latest, which name the original too. A template's pages share all their bands, and
# each would be compared with each.
MOST_OF_BAND: Final = 16
_SMALL_BYTES: Final = 4 << 20
_FORMAT: Final = {b"format": b"rasid-texts", b"version": b"1"}
_SCHEMA: Final = pa.schema(
    [
        pa.field("record_id", pa.string(), nullable=False),
        pa.field("revision", pa.int64(), nullable=False),
        pa.field("time_us", pa.int64(), nullable=False),
        pa.field("fetched_us", pa.int64(), nullable=False),
        pa.field("signature", pa.large_binary(), nullable=False),
        pa.field("original", pa.string(), nullable=False),
        pa.field("distance", pa.float64(), nullable=False),
    ],
    metadata=_FORMAT,
)
_NAMES: Final = tuple(_SCHEMA.names)


def texts_folder(state_folder: str) -> str:
    """The folder of the files."""
    return files.join(state_folder, "texts")


def _dump(table: pa.Table) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd")
    return out.getvalue()


def _parse(content: bytes, path: str) -> pa.Table:
    """Raises InputError naming the file where it is damaged or of another format."""
    with _named_faults(path):
        _check_metadata(pq.read_schema(io.BytesIO(content)))
        return pq.read_table(io.BytesIO(content)).select(_NAMES).cast(_SCHEMA)


def _check_metadata(schema: pa.Schema) -> None:
    if {key: (schema.metadata or {}).get(key) for key in _FORMAT} != _FORMAT:
        raise pa.ArrowInvalid("not a file of texts of version 1")


@contextmanager
def _named_faults(path: str) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, KeyError, OSError) as error:
        raise InputError(
            f"damaged ({type(error).__name__}: {error}); restore it, or move it away: duplicates of its texts are then "
            "not found",
            file=path,
        ) from error


@dataclass(frozen=True)
class _File:
    """`size` is in bytes, `newest_us` the time of fetching of its newest text."""

    size: int
    newest_us: int


class KnownTexts:
    """The texts of one state folder, as of the last `refresh`; never changed by a run that has not committed."""

    def __init__(self, state_folder: str) -> None:
        self._folder = texts_folder(state_folder)
        self._files: dict[str, _File] = {}
        self._oldest_us: int | None = None
        self._index(_SCHEMA.empty_table())

    def refresh(self, oldest_us: int) -> None:
        """Reads the files that have appeared, forgets those that are gone and texts fetched before that time."""
        paths = files.match(files.join(self._folder, "*.texts"))
        new = {path: files.read_bytes(path) for path in paths if path not in self._files}
        tables = {path: _parse(content, path) for path, content in new.items()}
        self._files = {path: file for path, file in self._files.items() if path in paths}
        for path, table in tables.items():
            self._files[path] = _File(len(new[path]), max(table["fetched_us"].to_pylist(), default=0))
        if new or self._oldest_us is None or self._first_us < oldest_us:
            self._index(_choose(pa.concat_tables([self._table, *tables.values()]), oldest_us))
        self._oldest_us = oldest_us

    def _index(self, table: pa.Table) -> None:
        self._table = table.combine_chunks()
        self.record_ids: list[str] = table["record_id"].to_pylist()
        self._rows = {record_id: row for row, record_id in enumerate(self.record_ids)}
        originals = table["original"].to_pylist()
        self.originals = frozenset(filter(None, originals))
        self._first_us = min(table["fetched_us"].to_pylist(), default=0)
        keys = [bands_of(signature) for signature in table["signature"].to_pylist()]
        flat = np.concatenate([np.empty(0, "<u8"), *keys])
        order = np.argsort(flat, kind="stable")
        self._keys, self._key_rows = flat[order], (order // BANDS).astype(np.uint32)

    def __len__(self) -> int:
        return len(self.record_ids)

    def get(self, record_id: str) -> SignedText | None:
        """The text of a record, where it is known."""
        row = self._rows.get(record_id)
        return None if row is None else self._text(row)

    def candidates(self, signature: bytes) -> list[SignedText]:
        """The texts that share a band with a signature, of each band the latest MOST_OF_BAND."""
        bands = bands_of(signature)
        high = np.searchsorted(self._keys, bands, "right")
        low = np.maximum(np.searchsorted(self._keys, bands, "left"), high - MOST_OF_BAND)
        rows = {int(row) for a, b in zip(low, high, strict=True) for row in self._key_rows[a:b]}
        return [self._text(row) for row in sorted(rows)]

    def _text(self, row: int) -> SignedText:
        return SignedText(**{name: self._table[name][row].as_py() for name in _NAMES})

    def next_file(self, new: Iterable[SignedText], oldest_us: int) -> tuple[bytes, list[str], int]:
        """What a run's file holds, which files it replaces, and how many texts are forgotten before their time."""
        small = [path for path, file in self._files.items() if file.size < _SMALL_BYTES]
        merged = small if len(small) >= MERGED_FILES else []
        added = pa.Table.from_pylist([vars(text) for text in new], schema=_SCHEMA)
        table = pa.concat_tables([added, *(_parse(files.read_bytes(path), path) for path in merged)])
        fetched = np.sort(pa.concat_tables([self._table, added])["fetched_us"].to_numpy())
        over = max(0, len(fetched) - MOST_TEXTS)
        if over:
            oldest_us = max(oldest_us, int(fetched[over]))
        aged = [path for path, file in self._files.items() if file.newest_us < oldest_us]
        return _dump(_choose(table, oldest_us)), sorted({*merged, *aged}), over


def _choose(table: pa.Table, oldest_us: int) -> pa.Table:
    """The rows to keep: the latest revision of each record, not too old, the newest MOST_TEXTS; in an order of their
    own."""
    ids, revisions, fetched = (table[name].to_pylist() for name in ("record_id", "revision", "fetched_us"))
    latest: dict[str, int] = {}
    for row, (record_id, revision, fetched_us) in enumerate(zip(ids, revisions, fetched, strict=True)):
        known = latest.get(record_id)
        if fetched_us >= oldest_us and (known is None or (revision, fetched_us) > (revisions[known], fetched[known])):
            latest[record_id] = row
    rows = sorted(latest.values(), key=lambda row: (fetched[row], ids[row]))
    return table.take(pa.array(rows[-MOST_TEXTS:], pa.int64()))


def check_texts(state_folder: str) -> None:
    """Raises InputError where a file cannot be read, before a run begins."""
    for path in files.match(files.join(texts_folder(state_folder), "*.texts")):
        with _named_faults(path):
            _check_metadata(pq.read_schema(io.BytesIO(files.read_bytes(path))))


def mark_texts(texts: Iterable[SignedText], known: KnownTexts, window_us: int) -> list[SignedText]:
    """The texts of one run, each with its original where it has one, whatever their order; the earlier is the original.

    A record that others duplicate stays an original, whatever its revisions become.
    """
    ordered = sorted(texts, key=lambda text: (text.time_us, text.record_id))
    revised = {text.record_id for text in ordered}
    here: dict[str, SignedText] = {}
    by_band: dict[int, deque[str]] = {}

    def find(record_id: str) -> SignedText | None:
        return here.get(record_id) or (None if record_id in revised else known.get(record_id))

    for text in ordered:
        bands = bands_of(text.signature).tolist()
        if text.record_id not in known.originals:
            near = {record_id: here[record_id] for band in bands for record_id in by_band.get(band, ())}
            near |= {each.record_id: each for each in known.candidates(text.signature) if each.record_id not in revised}
            text = choose_original(text, near.values(), find, window_us)
        here[text.record_id] = text
        for band in bands:
            by_band.setdefault(band, deque(maxlen=MOST_OF_BAND)).append(text.record_id)
    return list(here.values())
