"""PullMessages: None -> Message."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.io.restriction_trackers import OffsetRange, OffsetRestrictionTracker
from apache_beam.io.watermark_estimators import WalltimeWatermarkEstimator
from apache_beam.transforms.core import RestrictionProvider
from apache_beam.transforms.window import TimestampedValue
from apache_beam.utils.shared import Shared
from apache_beam.utils.timestamp import Duration, Timestamp

from transforms.elements import Message
from transforms.message_format import Subscription
from transforms.pubsub_client import LEASE_S, PubSubPuller

# Small enough that a bundle's messages are done long before any checkpoint; a pull gives what is there.
MESSAGES_PER_BUNDLE = 100
WAIT_S = 2.0
# Longer than a bundle and a checkpoint together. The messages of one that failed come again then, not before, where the
# worker's process lived on: nothing tells it.
HOLD_S = 600.0
PAUSE_S = 1.0
_SHARED = Shared()


class PullMessages(beam.PTransform):  # type: ignore[misc] # Beam is untyped
    """PullMessages: None -> Message.

    Pulls from a subscription for ever, for runners that stream. A message is acknowledged when the runner has committed
    the bundle that read it, so nothing is lost where the runner's shuffle or checkpoint is durable (Flink with
    checkpoints, Dataflow). Prism's lives in memory: a message that is under way behind a shuffle is lost with it.
    Unbounded; order not kept; at least once, also after a failure: what was pulled and not acknowledged comes again.
    Elements bear the time at which they were pulled.
    """

    def __init__(self, subscription: Subscription, *, lease_s: int = LEASE_S) -> None:
        super().__init__()
        self._pull = _PullFn(subscription, lease_s)

    def expand(self, begin: Any) -> Any:
        return begin | beam.Impulse() | "Pull" >> beam.ParDo(self._pull).with_output_types(Message)


class _Positions(RestrictionProvider):  # type: ignore[misc] # Beam is untyped
    """Positions only count the messages: the subscription knows what comes next."""

    def initial_restriction(self, _: bytes) -> OffsetRange:
        return OffsetRange(0, 2**63 - 1)

    def create_tracker(self, restriction: OffsetRange) -> Any:
        return _EndlessTracker(restriction)

    def restriction_size(self, _: bytes, restriction: OffsetRange) -> int:
        return MESSAGES_PER_BUNDLE if restriction.size() else 0

    def truncate(self, _: bytes, restriction: OffsetRange) -> None:
        """A drain pulls nothing more."""


class _EndlessTracker(OffsetRestrictionTracker):  # type: ignore[misc] # Beam is untyped
    def is_bounded(self) -> bool:
        return False

    def try_split(self, fraction_of_remainder: float) -> Any:
        """Only the remainder as a whole is given away: two halves of it would be two readers of one subscription."""
        return super().try_split(0) if fraction_of_remainder == 0 else None


@dataclass
class _Puller:
    """Closes the puller with the last that uses it; weakly referenced by Beam's Shared."""

    puller: PubSubPuller

    def __del__(self) -> None:
        self.puller.close()


class _PullFn(beam.DoFn):  # type: ignore[misc] # Beam is untyped
    def __init__(self, subscription: Subscription, lease_s: int) -> None:
        self._subscription, self._lease_s = subscription, lease_s

    def setup(self) -> None:
        self._shared = _SHARED.acquire(
            lambda: _Puller(PubSubPuller(self._subscription, lease_s=self._lease_s, hold_s=HOLD_S)),
            tag=self._subscription,
        )

    @beam.DoFn.unbounded_per_element()  # type: ignore[untyped-decorator]
    def process(
        self,
        _: bytes,
        finalizer: Any = beam.DoFn.BundleFinalizerParam,  # before the others, which Beam passes by keyword
        tracker: Any = beam.DoFn.RestrictionParam(_Positions()),  # noqa: B008 - Beam's way
        _watermark: Any = beam.DoFn.WatermarkEstimatorParam(WalltimeWatermarkEstimator.default_provider()),  # noqa: B008
    ) -> Iterator[TimestampedValue]:
        shared = self._shared
        position = tracker.current_restriction().start
        received = shared.puller.pull(MESSAGES_PER_BUNDLE, WAIT_S)
        now = Timestamp.now()
        claimed: list[str] = []
        if received:
            finalizer.register(lambda: shared.puller.acknowledge(claimed))
        for n, each in enumerate(received):
            if not tracker.try_claim(position + n):
                shared.puller.release([left.ack_id for left in received[n:]])
                return
            claimed.append(each.ack_id)
            yield TimestampedValue(each.message, now)
        tracker.defer_remainder(Duration(0 if received else PAUSE_S))
