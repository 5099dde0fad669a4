"""WriteRecords and WriteDeadLetters: elements -> StagedFile."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import apache_beam as beam
from apache_beam.io.filesystem import CompressionTypes
from apache_beam.io.filesystems import FileSystems

from transforms import files
from transforms.coders import ElementCoder
from transforms.commit import staging_folder
from transforms.elements import DeadLetter, Record, StagedFile
from transforms.file_formats import (
    FORMATS,
    FileSink,
    Writer,
    day_of_dead_letter,
    day_of_record,
    open_dead_letter_lines,
)
from transforms.streaming.batches import BatchFn


class WriteRecords(beam.PTransform):  # type: ignore[misc] # Beam is untyped
    """WriteRecords: Record -> StagedFile.

    Writes complete files, one a day of fetching each `seconds` that bring records and each `file_bytes` of them: under
    a temporary name, then renamed. Unbounded; open records are in the engine's state. A bundle that is retried writes
    the same file again where its records are the same, otherwise some records twice under their record_id. All records
    of a sink go through one worker.
    """

    def __init__(self, *, sink: FileSink, run_id: str, seconds: float, file_bytes: int) -> None:
        super().__init__()
        write = _WriteFile(sink.folder, run_id, sink.format, FORMATS[sink.format], Record)
        self._step = BatchFn(write, seconds, file_bytes)

    def expand(self, records: Any) -> Any:
        return _write_by_day(records, _encode_record, self._step)


class WriteDeadLetters(beam.PTransform):  # type: ignore[misc] # Beam is untyped
    """WriteDeadLetters: DeadLetter -> StagedFile. As WriteRecords, always JSON lines."""

    def __init__(self, *, folder: str, run_id: str, seconds: float, file_bytes: int) -> None:
        super().__init__()
        write = _WriteFile(folder, run_id, "jsonl", open_dead_letter_lines, DeadLetter)
        self._step = BatchFn(write, seconds, file_bytes)

    def expand(self, dead_letters: Any) -> Any:
        return _write_by_day(dead_letters, _encode_dead_letter, self._step)


_RECORDS, _DEAD_LETTERS = ElementCoder(Record), ElementCoder(DeadLetter)


def _encode_record(record: Record) -> tuple[str, bytes]:
    return day_of_record(record), _RECORDS.encode(record)


def _encode_dead_letter(dead_letter: DeadLetter) -> tuple[str, bytes]:
    return day_of_dead_letter(dead_letter), _DEAD_LETTERS.encode(dead_letter)


def _write_by_day(elements: Any, encode: Callable[[Any], tuple[str, bytes]], step: BatchFn) -> Any:
    return (
        elements
        | "KeyByDay" >> beam.Map(encode).with_output_types(tuple[str, bytes])
        | "WriteFiles" >> beam.ParDo(step).with_output_types(StagedFile)
    )


class _WriteFile:
    """Writes a batch as one file, whose name follows from the batch."""

    def __init__(
        self, folder: str, run_id: str, extension: str, open_writer: Callable[[Any], Writer], kind: type
    ) -> None:
        self._folder, self._run_id, self._extension = folder, run_id, extension
        self._open_writer, self._coder = open_writer, ElementCoder(kind)

    def __call__(self, day: str, batch: list[bytes]) -> Iterator[StagedFile]:
        digest = hashlib.blake2b(digest_size=8)
        for encoded in sorted(batch):
            digest.update(encoded)
        name = f"{self._run_id}-{digest.hexdigest()}.{self._extension}"
        final = files.join(self._folder, day, name)
        staged = files.join(staging_folder(self._folder, self._run_id), f"{day}-{name}.{uuid.uuid4().hex[:8]}.part")
        files.make_parent(staged)
        writer = self._open_writer(FileSystems.create(staged, compression_type=CompressionTypes.UNCOMPRESSED))
        for encoded in batch:
            writer.write(self._coder.decode(encoded))
        writer.close()
        files.sync(staged)
        files.rename(staged, final)
        yield StagedFile(staged, final, len(batch))
