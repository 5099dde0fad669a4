"""What becomes of a page's answer, for the stage that waits for its pages and the one that comes back for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from transforms import metrics
from transforms.elements import Entry, Page
from transforms.record_format import element_to_json
from transforms.steps import StepFn, visit_entry
from transforms.web.messages import PAGES, Postponed, Request, RobotsRefused
from transforms.web_steps import host_key


def merge_duplicates(entries: Iterable[Entry]) -> tuple[list[Entry], list[Entry]]:
    """Entries with distinct URLs, the newest first, and those whose URL another entry has, whatever the order.

    Of several, the entry of the publisher's own feed is kept, else one with a date.
    """
    by_url: dict[str, Entry] = {}
    others = []
    for entry in sorted(entries, key=_preference):
        if entry.url in by_url:
            others.append(entry)
        else:
            by_url[entry.url] = entry
    return sorted(by_url.values(), key=lambda e: (-(e.published_us or 0), e.url)), others


def _preference(entry: Entry) -> tuple[object, ...]:
    foreign = host_key(entry.feed_url) != host_key(entry.url)
    dated = (entry.published_us is None, entry.published_us or 0)
    return entry.url, foreign, *dated, entry.feed_url, entry.link, entry.fingerprint


def make_page_request(entry: Entry) -> Request:
    """The request for an entry's page; equal for entries with the same link."""
    return Request(entry.link, accept=PAGES)


def page_outputs(step: StepFn, entry: Entry, result: Any) -> Iterator[Any]:
    """The outputs for what asking for an entry's page gave."""
    if isinstance(result, RobotsRefused):
        step.drop(entry.feed_url, "robots")
        yield from visit_entry(entry, "dropped")
    elif isinstance(result, Postponed):
        step.drop(entry.feed_url, "postponed")
        yield from visit_entry(entry, "postponed", entry=element_to_json(entry))
    elif isinstance(result, Exception):
        yield from step.fail(entry, result)
    else:
        step.count(entry.feed_url, metrics.OUT)
        yield Page(entry, result.final_url, result.content_type, result.content, result.fetched_us)
