"""What becomes of a feed's answer, for the stage that asks feeds once and the one that polls them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from apache_beam.pvalue import TaggedOutput

from transforms import metrics
from transforms.elements import Entry, Feed, FeedVisit, FetchedFeed
from transforms.errors import IngestError
from transforms.state import DAY_US, FeedRow
from transforms.steps import FEED_VISITS, StepFn, now_us
from transforms.web.messages import FEEDS, Postponed, Request

# Servers exist that answer 304 to a stale ETag for ever, so a feed is read in full this often all the same.
FULL_READ_US = DAY_US
MAX_FEED_SHARE = 3  # of --max_bytes: a feed of thousands of items is larger than any page worth reading


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


def feed_outputs(step: StepFn, feed: Feed, result: Any, known: FeedRow | None) -> Iterator[Any]:
    """The outputs for what asking a feed gave: a FetchedFeed to be parsed, or what ends it here."""
    if isinstance(result, Postponed):
        step.drop(feed.url, "postponed")
        yield visit_feed(feed.url, "postponed", "", known)
        return
    if isinstance(result, Exception):
        yield from step.fail(feed, result)
        wait = result.retry_after_s if isinstance(result, IngestError) else 0.0
        yield visit_feed(feed.url, *_describe(result), known, retry_after_s=wait)
        return
    body_hash = hashlib.blake2b(result.content, digest_size=16).hexdigest()
    etag, last_modified = result.etag, result.last_modified
    wish_s = result.max_age_s or 0.0
    if result.status == 304 or (known and known.body_hash == body_hash):
        step.drop(feed.url, "not_modified")
        etag = etag or (known.etag if known else None)
        last_modified = last_modified or (known.last_modified if known else None)
        read_us = known.read_us if result.status == 304 and known else now_us()
        body_hash = known.body_hash if known else ""
        yield visit_feed(feed.url, "not_modified", "", known, etag, last_modified, body_hash, read_us, wish_s=wish_s)
        return
    yield FetchedFeed(
        feed, result.final_url, result.content_type, result.content, etag, last_modified, body_hash, wish_s
    )


def listing_outputs(
    step: StepFn, fetched: FetchedFeed, result: Any, since_us: int | None, max_items: int
) -> Iterator[Any]:
    """The outputs for a parsed feed, or for the error that parsing it gave: its entries, and what is known of it."""
    url = fetched.feed.url
    if isinstance(result, Exception):
        yield from step.fail(fetched.feed, result, stage=metrics.READ_FEEDS)
        yield visit_feed(url, *_describe(result), None)
        return
    if result.damaged:
        yield from step.fail(fetched.feed, IngestError("damaged_feed", result.damaged), stage=metrics.READ_FEEDS)
    else:
        step.count(url, metrics.OUT, stage=metrics.READ_FEEDS)
    listed = len(result.entries) + len(result.rejected)
    step.count(url, metrics.IN, listed, stage=metrics.LIST_ENTRIES)
    for reason, detail, link in result.rejected:
        lost = Entry(url=link, link=link, feed_url=url)
        yield from step.fail(lost, IngestError(reason, detail), stage=metrics.LIST_ENTRIES)
    taken, old, beyond = choose_entries(result.entries, since_us, max_items)
    for why, dropped in (("too_old", old), ("over_limit", beyond)):
        if dropped:
            step.count(url, metrics.DROPPED + why, len(dropped), stage=metrics.LIST_ENTRIES)
    step.count(url, metrics.OUT, len(taken), stage=metrics.LIST_ENTRIES)
    yield from taken
    validators = (None, None, "") if result.damaged else (fetched.etag, fetched.last_modified, fetched.body_hash)
    wish_s = max(fetched.max_age_s, 60.0 * (result.ttl_minutes or 0))
    yield visit_feed(url, "read", result.damaged or "", None, *validators, now_us(), listed, wish_s)


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
) -> TaggedOutput:
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
    return TaggedOutput(FEED_VISITS, visit)
