"""ReadFeeds: Feed -> Entry."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam

from transforms import metrics
from transforms.elements import Entry, Feed, FeedVisit, FetchedFeed
from transforms.errors import IngestError
from transforms.pool import PoolStepFn
from transforms.state import DAY_US, FeedRow
from transforms.steps import FEED_VISITS, Outcomes, now_us
from transforms.web.messages import FEEDS, HttpSettings, Postponed, Request
from transforms.web_steps import Patience, WebStepFn, group_by_host, host_key
from transforms.work import parse_fetched_feed

# Servers exist that answer 304 to a stale ETag for ever, so a feed is read in full this often all the same.
FULL_READ_US = DAY_US
MAX_FEED_SHARE = 3  # of --max_bytes: a feed of thousands of items is larger than any page worth reading


class ReadFeeds(beam.PTransform):  # type: ignore[misc] # Beam is untyped
    """ReadFeeds: Feed -> Entry.

    Asks each feed once, conditionally on what the last run saw of it, and lists its entries. Bounded; order not kept;
    a retried bundle asks again. `since_us` drops entries known to be older; `max_items` (0: no limit) keeps a feed's
    newest; `deadline` is in seconds a feed's parsing; with `patience` what does not come in time is postponed.
    Counters of read_feeds (feeds): in, out, dropped_not_modified, dropped_postponed, dead_lettered; of list_entries
    (entries): in, out, dropped_too_old, dropped_over_limit, dead_lettered.
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


def make_feed_request(feed: Feed, known: FeedRow | None, now: int) -> Request:
    """A request that a feed may answer with 304, unless its last full read is too long ago."""
    conditional = known is not None and now - known.read_us < FULL_READ_US
    return Request(
        feed.url,
        etag=known.etag if known and conditional else None,
        last_modified=known.last_modified if known and conditional else None,
        check_robots=False,  # the user named the feed; robots.txt speaks to crawlers that find links by themselves
        accept=FEEDS,
        share=MAX_FEED_SHARE,
    )


def choose_entries(
    entries: Iterable[Entry], since_us: int | None, max_items: int
) -> tuple[list[Entry], list[Entry], list[Entry]]:
    """The entries to take, those older than `since_us`, and those beyond the newest `max_items` (0: no limit)."""
    fresh: list[Entry] = []
    old: list[Entry] = []
    for entry in entries:
        known_old = since_us is not None and entry.published_us is not None and entry.published_us < since_us
        (old if known_old else fresh).append(entry)
    if not max_items or len(fresh) <= max_items:
        return fresh, old, []
    ranked = sorted(range(len(fresh)), key=lambda i: (-(fresh[i].published_us or 0), i))
    kept = set(ranked[:max_items])
    taken = [entry for i, entry in enumerate(fresh) if i in kept]
    return taken, old, [entry for i, entry in enumerate(fresh) if i not in kept]


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
        known = self._state.state.feeds.get(element.url)
        if isinstance(result, Postponed):
            self.drop(element.url, "postponed")
            yield visit_feed(element.url, "postponed", "", known)
            return
        if isinstance(result, Exception):
            yield from self.fail(element, result)
            wait = result.retry_after_s if isinstance(result, IngestError) else 0.0
            yield visit_feed(element.url, *_describe(result), known, retry_after_s=wait)
            return
        body_hash = hashlib.blake2b(result.content, digest_size=16).hexdigest()
        etag, last_modified = result.etag, result.last_modified
        if result.status == 304 or (known and known.body_hash == body_hash):
            self.drop(element.url, "not_modified")
            etag = etag or (known.etag if known else None)
            last_modified = last_modified or (known.last_modified if known else None)
            read_us = known.read_us if result.status == 304 and known else now_us()
            body_hash = known.body_hash if known else ""
            yield visit_feed(
                element.url,
                "not_modified",
                "",
                known,
                etag,
                last_modified,
                body_hash,
                read_us,
                wish_s=result.max_age_s or 0.0,
            )
            return
        yield FetchedFeed(
            element,
            result.final_url,
            result.content_type,
            result.content,
            etag,
            last_modified,
            body_hash,
            result.max_age_s or 0.0,
        )


def _describe(error: Exception) -> tuple[str, str]:
    if isinstance(error, IngestError):
        return error.reason, error.detail
    return "unexpected", str(error)


def visit_feed(
    url: str,
    outcome: str,
    message: str,
    known: FeedRow | None,
    etag: str | None = None,
    last_modified: str | None = None,
    body_hash: str = "",
    read_us: int = 0,
    entries: int = 0,
    wish_s: float = 0.0,
    retry_after_s: float = 0.0,
) -> Any:
    """What the next run and the summary must know of a feed, as a side output."""
    visit = FeedVisit(
        url,
        outcome,
        message,
        etag,
        last_modified,
        body_hash,
        now_us(),
        read_us or (known.read_us if known else 0),
        entries,
        wish_s,
        retry_after_s,
    )
    return beam.pvalue.TaggedOutput(FEED_VISITS, visit)


class _ListEntriesFn(PoolStepFn):
    stage = metrics.LIST_ENTRIES
    work = staticmethod(parse_fetched_feed)
    deadline_reason = "feed_deadline"
    counts_in = False  # it takes in a feed, and counts entries

    def __init__(self, since_us: int | None, max_items: int, *, processes: int, deadline: float) -> None:
        super().__init__(processes=processes, deadline=deadline)
        self._since_us, self._max_items = since_us, max_items

    def outputs_of(self, element: FetchedFeed, result: Any) -> Iterator[Any]:
        url = element.feed.url
        if isinstance(result, Exception):
            yield from self.fail(element.feed, result, stage=metrics.READ_FEEDS)
            yield visit_feed(url, *_describe(result), None)
            return
        if result.damaged:
            yield from self.fail(element.feed, IngestError("damaged_feed", result.damaged), stage=metrics.READ_FEEDS)
        else:
            self.count(url, metrics.OUT, stage=metrics.READ_FEEDS)
        listed = len(result.entries) + len(result.rejected)
        self.count(url, metrics.IN, listed)
        for reason, detail, link in result.rejected:
            yield from self.fail(Entry(url=link, link=link, feed_url=url), IngestError(reason, detail))
        taken, old, beyond = choose_entries(result.entries, self._since_us, self._max_items)
        for why, dropped in (("too_old", old), ("over_limit", beyond)):
            if dropped:
                self.count(url, metrics.DROPPED + why, len(dropped))
        self.count(url, metrics.OUT, len(taken))
        yield from taken
        validators = (None, None, "") if result.damaged else (element.etag, element.last_modified, element.body_hash)
        wish_s = max(element.max_age_s, 60.0 * (result.ttl_minutes or 0))
        yield visit_feed(url, "read", result.damaged or "", None, *validators, now_us(), listed, wish_s)
