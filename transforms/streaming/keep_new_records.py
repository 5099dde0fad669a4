"""KeepNewRecords: Record -> Record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import apache_beam as beam
from apache_beam.transforms.timeutil import TimeDomain
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec, TimerSpec, on_timer

from transforms import metrics
from transforms.elements import Record
from transforms.record_steps import next_revision, record_outputs
from transforms.state import RecordRow
from transforms.steps import Outcomes, StepFn, now_us
from transforms.streaming.cells import RowCoder


class KeepNewRecords(beam.PTransform):  # type: ignore[misc] # Beam is untyped
    """KeepNewRecords: Record -> Record.

    Drops a text that was given on before under the same record_id, and numbers the revisions of a corrected one.
    Unbounded; the engine's state holds a row a record until `keep_us` after it last came. Counters: in, out,
    dropped_unchanged.
    """

    def __init__(self, *, keep_us: int, outcomes: Outcomes) -> None:
        super().__init__()
        self._step = _KeepNewRecordFn(keep_us)
        self._outcomes = outcomes

    def expand(self, records: Any) -> Any:
        keyed = records | "KeyByRecordId" >> beam.Map(_key_by_id).with_output_types(tuple[str, Record])
        return self._outcomes.run_step(keyed, "KeepNewRecords", self._step, Record)


def _key_by_id(record: Record) -> tuple[str, Record]:
    return record.record_id, record


class _KeepNewRecordFn(StepFn):
    stage = metrics.KEEP_NEW_RECORDS
    _ROW = ReadModifyWriteStateSpec("row", RowCoder(RecordRow))
    _AGE = TimerSpec("age", TimeDomain.REAL_TIME)

    def __init__(self, keep_us: int) -> None:
        self._keep_us = keep_us

    def process(
        self,
        keyed: tuple[str, Record],
        cell: Any = beam.DoFn.StateParam(_ROW),
        age: Any = beam.DoFn.TimerParam(_AGE),
    ) -> Iterator[Any]:
        record, row, now = keyed[1], cell.read(), now_us()
        self.count(record.feed_url, metrics.IN)
        yield from record_outputs(self, record, row)
        kept = next_revision(record, row)
        revision = kept.revision if kept else row.revision
        cell.write(RecordRow(record.record_id, now, revision, record.content_hash))
        if row is None:
            age.set((now + self._keep_us) / 1e6)

    @on_timer(_AGE)
    def forget(self, cell: Any = beam.DoFn.StateParam(_ROW), age: Any = beam.DoFn.TimerParam(_AGE)) -> None:
        row = cell.read()
        if row is None or row.touched_us + self._keep_us <= now_us():
            cell.clear()
        else:
            age.set((row.touched_us + self._keep_us) / 1e6)
