"""DropSeen: Entry -> Entry."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import apache_beam as beam
from apache_beam.transforms.timeutil import TimeDomain
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec, TimerSpec, on_timer

from transforms import metrics
from transforms.elements import Entry
from transforms.state import EntryRow, is_listing_due, is_news, url_key
from transforms.steps import Outcomes, StepFn, now_us
from transforms.streaming.cells import RowCoder


class DropSeen(beam.PTransform):  # type: ignore[misc] # Beam is untyped
    """DropSeen: Entry -> Entry.

    Drops the entries that were given on before, unless their feed shows that they were corrected. What was given on is
    dealt with by the stages after it, which ask again what failed in passing. Unbounded; the engine's state holds a row
    an entry until `keep_us` after its feed last listed it. Counters: in, out, dropped_seen.
    """

    def __init__(self, *, keep_us: int, outcomes: Outcomes) -> None:
        super().__init__()
        self._step = _DropSeenFn(keep_us)
        self._outcomes = outcomes

    def expand(self, entries: Any) -> Any:
        keyed = entries | "KeyByEntry" >> beam.Map(_key_by_url).with_output_types(tuple[str, Entry])
        return self._outcomes.run_step(keyed, "DropSeen", self._step, Entry)


def _key_by_url(entry: Entry) -> tuple[str, Entry]:
    return url_key(entry.url), entry


def mark_entry(row: EntryRow | None, entry: Entry, now: int) -> EntryRow:
    """The row of an entry that is dealt with, and listed now."""
    known = row or EntryRow(url_key(entry.url), now, None, 0, True, {})
    fingerprints = {**known.fingerprints, url_key(entry.feed_url): entry.fingerprint}
    return dataclasses.replace(known, listed_us=now, fingerprints=fingerprints)


class _DropSeenFn(StepFn):
    stage = metrics.DROP_SEEN
    _ROW = ReadModifyWriteStateSpec("row", RowCoder(EntryRow))
    _AGE = TimerSpec("age", TimeDomain.REAL_TIME)

    def __init__(self, keep_us: int) -> None:
        self._keep_us = keep_us

    def process(
        self,
        keyed: tuple[str, Entry],
        cell: Any = beam.DoFn.StateParam(_ROW),
        age: Any = beam.DoFn.TimerParam(_AGE),
    ) -> Iterator[Any]:
        entry, row, now = keyed[1], cell.read(), now_us()
        self.count(entry.feed_url, metrics.IN)
        if is_news(row, entry):
            cell.write(mark_entry(row, entry, now))
            self.count(entry.feed_url, metrics.OUT)
            yield entry
        else:
            self.drop(entry.feed_url, "seen")
            if is_listing_due(row, entry, now):
                cell.write(mark_entry(row, entry, now))
        if row is None:
            age.set((now + self._keep_us) / 1e6)

    @on_timer(_AGE)
    def forget(self, cell: Any = beam.DoFn.StateParam(_ROW), age: Any = beam.DoFn.TimerParam(_AGE)) -> None:
        row = cell.read()
        if row is None or row.listed_us + self._keep_us <= now_us():
            cell.clear()
        else:
            age.set((row.listed_us + self._keep_us) / 1e6)
