"""The feed list: TOML, OPML or one URL a line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from lxml import etree

from transforms.elements import Feed
from transforms.errors import IngestError, InputError

_KEYS: Final = ("url", "name", "country")
_SHOWN_FAULTS: Final = 20
_TOML_LINE: Final = re.compile(r"^\s*(?:\[\[?\s*[\w.\"'-]+\s*\]\]?|[\w.\"'-]+\s*=)", re.MULTILINE)
_FEEDS_HEADER: Final = re.compile(r"\s*\[\[\s*feeds\s*\]\]")
_COMMENT: Final = re.compile(r"(?:^|\s)#.*")


@dataclass(frozen=True)
class _Row:
    """What a list says of one feed, unchecked. `line` is None where the format does not tell."""

    line: int | None
    values: dict[str, Any]


class _ListError(Exception):
    """The list as a whole cannot be read."""

    def __init__(self, fault: str, line: int | None = None) -> None:
        super().__init__(fault)
        self.line = line


def load_feeds(address: str, read: Callable[[str], bytes]) -> tuple[Feed, ...]:
    """The feeds of the list at a path or URL, in its order, each URL once.

    `read` fetches the bytes of an address and raises OSError or IngestError where it cannot. Raises InputError with
    all faults at once.
    """
    try:
        content = read(address)
    except (OSError, IngestError) as error:
        raise InputError(f"the feed list cannot be read: {error}", file=address) from error
    return parse_feeds(content, address)


def parse_feeds(content: bytes, address: str) -> tuple[Feed, ...]:
    """The feeds of a list's bytes; `address` names it in messages and its extension may tell the format."""
    try:
        rows = list(_read_rows(content, _extension(address)))
    except _ListError as fault:
        raise InputError(str(fault), file=address, line=fault.line) from None
    feeds: dict[str, Feed] = {}
    faults = []
    for number, row in enumerate(rows, start=1):
        found = [*_row_faults(row.values)]
        where = f"{address}:{row.line}" if row.line else f"{address}: feed {number}"
        faults += [f"{where}: {fault}" for fault in found]
        if not found:
            feed = _make_feed(row.values)
            feeds.setdefault(feed.url, feed)
    if faults:
        more = len(faults) - _SHOWN_FAULTS
        raise InputError("\n".join(faults[:_SHOWN_FAULTS] + ([f"and {more} more faults"] if more > 0 else [])))
    if not feeds:
        raise InputError("the feed list is empty", file=address)
    return tuple(feeds.values())


def _extension(address: str) -> str:
    path = address.partition("?")[0].partition("#")[0] if "://" in address else address
    name = re.split(r"[/\\]", path)[-1]
    return name.rpartition(".")[2].lower() if "." in name else ""


def _read_rows(content: bytes, extension: str) -> Iterator[_Row]:
    if extension in ("opml", "xml") or content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return _read_opml(content)
    text = _decode(content)
    if extension == "toml" or (extension != "txt" and _TOML_LINE.search(text)):
        return _read_toml(text)
    return _read_lines(text)


def _decode(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _ListError(f"not UTF-8: byte 0x{content[error.start]:02x}", line) from None


def _read_lines(text: str) -> Iterator[_Row]:
    for number, line in enumerate(text.split("\n"), start=1):
        url = _COMMENT.sub("", line).strip()
        if url:
            yield _Row(number, {"url": url})


def _read_toml(text: str) -> Iterator[_Row]:
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else text.count("\n") + 1 if "end of document" in str(error) else None
        raise _ListError(f"not TOML: {error}", line) from None
    strange = sorted(data.keys() - {"feeds"})
    if strange:
        raise _ListError(f"unknown key {strange[0][:40]!r}; a feed list holds [[feeds]] only")
    rows = data.get("feeds", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _ListError("`feeds` must be tables: [[feeds]]")
    headers = [number for number, line in enumerate(text.split("\n"), start=1) if _FEEDS_HEADER.match(line)]
    lines: list[int | None] = [*headers] if len(headers) == len(rows) else [None] * len(rows)
    for line, row in zip(lines, rows, strict=True):
        yield _Row(line, row)


def _read_opml(content: bytes) -> Iterator[_Row]:
    # Nothing is fetched, and libxml2's own limits (no huge_tree) stop what expands or nests without end.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise _ListError(f"not XML: {' '.join(str(error.msg).split())}", error.lineno) from None
    kind = etree.QName(root).localname
    if kind.lower() != "opml":
        hint = "; to read a single feed, put its URL into a list" if kind.lower() in ("rss", "feed", "rdf") else ""
        raise _ListError(f"not OPML: the document is <{kind[:40]}>{hint}", root.sourceline)
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and any(True for _ in dtd.iterentities()):  # resolved in attributes all the same
        raise _ListError("declares XML entities, which a feed list does not need")
    for outline in root.iter("{*}outline"):
        attributes = {str(key).lower(): value for key, value in outline.attrib.items()}
        if "xmlurl" in attributes:
            name = attributes.get("text") or attributes.get("title") or ""
            yield _Row(outline.sourceline, {"url": attributes["xmlurl"].strip(), "name": name})


def _row_faults(values: dict[str, Any]) -> Iterator[str]:
    for key, value in values.items():
        if key not in _KEYS:
            yield f"unknown key {key[:40]!r}; known are {', '.join(_KEYS)}"
        elif not isinstance(value, str):
            yield f"{key} must be a string"
    url, country = values.get("url"), values.get("country", "")
    if url is None:
        yield "no url"
    elif isinstance(url, str):
        yield from _url_faults(url)
    if isinstance(country, str) and not re.fullmatch(r"([A-Za-z]{2})?", country):
        yield f"country must be two letters (ISO 3166), not {country[:40]!r}"


def _url_faults(url: str) -> Iterator[str]:
    shown = repr(url[:200])
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        yield f"not a URL: {shown} ({error})"
        return
    if re.search(r"[\s\x00-\x1f\x7f]", url):
        yield f"a URL holds no spaces: {shown}"
    elif parts.scheme not in ("http", "https"):
        yield f"not an http or https URL: {shown}"
    elif not host:
        yield f"the URL names no host: {shown}"


def _make_feed(values: dict[str, str]) -> Feed:
    name = " ".join(values.get("name", "").split())
    return Feed(url=values["url"], name=name, country=values.get("country", "").upper())
