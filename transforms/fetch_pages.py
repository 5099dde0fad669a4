"""FetchPages: Entry -> Page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam

from transforms import metrics
from transforms.elements import Entry, Page
from transforms.page_steps import make_page_request, merge_duplicates, page_outputs
from transforms.steps import Outcomes, visit_entry
from transforms.web.messages import HttpSettings
from transforms.web_steps import Patience, WebStepFn, group_by_host, host_key


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
            self.ask(make_page_request(entry), entry, timestamp, window)
        yield from self.done()

    def outputs_of(self, element: Entry, result: Any) -> Iterator[Any]:
        return page_outputs(self, element, result)
