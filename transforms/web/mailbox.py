"""Requests that outlive the bundle that asked them: whoever asks the same again finds what has come meanwhile."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterable
from typing import Final

from transforms.web.messages import Answer, Outcome, Request
from transforms.web.sessions import Room, Submit

FORGET_AFTER_S: Final = 600.0  # an outcome that nobody comes for: its feed was taken off the list, say


class Mailbox:
    """Outcomes by request. A request is asked once, however often `ask` is called before its outcome is taken."""

    closed = False

    def __init__(self, loop: asyncio.AbstractEventLoop, active: asyncio.Semaphore, submit: Submit) -> None:
        self._loop, self._submit = loop, submit
        self.room = Room(active)
        self.tasks: set[asyncio.Task[None]] = set()  # the loop thread's
        self._changed = threading.Condition()
        self._asked: set[Request] = set()
        self._arrived: dict[Request, tuple[float, Outcome]] = {}

    def ask(self, request: Request) -> None:
        """Queue a request unless it is under way or answered; never waits."""
        with self._changed:
            if request in self._asked:
                return
            self._asked.add(request)
        self._submit(self, request, request)

    def take(self, wanted: Iterable[Request], timeout: float = 0.0) -> list[tuple[Request, Outcome]]:
        """The outcomes that are there for any of `wanted`, each given out once.

        Waits up to `timeout` seconds where there is none.
        """
        wanted = wanted if isinstance(wanted, set | frozenset | dict) else set(wanted)
        with self._changed:
            self._forget_old()
            if timeout:
                self._changed.wait_for(lambda: any(request in wanted for request in self._arrived), timeout)
            found = [(request, self._arrived[request][1]) for request in self._arrived if request in wanted]
            self._remove(request for request, _ in found)
        return found

    def put(self, tag: object, outcome: Outcome) -> None:
        """Called in the loop's thread; the tag is the request."""
        assert isinstance(tag, Request)
        if isinstance(outcome, Answer):
            self.room.keep(len(outcome.content))
        with self._changed:
            self._arrived[tag] = time.monotonic(), outcome
            self._changed.notify_all()

    def _forget_old(self) -> None:
        oldest = time.monotonic() - FORGET_AFTER_S
        self._remove([request for request, (since, _) in self._arrived.items() if since < oldest])

    def _remove(self, requests: Iterable[Request]) -> None:
        for request in requests:
            _, outcome = self._arrived.pop(request)
            self._asked.discard(request)
            if isinstance(outcome, Answer) and not self._loop.is_closed():
                self._loop.call_soon_threadsafe(self.room.free, 1, len(outcome.content))
