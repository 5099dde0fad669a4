"""PublishRecords: Record -> None."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import apache_beam as beam

from transforms import metrics
from transforms.elements import Record
from transforms.message_format import OutgoingMessage, Topic, record_to_message
from transforms.publish_steps import PublishStepFn
from transforms.steps import Outcomes


class PublishRecords(beam.PTransform):  # type: ignore[misc] # Beam is untyped
    """PublishRecords: Record -> None.

    Publishes each record as one message: its JSON line, with attributes for filters; a bundle ends when the server has
    confirmed all. A run publishes before it commits, so one that dies, and a bundle that is retried, publish the same
    record_id and revision again. Bounded or not; order as the topic's ordering key says. A record that is too large, or
    that the server does not take, is a dead letter; the latter's entry is asked again.
    Counters: in, out, dead_lettered.
    """

    def __init__(self, *, topic: Topic, outcomes: Outcomes) -> None:
        super().__init__()
        self._step = _PublishRecordFn(topic)
        self._outcomes = outcomes

    def expand(self, records: Any) -> Any:
        return self._outcomes.run_step(records, "PublishRecords", self._step, type(None))


class _PublishRecordFn(PublishStepFn):
    stage = metrics.PUBLISH_RECORDS

    def message_of(self, element: Record, topic: Topic) -> OutgoingMessage:
        return record_to_message(element, topic)

    def after_publishing(self, _: Record) -> Iterator[Any]:
        yield from ()
