"""Articles: bytes of a page to title, body and date. The only module that knows trafilatura."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Any, Final

import trafilatura
from lxml import etree

from transforms.errors import IngestError
from transforms.web.body_blocks import choose_body, locate_body
from transforms.web.decode import decode
from transforms.web.html_tree import parse_html
from transforms.web.page_blocks import read_blocks
from transforms.web.page_metadata import is_dateline, read_metadata, title_key
from transforms.web.text import normalise_whitespace, plain_line

_OPTIONS: Final[dict[str, Any]] = {
    "include_comments": False,
    "include_tables": False,
    "deduplicate": False,
    "fast": True,
}
_UNREAD: Final = ("script", "style", "svg", "template")
_CLOCK: Final = re.compile(r"\d[:/]\d")
_WORD: Final = re.compile(r"[^\W\d_]{2}")
_MAX_HEAD_LINES: Final = 4
_MIN_DECLARED: Final = 100
_BEGINNING: Final = 60
_ESCAPED_MARKUP: Final = re.compile(r"&lt;(?:p|br|div|span)\b", re.IGNORECASE)
_SIGNATURES: Final = (
    (b"%PDF", "a PDF"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"\x89PNG", "a PNG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a RIFF file (WebP, WAV or AVI)"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\x1f\x8b", "gzip-compressed data"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"ID3", "an MP3 file"),
    (b"OggS", "an Ogg file"),
    (b"\x1aE\xdf\xa3", "a Matroska video"),
)
_NOT_HTML_TYPE: Final = re.compile(
    r"(?:image|audio|video|font)/|application/(?:pdf|zip|json|octet-stream|msword|vnd\.)", re.IGNORECASE
)
_MARKUP: Final = re.compile(
    r"<(?:!doctype|html|head|body|div|p|article|section|table|span|h1|meta|br)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Extracted:
    """What a page says of its article; `canonical` is its rel=canonical as declared."""

    title: str | None
    body: str
    authors: tuple[str, ...] = ()
    published_us: int | None = None
    summary: str | None = None
    canonical: str | None = None


def extract_article(content: bytes, url: str, content_type: str = "") -> Extracted:
    """The article of a page; IngestError `not_html` or `no_body` when there is none.

    `body` has one paragraph a line, as published but for characters that XML forbids. Not thread-safe: libxml2 and
    trafilatura are run once at a time in a process.
    """
    text = _decode_html(content, url, content_type)
    tree = parse_html(text)
    if tree is None:
        raise IngestError("not_html", f"{url}: no element could be parsed")
    metadata = read_metadata(tree)
    etree.strip_elements(tree, *_UNREAD, with_tail=False)
    title = metadata.title or ""
    blocks = read_blocks(tree, metadata.heading)
    place = locate_body(blocks, title)
    lines = choose_body(blocks, place, _run_trafilatura(tree, url))
    body = _without_head(_prefer_declared(lines, metadata.body), title)
    if not _WORD.search(body):
        raise IngestError("no_body", f"{url}: no article text among {len(text)} characters of HTML")
    return Extracted(
        metadata.title, body, metadata.authors, metadata.published_us, metadata.summary, metadata.canonical
    )


def _prefer_declared(lines: list[str], declared: str) -> list[str]:
    """The text that the page declares for machines, where it shows none, or only its beginning."""
    shown = sum(map(len, lines))
    if len(declared) < _MIN_DECLARED or 2 * shown > len(declared):
        return lines
    declared = html.unescape(declared) if _ESCAPED_MARKUP.search(declared) else declared
    if _MARKUP.search(declared) or "<p" in declared:
        tree = parse_html(f"<body><div>{declared}</div></body>")
        found = [block.text for block in read_blocks(tree, None)] if tree is not None else []
    else:
        found = [line for line in map(plain_line, declared.splitlines()) if line]
    begins_alike = not lines or title_key(lines[0])[:_BEGINNING] in title_key("".join(found))
    return found if begins_alike and sum(map(len, found)) > 2 * shown else lines


def _run_trafilatura(tree: Any, url: str) -> list[str]:
    try:
        document = trafilatura.bare_extraction(tree, url=url, **_OPTIONS)
    except Exception as fault:  # it raises whatever its parts raise on hostile markup
        raise IngestError("no_body", f"{url}: unreadable ({type(fault).__name__}: {str(fault)[:200]})") from fault
    text = (document.text or "") if document else ""
    return [line for line in map(normalise_whitespace, text.split("\n")) if line]


def _decode_html(content: bytes, url: str, content_type: str) -> str:
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            raise IngestError("not_html", f"{url}: {kind}, sent as {content_type or 'nothing in particular'}")
    if _NOT_HTML_TYPE.match(content_type.strip()) and not _MARKUP.search(decode(content[:4096], content_type)):
        raise IngestError("not_html", f"{url}: sent as {content_type}")
    text = decode(content, content_type)
    if not _MARKUP.search(text):
        raise IngestError(
            "not_html", f"{url}: no HTML among {len(content)} bytes sent as {content_type or 'nothing in particular'}"
        )
    return text


def _without_head(lines: list[str], title: str) -> str:
    return "\n".join(lines[_count_head_lines(lines, title_key(title)) :])


def _count_head_lines(lines: list[str], title: str) -> int:
    """How many of the first lines repeat the title or hold the page's date: the article's head, not its body.

    A dateline without a clock or a numeric date is the agency's, and part of the text.
    """
    count = 0
    for line in lines[:_MAX_HEAD_LINES]:
        if not (title and title_key(line) == title) and not (_CLOCK.search(line) and is_dateline(line)):
            break
        count += 1
    return count if count < len(lines) else 0
