"""Stages that wait for the web: requests overlap on an event loop inside the worker."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import apache_beam as beam
from apache_beam.pvalue import TaggedOutput
from apache_beam.utils.shared import Shared
from apache_beam.utils.windowed_value import WindowedValue

from transforms.elements import RobotsAnswer
from transforms.errors import IngestError
from transforms.shared_state import acquire_state
from transforms.steps import ROBOTS, OverlappedStepFn
from transforms.web.http import WebClient
from transforms.web.messages import HttpSettings, Postponed, Request
from transforms.web.urls import host_of

_SHARED = Shared()
T = TypeVar("T")
STOPPING: Final = threading.Event()  # set in the process that runs rounds: nothing more is waited for
_LOOK_S: Final = 0.2


class _Client:
    """Closes the client with the last stage that uses it; weakly referenced by Beam's Shared."""

    def __init__(self, settings: HttpSettings, robots: Iterable[RobotsAnswer]) -> None:
        self.client = WebClient(settings, robots)
        weakref.finalize(self, self.client.close)  # at exit, too, before modules are taken down


def acquire_client(http: HttpSettings, robots: Iterable[RobotsAnswer] = ()) -> _Client:
    """The process's client, which begins with `robots`; it lives for as long as somebody holds it."""
    return _SHARED.acquire(lambda: _Client(http, robots), tag=http)  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Patience:
    """How long a round waits for the web, in seconds: in all, and while nothing comes."""

    total_s: float
    idle_s: float = 2.0


class WebStepFn(OverlappedStepFn):
    """Base of stages that ask the web; one client a process, so that a host's limits hold across stages.

    Without `patience` a bundle waits for all of its answers. With it the rest are Postponed: they stay under way, and
    whoever asks the same again, in this process, gets what came meanwhile.
    """

    asks_web = True

    def __init__(self, http: HttpSettings, state: str, run_id: str, patience: Patience | None = None) -> None:
        self._http, self._folder, self._run_id, self._patience = http, state, run_id, patience

    def setup(self) -> None:
        self._state = acquire_state(self._folder, self._run_id)
        self._shared = acquire_client(self._http, self._state.state.robots.values())

    def start_bundle(self) -> None:
        super().start_bundle()
        if self._patience is None:
            self._session = self._shared.client.session()
        else:
            self._mailbox = self._shared.client.mailbox()
            self._waiting: dict[Request, list[Any]] = {}
            self._until = time.monotonic() + self._patience.total_s

    def ask(self, request: Request, element: Any, timestamp: Any, window: Any) -> None:
        self.window = window
        ticket = (element, timestamp, [window])
        if self._patience is None:
            self._session.submit(request, ticket)
        else:
            self._mailbox.ask(request)
            self._waiting.setdefault(request, []).append(ticket)

    def finish_bundle(self) -> Iterator[Any]:
        yield from super().finish_bundle()
        for robots in self._shared.client.take_robots():
            yield TaggedOutput(ROBOTS, WindowedValue(robots, self.window.max_timestamp(), [self.window]))

    def done(self) -> Iterator[Any]:
        """The outputs of what is done by now."""
        ready: Any = self._session.ready() if self._patience is None else self._take(0.0)
        yield from self.emit(ready)

    def wait(self) -> Iterable[tuple[Any, Any]]:
        if self._patience is not None:
            yield from self._wait_patiently(self._patience)
            return
        with self._session:
            yield from self._session.drain()

    def _wait_patiently(self, patience: Patience) -> Iterator[tuple[Any, Any]]:
        last = time.monotonic()
        while self._waiting and not STOPPING.is_set() and time.monotonic() < min(self._until, last + patience.idle_s):
            for found in self._take(_LOOK_S):
                last = time.monotonic()
                yield found
        yield from self._take(0.0)
        for tickets in self._waiting.values():
            yield from ((ticket, Postponed()) for ticket in tickets)

    def _take(self, timeout: float) -> Iterator[tuple[Any, Any]]:
        for request, outcome in self._mailbox.take(self._waiting, timeout):
            yield from ((ticket, outcome) for ticket in self._waiting.pop(request))


def group_by_host(elements: Any, kind: type, host: Any, label: str) -> Any:
    """Brings all elements of a host to one worker, which keeps the limits on asking it; a shuffle of small elements."""
    return (
        elements
        | f"Key{label}ByHost" >> beam.Map(host).with_output_types(tuple[str, kind])  # type: ignore[valid-type]
        | f"Group{label}ByHost" >> beam.GroupByKey()
    )


def host_key(url: str) -> str:
    """The host that a URL asks; a URL that names none shares one group, and fails there."""
    try:
        return host_of(url)
    except IngestError:
        return ""
