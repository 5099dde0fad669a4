"""The web client: the one place that opens sockets."""

from __future__ import annotations

import asyncio
import atexit
import errno
import os
import socket
import ssl
import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from types import SimpleNamespace
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from transforms.errors import IngestError
from transforms.web.addresses import AddressPolicy
from transforms.web.content_coding import make_unpacker
from transforms.web.fetcher import Fetcher, HopAnswer
from transforms.web.hosts import Turn
from transforms.web.messages import Answer, HttpSettings, Outcome, Request, RobotsRefused
from transforms.web.robots import RobotsCache
from transforms.web.sessions import Session

_ACTIVE: Final = 64
_CONNECT_TIMEOUT: Final = 10.0
_READ_BUFFER: Final = 256 * 1024
_SMALL_BODY: Final = 64 * 1024
_LARGE_BODY: Final = 1024 * 1024
_LARGE_BODIES: Final = 16  # at once, which bounds the memory that hostile hosts can fill together
_MAX_HEADER: Final = 32 * 1024
_FORBIDDEN: Final = "forbidden address"


class _Disconnected(aiohttp.ClientError):
    """Hides a broken connection from aiohttp, which would ask again at once, past the host's turn."""


class _Sockets:
    """Sends one GET over pooled connections, to permitted addresses only."""

    def __init__(self, settings: HttpSettings, resolver: AbstractResolver | None) -> None:
        self._policy = AddressPolicy(settings.allow_networks)
        self._large = asyncio.Semaphore(_LARGE_BODIES)
        trace = aiohttp.TraceConfig()
        trace.on_request_headers_sent.append(_note_sent)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                socket_factory=self._open_socket,
                resolver=resolver,
                limit=0,  # the fetcher bounds what is active
                limit_per_host=settings.host_concurrency,
                ttl_dns_cache=300,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_TIMEOUT),
            auto_decompress=False,
            trust_env=False,
            trace_configs=[trace],
            read_bufsize=_READ_BUFFER,
            max_line_size=_MAX_HEADER,
            max_field_size=_MAX_HEADER,
            middlewares=(_ask_once,),
        )

    async def close(self) -> None:
        await self._session.close()

    def _open_socket(self, info: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, address = info
        if not self._policy.permits(str(address[0])):
            raise PermissionError(errno.EACCES, f"{_FORBIDDEN} {address[0]}")
        return socket.socket(family, kind, protocol)

    async def ask(self, url: URL, headers: dict[str, str], turn: Turn, limit: int, cut: bool) -> HopAnswer:
        try:
            async with self._session.get(url, headers=headers, allow_redirects=False, trace_request_ctx=turn) as answer:
                turn.answered()
                try:
                    content = await self._read_body(answer, url, limit, cut)
                except (aiohttp.ClientError, OSError) as error:
                    raise IngestError("broken_body", f"{url}: {_describe(error)}") from None
                return HopAnswer(answer.status, answer.headers, content)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            if isinstance(error, TimeoutError) and not isinstance(error, aiohttp.ClientError):
                raise  # the deadline, which is the caller's
            raise IngestError(_reason_of(error), f"{url}: {_describe(error)}") from None

    async def _read_body(self, answer: aiohttp.ClientResponse, url: URL, limit: int, cut: bool) -> bytes:
        if not 200 <= answer.status < 300:
            if answer.status != 304 and (answer.content_length or _SMALL_BODY + 1) <= _SMALL_BODY:
                await answer.content.read(_SMALL_BODY)  # keeps the connection
            return b""
        if not cut and (answer.content_length or 0) > limit:
            raise IngestError("too_large", f"{url}: {answer.content_length} bytes announced, the limit is {limit}")
        unpacker = make_unpacker(answer.headers.get("Content-Encoding", ""), str(url))
        pieces, size, packed = [], 0, 0
        async with AsyncExitStack() as stack:
            async for data in answer.content.iter_any():
                packed += len(data)
                for piece in unpacker.unpack(data):
                    pieces.append(piece)
                    if size <= _LARGE_BODY < size + len(piece):
                        await stack.enter_async_context(self._large)
                    size += len(piece)
                    if size > limit or packed > limit:
                        if cut:
                            answer.close()
                            return b"".join(pieces)[:limit]
                        raise IngestError("too_large", f"{url}: more than {limit} bytes, unpacked")
            unpacker.finish()
            return b"".join(pieces)


async def _note_sent(_session: object, context: SimpleNamespace, _params: object) -> None:
    turn = context.trace_request_ctx
    if isinstance(turn, Turn):
        turn.sent()


async def _ask_once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise _Disconnected(_describe(error)) from error


def _reason_of(error: Exception) -> str:
    if _FORBIDDEN in str(error):
        return "forbidden_address"
    if isinstance(error, aiohttp.InvalidURL | aiohttp.NonHttpUrlClientError | ValueError) and not isinstance(
        error, OSError
    ):
        return "bad_url"
    if isinstance(error, aiohttp.ClientSSLError | ssl.SSLError):
        return "tls"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "dns"
    if isinstance(error, aiohttp.ClientResponseError | aiohttp.ClientPayloadError):
        return "broken_body"
    return "connect"


def _describe(error: BaseException) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__


class _Worker:
    """The event loop in its thread, and all that lives in it."""

    def __init__(
        self, settings: HttpSettings, robots: Iterable[dict[str, Any]], resolver: Callable[[], AbstractResolver] | None
    ) -> None:
        self.pid = os.getpid()
        self.loop = asyncio.new_event_loop()
        self.loop.set_default_executor(ThreadPoolExecutor(32, thread_name_prefix="rasid-dns"))
        self.active = asyncio.Semaphore(_ACTIVE)
        self._settings, self._resolver = settings, resolver
        self.robots = RobotsCache(settings.user_agent, robots)
        self._tasks_per_host = max(8, 2 * settings.host_concurrency)
        self._queues: dict[str, deque[tuple[Session, Request, object]]] = {}
        self._running: dict[str, int] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._run, name="rasid-web", daemon=True)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._open(), self.loop).result()
        atexit.register(self.close)  # later, the interpreter has no threads to wait for

    def submit(self, session: Session, request: Request, tag: object) -> None:
        self.loop.call_soon_threadsafe(self._take, session, request, tag)

    def close(self) -> None:
        atexit.unregister(self.close)
        if self._thread.is_alive() and self.pid == os.getpid():
            asyncio.run_coroutine_threadsafe(self._close(), self.loop).result()
            self.loop.call_soon_threadsafe(self.loop.stop)
            self._thread.join()
            self.loop.close()

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()

    async def _open(self) -> None:
        self._sockets = _Sockets(self._settings, self._resolver() if self._resolver else None)
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

    def _take(self, session: Session, request: Request, tag: object) -> None:
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

    async def _answer(self, session: Session, request: Request, tag: object) -> None:
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


class WebClient:
    """Asks the web for a whole process: limits per host hold across all its sessions. Starts with the first session.

    `robots` are rows that `robots_rows` gave in an earlier run. `resolver` makes the object that looks names up.
    """

    def __init__(
        self,
        settings: HttpSettings,
        robots: Iterable[dict[str, Any]] = (),
        resolver: Callable[[], AbstractResolver] | None = None,
    ) -> None:
        AddressPolicy(settings.allow_networks)  # raises what is wrong with them here, not in a thread
        self._settings, self._resolver = settings, resolver
        self._rows = list(robots)
        self._lock = threading.Lock()
        self._worker: _Worker | None = None

    def session(self) -> Session:
        with self._lock:
            if self._worker is None or self._worker.pid != os.getpid():  # a forked child has no thread
                self._worker = _Worker(self._settings, self._rows, self._resolver)
            return Session(self._worker.loop, self._worker.active, self._worker.submit)

    def fetch(self, request: Request) -> Answer:
        """One answer, waited for. Raises IngestError or RobotsRefused."""
        with self.session() as session:
            session.submit(request)
            ((_, outcome),) = session.drain()
        if isinstance(outcome, Answer):
            return outcome
        raise outcome

    def robots_rows(self) -> list[dict[str, Any]]:
        """What is known of robots.txt files, for the next run."""
        with self._lock:
            return self._worker.robots.rows() if self._worker is not None else self._rows

    def close(self) -> None:
        """End the thread and its connections; what is under way fails."""
        with self._lock:
            worker, self._worker = self._worker, None
            if worker is not None:
                self._rows = worker.robots.rows()
        if worker is not None:
            worker.close()
