"""Why an element could not be processed: one exception with a closed vocabulary of reasons."""

from __future__ import annotations

from typing import Final

REASONS: Final[dict[str, str]] = {
    # asking the web
    "bad_url": "the link is not an absolute http or https URL",
    "forbidden_address": "the host is, or resolves to, an address that may not be asked",
    "dns": "the host's name does not resolve",
    "connect": "no connection: refused, unreachable or reset before an answer",
    "tls": "the certificate or the TLS handshake was refused",
    "deadline": "no complete answer within the request deadline",
    "broken_body": "the connection broke in the middle of the body, or its compression is damaged",
    "too_large": "the answer, unpacked, or the message to publish exceeds the size limit",
    "too_many_redirects": "redirects in a circle, or more of them than allowed",
    "http_client_error": "a 4xx answer other than 429",
    "http_server_error": "a 5xx answer, also after retries",
    "rate_limited": "429 or 503 with a Retry-After longer than a run waits",
    "host_unavailable": "the host failed too often in a row and is left alone for a while",
    # reading feeds
    "not_a_feed": "the answer is not RSS, Atom or RDF",
    "empty_answer": "status 200 with an empty body",
    "damaged_feed": "the feed is cut off or malformed; what could be read was read",
    "feed_deadline": "parsing the feed took longer than allowed",
    # extracting articles
    "not_html": "the page is not HTML",
    "no_body": "the page holds no article body",
    "extraction_deadline": "extracting the page took longer than allowed",
    "worker_died": "the worker process died on this element (out of memory, segmentation fault)",
    "bad_document": "the text document is not title, blank line, paragraphs",
    # tagging and writing
    "tagging_deadline": "tagging the article took longer than allowed",
    "bad_element": "a dead letter or message holds no element that can be replayed",
    "sink_refused": "the sink refused the record",
    "unexpected": "an error that the pipeline does not know; the run fails",
}


class IngestError(Exception):
    """An element that cannot be processed; becomes a dead letter with `reason`.

    `reason` is a key of `REASONS`; `detail` says what happened to this element, for a person to read;
    `attempts` counts how often the work was tried; `retry_after_s` is how long a server wants to be left alone.
    """

    def __init__(self, reason: str, detail: str = "", *, attempts: int = 1, retry_after_s: float = 0.0) -> None:
        if reason not in REASONS:
            raise ValueError(f"unknown reason {reason!r}; the closed vocabulary is in transforms/errors.py")
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail.encode("utf-8", "backslashreplace").decode()  # a stranger's header may be no text
        self.attempts = attempts
        self.retry_after_s = retry_after_s

    def __str__(self) -> str:
        return f"{self.reason}: {self.detail}" if self.detail else self.reason

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (self.reason, self.detail, self.attempts, self.retry_after_s)


def _rebuild(reason: str, detail: str, attempts: int, retry_after_s: float) -> IngestError:
    return IngestError(reason, detail, attempts=attempts, retry_after_s=retry_after_s)


class InputError(ValueError):
    """Input that the user gave (option, feed list, document, lexicon) is wrong; nothing is started.

    The message names the file, the line where known, and the fault.
    """

    def __init__(self, fault: str, *, file: str = "", line: int | None = None) -> None:
        where = f"{file}:{line}: " if file and line else f"{file}: " if file else ""
        super().__init__(where + fault)
