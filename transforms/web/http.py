"""The web client: the one place that opens sockets."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from types import SimpleNamespace
from typing import Any, Final

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from transforms.elements import RobotsAnswer
from transforms.errors import IngestError
from transforms.web.addresses import AddressPolicy
from transforms.web.content_coding import make_unpacker
from transforms.web.fetcher import HopAnswer
from transforms.web.hosts import Turn
from transforms.web.loop import WebLoop
from transforms.web.mailbox import Mailbox
from transforms.web.messages import Answer, HttpSettings, Request
from transforms.web.sessions import Session

_CONNECT_TIMEOUT: Final = 10.0
_DNS_CACHE: Final = 300  # seconds; harmless, since every connection checks its address
_READ_BUFFER: Final = 256 * 1024
_SMALL_BODY: Final = 64 * 1024
_LARGE_BODY: Final = 1024 * 1024
_LARGE_BODIES: Final = 6  # at once, which bounds the memory that hostile hosts can fill together
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
                ttl_dns_cache=_DNS_CACHE,
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


class WebClient:
    """Asks the web for a whole process: limits per host hold across all its sessions. Starts with the first session.

    `robots` are what `take_robots` gave in an earlier run. `resolver` makes the object that looks names up.
    """

    def __init__(
        self,
        settings: HttpSettings,
        robots: Iterable[RobotsAnswer] = (),
        resolver: Callable[[], AbstractResolver] | None = None,
    ) -> None:
        AddressPolicy(settings.allow_networks)  # raises what is wrong with them here, not in a thread
        self._settings, self._resolver = settings, resolver
        self._rows = list(robots)
        self._lock = threading.Lock()
        self._worker: WebLoop | None = None
        self._mailbox: Mailbox | None = None

    def session(self) -> Session:
        """A session for one bundle."""
        with self._lock:
            worker = self._running()
            return Session(worker.loop, worker.active, worker.submit)

    def mailbox(self) -> Mailbox:
        """The mailbox of this process: requests that outlive a bundle."""
        with self._lock:
            worker = self._running()
            if self._mailbox is None:
                self._mailbox = Mailbox(worker.loop, worker.active, worker.submit)
            return self._mailbox

    def _running(self) -> WebLoop:
        if self._worker is None or self._worker.pid != os.getpid():  # a forked child has no thread
            self._worker, self._mailbox = WebLoop(self._settings, self._rows, self._open_sockets), None
        return self._worker

    def _open_sockets(self) -> _Sockets:
        return _Sockets(self._settings, self._resolver() if self._resolver else None)

    def fetch(self, request: Request) -> Answer:
        """One answer, waited for. Raises IngestError or RobotsRefused."""
        with self.session() as session:
            session.submit(request)
            ((_, outcome),) = session.drain()
        if isinstance(outcome, Answer):
            return outcome
        raise outcome

    def take_robots(self) -> list[RobotsAnswer]:
        """The robots.txt files that were asked since the last call, for the next run."""
        with self._lock:
            return self._worker.robots.take_news() if self._worker is not None else []

    def close(self) -> None:
        """End the thread and its connections; what is under way fails."""
        with self._lock:
            worker, self._worker, self._mailbox = self._worker, None, None
            if worker is not None:
                self._rows = worker.robots.rows()
        if worker is not None:
            worker.close()
