"""FetchPages: Entry -> Page."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from typing import Any, Final

import apache_beam as beam
from apache_beam.coders import VarIntCoder
from apache_beam.transforms.timeutil import TimeDomain
from apache_beam.transforms.userstate import BagStateSpec, ReadModifyWriteStateSpec, TimerSpec, on_timer

from transforms import metrics
from transforms.coders import ElementCoder
from transforms.elements import Entry, Page, WaitingEntry
from transforms.errors import IngestError
from transforms.page_steps import make_page_request, merge_duplicates, page_outputs
from transforms.state import MAX_FAILURES
from transforms.steps import Outcomes, StepFn, may_pass, now_us
from transforms.streaming.held import hold_client
from transforms.web.messages import HttpSettings, RobotsRefused
from transforms.web_steps import host_key

_LOOK_AGAIN_US: Final = 1_000_000
ASKED_AT_ONCE: Final = 32  # of one host, so that a long list of one takes no room from the others
_END_WAIT_S: Final = 5.0


class FetchPages(beam.PTransform):  # type: ignore[misc] # Beam is untyped
    """FetchPages: Entry -> Page.

    Holds the entries of each host in the engine's state, asks for their pages from a process that outlives the bundle,
    and looks every second for what has come: no bundle waits for the network, but for the last one of a drain. A page
    that failed for a reason that may pass is asked again after `retry_s`, then twice as long and so on, MAX_FAILURES
    times in all; each failure is a dead letter, and the entry counts as in once more. Unbounded; order not kept; a
    worker that dies asks again. Pages don't cross a shuffle. Counters: in, out, dropped_duplicate, dropped_robots,
    dead_lettered.
    """

    def __init__(self, *, http: HttpSettings, retry_s: float, outcomes: Outcomes) -> None:
        super().__init__()
        self._step = _FetchPageFn(http, retry_s)
        self._outcomes = outcomes

    def expand(self, entries: Any) -> Any:
        keyed = entries | "KeyByHost" >> beam.Map(_key_by_host).with_output_types(tuple[str, Entry])
        return self._outcomes.run_step(keyed, "FetchPages", self._step, Page)


def _key_by_host(entry: Entry) -> tuple[str, Entry]:
    return host_key(entry.url), entry


def choose_due(waiting: Iterable[WaitingEntry], now: int) -> list[WaitingEntry]:
    """Those to be asked by now, those that did not fail before first."""
    ripe = [each for each in waiting if each.not_before_us <= now]
    return sorted(ripe, key=lambda each: each.failures)[:ASKED_AT_ONCE]


def retry_later(each: WaitingEntry, result: Any, retry_s: float, now: int) -> WaitingEntry | None:
    """An entry as it waits to be asked again; None where nothing failed, it cannot help, or was tried often enough."""
    failures = each.failures + 1
    failed = isinstance(result, Exception) and not isinstance(result, RobotsRefused)
    if not failed or not may_pass(result) or failures >= MAX_FAILURES:
        return None
    wait_s = max(retry_s * 2 ** (failures - 1), result.retry_after_s if isinstance(result, IngestError) else 0.0)
    return WaitingEntry(each.entry, failures, now + int(wait_s * 1e6))


class _FetchPageFn(StepFn):
    stage = metrics.FETCH_PAGES
    _WAITING = BagStateSpec("waiting", ElementCoder(WaitingEntry))
    _RINGS = ReadModifyWriteStateSpec("rings_us", VarIntCoder())
    _LOOK = TimerSpec("look", TimeDomain.REAL_TIME)
    _END = TimerSpec("end", TimeDomain.WATERMARK)

    def __init__(self, http: HttpSettings, retry_s: float) -> None:
        self._http, self._retry_s = http, retry_s

    def setup(self) -> None:
        self._shared = hold_client(self._http)

    def process(
        self,
        keyed: tuple[str, Entry],
        window: Any = beam.DoFn.WindowParam,
        waiting: Any = beam.DoFn.StateParam(_WAITING),
        rings: Any = beam.DoFn.StateParam(_RINGS),
        look: Any = beam.DoFn.TimerParam(_LOOK),
        end: Any = beam.DoFn.TimerParam(_END),
    ) -> None:
        self.count(keyed[1].feed_url, metrics.IN)
        waiting.add(WaitingEntry(keyed[1]))
        now = now_us()
        rings_us = rings.read()
        if rings_us is None:
            end.set(window.max_timestamp())
        if rings_us is None or rings_us > now + _LOOK_AGAIN_US:  # it waits for one that failed
            rings.write(now)
            look.set(now / 1e6)

    @on_timer(_LOOK)
    def look_for_pages(
        self,
        waiting: Any = beam.DoFn.StateParam(_WAITING),
        rings: Any = beam.DoFn.StateParam(_RINGS),
        look: Any = beam.DoFn.TimerParam(_LOOK),
    ) -> Iterator[Any]:
        known, duplicates = self._merge(waiting.read())
        for each in duplicates:
            self.drop(each.entry.feed_url, "duplicate")
        now = now_us()
        answered = self._ask(choose_due(known, now), known)
        left: list[WaitingEntry] = []
        for each in known:
            request = make_page_request(each.entry)
            again: WaitingEntry | None = each
            if request in answered:
                again = yield from self._settle(each, answered[request], now)
            if again is not None:
                left.append(again)
        if duplicates or answered:
            waiting.clear()
            for each in left:
                waiting.add(each)
        if left:
            rings_us = max(min(each.not_before_us for each in left), now + _LOOK_AGAIN_US)
            rings.write(rings_us)
            look.set(rings_us / 1e6)
        else:
            rings.clear()

    @on_timer(_END)
    def wait_for_the_rest(
        self, waiting: Any = beam.DoFn.StateParam(_WAITING), rings: Any = beam.DoFn.StateParam(_RINGS)
    ) -> Iterator[Any]:
        left, duplicates = self._merge(waiting.read())
        for each in duplicates:
            self.drop(each.entry.feed_url, "duplicate")
        while left:
            answered = self._ask(left, left, _END_WAIT_S)
            for each in left:
                request = make_page_request(each.entry)
                if request in answered:
                    yield from page_outputs(self, each.entry, answered[request])
            left = [each for each in left if make_page_request(each.entry) not in answered]
        waiting.clear()
        rings.clear()

    def _merge(self, waiting: Iterable[WaitingEntry]) -> tuple[list[WaitingEntry], list[WaitingEntry]]:
        by_entry: dict[Entry, list[WaitingEntry]] = {}
        for each in waiting:
            by_entry.setdefault(each.entry, []).append(each)
        kept, _ = merge_duplicates(by_entry)
        first = [by_entry[entry].pop(0) for entry in kept]
        return first, [each for others in by_entry.values() for each in others]

    def _ask(self, due: Iterable[WaitingEntry], waiting: Iterable[WaitingEntry], wait_s: float = 0.0) -> dict[Any, Any]:
        """Asks for what is due, and takes what has come for any: answers that nobody takes keep others from coming."""
        mailbox = self._shared.client.mailbox()
        for each in due:
            mailbox.ask(make_page_request(each.entry))
        return dict(mailbox.take({make_page_request(each.entry) for each in waiting}, wait_s))

    def _settle(self, each: WaitingEntry, result: Any, now: int) -> Generator[Any, None, WaitingEntry | None]:
        """The outputs for an answer; returns what is to be asked again."""
        yield from page_outputs(self, each.entry, result)
        again = retry_later(each, result, self._retry_s, now)
        if again is not None:
            self.count(each.entry.feed_url, metrics.IN)
        return again
