"""How every stage counts, fails and overlaps its work: one way each.

A stage's DoFn derives from `StepFn`. Beside its main output it has others: dead letters, tallies (counts by stage and
feed, one element a bundle and outcome) and visits (what the next run must know). `Outcomes` gathers them.
Failures are handled here and not by Beam's `with_exception_handling`, which sees only exceptions raised inside
`process`: work that overlaps ends in a later call.
"""

from __future__ import annotations

import logging
import time
import traceback
from abc import abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import TaggedOutput
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.windowed_value import WindowedValue

from transforms import metrics
from transforms.elements import (
    DeadLetter,
    Entry,
    EntryVisit,
    Feed,
    FeedVisit,
    Message,
    Page,
    Record,
    RobotsAnswer,
    Tally,
)
from transforms.errors import IngestError
from transforms.record_format import element_to_json, element_type

LOG = logging.getLogger(__name__)
MAIN, DEAD_LETTERS, TALLIES, ENTRY_VISITS, FEED_VISITS, ROBOTS = (
    "main",
    "dead_letters",
    "tallies",
    "entry_visits",
    "feed_visits",
    "robots",
)
_SIDE_TYPES = {
    DEAD_LETTERS: DeadLetter,
    TALLIES: Tally,
    ENTRY_VISITS: EntryVisit,
    FEED_VISITS: FeedVisit,
    ROBOTS: RobotsAnswer,
}

# Asking again later can only help where the cause may pass.
SOFT_REASONS = frozenset({
    "dns", "connect", "deadline", "broken_body", "http_server_error", "rate_limited", "host_unavailable",
    "worker_died", "unexpected", "sink_refused",
})  # fmt: skip
Ticket = tuple[Any, Any, Any]


def now_us() -> int:
    """Microseconds since the epoch."""
    return time.time_ns() // 1000


class Outcomes:
    """Gathers what the stages of one pipeline put beside their main outputs."""

    def __init__(self) -> None:
        self._side: dict[str, list[Any]] = {tag: [] for tag in _SIDE_TYPES}

    def run_step(self, elements: Any, label: str, step: StepFn, out: type) -> Any:
        """Applies a stage's DoFn and returns its main output."""
        sides = {tag: kind for tag, kind in _SIDE_TYPES.items() if tag != ROBOTS or step.asks_web}
        results = elements | label >> beam.ParDo(step).with_outputs(*sides, main=MAIN)
        for tag, kind in sides.items():
            results[tag].element_type = kind
            self._side[tag].append(results[tag])
        results[MAIN].element_type = out
        return results[MAIN]

    def all_of(self, tag: str, label: str) -> Any:
        """All that the stages so far put out under a tag, as one PCollection."""
        return tuple(self._side[tag]) | label >> beam.Flatten()


class StepFn(beam.DoFn):  # type: ignore[misc] # Beam is untyped
    """Base of the stages' DoFns: counting and dead letters."""

    stage = ""
    asks_web = False
    window: Any = GlobalWindow()  # that of the last element; what a bundle's end gives out must lie in one of its own

    def start_bundle(self) -> None:
        self._tallies: Counter[tuple[str, str, str]] = Counter()

    def finish_bundle(self) -> Iterator[Any]:
        for (stage, feed_url, outcome), n in self._tallies.items():
            metrics.count(stage, outcome, n)
            tally = Tally(stage, feed_url, outcome, n)
            yield TaggedOutput(TALLIES, WindowedValue(tally, self.window.max_timestamp(), [self.window]))
        self._tallies.clear()

    def count(self, feed_url: str, outcome: str, n: int = 1, *, stage: str = "") -> None:
        self._tallies[stage or self.stage, feed_url, outcome] += n
        metrics.PROGRESS.add(stage or self.stage, outcome, n)

    def drop(self, feed_url: str, why: str) -> None:
        self.count(feed_url, metrics.DROPPED + why)

    def fail(self, element: Any, error: BaseException, *, stage: str = "") -> Iterator[Any]:
        """The outputs for an element that failed: its dead letter, and its entry's visit where it has an entry."""
        stage = stage or self.stage
        if isinstance(error, IngestError):
            reason, message, attempts = error.reason, error.detail, error.attempts
        else:
            reason, attempts = "unexpected", 1
            message = "".join(traceback.format_exception(error))
            LOG.error("%s: unexpected: %r (the dead letter says where)", stage, error)
        feed_url, url = addresses_of(element)
        self.count(feed_url, metrics.DEAD_LETTERED + reason, stage=stage)
        yield TaggedOutput(
            DEAD_LETTERS,
            DeadLetter(
                stage=stage,
                reason=reason,
                message=message,
                element_type=element_type(element),
                element=element_to_json(element),
                feed_url=feed_url,
                url=url,
                attempts=attempts,
                failed_us=now_us(),
            ),
        )
        if reason == "sink_refused":
            record_id = element.record_id if isinstance(element, Record) else None
            yield from visit_entry(element, "refused", record_id=record_id)
        elif not isinstance(element, (Feed, Message)):
            outcome = "failed_soft" if reason in SOFT_REASONS else "failed_hard"
            yield from visit_entry(element, outcome)


def may_pass(error: BaseException) -> bool:
    """Whether asking again later can help."""
    return not isinstance(error, IngestError) or error.reason in SOFT_REASONS


def visit_entry(element: Any, outcome: str, **record: Any) -> Iterator[TaggedOutput]:
    """What the next run must know of the entry that an element comes from."""
    entry = element.entry if isinstance(element, Page) else element
    url = entry.url if isinstance(entry, Entry) else entry.entry_url
    yield TaggedOutput(
        ENTRY_VISITS, EntryVisit(url, entry.feed_url, entry.fingerprint, outcome, visited_us=now_us(), **record)
    )


def addresses_of(element: Any) -> tuple[str, str]:
    """The feed's URL and the element's own."""
    if isinstance(element, Feed):
        return element.url, element.url
    if isinstance(element, Message):
        return element.feed_url, element.feed_url
    if isinstance(element, Page):
        return element.entry.feed_url, element.final_url
    return element.feed_url, element.url


class OverlappedStepFn(StepFn):
    """Base of the stages whose work goes on elsewhere (an event loop, a process pool) while the bundle goes on.

    Results leave in the order in which they are done, each with its own element's timestamp and windows; the bundle
    ends when all have. A subclass starts the work in `process`, under a ticket that holds the element, its timestamp
    and its windows.
    """

    @abstractmethod
    def wait(self) -> Iterable[tuple[Ticket, Any]]:
        """Yields the results that are still under way as they are done."""

    @abstractmethod
    def outputs_of(self, element: Any, result: Any) -> Iterator[Any]:
        """The outputs for a result, which may be an exception."""

    def emit(self, done: Iterable[tuple[Ticket, Any]]) -> Iterator[Any]:
        for (element, timestamp, windows), result in done:
            for output in self.outputs_of(element, result):
                if isinstance(output, TaggedOutput):
                    yield TaggedOutput(output.tag, WindowedValue(output.value, timestamp, windows))
                else:
                    yield WindowedValue(output, timestamp, windows)

    def finish_bundle(self) -> Iterator[Any]:
        yield from self.emit(self.wait())
        yield from super().finish_bundle()
