"""The event loop that all requests of a process run in: one queue a host, few tasks each."""

from __future__ import annotations

import asyncio
import atexit
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Protocol
from urllib.parse import urlsplit

from transforms.elements import RobotsAnswer
from transforms.errors import IngestError
from transforms.web.fetcher import Ask, Fetcher
from transforms.web.messages import HttpSettings, Outcome, Request, RobotsRefused
from transforms.web.robots import RobotsCache
from transforms.web.sessions import Asker

_ACTIVE: Final = 64


class Sockets(Protocol):
    """What the requests go out on."""

    @property
    def ask(self) -> Ask: ...

    async def close(self) -> None: ...


class WebLoop:
    """The event loop in its thread, and all that lives in it. `open_sockets` is called in it."""

    def __init__(
        self, settings: HttpSettings, robots: Iterable[RobotsAnswer], open_sockets: Callable[[], Sockets]
    ) -> None:
        self.pid = os.getpid()
        self.loop = asyncio.new_event_loop()
        self.loop.set_default_executor(ThreadPoolExecutor(32, thread_name_prefix="rasid-dns"))
        self.active = asyncio.Semaphore(_ACTIVE)
        self._settings, self._open_sockets = settings, open_sockets
        self.robots = RobotsCache(settings.user_agent, robots)
        self._tasks_per_host = max(8, 2 * settings.host_concurrency)
        self._queues: dict[str, deque[tuple[Asker, Request, object]]] = {}
        self._running: dict[str, int] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing, self._closed = threading.RLock(), False
        self._thread = threading.Thread(target=self._run, name="rasid-web", daemon=True)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._open(), self.loop).result()
        atexit.register(self.close)  # later, the interpreter has no threads to wait for

    def submit(self, session: Asker, request: Request, tag: object) -> None:
        self.loop.call_soon_threadsafe(self._take, session, request, tag)

    def close(self) -> None:
        """Ends the thread, and waits for it; a second call does nothing.

        The garbage collector may call it in the loop's own thread, which cannot wait for itself.
        """
        atexit.unregister(self.close)
        with self._closing:
            if self._closed or not self._thread.is_alive() or self.pid != os.getpid():
                return
            self._closed = True
        self.loop.call_soon_threadsafe(lambda: self._tasks.add(self.loop.create_task(self._close())))
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()
        self.loop.close()

    async def _open(self) -> None:
        self._sockets = self._open_sockets()
        self._fetcher = Fetcher(self._settings, self._sockets.ask, self.robots, self.active)

    async def _close(self) -> None:
        for items in self._queues.values():
            for session, _, tag in items:
                session.put(tag, _closed())
        self._queues.clear()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._sockets.close()
        self.loop.stop()

    def _take(self, session: Asker, request: Request, tag: object) -> None:
        host = _host_of(request.url)
        self._queues.setdefault(host, deque()).append((session, request, tag))
        self._start(host)

    def _start(self, host: str) -> None:
        """Few tasks a host, so that many requests cost little and a slow host holds up only itself."""
        items = self._queues.get(host)
        while items and self._running.get(host, 0) < self._tasks_per_host:
            session, request, tag = items.popleft()
            if session.closed:
                continue
            task = self.loop.create_task(self._answer(session, request, tag))
            self._running[host] = self._running.get(host, 0) + 1
            for tasks in (self._tasks, session.tasks):
                tasks.add(task)
                task.add_done_callback(tasks.discard)
            task.add_done_callback(lambda _: self._done(host))
        if not items:
            self._queues.pop(host, None)

    def _done(self, host: str) -> None:
        self._running[host] -= 1
        if not self._running[host]:
            del self._running[host]
        self._start(host)

    async def _answer(self, session: Asker, request: Request, tag: object) -> None:
        outcome: Outcome
        try:
            outcome = await self._fetcher.fetch(request, session.room.place)
        except (IngestError, RobotsRefused) as refusal:
            outcome = refusal.with_traceback(None)
        except asyncio.CancelledError:
            session.put(tag, _closed())
            raise
        except Exception as error:
            outcome = IngestError("unexpected", f"{request.url}: {error!r}")
            outcome.__cause__ = error
        session.put(tag, outcome)


def _host_of(url: str) -> str:
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""


def _closed() -> IngestError:
    return IngestError("unexpected", "the web client was closed", attempts=0)
