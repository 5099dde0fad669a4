"""KeepNewRecords: Record -> Record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam

from transforms import metrics
from transforms.elements import Record
from transforms.record_steps import choose_record, record_outputs
from transforms.shared_state import acquire_state
from transforms.steps import Outcomes, StepFn, visit_entry


class KeepNewRecords(beam.PTransform):  # type: ignore[misc] # Beam is untyped
    """KeepNewRecords: Record -> Record.

    One record a record_id: links that lead to the same article are merged, a text that an earlier run has written is
    dropped, a corrected one gets the next revision. Bounded; order not kept; idempotent by record_id and the state of
    the last committed run. Counters: in, out, dropped_duplicate, dropped_unchanged.
    """

    def __init__(self, *, state: str, run_id: str, outcomes: Outcomes) -> None:
        super().__init__()
        self._step = _KeepNewRecordFn(state, run_id)
        self._outcomes = outcomes

    def expand(self, records: Any) -> Any:
        grouped = (
            records
            | "KeyByRecordId" >> beam.Map(_key_by_id).with_output_types(tuple[str, Record])
            | "GroupByRecordId" >> beam.GroupByKey()
        )
        return self._outcomes.run_step(grouped, "KeepNewRecords", self._step, Record)


def _key_by_id(record: Record) -> tuple[str, Record]:
    return record.record_id, record


class _KeepNewRecordFn(StepFn):
    stage = metrics.KEEP_NEW_RECORDS

    def __init__(self, state: str, run_id: str) -> None:
        self._folder, self._run_id = state, run_id

    def setup(self) -> None:
        self._state = acquire_state(self._folder, self._run_id)

    def process(self, group: tuple[str, Iterable[Record]]) -> Iterator[Any]:
        chosen, others = choose_record(group[1])
        for record in (chosen, *others):
            self.count(record.feed_url, metrics.IN)
        yield from record_outputs(self, chosen, self._state.state.records.get(chosen.record_id))
        for other in others:
            self.drop(other.feed_url, "duplicate")
            yield from visit_entry(other, "dropped", record_id=other.record_id)
