"""Plain text out of published text: what a person reads, without markup and without characters that hide it."""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from typing import Final

# XML 1.0 forbids these; they have no place in a record either.
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# Interlinear marks, tags and byte order marks: text that a title can carry unseen. Direction marks, also of the kind
# that reorders, stay as published; whoever shows a title isolates it.
_UNSEEN: Final = re.compile("[\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")
# What moves a terminal's cursor, colours its text or shows it in another order than it is written in.
_HIDING: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\u202d\u202e\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_EMBEDDING: Final = re.compile("[\u202a-\u202c\u2066-\u2069]")
_TAG: Final = re.compile(r"<(?=[A-Za-z/!?])([^<>]*)>")
_HTML_TAG: Final = re.compile(
    r"<!--|</?(?:script|style|noscript|template|iframe|object|embed|svg|math|img|a|p|br|div|span|b|i|em|strong|font)\b[^<>]*>",
    re.IGNORECASE,
)
_MAX_ESCAPED: Final = 6
_SILENT_TAGS: Final = ("script", "style", "noscript", "template", "iframe")
_INLINE_TAGS: Final = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "em",
        "font",
        "i",
        "ins",
        "mark",
        "q",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "u",
        "wbr",
    ]
)
# Tatweel, harakat and other Arabic marks, joiners and direction marks: the same text with or without them.
_UNSTABLE: Final = re.compile(
    "[\u0610-\u061a\u061c\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u08d3-\u08ff\u200c-\u200f]"
)


def strip_controls(text: str) -> str:
    """Removes what XML forbids: NUL and other control characters, lone surrogates, noncharacters."""
    return _ILLEGAL.sub("", text)


def normalise_whitespace(text: str) -> str:
    """One space between words, none at the ends."""
    return " ".join(text.split())


def plain_line(text: str) -> str:
    """One line, for titles and names: as published, but for control characters and such as carry unseen text."""
    return normalise_whitespace(_UNSEEN.sub("", strip_controls(text)))


def printable(text: str) -> str:
    """A stranger's text as a terminal or a report may show it, of the same length.

    Escape sequences, overrides of the direction and unseen characters become U+FFFD; embeddings and isolates, which
    Arabic texts hold in good faith but rarely in pairs, become zero-width spaces.
    """
    return _EMBEDDING.sub("\u200b", _HIDING.sub("\ufffd", text))


def strip_tags(markup: str) -> str:
    """The text of an HTML fragment: tags and the content of scripts dropped, entities resolved, spaces kept.

    A fragment that was escaped more than once is read as often, so that no tag is left.
    """
    for _ in range(_MAX_ESCAPED):
        if "<" in markup:
            markup = "".join(_visible_parts(markup))
        markup = html.unescape(markup)
        if not _HTML_TAG.search(html.unescape(markup)):
            break
    return markup


def _visible_parts(markup: str) -> list[str]:
    parts: list[str] = []
    silent = ""
    for position, part in enumerate(_TAG.split(markup)):
        if position % 2 == 0:
            if not silent:
                parts.append(part)
            continue
        words = part.split(None, 1)
        name = words[0].rstrip("/").lower() if words else ""
        if silent:
            silent = "" if name == "/" + silent else silent
        elif name in _SILENT_TAGS and not part.endswith("/"):
            silent = name
        elif name.lstrip("/") not in _INLINE_TAGS:
            parts.append(" ")
    return parts


def content_hash(text: str) -> str:
    """32 hex digits that stay the same when only spacing, tatweel, diacritics or the Unicode form differ."""
    folded = _UNSTABLE.sub("", unicodedata.normalize("NFC", strip_controls(text)))
    return hashlib.sha256(normalise_whitespace(folded).encode("utf-8")).hexdigest()[:32]
