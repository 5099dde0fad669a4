"""ReadMessages: Message -> Entry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import apache_beam as beam

from transforms import metrics
from transforms.elements import Entry, Message
from transforms.errors import IngestError
from transforms.message_format import parse_entry_message
from transforms.steps import Outcomes, StepFn


class ReadMessages(beam.PTransform):  # type: ignore[misc] # Beam is untyped
    """ReadMessages: Message -> Entry.

    Reads the entry that a message holds, as JSON or a bare URL. Bounded or not; order kept; deterministic. A message
    that holds none is a dead letter. Counters: in, out, dead_lettered.
    """

    def __init__(self, *, outcomes: Outcomes) -> None:
        super().__init__()
        self._outcomes = outcomes

    def expand(self, messages: Any) -> Any:
        return self._outcomes.run_step(messages, "ReadMessages", _ReadMessageFn(), Entry)


class _ReadMessageFn(StepFn):
    stage = metrics.READ_MESSAGES

    def process(self, message: Message, window: Any = beam.DoFn.WindowParam) -> Iterator[Any]:
        self.window = window
        try:
            entry = parse_entry_message(message.data, message.feed_url)
        except IngestError as error:
            self.count(message.feed_url, metrics.IN)
            yield from self.fail(message, error)
            return
        self.count(entry.feed_url, metrics.IN)
        self.count(entry.feed_url, metrics.OUT)
        yield entry
