"""Pages in WARC files (ISO 28500), ours and those of other crawlers, such as Common Crawl's news. No Beam.

A page that we keep is three records: `metadata`, the entry as its feed listed it (JSON); `request`; `response`. The
response's payload is unpacked already, so that its headers on packing are renamed to X-Archive-Orig-..., as crawlers
do. The entry comes first and names the response, so that a reader needs to hold no more than one page.
"""

from __future__ import annotations

import io
import uuid
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from transforms.elements import Entry, Page
from transforms.errors import IngestError
from transforms.json_values import format_time
from transforms.record_format import element_from_json, element_to_json
from transforms.version import PIPELINE_VERSION
from transforms.web.messages import PAGES
from transforms.web.urls import clean_url

_ENTRY_TYPE: Final = "application/vnd.rasid.entry+json"
_HTML: Final = ("text/html", "application/xhtml+xml")
_OF_PACKING: Final = frozenset({"content-encoding", "content-length", "transfer-encoding"})
_BLOCK: Final = 1 << 16
_MICROSECOND: Final = timedelta(microseconds=1)
_DAMAGES: Final = (zlib.error, ArchiveLoadFailed, EOFError, OSError, ValueError, KeyError, AttributeError, TypeError)


class WarcWriter:
    """A gzipped WARC file of pages, one gzip member a record."""

    def __init__(self, file: Any, user_agent: str) -> None:
        self._file, self._user_agent = file, user_agent
        self._warc = WARCWriter(file, gzip=True, warc_version="1.1")
        info = {
            "software": f"rasid/{PIPELINE_VERSION}",
            "format": "WARC File Format 1.1",
            "http-header-user-agent": user_agent,
        }
        self._warc.write_record(self._warc.create_warcinfo_record(None, info))

    def write(self, element: Page) -> None:
        response_id = f"<urn:uuid:{uuid.uuid4()}>"
        self._write(element, "metadata", element_to_json(element).encode(), response_id, content_type=_ENTRY_TYPE)
        self._write(element, "request", b"", response_id, http=self._request(element))
        self._write(element, "response", element.content, response_id, http=_response(element))

    def _write(
        self, page: Page, kind: str, payload: bytes, response_id: str, *, http: Any = None, content_type: str = ""
    ) -> None:
        headers = {"WARC-Date": format_time(page.fetched_us)}
        headers["WARC-Record-ID" if kind == "response" else "WARC-Concurrent-To"] = response_id
        record = self._warc.create_warc_record(
            page.final_url,
            kind,
            payload=io.BytesIO(payload),
            length=len(payload),
            warc_content_type=content_type,
            http_headers=http,
            warc_headers_dict=headers,
        )
        self._warc.write_record(record)

    def _request(self, page: Page) -> Any:
        parts = urlsplit(page.final_url)
        target = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
        headers = [("Host", parts.netloc), ("User-Agent", self._user_agent), ("Accept", PAGES)]
        return StatusAndHeaders(f"GET {target} HTTP/1.1", headers, is_http_request=True)

    def size(self) -> int:
        return self._file.tell()  # type: ignore[no-any-return]

    def close(self) -> None:
        self._file.close()


def _response(page: Page) -> Any:
    headers = []
    for line in page.headers:
        name, _, value = line.partition(": ")
        headers.append((f"X-Archive-Orig-{name}" if name.lower() in _OF_PACKING else name, value))
    if page.content_type and not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", page.content_type))
    headers.append(("Content-Length", str(len(page.content))))
    return StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1")


@dataclass(frozen=True)
class ArchivedPage:
    """What a response record holds: a page, or an error that keeps it from being one; neither where it is no page."""

    entry: Entry
    page: Page | None = None
    error: IngestError | None = None


def check_archive(file: Any) -> None:
    """Raises IngestError("damaged_archive") where a file does not begin with a WARC record."""
    with _named_damage():
        _check_headers(next(iter(ArchiveIterator(file))))


def read_pages(file: Any, address: str, max_bytes: int) -> Iterator[ArchivedPage]:
    """The responses of a WARC file, one after the other; `address` stands for the feed where no feed listed a page.

    Raises IngestError("damaged_archive") at the place from which on nothing can be read.
    """
    entries: dict[str, Entry] = {}
    with _named_damage():
        records = _Records(file)
        for record in records:
            _check_headers(record)
            if record.rec_type == "metadata" and record.content_type == _ENTRY_TYPE:
                entry = element_from_json("Entry", record.content_stream().read())
                assert isinstance(entry, Entry)
                entries = {record.rec_headers.get_header("WARC-Concurrent-To"): entry}
            elif record.rec_type == "response":
                known = entries.pop(record.rec_headers.get_header("WARC-Record-ID"), None)
                yield _read_response(record, known, address, max_bytes)
            _read_to_end(record)
        if records.is_cut:
            raise ArchiveLoadFailed("cut off within a gzip member")


class _Records(ArchiveIterator):  # type: ignore[misc] # warcio is untyped
    """Notes what warcio takes for the end of the file: a gzip member that lacks its own."""

    is_cut = False

    def close(self) -> None:
        unpacker = self.reader.decompressor if self.reader else None
        self.is_cut = unpacker is not None and not unpacker.eof
        super().close()


def _check_headers(record: Any) -> None:
    """The headers of a file that is cut within them are those before the cut."""
    if record.format == "warc" and record.rec_headers.get_header("Content-Length") is None:
        raise ArchiveLoadFailed("a record without Content-Length")


def _read_response(record: Any, known: Entry | None, address: str, max_bytes: int) -> ArchivedPage:
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    entry = known or Entry(url=url, link=url, feed_url=address)
    content_type = _header(record, "Content-Type")
    named = content_type.partition(";")[0].strip().lower()
    wanted = record.http_headers and record.http_headers.get_statuscode().startswith("2")
    if not wanted or (known is None and named and named not in _HTML):
        _read_to_end(record)
        return ArchivedPage(entry)
    content = record.content_stream().read(max_bytes + 1)
    if len(content) > max_bytes:
        return ArchivedPage(entry, error=IngestError("too_large", f"{url}: more than {max_bytes} bytes, unpacked"))
    _read_to_end(record)
    try:
        if known is None:
            entry = Entry(url=clean_url(url), link=url, feed_url=address)
        fetched_us = _parse_date(record.rec_headers.get_header("WARC-Date") or "")
    except (IngestError, ValueError) as error:
        return ArchivedPage(entry, error=IngestError("damaged_archive", f"{url}: {error}"))
    return ArchivedPage(entry, Page(entry, url, content_type, content, fetched_us) if content else None)


def _read_to_end(record: Any) -> None:
    while record.raw_stream.read(_BLOCK):
        pass
    if getattr(record.raw_stream, "limit", 0):
        raise ArchiveLoadFailed(f"cut off within {record.rec_headers.get_header('WARC-Record-ID')}")


def _parse_date(text: str) -> int:
    moment = datetime.fromisoformat(text)
    return (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // _MICROSECOND


def _header(record: Any, name: str) -> str:
    value = record.http_headers.get_header(name) if record.http_headers else None
    return value if value and value.isprintable() else ""


@contextmanager
def _named_damage() -> Iterator[None]:
    try:
        yield
    except StopIteration:
        raise IngestError("damaged_archive", "not a WARC file, or an empty one") from None
    except IngestError as error:
        raise IngestError("damaged_archive", str(error)) from error
    except _DAMAGES as error:
        raise IngestError("damaged_archive", f"{type(error).__name__}: {' '.join(str(error).split())}"[:300]) from error
