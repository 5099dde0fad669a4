"""Reads back what `rasid run` wrote: the record files below a folder, and the records in them. No Beam."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from transforms.elements import CeasefireMention, Record, Span, Statement
from transforms.errors import IngestError, InputError
from transforms.json_values import encode_json
from transforms.record_format import record_from_json

SUFFIXES: Final = (".jsonl", ".parquet")
_OTHER_FOLDERS: Final = ("dead_letters", "summary", "state")  # of an output folder, beside its records
_ROWS_AT_ONCE: Final = 500


def find_record_files(folder: str) -> list[Path]:
    """The .jsonl and .parquet files below a folder, sorted by path: all but dead letters, summaries, state, and what
    lies in hidden folders, where runs stage files that are not complete. Raises InputError where there is no folder.
    """
    root = Path(folder)
    if not root.is_dir():
        raise InputError("no such folder; name the one that `rasid run --output` wrote to", file=folder)
    return sorted(path for path in root.rglob("*") if path.suffix in SUFFIXES and _is_complete(path, root))


def require_record_files(folder: str) -> list[Path]:
    """As `find_record_files`; raises InputError also where there are none."""
    found = find_record_files(folder)
    if not found:
        raise InputError("no .jsonl or .parquet file of records below it", file=folder)
    return found


def _is_complete(path: Path, root: Path) -> bool:
    parts = path.relative_to(root).parts
    return not any(part in _OTHER_FOLDERS or part.startswith(".") for part in parts[:-1]) and path.is_file()


def read_records(path: Path) -> Iterator[Record]:
    """The records of one file, in order. Raises InputError naming the file, and the line or row, that is damaged."""
    lines: Iterator[str | bytes] = _parquet_lines(path) if path.suffix == ".parquet" else _text_lines(path)
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = record_from_json(line)
        except IngestError as error:
            raise InputError(f"not a record: {error.detail}", file=str(path), line=number) from error
        _check_tags(record, path, number)
        yield record


def _check_tags(record: Record, path: Path, number: int) -> None:
    """Spans and indices of a record that somebody else wrote may point anywhere."""
    texts = {"title": record.title, "body": record.body}
    tags: list[Statement | CeasefireMention] = [*record.statements, *record.ceasefire_mentions]
    right = all(tag.field in texts and all(_fits(span, texts[tag.field]) for span in tag_spans(tag)) for tag in tags)
    links = [s.parent for s in record.statements] + [m.statement for m in record.ceasefire_mentions]
    if not right or any(link is not None and not 0 <= link < len(record.statements) for link in links):
        raise InputError("not a record: its tags do not fit its text", file=str(path), line=number)


def _fits(span: Span, text: str) -> bool:
    return 0 <= span.start <= span.end <= len(text) and text[span.start : span.end] == span.text


def tag_spans(tag: Statement | CeasefireMention) -> list[Span]:
    """All spans of a statement or a mention that are there."""
    if isinstance(tag, Statement):
        spans = [tag.cue, tag.speaker, tag.content]
    else:
        spans = [tag.term, tag.actor, tag.condition, *tag.parties]
    return [span for span in spans if span is not None]


def _text_lines(path: Path) -> Iterator[str | bytes]:
    try:
        with path.open("rb") as lines:
            yield from lines
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=str(path)) from error


def _parquet_lines(path: Path) -> Iterator[str | bytes]:
    """Rows as the JSON that the same records have in a .jsonl file."""
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(_ROWS_AT_ONCE):
                for row in batch.to_pylist():
                    yield encode_json({key: _json_value(value) for key, value in row.items()})
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"cannot be read: {str(error).splitlines()[0]}", file=str(path)) from error


def _json_value(value: Any) -> Any:
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value


def latest_revisions(records: Iterable[Record]) -> list[Record]:
    """One record a `record_id`: the highest revision, of it the highest revision of the tags, of these the one that
    comes last (two sinks may have written it). In the order in which each `record_id` first came."""
    latest: dict[str, Record] = {}
    for record in records:
        known = latest.get(record.record_id)
        if known is None or (record.revision, record.tags_revision) >= (known.revision, known.tags_revision):
            latest[record.record_id] = record
    return list(latest.values())
