"""LoadRecords: Record -> None."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import apache_beam as beam

from transforms import metrics
from transforms.bigquery_format import BigQueryTable, record_to_row
from transforms.elements import Record
from transforms.steps import Outcomes
from transforms.store_steps import Store, StoreStepFn

# A load job takes what it gets, but a day has 1500 of them a table; a request to insert takes 10 MB.
_LOAD_ROWS, _LOAD_BYTES = 50_000, 64 * 1024 * 1024
_INSERT_ROWS, _INSERT_BYTES = 500, 9_000_000


class LoadRecords(beam.PTransform):  # type: ignore[misc] # Beam is untyped
    """LoadRecords: Record -> None.

    Each record is appended to a BigQuery table as one row. Bounded (`streaming` false): by load jobs, few of them since
    all records come together first, and each once, as a bundle that is retried names the same jobs. `streaming`: by
    streaming inserts, where a bundle that is retried may append a row twice. The view `..._latest` shows each record
    once. What BigQuery would refuse, or refuses, is a dead letter; the latter's entry is asked again. Order not kept.
    Counters: in, out, dead_lettered.
    """

    def __init__(self, *, table: BigQueryTable, run_id: str, streaming: bool, outcomes: Outcomes) -> None:
        super().__init__()
        self._step = _LoadRecordFn(table, run_id, streaming=streaming)
        self._streaming = streaming
        self._outcomes = outcomes

    def expand(self, records: Any) -> Any:
        if not self._streaming:
            records = (
                records
                | "KeyTogether" >> beam.Map(_key_together).with_output_types(tuple[int, Record])
                | "BringTogether" >> beam.GroupByKey()
                | "TakeOneByOne" >> beam.FlatMap(_take_records).with_output_types(Record)
            )
        return self._outcomes.run_step(records, "LoadRecords", self._step, type(None))


def _key_together(record: Record) -> tuple[int, Record]:
    return 0, record


def _take_records(group: tuple[int, Iterable[Record]]) -> Iterable[Record]:
    return group[1]


class _LoadRecordFn(StoreStepFn):
    stage = metrics.LOAD_RECORDS

    def __init__(self, table: BigQueryTable, run_id: str, *, streaming: bool) -> None:
        rows, size = (_INSERT_ROWS, _INSERT_BYTES) if streaming else (_LOAD_ROWS, _LOAD_BYTES)
        super().__init__(batch_rows=rows, batch_bytes=size)
        self._table, self._run_id, self._streaming = table, run_id, streaming

    def open_store(self) -> Store:
        from transforms.bigquery_client import BigQueryStore  # its client is in an extra

        return BigQueryStore(self._table, self._run_id, streaming=self._streaming)

    def row_of(self, record: Record) -> str:
        return record_to_row(record)
