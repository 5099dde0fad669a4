"""WriteRecords and WriteDeadLetters: elements -> StagedFile."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import apache_beam as beam
import pyarrow.parquet as pq
from apache_beam.io.filesystem import CompressionTypes
from apache_beam.io.filesystems import FileSystems
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.timestamp import MIN_TIMESTAMP
from apache_beam.utils.windowed_value import WindowedValue

from transforms import files
from transforms.commit import staging_folder
from transforms.elements import DeadLetter, Record, StagedFile
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


class WriteRecords(beam.PTransform):  # type: ignore[misc] # Beam is untyped
    """WriteRecords: Record -> StagedFile.

    Writes complete files, one a bundle and day of fetching and `file_bytes`, under the sink's staging folder; CommitRun
    gives them their final names. A bundle that is retried leaves a file that no commit names. Bounded.
    """

    def __init__(self, *, sink: FileSink, run_id: str, file_bytes: int) -> None:
        super().__init__()
        self._step = _StageFilesFn(sink.folder, run_id, sink.format, FORMATS[sink.format], day_of_record, file_bytes)

    def expand(self, records: Any) -> Any:
        return records | "StageRecords" >> beam.ParDo(self._step).with_output_types(StagedFile)


class WriteDeadLetters(beam.PTransform):  # type: ignore[misc] # Beam is untyped
    """WriteDeadLetters: DeadLetter -> StagedFile. As WriteRecords, always JSON lines."""

    def __init__(self, *, folder: str, run_id: str, file_bytes: int) -> None:
        super().__init__()
        self._step = _StageFilesFn(folder, run_id, "jsonl", open_dead_letter_lines, day_of_dead_letter, file_bytes)

    def expand(self, dead_letters: Any) -> Any:
        return dead_letters | "StageDeadLetters" >> beam.ParDo(self._step).with_output_types(StagedFile)


def day_of_record(record: Record) -> str:
    """The UTC day on which the page was fetched, as a folder's name."""
    return format_time(record.fetched_us)[:10]


def day_of_dead_letter(dead_letter: DeadLetter) -> str:
    return format_time(dead_letter.failed_us)[:10]


class _StageFilesFn(beam.DoFn):  # type: ignore[misc] # Beam is untyped
    def __init__(
        self,
        folder: str,
        run_id: str,
        extension: str,
        open_writer: Callable[[Any], Writer],
        day_of: Callable[[Any], str],
        file_bytes: int,
    ) -> None:
        self._folder, self._run_id, self._extension = folder, run_id, extension
        self._open_writer, self._day_of, self._file_bytes = open_writer, day_of, file_bytes

    def start_bundle(self) -> None:
        self._open: dict[str, tuple[StagedFile, Writer]] = {}
        self._counts: dict[str, int] = {}

    def process(self, element: Any) -> Iterator[StagedFile]:
        day = self._day_of(element)
        if day not in self._open:
            self._open[day] = self._open_file(day)
        writer = self._open[day][1]
        writer.write(element)
        self._counts[day] = self._counts.get(day, 0) + 1
        if writer.size() >= self._file_bytes:
            yield self._close_file(day)

    def _open_file(self, day: str) -> tuple[StagedFile, Writer]:
        name = f"{self._run_id}-{uuid.uuid4().hex[:8]}.{self._extension}"
        staged = files.join(staging_folder(self._folder, self._run_id), f"{day}-{name}.part")
        files.make_parent(staged)
        file = FileSystems.create(staged, compression_type=CompressionTypes.UNCOMPRESSED)
        return StagedFile(staged, files.join(self._folder, day, name), 0), self._open_writer(file)

    def _close_file(self, day: str) -> StagedFile:
        file, writer = self._open.pop(day)
        writer.close()
        return StagedFile(file.staged, file.final, self._counts.pop(day))

    def finish_bundle(self) -> Iterator[WindowedValue]:
        for day in list(self._open):
            yield WindowedValue(self._close_file(day), MIN_TIMESTAMP, [GlobalWindow()])
