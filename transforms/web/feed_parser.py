"""Feeds: bytes to entries. The only module that knows feedparser."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import re
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urljoin

import feedparser

from transforms.elements import Entry, Feed
from transforms.errors import IngestError
from transforms.web.content_coding import make_unpacker
from transforms.web.dates import parse_date
from transforms.web.decode import decode
from transforms.web.html_tree import parse_html
from transforms.web.text import normalise_whitespace, plain_line, strip_controls, strip_tags
from transforms.web.urls import clean_url, resolve_url

_CHARACTER_REFERENCE: Final = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
_XML_DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]{0,300}\?>")
_ENTITY: Final = re.compile(r"<!ENTITY\s+(?:%\s+)?([\w:.-]+)\s+([^>]{0,1000})>?")
_ITEM_TAG: Final = re.compile(r"<(/?)(?:\w+:)?(?:item|entry)(?=[\s>/])", re.IGNORECASE)
_FEED_TYPE: Final = re.compile(r"(?:application|text)/(?:x\.|x-)?(?:rss|atom|rdf|feed)(?:\+xml|\+json)?", re.IGNORECASE)
_FEED_PATH: Final = re.compile(r"(?:^|[/=._-])(?:rss|feeds?|atom|rdf)\d?(?:\.(?:xml|php|aspx))?/?$", re.IGNORECASE)
_MAX_LINKS: Final = 200
_GZIP: Final = b"\x1f\x8b\x08"
_MAX_UNPACKED: Final = 32 * 1024 * 1024
_MAX_TTL: Final = 7 * 24 * 60


@dataclass(frozen=True)
class ParsedFeed:
    """What a feed holds, entries in its order.

    `damaged` says what is wrong with a feed that could be read in part. `rejected` has (reason, detail, link) of the
    items that lead to no page.
    """

    entries: tuple[Entry, ...]
    title: str = ""
    ttl_minutes: int | None = None
    damaged: str | None = None
    rejected: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class _Item:
    link: str
    title: str
    summary: str
    authors: tuple[str, ...]
    dates: tuple[str, ...]
    updated: str


def parse_feed(content: bytes, feed: Feed, final_url: str, content_type: str = "") -> ParsedFeed:
    """Reads RSS, Atom, RDF or JSON Feed; IngestError `empty_answer` or `not_a_feed` when there is none."""
    if content.startswith(_GZIP):
        content = _unpack(content, final_url)
    text = strip_controls(decode(content, content_type)).strip()
    if not text:
        raise IngestError("empty_answer", f"{final_url}: {len(content)} bytes, no text")
    if text.startswith("{"):
        title, items = _read_json_feed(text, final_url)
        return _make_feed(items, feed, final_url, title, None, None)
    text, refused = _refuse_entities(_CHARACTER_REFERENCE.sub(_safe_reference, text))
    parsed = _run_feedparser(text, final_url)
    if not parsed.get("version") and not parsed.entries:
        raise IngestError("not_a_feed", f"{final_url}: {_describe(text, content_type)}")
    entries = parsed.entries
    damaged = refused
    if parsed.bozo:
        damaged = damaged or f"not well-formed: {normalise_whitespace(str(parsed.bozo_exception))[:200]}"
        if _ends_within_item(text):
            damaged = f"cut off within an item; {damaged}"
            entries = entries[:-1]
    title = plain_line(strip_tags(parsed.feed.get("title") or ""))
    ttl = str(parsed.feed.get("ttl") or "").strip()
    ttl_minutes = min(int(ttl), _MAX_TTL) if ttl.isdecimal() and len(ttl) < 9 and int(ttl) > 0 else None
    return _make_feed([_read_item(entry) for entry in entries], feed, final_url, title, ttl_minutes, damaged)


def find_feed_links(html: bytes, base_url: str) -> tuple[tuple[str, str], ...]:
    """(url, title) of the feeds that a page announces, else of those it links to; a feed announces itself."""
    try:
        return ((base_url, parse_feed(html, Feed(base_url), base_url).title),)
    except IngestError:
        pass
    tree = parse_html(decode(html))
    if tree is None:
        return ()
    base = next((href for e in tree.iter("base") if (href := e.get("href"))), "")
    announced: dict[str, str] = {}
    linked: dict[str, str] = {}
    for element in tree.iter("link", "a"):
        href = (element.get("href") or "").strip()
        if element.tag == "link" and "alternate" in (element.get("rel") or "").lower().split():
            if _FEED_TYPE.match((element.get("type") or "").strip()):
                announced[href] = element.get("title") or ""
        elif element.tag == "a" and len(linked) < _MAX_LINKS and _FEED_PATH.search(href):
            linked[href] = element.text_content()
    found: dict[str, str] = {}
    for href, title in (announced or linked).items():
        try:
            found.setdefault(resolve_url(href, urljoin(base_url, base)), plain_line(title))
        except (IngestError, ValueError):
            continue
    return tuple(found.items())


def _unpack(content: bytes, final_url: str) -> bytes:
    """A compressed file served as such, without Content-Encoding."""
    pieces, size = [], 0
    for piece in make_unpacker("gzip", final_url).unpack(content):
        pieces.append(piece)
        size += len(piece)
        if size > _MAX_UNPACKED:
            raise IngestError("too_large", f"{final_url}: the gzip file unpacks to more than {_MAX_UNPACKED} bytes")
    return b"".join(pieces)


def _run_feedparser(text: str, final_url: str) -> Any:
    # The encoding is settled: a declaration of another one would mislead the parser.
    data = _XML_DECLARATION.sub("", text, count=1).lstrip().encode("utf-8")
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": final_url}
    try:
        return feedparser.parse(
            io.BytesIO(data), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as fault:  # feedparser raises whatever its parts raise on hostile input
        raise IngestError(
            "not_a_feed", f"{final_url}: unreadable ({type(fault).__name__}: {str(fault)[:200]})"
        ) from fault


def _make_feed(
    items: list[_Item], feed: Feed, final_url: str, title: str, ttl_minutes: int | None, damaged: str | None
) -> ParsedFeed:
    entries: list[Entry] = []
    rejected: list[tuple[str, str, str]] = []
    for item in items:
        try:
            link = resolve_url(item.link, final_url)
            url = clean_url(link)
        except IngestError as fault:
            rejected.append((fault.reason, f"{fault.detail} (item {item.title!r})", item.link))
            continue
        entries.append(
            Entry(
                url=url,
                link=link,
                feed_url=feed.url,
                source=feed.name or title,
                title=item.title or None,
                summary=item.summary or None,
                published_us=next((us for date in item.dates if (us := parse_date(date)) is not None), None),
                authors=item.authors,
                fingerprint=_fingerprint(item),
            )
        )
    return ParsedFeed(_bound_undated(entries), title, ttl_minutes, damaged, tuple(rejected))


def _bound_undated(entries: list[Entry]) -> tuple[Entry, ...]:
    times = [entry.published_us for entry in entries if entry.published_us is not None]
    if not times or len(times) == len(entries):
        return tuple(entries)
    first, last = min(times), max(times)
    return tuple(
        e if e.published_us is not None else dataclasses.replace(e, earliest_us=first, latest_us=last) for e in entries
    )


def _read_item(entry: Any) -> _Item:
    # dict.get: feedparser's own invents `updated` from `published`.
    published, updated, created = (str(dict.get(entry, key) or "") for key in ("published", "updated", "created"))
    authors = [author.get("name") or "" for author in entry.get("authors") or ()] or [entry.get("author") or ""]
    return _Item(
        link=str(entry.get("feedburner_origlink") or entry.get("link") or ""),
        title=_plain(entry.get("title")),
        summary=_plain(entry.get("summary")),
        authors=_names(authors),
        dates=(published, updated, created),
        updated=updated,
    )


def _read_json_feed(text: str, final_url: str) -> tuple[str, list[_Item]]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        data = None
    if (
        not isinstance(data, dict)
        or "jsonfeed.org" not in str(data.get("version"))
        or not isinstance(data.get("items"), list)
    ):
        raise IngestError("not_a_feed", f"{final_url}: JSON, but no JSON Feed")
    return _plain(data.get("title")), [_read_json_item(item) for item in data["items"] if isinstance(item, dict)]


def _read_json_item(item: dict[str, Any]) -> _Item:
    authors = item.get("authors") or [item.get("author")]
    names = [a.get("name") for a in authors if isinstance(a, dict)] if isinstance(authors, list) else []
    modified = str(item.get("date_modified") or "")
    return _Item(
        link=str(item.get("url") or item.get("external_url") or ""),
        title=_plain(item.get("title")),
        summary=_plain(item.get("summary") or item.get("content_text") or item.get("content_html")),
        authors=_names(names),
        dates=(str(item.get("date_published") or ""), modified),
        updated=modified,
    )


def _plain(markup: Any) -> str:
    return plain_line(strip_tags(markup)) if isinstance(markup, str) else ""


def _names(values: list[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for value in values if (name := _plain(value))))


def _fingerprint(item: _Item) -> str:
    text = "\x00".join((item.updated, item.title, item.summary))
    return hashlib.blake2b(text.encode("utf-8"), digest_size=8).hexdigest()


def _safe_reference(match: re.Match[str]) -> str:
    """A character reference as it stands, or nothing when XML allows no such character (some parsers raise on it)."""
    digits = match[1] or match[2]
    code = int(digits, 16 if match[1] else 10) if len(digits) <= 10 else 0x110000
    legal = code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
    return match[0] if legal else ""


def _refuse_entities(text: str) -> tuple[str, str | None]:
    """The text without declarations of, and references to, entities that name files or build on other entities."""
    start = text.find("<!DOCTYPE", 0, 4096)
    subset = text.find("[", start) if start >= 0 else -1
    end = text.find("]", subset) if subset >= 0 else -1
    if end < 0 or ">" in text[start:subset]:
        return text, None
    # A quoted "]>" in a declaration only ends the subset early: what follows is then text, never a declaration.
    unsafe = [
        n for n, value in _ENTITY.findall(text[subset:end]) if value[:1] not in "\"'" or "&" in value.replace("&#", "")
    ]
    if not unsafe:
        return text, None
    reference = re.compile("[&%](?:" + "|".join(map(re.escape, sorted(set(unsafe)))) + ");")
    close = text.find(">", end)
    body = text[close + 1 :] if close >= 0 else ""
    return text[:start] + reference.sub("", body), f"entity declarations refused: {', '.join(unsafe[:5])}"


def _ends_within_item(text: str) -> bool:
    tags = _ITEM_TAG.findall(text, max(0, len(text) - 200_000))
    return bool(tags) and not tags[-1]


def _describe(text: str, content_type: str) -> str:
    head = text[:1000].lower()
    kind = "an HTML page" if "<html" in head or "<!doctype html" in head else "neither RSS, Atom, RDF nor JSON Feed"
    return f"{kind} ({content_type or 'no content type'}), {plain_line(strip_tags(text[:300]))[:80]!r}"
