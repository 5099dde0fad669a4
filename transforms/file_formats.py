"""What a sink's files look like inside, and in which of its folders they stand. No Beam."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import pyarrow.parquet as pq

from transforms.elements import DeadLetter, Record
from transforms.json_values import format_time
from transforms.parquet_format import arrow_schema, records_to_table
from transforms.record_format import dead_letter_to_json, record_to_json

PARQUET_ROW_GROUP = 1_000


class Writer(Protocol):
    """Writes elements to an open binary file; `size` is in bytes, as far as they are written."""

    def write(self, element: Any) -> None: ...

    def size(self) -> int: ...

    def close(self) -> None: ...


class JsonLinesWriter:
    """One JSON object a line, UTF-8."""

    def __init__(self, file: Any, encode: Callable[[Any], str]) -> None:
        self._file, self._encode, self._size = file, encode, 0

    def write(self, element: Any) -> None:
        self._size += self._file.write(self._encode(element).encode("utf-8", "replace") + b"\n")

    def size(self) -> int:
        return self._size

    def close(self) -> None:
        self._file.close()


class ParquetWriter:
    """Records in row groups; a file is readable only once closed."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._table_writer = pq.ParquetWriter(file, arrow_schema(), compression="zstd")
        self._rows: list[Record] = []

    def write(self, element: Any) -> None:
        self._rows.append(element)
        if len(self._rows) >= PARQUET_ROW_GROUP:
            self._flush()

    def size(self) -> int:
        return self._file.tell()  # type: ignore[no-any-return]

    def _flush(self) -> None:
        self._table_writer.write_table(records_to_table(self._rows))
        self._rows = []

    def close(self) -> None:
        self._flush()
        self._table_writer.close()
        self._file.close()


def open_record_lines(file: Any) -> Writer:
    return JsonLinesWriter(file, record_to_json)


def open_dead_letter_lines(file: Any) -> Writer:
    return JsonLinesWriter(file, dead_letter_to_json)


FORMATS: dict[str, Callable[[Any], Writer]] = {"jsonl": open_record_lines, "parquet": ParquetWriter}


@dataclass(frozen=True)
class FileSink:
    """A folder of files in one of FORMATS."""

    format: str
    folder: str


def day_of_record(record: Record) -> str:
    """The UTC day on which the page was fetched, as a folder's name."""
    return format_time(record.fetched_us)[:10]


def day_of_dead_letter(dead_letter: DeadLetter) -> str:
    return format_time(dead_letter.failed_us)[:10]
