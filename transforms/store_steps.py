"""Stages that hand records to a store in batches; a bundle ends when the store has them all."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import apache_beam as beam

from transforms import metrics
from transforms.elements import Record
from transforms.errors import IngestError
from transforms.steps import OverlappedStepFn, Ticket, addresses_of


class Store(Protocol):
    """Takes rows, which may be sent again where a bundle is retried."""

    def write(self, rows: Sequence[str]) -> list[IngestError | None]:
        """Per row None once the store has it, else why it has not."""

    def close(self) -> None: ...


class StoreStepFn(OverlappedStepFn):
    """Base of the stages that store each record as one row of JSON; a bundle that is retried stores it again."""

    def __init__(self, *, batch_rows: int, batch_bytes: int) -> None:
        self._batch_rows, self._batch_bytes = batch_rows, batch_bytes

    @abstractmethod
    def open_store(self) -> Store:
        """The store, for the life of this DoFn."""

    @abstractmethod
    def row_of(self, record: Record) -> str:
        """The row for a record. Raises IngestError."""

    def setup(self) -> None:
        self._store = self.open_store()

    def teardown(self) -> None:
        self._store.close()

    def start_bundle(self) -> None:
        super().start_bundle()
        self._batch: list[tuple[Ticket, str]] = []
        self._bytes = 0

    def process(
        self, element: Record, timestamp: Any = beam.DoFn.TimestampParam, window: Any = beam.DoFn.WindowParam
    ) -> Iterator[Any]:
        self.count(addresses_of(element)[0], metrics.IN)
        self.window = window
        ticket = (element, timestamp, [window])
        try:
            row = self.row_of(element)
        except IngestError as error:
            yield from self.emit([(ticket, error)])
            return
        size = len(row.encode())
        if self._batch and self._bytes + size > self._batch_bytes:
            yield from self.emit(self.wait())
        self._batch.append((ticket, row))
        self._bytes += size
        if len(self._batch) >= self._batch_rows:
            yield from self.emit(self.wait())

    def wait(self) -> Iterator[tuple[Ticket, Any]]:
        batch, self._batch, self._bytes = self._batch, [], 0
        if batch:
            results = self._store.write([row for _, row in batch])
            yield from ((ticket, result) for (ticket, _), result in zip(batch, results, strict=True))

    def outputs_of(self, element: Record, result: IngestError | None) -> Iterator[Any]:
        if result is None:
            self.count(addresses_of(element)[0], metrics.OUT)
        else:
            yield from self.fail(element, result)
