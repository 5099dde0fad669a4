"""Collects encoded elements by key, and writes them when enough time or bytes have come together."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import apache_beam as beam
from apache_beam.coders import BytesCoder, VarIntCoder
from apache_beam.transforms.timeutil import TimeDomain
from apache_beam.transforms.userstate import BagStateSpec, ReadModifyWriteStateSpec, TimerSpec, on_timer


class BatchFn(beam.DoFn):  # type: ignore[misc] # Beam is untyped
    """(key, bytes) -> what `write(key, batch)` gives.

    A batch is written `seconds` after its first element, at `most_bytes`, or at the end of all input (a drain).
    Beam's GroupIntoBatches knows no bytes in Python. A bundle that is retried writes its batch again, so `write` should
    name its file by the batch.
    """

    _BATCH = BagStateSpec("batch", BytesCoder())
    _SIZE = ReadModifyWriteStateSpec("size", VarIntCoder())
    _DUE = TimerSpec("due", TimeDomain.REAL_TIME)
    _END = TimerSpec("end", TimeDomain.WATERMARK)

    def __init__(self, write: Callable[[str, list[bytes]], Iterable[Any]], seconds: float, most_bytes: int) -> None:
        self._write, self._seconds, self._most_bytes = write, seconds, most_bytes

    def process(
        self,
        keyed: tuple[str, bytes],
        window: Any = beam.DoFn.WindowParam,
        batch: Any = beam.DoFn.StateParam(_BATCH),
        size: Any = beam.DoFn.StateParam(_SIZE),
        due: Any = beam.DoFn.TimerParam(_DUE),
        end: Any = beam.DoFn.TimerParam(_END),
    ) -> Iterator[Any]:
        key, element = keyed
        known = size.read() or 0
        if not known:
            due.set(time.time() + self._seconds)
            end.set(window.max_timestamp())
        batch.add(element)
        size.write(known + len(element))
        if known + len(element) >= self._most_bytes:
            yield from self._close(key, batch, size, due)

    @on_timer(_DUE)
    def close_in_time(
        self,
        key: str = beam.DoFn.KeyParam,
        batch: Any = beam.DoFn.StateParam(_BATCH),
        size: Any = beam.DoFn.StateParam(_SIZE),
        due: Any = beam.DoFn.TimerParam(_DUE),
    ) -> Iterator[Any]:
        yield from self._close(key, batch, size, due)

    @on_timer(_END)
    def close_at_end(
        self,
        key: str = beam.DoFn.KeyParam,
        batch: Any = beam.DoFn.StateParam(_BATCH),
        size: Any = beam.DoFn.StateParam(_SIZE),
        due: Any = beam.DoFn.TimerParam(_DUE),
    ) -> Iterator[Any]:
        yield from self._close(key, batch, size, due)

    def _close(self, key: str, batch: Any, size: Any, due: Any) -> Iterator[Any]:
        elements = list(batch.read())
        if elements:
            yield from self._write(key, elements)
        batch.clear()
        size.clear()
        due.clear()
