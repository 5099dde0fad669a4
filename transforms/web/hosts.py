"""One gate per host: how many at once, how long between two, how long a host wants or needs to be left alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from transforms.errors import IngestError

MAX_FAILURES: Final = 4  # in a row; two requests with their retries at the default concurrency
LEFT_ALONE: Final = 300.0
MAX_CRAWL_DELAY: Final = 30.0
_MAX_GATES: Final = 4096
_PATIENCE: Final = 5.0  # a request sent so long ago has arrived, and the host is slow


class Turn:
    """One request's turn at a host. The request calls `sent` and `answered` as these happen.

    Who finds on its turn that nothing needs asking clears `used`, and nobody pauses for it.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.sent_at: float | None = None
        self.answered_at: float | None = None
        self.used = True
        self.changed = asyncio.Event()

    def sent(self) -> None:
        """The request goes out on the wire."""
        self.sent_at = self._loop.time()
        self.changed.set()

    def answered(self) -> None:
        """The answer's headers are here, or there will be none."""
        if self.answered_at is None:
            self.answered_at = self._loop.time()
            self.changed.set()


class HostGate:
    """The turns at one host, first come, first served.

    A pause counts between arrivals at the host, which this side can only bound: a request has arrived when its answer
    comes. So the next one starts a pause after the answer's headers; when they stay out, a pause after `_PATIENCE`.
    """

    def __init__(self, host: str, concurrency: int, pause: float, max_wait: float) -> None:
        self._host, self._pause, self._max_wait = host, pause, max_wait
        self._slots = asyncio.Semaphore(concurrency)
        self._turnstile = asyncio.Lock()
        self._loop = asyncio.get_running_loop()
        self._last: Turn | None = None
        self._not_before = 0.0
        self._left_alone_until = 0.0
        self._failures = 0
        self._waiting = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Turn]:
        """Wait for a turn and hold it. Raises IngestError as `check` does."""
        self._waiting += 1
        try:
            self.check()
            async with self._slots:
                async with self._turnstile:
                    await self._wait()
                    before, turn = self._last, Turn(self._loop)
                    self._last = turn
                try:
                    yield turn
                finally:
                    turn.answered()
                    if not turn.used and self._last is turn:
                        self._last = before
        finally:
            self._waiting -= 1

    def check(self) -> None:
        """Raise IngestError when the host is not to be asked within this run's patience."""
        now = self._loop.time()
        if now < self._left_alone_until:
            raise IngestError(
                "host_unavailable", f"{self._host} failed {self._failures} times in a row and is left alone", attempts=0
            )
        if self._not_before - now > self._max_wait:
            wait = round(self._not_before - now)
            raise IngestError(
                "rate_limited",
                f"{self._host} asks to be left alone for {wait} s more",
                attempts=0,
                retry_after_s=self._not_before - now,
            )

    def slow_down(self, crawl_delay: float) -> None:
        """Honour robots.txt's Crawl-delay where it asks for more than the configured pause."""
        self._pause = max(self._pause, min(crawl_delay, MAX_CRAWL_DELAY))

    def hold(self, seconds: float) -> None:
        """Nobody asks this host for `seconds`: it said Retry-After."""
        self._not_before = max(self._not_before, self._loop.time() + seconds)

    def succeeded(self) -> None:
        self._failures = 0

    def failed(self) -> None:
        """A failure to connect or to answer in time. After the ban one more of them renews it."""
        self._failures += 1
        if self._failures >= MAX_FAILURES:
            self._left_alone_until = self._loop.time() + LEFT_ALONE

    def is_idle(self) -> bool:
        """Whether forgetting this gate changes nothing."""
        now = self._loop.time()
        last = self._last.answered_at if self._last is not None else None
        rested = self._last is None or (last is not None and now - last > self._pause)
        return (
            not self._waiting and rested and now > max(self._not_before, self._left_alone_until) and not self._failures
        )

    async def _wait(self) -> None:
        while True:
            self.check()
            now = self._loop.time()
            wait, until_change = self._not_before - now, False
            last = self._last
            if self._pause and last is not None:
                if last.answered_at is not None:
                    wait = max(wait, last.answered_at + self._pause - now)
                elif last.sent_at is None:
                    wait, until_change = max(wait, 3600.0), True
                else:
                    wait, until_change = max(wait, last.sent_at + _PATIENCE + self._pause - now), True
            if wait <= 0:
                return
            if not until_change:
                await asyncio.sleep(wait)
                continue
            assert last is not None
            last.changed.clear()
            try:
                async with asyncio.timeout(wait):
                    await last.changed.wait()
            except TimeoutError:
                continue


class HostGates:
    """The gates of all hosts, shared by everything in a process that asks the web."""

    def __init__(self, concurrency: int, pause: float, max_wait: float) -> None:
        self._concurrency, self._pause, self._max_wait = concurrency, pause, max_wait
        self._gates: dict[str, HostGate] = {}

    def gate(self, host: str) -> HostGate:
        gate = self._gates.get(host)
        if gate is None:
            if len(self._gates) >= _MAX_GATES:
                self._gates = {name: old for name, old in self._gates.items() if not old.is_idle()}
            gate = self._gates[host] = HostGate(host, self._concurrency, self._pause, self._max_wait)
        return gate
