"""ListFeeds: PBegin -> ListedFeed."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import apache_beam as beam
from apache_beam.metrics import Metrics
from apache_beam.transforms.periodicsequence import PeriodicImpulse
from apache_beam.transforms.userstate import BagStateSpec
from apache_beam.utils.timestamp import Timestamp

from transforms.coders import ElementCoder
from transforms.elements import Feed, ListedFeed
from transforms.errors import IngestError, InputError

LOG = logging.getLogger(__name__)


class ListFeeds(beam.PTransform):  # type: ignore[misc] # Beam is untyped
    """ListFeeds: PBegin -> ListedFeed.

    Calls `load` (picklable; it raises InputError, IngestError or OSError) every `seconds` and gives what came on the
    list and what went off it since, keyed by the feed's URL. A list that cannot be read stays as it was: that is
    logged, and counted as list_feeds/unreadable. Unbounded; what the list was is in the engine's state.
    """

    def __init__(self, *, load: Callable[[], Sequence[Feed]], seconds: float) -> None:
        super().__init__()
        self._step, self._seconds = _CompareListFn(load, seconds), seconds

    def expand(self, begin: Any) -> Any:
        return (
            begin
            | "Ticks" >> PeriodicImpulse(start_timestamp=Timestamp.now(), fire_interval=self._seconds)
            | "KeyTicks" >> beam.Map(_key_tick).with_output_types(tuple[str, int])
            | "CompareLists" >> beam.ParDo(self._step).with_output_types(tuple[str, ListedFeed])
        )


def _key_tick(_: object) -> tuple[str, int]:
    return "", 0


class _CompareListFn(beam.DoFn):  # type: ignore[misc] # Beam is untyped
    _FEEDS = BagStateSpec("feeds", ElementCoder(Feed))

    def __init__(self, load: Callable[[], Sequence[Feed]], seconds: float) -> None:
        self._load, self._seconds = load, seconds

    def setup(self) -> None:
        self._read_s = float("-inf")

    def process(
        self, _: tuple[str, int], known_feeds: Any = beam.DoFn.StateParam(_FEEDS)
    ) -> Iterator[tuple[str, ListedFeed]]:
        now = time.monotonic()
        if now - self._read_s < self._seconds / 2:  # overdue ticks come in a burst
            return
        self._read_s = now
        try:
            feeds = {feed.url: feed for feed in self._load()}
        except (InputError, IngestError, OSError) as error:
            LOG.warning("the feed list stays as it was: %s", error)
            Metrics.counter("list_feeds", "unreadable").inc()
            return
        known = {feed.url: feed for feed in known_feeds.read()}
        if feeds == known:
            return
        for url, feed in feeds.items():
            if known.get(url) != feed:
                yield url, ListedFeed(feed, True)
        for url, feed in known.items():
            if url not in feeds:
                yield url, ListedFeed(feed, False)
        LOG.info("the feed list names %d feeds, %d before", len(feeds), len(known))
        known_feeds.clear()
        for feed in feeds.values():
            known_feeds.add(feed)
