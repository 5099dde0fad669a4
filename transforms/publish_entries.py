"""PublishEntries: Entry -> None."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import apache_beam as beam

from transforms import metrics
from transforms.elements import Entry
from transforms.message_format import OutgoingMessage, Topic, entry_to_message
from transforms.publish_steps import PublishStepFn
from transforms.steps import Outcomes, visit_entry


class PublishEntries(beam.PTransform):  # type: ignore[misc] # Beam is untyped
    """PublishEntries: Entry -> None.

    Publishes each entry as one message that ReadMessages reads; one that the server has is not published by later runs,
    one that it refuses is tried again. Repeats and order as with PublishRecords. Counters: in, out, dead_lettered.
    """

    def __init__(self, *, topic: Topic, outcomes: Outcomes) -> None:
        super().__init__()
        self._step = _PublishEntryFn(topic)
        self._outcomes = outcomes

    def expand(self, entries: Any) -> Any:
        return self._outcomes.run_step(entries, "PublishEntries", self._step, type(None))


class _PublishEntryFn(PublishStepFn):
    stage = metrics.PUBLISH_ENTRIES

    def message_of(self, element: Entry, topic: Topic) -> OutgoingMessage:
        return entry_to_message(element, topic)

    def after_publishing(self, element: Entry) -> Iterator[Any]:
        yield from visit_entry(element, "kept")
