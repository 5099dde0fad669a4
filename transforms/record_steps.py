"""Which records are news, for the stage that compares a run with the last one and the one that runs for ever."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from typing import Any

from transforms import metrics
from transforms.elements import Record
from transforms.state import RecordRow
from transforms.steps import StepFn, visit_entry


def choose_record(records: Iterable[Record]) -> tuple[Record, list[Record]]:
    """One record of several with the same id, whatever their order, and the others."""
    first, *others = sorted(records, key=lambda r: (r.published_us is None, r.feed_url, r.entry_url, r.content_hash))
    return first, others


def next_revision(record: Record, known: RecordRow | None) -> Record | None:
    """The record with its revision; None where the known text is the same."""
    if known is None:
        return record
    if known.content_hash == record.content_hash:
        return None
    return dataclasses.replace(record, revision=known.revision + 1)


def record_outputs(step: StepFn, record: Record, known: RecordRow | None) -> Iterator[Any]:
    """The outputs for a record: itself with its revision, or nothing where the known text is the same."""
    kept = next_revision(record, known)
    if kept is None:
        step.drop(record.feed_url, "unchanged")
        yield from visit_entry(record, "dropped", record_id=record.record_id)
        return
    step.count(kept.feed_url, metrics.OUT)
    yield from visit_entry(
        kept, "kept", record_id=kept.record_id, revision=kept.revision, content_hash=kept.content_hash
    )
    yield kept
