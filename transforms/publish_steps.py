"""Stages that publish: messages are under way together, and a bundle ends when the server has them all."""

from __future__ import annotations

from abc import abstractmethod
from collections import deque
from collections.abc import Iterator
from typing import Any

import apache_beam as beam

from transforms import metrics
from transforms.errors import IngestError
from transforms.message_format import OutgoingMessage, Topic
from transforms.pubsub_client import Confirmation, Publisher
from transforms.steps import OverlappedStepFn, Ticket, addresses_of


class PublishStepFn(OverlappedStepFn):
    """Base of the stages that publish each element as one message; a bundle that is retried publishes again."""

    def __init__(self, topic: Topic) -> None:
        self._topic = topic

    @abstractmethod
    def message_of(self, element: Any, topic: Topic) -> OutgoingMessage:
        """The message for an element. Raises IngestError."""

    @abstractmethod
    def after_publishing(self, element: Any) -> Iterator[Any]:
        """The outputs for an element that the server has."""

    def setup(self) -> None:
        self._publisher = Publisher(self._topic)

    def teardown(self) -> None:
        self._publisher.close()

    def start_bundle(self) -> None:
        super().start_bundle()
        self._under_way: deque[tuple[Ticket, Confirmation]] = deque()

    def process(
        self, element: Any, timestamp: Any = beam.DoFn.TimestampParam, window: Any = beam.DoFn.WindowParam
    ) -> Iterator[Any]:
        self.count(addresses_of(element)[0], metrics.IN)
        self.window = window
        ticket = (element, timestamp, [window])
        try:
            self._under_way.append((ticket, self._publisher.publish(self.message_of(element, self._topic))))
        except IngestError as error:
            yield from self.emit([(ticket, error)])
        yield from self.emit(self._confirmed(wait=False))

    def wait(self) -> Iterator[tuple[Ticket, Any]]:
        yield from self._confirmed(wait=True)

    def _confirmed(self, *, wait: bool) -> Iterator[tuple[Ticket, Any]]:
        while self._under_way and (wait or self._under_way[0][1].done()):
            ticket, confirmation = self._under_way.popleft()
            yield ticket, confirmation.wait()

    def outputs_of(self, element: Any, result: IngestError | None) -> Iterator[Any]:
        if result is not None:
            yield from self.fail(element, result)
            return
        self.count(addresses_of(element)[0], metrics.OUT)
        yield from self.after_publishing(element)
