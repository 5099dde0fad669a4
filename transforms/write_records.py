"""WriteRecords and WriteDeadLetters: elements -> StagedFile."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import apache_beam as beam
from apache_beam.io.filesystem import CompressionTypes
from apache_beam.io.filesystems import FileSystems
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.timestamp import MIN_TIMESTAMP
from apache_beam.utils.windowed_value import WindowedValue

from transforms import files
from transforms.commit import staging_folder
from transforms.elements import StagedFile
from transforms.file_formats import (
    FORMATS,
    FileSink,
    Writer,
    day_of_dead_letter,
    day_of_record,
    open_dead_letter_lines,
)


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
