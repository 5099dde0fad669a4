"""Answers on their way from the event loop's thread to the thread that asked: bounded, in the order they come."""

from __future__ import annotations

import asyncio
import queue
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Final, Protocol

from transforms.web.messages import Answer, Outcome, Request

MAX_ANSWERS: Final = 128  # of one session: under way or waiting to be collected
MAX_WAITING_BYTES: Final = 64 * 1024 * 1024


class Room:
    """How much of a session may be under way: what nobody collects stops further requests. Loop's thread only."""

    def __init__(self, active: asyncio.Semaphore) -> None:
        self._active = active
        self._count = self._bytes = 0
        self._waiters: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        while self._count >= MAX_ANSWERS or self._bytes >= MAX_WAITING_BYTES:
            waiter = asyncio.get_running_loop().create_future()
            self._waiters.append(waiter)
            try:
                await waiter
            except asyncio.CancelledError:
                self._wake()  # this one may have been given the place that another waits for
                raise
        self._count += 1
        try:
            async with self._active:
                yield
        finally:
            self._count -= 1
            self._wake()

    def keep(self, size: int) -> None:
        self._count, self._bytes = self._count + 1, self._bytes + size

    def free(self, count: int, size: int) -> None:
        self._count, self._bytes = self._count - count, self._bytes - size
        self._wake()

    def _wake(self) -> None:
        """Wakes as many as there are places for: with many hosts a hundred wait, and each answer frees one."""
        places = MAX_ANSWERS - self._count if self._bytes < MAX_WAITING_BYTES else 0
        while places > 0 and self._waiters:
            waiter = self._waiters.popleft()
            if not waiter.done():
                waiter.set_result(None)
                places -= 1


class Asker(Protocol):
    """Who asks: the event loop puts the outcomes there, and skips what a closed one still had queued."""

    closed: bool
    room: Room
    tasks: set[asyncio.Task[None]]

    def put(self, tag: object, outcome: Outcome) -> None: ...


Submit = Callable[[Asker, Request, object], None]


class Session:
    """The requests of one bundle, for one thread. Leaving it gives up what is under way."""

    def __init__(self, loop: asyncio.AbstractEventLoop, active: asyncio.Semaphore, submit: Submit) -> None:
        self._loop, self._submit = loop, submit
        self._results: queue.SimpleQueue[tuple[object, Outcome]] = queue.SimpleQueue()
        self._pending = 0
        self.room = Room(active)
        self.closed = False
        self.tasks: set[asyncio.Task[None]] = set()  # the loop thread's

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closed = True
        if self._pending and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._cancel)

    def submit(self, request: Request, tag: object = None) -> None:
        """Queue a request; never waits. Its outcome comes with `tag`."""
        self._pending += 1
        self._submit(self, request, tag)

    def ready(self) -> list[tuple[object, Outcome]]:
        """The outcomes that are there; never waits."""
        found = []
        while True:
            try:
                found.append(self._results.get_nowait())
            except queue.Empty:
                break
        self._collected(found)
        return found

    def drain(self) -> Iterator[tuple[object, Outcome]]:
        """The outcomes of all that was submitted, as they come; waits for them."""
        while self._pending:
            found = self._results.get()
            self._collected([found])
            yield found

    def put(self, tag: object, outcome: Outcome) -> None:
        """Called in the loop's thread."""
        if self.closed:
            return
        if isinstance(outcome, Answer):
            self.room.keep(len(outcome.content))
        self._results.put((tag, outcome))

    def _collected(self, found: list[tuple[object, Outcome]]) -> None:
        self._pending -= len(found)
        sizes = [len(outcome.content) for _, outcome in found if isinstance(outcome, Answer)]
        if sizes:
            self._free(len(sizes), sum(sizes))

    def _cancel(self) -> None:
        for task in self.tasks:
            task.cancel()

    def _free(self, count: int, size: int) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.room.free, count, size)
