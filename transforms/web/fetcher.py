"""From a request to an answer: redirects, robots.txt, retries by error class. The sockets are http.py's."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Protocol

from yarl import URL

from transforms.errors import IngestError
from transforms.web.addresses import AddressPolicy, is_disguised_ipv4, is_ip_address
from transforms.web.content_coding import ACCEPT_ENCODING
from transforms.web.headers import parse_max_age, parse_retry_after
from transforms.web.hosts import HostGate, HostGates, Turn
from transforms.web.messages import Answer, HttpSettings, Request, RobotsRefused
from transforms.web.robots import MAX_ROBOTS_BYTES, RobotsCache, RobotsRules

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_PERMANENT_REDIRECTS: Final = frozenset({301, 308})
_HOST_FAILURES: Final = frozenset({"connect", "dns", "tls", "deadline"})
_TRIED_AGAIN: Final = frozenset({"connect", "broken_body", "http_server_error"})
_TRIED_ONCE_MORE: Final = frozenset({"dns", "deadline"})
_MAX_COME_BACKS: Final = 8
_BACKOFF: Final = 0.5
_GRACE: Final = {
    "deadline": 1.0,
    "too_large": 0.1,
    "broken_body": 0.1,
}  # a host may still be at work on what was given up
_MAX_URL: Final = 8192
_HOP_MEMORY_S: Final = 60.0
_MAX_HOPS_KEPT: Final = 2000

Place = Callable[[], AbstractAsyncContextManager[object]]


@dataclass(frozen=True)
class HopAnswer:
    """One HTTP answer; `content` is empty for a status that has no use for it."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class Ask(Protocol):
    """Sends one GET and reads its answer within `limit` unpacked bytes: raises too_large beyond, or cuts when `cut`."""

    async def __call__(self, url: URL, headers: dict[str, str], turn: Turn, limit: int, cut: bool) -> HopAnswer: ...


class _ComeBack(Exception):  # noqa: N818 - control flow inside this file
    def __init__(self, status: int, url: str, retry_after: float | None) -> None:
        super().__init__(status)
        self.retry_after = retry_after
        when = "" if retry_after is None else f", Retry-After {retry_after:.0f} s"
        self.error = IngestError("rate_limited", f"{url}: status {status}{when}", retry_after_s=retry_after or 0.0)


class Fetcher:
    def __init__(self, settings: HttpSettings, ask: Ask, robots: RobotsCache, active: asyncio.Semaphore) -> None:
        self._settings, self._ask, self._robots, self._active = settings, ask, robots, active
        self._policy = AddressPolicy(settings.allow_networks)
        self._gates = HostGates(settings.host_concurrency, settings.host_pause, settings.max_retry_after)
        self._hops: dict[URL, tuple[float, HopAnswer]] = {}

    async def fetch(self, request: Request, place: Place) -> Answer:
        """Raises IngestError, or RobotsRefused. `place` is held while a socket is in use."""
        last: IngestError | None = None
        attempts, come_backs, told = 0, 0, 0.0
        while True:
            try:
                answer = await self._try(request, place, attempts + 1)
            except _ComeBack as busy:
                attempts, come_backs, last = attempts + 1, come_backs + 1, busy.error
                if busy.retry_after is None:
                    delay = self._backoff(come_backs) if come_backs <= self._settings.retries else None
                else:
                    told += busy.retry_after
                    patient = told <= self._settings.max_retry_after and come_backs < _MAX_COME_BACKS
                    delay = 0.0 if patient else None  # the host's gate does the waiting
            except IngestError as error:
                if last is not None and error.reason in ("host_unavailable", "rate_limited"):
                    delay = None  # what went wrong says more than that the host is given up meanwhile
                else:
                    attempts, last = attempts + error.attempts, error
                    delay = self._delay(error, attempts)
            else:
                return answer
            if delay is None:
                last.attempts = max(attempts, last.attempts)
                raise last from None
            await asyncio.sleep(delay)

    def _delay(self, error: IngestError, attempts: int) -> float | None:
        if error.reason in _TRIED_AGAIN:
            tries = 1 + self._settings.retries
        elif error.reason in _TRIED_ONCE_MORE:
            tries = 1 + min(1, self._settings.retries)
        else:
            return None
        return self._backoff(attempts) if attempts < tries and error.attempts <= 1 else None

    def _backoff(self, attempts: int) -> float:
        return _BACKOFF * 2.0 ** (attempts - 1) * random.uniform(1.0, 1.5)  # noqa: S311 - spreads load, keeps no secret

    async def _try(self, request: Request, place: Place, attempts: int) -> Answer:
        url = first = self.parse_url(request.url)
        headers = {"Accept": request.accept, **_conditions(request)}
        seen, moved_to, moving, budget = {url}, None, True, self._settings.request_deadline
        while True:
            if request.check_robots:
                rules = await self._rules(url)
                if not rules.allows(str(url)):
                    raise RobotsRefused(str(url))
            limit = request.share * self._settings.max_bytes
            answer, spent = await self._hop(url, headers, place, budget, limit)
            if answer.status not in _REDIRECTS:
                final_url = request.url if url == first else str(url)
                return _judge(request, final_url, answer, attempts, moved_to)
            budget = max(0.1, budget - spent)
            url = self._next(url, answer, seen)
            moving = moving and answer.status in _PERMANENT_REDIRECTS
            moved_to = str(url) if moving else moved_to

    def _next(self, url: URL, answer: HopAnswer, seen: set[URL]) -> URL:
        target = self._target(url, answer.headers.get("Location", ""))
        if target in seen:
            raise IngestError("too_many_redirects", f"redirects in a circle, back to {target}")
        if len(seen) > self._settings.max_redirects:
            raise IngestError("too_many_redirects", f"more than {self._settings.max_redirects} redirects, to {target}")
        seen.add(target)
        return target

    def _remember(self, url: URL, answer: HopAnswer) -> None:
        """A redirect is known for a moment, so that many links into one circle don't ask all of it each."""
        if answer.status in _REDIRECTS:
            if len(self._hops) >= _MAX_HOPS_KEPT:
                self._hops.clear()
            hop = HopAnswer(answer.status, {"Location": answer.headers.get("Location", "")}, b"")
            self._hops[url] = time.monotonic() + _HOP_MEMORY_S, hop

    def _known(self, url: URL) -> HopAnswer | None:
        until, hop = self._hops.get(url, (0.0, None))
        return hop if time.monotonic() < until else None

    def _target(self, url: URL, location: str) -> URL:
        if not location.strip():
            raise IngestError("bad_url", f"{url} redirects to nowhere: no Location")
        try:
            joined = url.join(URL(location.strip()))
        except ValueError:
            raise IngestError("bad_url", f"{url} redirects to {location[:200]!r}") from None
        return self.parse_url(str(joined), f"{url} redirects to ")

    def parse_url(self, text: str, context: str = "") -> URL:
        """A URL that may be asked, as far as its text shows; raises IngestError. Connecting checks the address."""
        shown = context + repr(text[:200])
        if len(text) > _MAX_URL:
            raise IngestError("bad_url", f"{shown}...: longer than {_MAX_URL} characters")
        try:
            url = URL(text.strip()).with_fragment(None)
            host = url.raw_host
            if url.scheme not in ("http", "https") or not host or not url.port:
                raise IngestError("bad_url", f"{shown}: not an absolute http or https URL")
            url = url.with_user(None)
        except ValueError as error:
            raise IngestError("bad_url", f"{shown}: {error}") from None
        if is_disguised_ipv4(host):
            raise IngestError("forbidden_address", f"{shown}: an address in disguise")
        if is_ip_address(host) and not self._policy.permits(host):
            raise IngestError("forbidden_address", f"{shown}: {host} may not be asked")
        return url

    async def _hop(
        self, url: URL, headers: dict[str, str], place: Place, budget: float, limit: int, *, cut: bool = False
    ) -> tuple[HopAnswer, float]:
        """One turn at the host, and the seconds it took. A body beyond `limit` bytes is an error, or cut."""
        gate, loop = self._gate(url), asyncio.get_running_loop()
        if known := self._known(url):
            return known, 0.0
        async with gate.turn() as turn, place():
            if known := self._known(url):
                turn.used = False
                return known, 0.0
            start = loop.time()
            headers = {"User-Agent": self._settings.user_agent, "Accept-Encoding": ACCEPT_ENCODING, **headers}
            try:
                async with asyncio.timeout(budget):
                    answer = await self._ask(url, headers, turn, limit, cut)
            except TimeoutError:
                seconds = self._settings.request_deadline
                failure = IngestError("deadline", f"{url}: no complete answer within {seconds:g} s")
            except IngestError as error:
                failure = IngestError(error.reason, error.detail)  # without the traceback, which holds the body
            else:
                gate.succeeded()
                self._remember(url, answer)
                if answer.status in (429, 503):
                    gate.hold(_retry_after(answer) or 0.0)
                return answer, loop.time() - start
            if failure.reason in _HOST_FAILURES:
                gate.failed()
            turn.answered()
            await asyncio.sleep(_GRACE.get(failure.reason, 0.0))
            raise failure

    def _gate(self, url: URL) -> HostGate:
        host = url.raw_host or ""
        return self._gates.gate(host if url.is_default_port() else f"{host}:{url.port}")

    async def _rules(self, url: URL) -> RobotsRules:
        origin = f"{url.scheme}://{url.host_port_subcomponent}"

        async def load() -> tuple[int, bytes]:
            return await self._load_robots(url.origin() / "robots.txt")

        rules = await self._robots.rules(origin, load)
        if rules.crawl_delay:
            self._gate(url).slow_down(rules.crawl_delay)
        return rules

    async def _load_robots(self, url: URL) -> tuple[int, bytes]:
        attempts, delay = 0, None
        while True:
            attempts += 1
            try:
                return await self._try_robots(url)
            except _ComeBack as busy:
                error = busy.error
                patient = (busy.retry_after or 0.0) <= self._settings.max_retry_after
                delay = self._backoff(attempts) if patient and attempts <= self._settings.retries else None
            except IngestError as failure:
                error, delay = failure, self._delay(failure, attempts)
            if delay is None:
                error.attempts = min(attempts, error.attempts * attempts)
                raise error from None
            await asyncio.sleep(delay)

    async def _try_robots(self, url: URL) -> tuple[int, bytes]:
        seen, budget = {url}, self._settings.request_deadline
        headers = {"Accept": "text/plain, */*;q=0.5"}
        while True:
            answer, spent = await self._hop(url, headers, lambda: self._active, budget, MAX_ROBOTS_BYTES, cut=True)
            if answer.status in _REDIRECTS:
                budget = max(0.1, budget - spent)
                try:
                    url = self._next(url, answer, seen)
                except IngestError:
                    return 404, b""  # RFC 9309: a robots.txt that cannot be reached by redirects is none
                continue
            if answer.status == 429 or answer.status >= 500:
                _refuse(str(url), answer)
            return (200, answer.content) if 200 <= answer.status < 300 else (answer.status, b"")


def _judge(request: Request, url: str, answer: HopAnswer, attempts: int, moved_to: str | None) -> Answer:
    status, headers = answer.status, answer.headers
    if not (200 <= status < 300 or (status == 304 and _conditions(request))):
        _refuse(url, answer)
    return Answer(
        url=request.url,
        final_url=url,
        status=status,
        content_type=_as_text(headers.get("Content-Type")) or "",
        content=answer.content,
        etag=_as_text(headers.get("ETag")),
        last_modified=_as_text(headers.get("Last-Modified")),
        max_age_s=parse_max_age(headers.get("Cache-Control")),
        retry_after_s=_retry_after(answer),
        permanent_redirect_url=moved_to,
        attempts=attempts,
        fetched_us=time.time_ns() // 1000,
    )


def _refuse(url: str, answer: HopAnswer) -> None:
    """Raise what a status without a usable body means."""
    wait = _retry_after(answer)
    if answer.status == 429 or (answer.status == 503 and wait is not None):
        raise _ComeBack(answer.status, url, wait)
    reason = "http_server_error" if answer.status >= 500 else "http_client_error"
    raise IngestError(reason, f"{url}: status {answer.status}")


def _retry_after(answer: HopAnswer) -> float | None:
    return parse_retry_after(answer.headers.get("Retry-After"), answer.headers.get("Date"), datetime.now(UTC))


def _as_text(header: str | None) -> str | None:
    """A header's value; None where its bytes are no text, which no element can hold and no terminal should show."""
    return header if header and header.isprintable() else None


def _conditions(request: Request) -> dict[str, str]:
    """The headers of a conditional GET; a remembered value that is no header value is left out."""
    values = {"If-None-Match": request.etag, "If-Modified-Since": request.last_modified}
    return {name: value for name, value in values.items() if value and value.isprintable() and len(value) < 4096}
