"""DropSeen: Entry -> Entry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import apache_beam as beam

from transforms import metrics
from transforms.elements import Entry
from transforms.shared_state import acquire_state
from transforms.state import needs_listing, needs_work
from transforms.steps import Outcomes, StepFn, now_us, visit_entry


class DropSeen(beam.PTransform):  # type: ignore[misc] # Beam is untyped
    """DropSeen: Entry -> Entry.

    Drops the entries that earlier runs have dealt with, unless their feed shows that they were corrected. Bounded or
    not; order kept; stateless (the state is read once a worker). Counters: in, out, dropped_seen.
    """

    def __init__(self, *, state: str, run_id: str, outcomes: Outcomes) -> None:
        super().__init__()
        self._step = _DropSeenFn(state, run_id)
        self._outcomes = outcomes

    def expand(self, entries: Any) -> Any:
        return self._outcomes.run_step(entries, "DropSeen", self._step, Entry)


class _DropSeenFn(StepFn):
    stage = metrics.DROP_SEEN

    def __init__(self, state: str, run_id: str) -> None:
        self._folder, self._run_id = state, run_id

    def setup(self) -> None:
        self._state = acquire_state(self._folder, self._run_id)

    def process(self, entry: Entry) -> Iterator[Any]:
        self.count(entry.feed_url, metrics.IN)
        if needs_work(self._state.state, entry):
            self.count(entry.feed_url, metrics.OUT)
            yield entry
            return
        self.drop(entry.feed_url, "seen")
        if needs_listing(self._state.state, entry, now_us()):
            yield from visit_entry(entry, "listed")
