"""ReadFeeds: Feed -> Entry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam

from transforms import metrics
from transforms.elements import Entry, Feed, FetchedFeed
from transforms.feed_steps import feed_outputs, listing_outputs, make_feed_request
from transforms.pool import PoolStepFn
from transforms.steps import Outcomes, now_us
from transforms.web.messages import HttpSettings
from transforms.web_steps import Patience, WebStepFn, group_by_host, host_key
from transforms.work import parse_fetched_feed


class ReadFeeds(beam.PTransform):  # type: ignore[misc] # Beam is untyped
    """ReadFeeds: Feed -> Entry.

    Asks each feed once, conditionally on what the last run saw of it, and lists its entries. Bounded; order not kept;
    a retried bundle asks again. `since_us` drops entries known to be older; `max_items` (0: no limit) keeps a feed's
    newest; `deadline` is in seconds a feed's parsing; with `patience` what does not come in time is postponed. Counters
    of read_feeds (feeds): in, out, dropped_not_modified, dropped_postponed, dead_lettered; of list_entries (entries):
    in, out, dropped_too_old, dropped_over_limit, dead_lettered.
    """

    def __init__(
        self,
        *,
        http: HttpSettings,
        state: str,
        run_id: str,
        since_us: int | None,
        max_items: int,
        processes: int,
        deadline: float,
        patience: Patience | None = None,
        outcomes: Outcomes,
    ) -> None:
        super().__init__()
        self._fetch = _FetchFeedFn(http, state, run_id, patience)
        self._parse = _ListEntriesFn(since_us, max_items, processes=processes, deadline=deadline)
        self._outcomes = outcomes

    def expand(self, feeds: Any) -> Any:
        grouped = group_by_host(feeds, Feed, _key_by_host, "Feeds")
        fetched = self._outcomes.run_step(grouped, "FetchFeeds", self._fetch, FetchedFeed)
        return self._outcomes.run_step(fetched, "ListEntries", self._parse, Entry)


def _key_by_host(feed: Feed) -> tuple[str, Feed]:
    return host_key(feed.url), feed


class _FetchFeedFn(WebStepFn):
    stage = metrics.READ_FEEDS

    def process(
        self,
        group: tuple[str, Iterable[Feed]],
        timestamp: Any = beam.DoFn.TimestampParam,
        window: Any = beam.DoFn.WindowParam,
    ) -> Iterator[Any]:
        for feed in group[1]:
            self.count(feed.url, metrics.IN)
            request = make_feed_request(feed, self._state.state.feeds.get(feed.url), now_us())
            self.ask(request, feed, timestamp, window)
        yield from self.done()

    def outputs_of(self, element: Feed, result: Any) -> Iterator[Any]:
        return feed_outputs(self, element, result, self._state.state.feeds.get(element.url))


class _ListEntriesFn(PoolStepFn):
    stage = metrics.LIST_ENTRIES
    work = staticmethod(parse_fetched_feed)
    deadline_reason = "feed_deadline"
    counts_in = False  # it takes in a feed, and counts entries

    def __init__(self, since_us: int | None, max_items: int, *, processes: int, deadline: float) -> None:
        super().__init__(processes=processes, deadline=deadline)
        self._since_us, self._max_items = since_us, max_items

    def outputs_of(self, element: FetchedFeed, result: Any) -> Iterator[Any]:
        return listing_outputs(self, element, result, self._since_us, self._max_items)
