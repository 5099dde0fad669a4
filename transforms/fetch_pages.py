"""FetchPages: Entry -> Page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam

from transforms import metrics
from transforms.elements import Entry, Page
from transforms.record_format import element_to_json
from transforms.steps import Outcomes, visit_entry
from transforms.web.messages import PAGES, HttpSettings, Postponed, Request, RobotsRefused
from transforms.web_steps import Patience, WebStepFn, group_by_host, host_key


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


class FetchPages(beam.PTransform):  # type: ignore[misc] # Beam is untyped
    """FetchPages: Entry -> Page.

    Asks for each URL once, all hosts at the same time, each within its own limits; robots.txt is obeyed, and asked
    where the state knows none of the last day. Bounded; order not kept; a retried bundle asks again. Groups entries by
    host, so that one worker keeps a host's limits; pages don't cross that shuffle. With `patience` what does not come
    in time is postponed. Counters: in, out, dropped_duplicate, dropped_robots, dropped_postponed, dead_lettered.
    """

    def __init__(
        self, *, http: HttpSettings, state: str, run_id: str, patience: Patience | None = None, outcomes: Outcomes
    ) -> None:
        super().__init__()
        self._step = _FetchPageFn(http, state, run_id, patience)
        self._outcomes = outcomes

    def expand(self, entries: Any) -> Any:
        grouped = group_by_host(entries, Entry, _key_by_host, "Entries")
        return self._outcomes.run_step(grouped, "FetchPages", self._step, Page)


def _key_by_host(entry: Entry) -> tuple[str, Entry]:
    return host_key(entry.url), entry


class _FetchPageFn(WebStepFn):
    stage = metrics.FETCH_PAGES

    def process(
        self,
        group: tuple[str, Iterable[Entry]],
        timestamp: Any = beam.DoFn.TimestampParam,
        window: Any = beam.DoFn.WindowParam,
    ) -> Iterator[Any]:
        entries, duplicates = merge_duplicates(group[1])
        for entry in (*entries, *duplicates):
            self.count(entry.feed_url, metrics.IN)
        for entry in duplicates:
            self.drop(entry.feed_url, "duplicate")
            yield from visit_entry(entry, "listed")
        for entry in entries:
            self.ask(Request(entry.link, accept=PAGES), entry, timestamp, window)
        yield from self.done()

    def outputs_of(self, element: Entry, result: Any) -> Iterator[Any]:
        if isinstance(result, RobotsRefused):
            self.drop(element.feed_url, "robots")
            yield from visit_entry(element, "dropped")
        elif isinstance(result, Postponed):
            self.drop(element.feed_url, "postponed")
            yield from visit_entry(element, "postponed", entry=element_to_json(element))
        elif isinstance(result, Exception):
            yield from self.fail(element, result)
        else:
            self.count(element.feed_url, metrics.OUT)
            yield Page(element, result.final_url, result.content_type, result.content, result.fetched_us)
