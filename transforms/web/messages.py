"""What the web client is asked and what it answers. No I/O."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from transforms.errors import IngestError

ANY: Final = "*/*"
FEEDS: Final = (
    "application/rss+xml, application/atom+xml, application/rdf+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
)
PAGES: Final = "text/html, application/xhtml+xml, */*;q=0.5"


@dataclass(frozen=True)
class HttpSettings:
    """How the web is asked. Times are seconds.

    `host_pause` lies between two arrivals at a host; 0 means none. `request_deadline` bounds one try of a request,
    redirects and body included, waiting for the host's turn excluded. `max_bytes` bounds the unpacked body.
    `retries` is how often a temporary failure is tried again (at most once for `dns` and `deadline`).
    `max_retry_after` is the longest that a request waits in all because a host said so.
    """

    user_agent: str
    host_concurrency: int = 2
    host_pause: float = 0.5
    request_deadline: float = 30.0
    max_bytes: int = 10 * 1024 * 1024
    allow_networks: tuple[str, ...] = ()
    max_redirects: int = 10
    retries: int = 2
    max_retry_after: float = 60.0


@dataclass(frozen=True)
class Request:
    """A GET of `url`; `etag` and `last_modified` make it conditional.

    `share` is how many times the settings' `max_bytes` the answer may have.
    """

    url: str
    etag: str | None = None
    last_modified: str | None = None
    check_robots: bool = True
    accept: str = ANY
    share: int = 1


@dataclass(frozen=True)
class Answer:
    """A complete answer: `status` is 304 (then `content` is empty) or a 2xx one.

    `permanent_redirect_url` is where the URL has moved to for good, None when it has not. `max_age_s` is what
    Cache-Control allows, None when it says nothing.
    """

    url: str
    final_url: str
    status: int
    content_type: str
    content: bytes
    etag: str | None
    last_modified: str | None
    max_age_s: float | None
    retry_after_s: float | None
    permanent_redirect_url: str | None
    attempts: int
    fetched_us: int


class RobotsRefused(Exception):  # noqa: N818 - a refusal is no error: the page is left out and counted
    """robots.txt of `url`'s host forbids it."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url

    def __str__(self) -> str:
        return f"robots.txt forbids {self.url}"


class Postponed(Exception):  # noqa: N818 - no error: the next round asks
    """The round ended before an answer came."""


Outcome = Answer | IngestError | RobotsRefused
