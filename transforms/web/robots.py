"""robots.txt (RFC 9309), asked once a day an origin and remembered between runs."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from protego import Protego

from transforms.elements import RobotsAnswer
from transforms.errors import IngestError

FRESH_US: Final = 24 * 3600 * 1_000_000
MAX_ROBOTS_BYTES: Final = 500 * 1024
_RETRY_AFTER_FAILURE_S: Final = 300.0
_MAX_KEPT_BYTES: Final = 16 * 1024 * 1024
_MAX_PARSED: Final = 1024
_COMPATIBLE: Final = re.compile(r"compatible;\s*([^\s;/)]+)", re.IGNORECASE)
_LARGE: Final = 32 * 1024

Load = Callable[[], Awaitable[tuple[int, bytes]]]


def product_token(user_agent: str) -> str:
    """The name that robots.txt files know a reader by."""
    found = _COMPATIBLE.search(user_agent)
    return (found[1] if found else user_agent.split("/")[0].strip()) or "*"


class RobotsRules:
    """What one robots.txt says to this reader. No text allows all."""

    def __init__(self, body: str, agent: str) -> None:
        self._agent = agent
        self._parsed = Protego.parse(body) if body else None
        delay = self._parsed.crawl_delay(agent) if self._parsed else None
        self.crawl_delay = float(delay) if delay and 0 < delay < float("inf") else 0.0

    def allows(self, url: str) -> bool:
        return self._parsed is None or bool(self._parsed.can_fetch(url, self._agent))


class RobotsCache:
    """The rules of every origin. Requests that need the same robots.txt at the same time wait for one answer.

    RFC 9309: 4xx (but 429) allows all; 5xx and no answer forbid for now, which here is the error itself, so that the
    page becomes a dead letter that can be replayed. Known rules outlive a failure to renew them.
    """

    def __init__(self, user_agent: str, rows: Iterable[RobotsAnswer] = ()) -> None:
        self._agent = product_token(user_agent)
        self._rows = {row.origin: row for row in rows}
        self._news: deque[RobotsAnswer] = deque()
        self._kept_bytes = sum(len(row.body) for row in self._rows.values())
        self._rules: dict[str, RobotsRules] = {}
        self._failures: dict[str, tuple[float, IngestError]] = {}
        self._loading: dict[str, asyncio.Task[RobotsRules]] = {}

    def rows(self) -> list[RobotsAnswer]:
        """What the constructor takes: the rows that are still fresh."""
        now = _now_us()
        return [row for row in list(self._rows.values()) if _is_fresh(row, now)]

    def take_news(self) -> list[RobotsAnswer]:
        """What was asked since the last call; any thread may call it."""
        found = []
        while self._news:
            with contextlib.suppress(IndexError):  # another thread took it
                found.append(self._news.popleft())
        return found

    async def rules(self, origin: str, load: Load) -> RobotsRules:
        """The rules of `origin`; `load` asks for its robots.txt. Raises the IngestError of a failure to get it."""
        row = self._rows.get(origin)
        if row is not None and _is_fresh(row, _now_us()):
            return self._parse(row)
        failure = self._failures.get(origin)
        if failure is not None:
            if time.monotonic() < failure[0]:
                raise _again(failure[1])
            del self._failures[origin]
        task = self._loading.get(origin)
        if task is None:
            task = self._loading[origin] = asyncio.create_task(self._load(origin, load))
            task.add_done_callback(lambda _: self._loading.pop(origin, None))
        try:
            return await asyncio.shield(task)
        except IngestError as error:
            raise _again(error) from None

    async def _load(self, origin: str, load: Load) -> RobotsRules:
        old = self._rows.get(origin)
        try:
            status, content = await load()
        except IngestError as error:
            if old is not None:
                return self._parse(old)
            if error.attempts:  # else nobody was asked: the host's gate knows until when
                if len(self._failures) > _MAX_PARSED:
                    self._failures.clear()
                self._failures[origin] = time.monotonic() + _RETRY_AFTER_FAILURE_S, error
            raise
        body = content[:MAX_ROBOTS_BYTES].decode("utf-8-sig", "replace") if status == 200 else ""
        row = RobotsAnswer(origin, _now_us(), status, body)
        self._forget(origin)
        while self._rows and self._kept_bytes + len(body) > _MAX_KEPT_BYTES:
            self._forget(next(iter(self._rows)))
        self._rows[origin] = row
        self._news.append(row)
        self._kept_bytes += len(body)
        if len(body) > _LARGE:  # takes most of a second, which the event loop doesn't have
            self._rules[origin] = await asyncio.to_thread(RobotsRules, body, self._agent)
        return self._parse(row)

    def _forget(self, origin: str) -> None:
        row = self._rows.pop(origin, None)
        self._rules.pop(origin, None)
        self._kept_bytes -= len(row.body) if row else 0

    def _parse(self, row: RobotsAnswer) -> RobotsRules:
        rules = self._rules.get(row.origin)
        if rules is None:
            if len(self._rules) >= _MAX_PARSED:
                del self._rules[next(iter(self._rules))]
            rules = self._rules[row.origin] = RobotsRules(row.body, self._agent)
        return rules


def _again(error: IngestError) -> IngestError:
    """The same error for one more request, with its own traceback and count."""
    return IngestError(error.reason, f"robots.txt: {error.detail}", attempts=error.attempts)


def _is_fresh(row: RobotsAnswer, now_us: int) -> bool:
    return 0 <= now_us - row.fetched_us < FRESH_US


def _now_us() -> int:
    return time.time_ns() // 1000
