"""PollFeeds: ListedFeed -> Entry."""

from __future__ import annotations

import dataclasses
import hashlib
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import apache_beam as beam
from apache_beam.transforms.timeutil import TimeDomain
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec, TimerSpec, on_timer

from transforms import metrics
from transforms.coders import ElementCoder
from transforms.elements import Entry, Feed, FetchedFeed, ListedFeed
from transforms.feed_steps import feed_outputs, listing_outputs, make_feed_request
from transforms.polling import PollLimits
from transforms.pool import result_of
from transforms.state import FeedRow, next_feed_row
from transforms.steps import FEED_VISITS, Outcomes, StepFn, now_us
from transforms.streaming.cells import RowCoder
from transforms.streaming.held import hold_client, hold_pool
from transforms.web.messages import HttpSettings
from transforms.work import parse_fetched_feed

LOOK_AGAIN_S: Final = 1.0


class PollFeeds(beam.PTransform):  # type: ignore[misc] # Beam is untyped
    """PollFeeds: ListedFeed -> Entry.

    Asks each listed feed again and again, at an interval between those of `polling` that adapts to it, and lists its
    entries each time that it has changed. Keyed by the feed's URL; what is known of a feed is in the engine's state,
    and goes with the feed. No bundle waits for the network: a feed is asked, and looked after every second. Unbounded;
    a worker that dies asks again. `since_us`, `max_items`, `processes`, `deadline` and the counters as for ReadFeeds;
    an answer counts as in when it has come.
    """

    def __init__(
        self,
        *,
        http: HttpSettings,
        polling: PollLimits,
        since_us: int | None,
        max_items: int,
        processes: int,
        deadline: float,
        outcomes: Outcomes,
    ) -> None:
        super().__init__()
        self._step = _PollFeedFn(http, polling, since_us, max_items, processes, deadline)
        self._outcomes = outcomes

    def expand(self, feeds: Any) -> Any:
        return self._outcomes.run_step(feeds, "PollFeeds", self._step, Entry)


@dataclass
class Visit:
    """A feed's poll under way (0: none) and a digest of what the last one listed."""

    asked_us: int = 0
    digest: str = ""


def digest_entries(entries: Iterable[Entry]) -> str:
    """Changes where an entry comes or is corrected, and not with a feed's build date."""
    rows = sorted(f"{entry.url} {entry.fingerprint}" for entry in entries)
    return hashlib.blake2b("\n".join(rows).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


class _PollFeedFn(StepFn):
    stage = metrics.READ_FEEDS
    _FEED = ReadModifyWriteStateSpec("feed", ElementCoder(Feed))
    _ROW = ReadModifyWriteStateSpec("row", RowCoder(FeedRow))
    _POLL = ReadModifyWriteStateSpec("poll", RowCoder(Visit))
    _DUE = TimerSpec("due", TimeDomain.REAL_TIME)

    def __init__(
        self,
        http: HttpSettings,
        polling: PollLimits,
        since_us: int | None,
        max_items: int,
        processes: int,
        deadline: float,
    ) -> None:
        self._http, self._polling = http, polling
        self._since_us, self._max_items = since_us, max_items
        self._processes, self._deadline = processes, deadline

    def setup(self) -> None:
        self._shared = hold_client(self._http)
        self._pool = hold_pool(self._processes)

    def process(
        self,
        keyed: tuple[str, ListedFeed],
        feed: Any = beam.DoFn.StateParam(_FEED),
        row: Any = beam.DoFn.StateParam(_ROW),
        poll: Any = beam.DoFn.StateParam(_POLL),
        due: Any = beam.DoFn.TimerParam(_DUE),
    ) -> None:
        if not keyed[1].listed:
            for cell in (feed, row, poll, due):
                cell.clear()
            return
        if feed.read() is None:
            due.set(time.time())
        feed.write(keyed[1].feed)

    @on_timer(_DUE)
    def poll_feed(
        self,
        feed: Any = beam.DoFn.StateParam(_FEED),
        row: Any = beam.DoFn.StateParam(_ROW),
        poll: Any = beam.DoFn.StateParam(_POLL),
        due: Any = beam.DoFn.TimerParam(_DUE),
    ) -> Iterator[Any]:
        listed, known, under_way = feed.read(), row.read(), poll.read() or Visit()
        if listed is None:  # it went off the list
            return
        asked_us = under_way.asked_us or now_us()
        request = make_feed_request(listed, known, asked_us)
        mailbox = self._shared.client.mailbox()
        mailbox.ask(request)  # again and again: a worker that died has forgotten it
        answers = mailbox.take({request})
        if not answers:
            if not under_way.asked_us:
                poll.write(dataclasses.replace(under_way, asked_us=asked_us))
            due.set(time.time() + LOOK_AGAIN_S)
            return
        entries: list[Entry] = []
        for output in self._outputs(listed, answers[0][1], known):
            if isinstance(output, Entry):
                entries.append(output)
            elif output.tag == FEED_VISITS:
                visit = output.value
            yield output
        digest = digest_entries(entries) if visit.outcome == "read" else under_way.digest
        after = next_feed_row(visit, known, self._polling, news=digest != under_way.digest)
        row.write(after)
        poll.write(Visit(0, digest))
        due.set(after.next_us / 1e6)

    def _outputs(self, feed: Feed, answer: Any, known: FeedRow | None) -> Iterator[Any]:
        self.count(feed.url, metrics.IN)
        for output in feed_outputs(self, feed, answer, known):
            if not isinstance(output, FetchedFeed):
                yield output
                continue
            future = self._pool.schedule(parse_fetched_feed, (output,), self._deadline)
            parsed = result_of(self._pool, future, self._deadline, "feed_deadline")
            yield from listing_outputs(self, output, parsed, self._since_us, self._max_items)
