"""UpsertRecords: Record -> None."""

from __future__ import annotations

import logging
from typing import Any

import apache_beam as beam

from transforms import metrics
from transforms.elements import Record
from transforms.postgresql_format import PostgreSQLTable, record_to_row
from transforms.steps import Outcomes
from transforms.store_steps import Store, StoreStepFn

LOG = logging.getLogger(__name__)
_BATCH_ROWS = 500
_BATCH_BYTES = 8 * 1024 * 1024


class UpsertRecords(beam.PTransform):  # type: ignore[misc] # Beam is untyped
    """UpsertRecords: Record -> None.

    Each record is one row of a PostgreSQL table, by record_id and revision: what is sent again replaces itself. A
    transaction a batch. A bundle ends when all is committed; a row that the server does not take is a dead letter, and
    its entry is asked again. Bounded or not; order not kept. Counters: in, out, dead_lettered; `replaced_nuls` beside
    them counts the NUL characters that became U+FFFD.
    """

    def __init__(self, *, table: PostgreSQLTable, outcomes: Outcomes) -> None:
        super().__init__()
        self._step = _UpsertRecordFn(table)
        self._outcomes = outcomes

    def expand(self, records: Any) -> Any:
        return self._outcomes.run_step(records, "UpsertRecords", self._step, type(None))


class _UpsertRecordFn(StoreStepFn):
    stage = metrics.UPSERT_RECORDS

    def __init__(self, table: PostgreSQLTable) -> None:
        super().__init__(batch_rows=_BATCH_ROWS, batch_bytes=_BATCH_BYTES)
        self._table = table

    def open_store(self) -> Store:
        from transforms.postgresql_client import PostgreSQLStore  # its driver is in an extra

        return PostgreSQLStore(self._table)

    def row_of(self, record: Record) -> str:
        row, replaced = record_to_row(record)
        if replaced:
            metrics.count(self.stage, "replaced_nuls", replaced)
            LOG.warning("%s: %d NUL characters became U+FFFD in the row", record.url, replaced)
        return row
