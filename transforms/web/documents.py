"""Scraped text documents: a title, a blank line, paragraphs joined with `., `."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from transforms.errors import IngestError
from transforms.web.text import normalise_whitespace, plain_line, strip_controls

_BLANK_LINE: Final = re.compile(r"\n[^\S\n]*\n")
_JOINT: Final = re.compile(r"(?<=\.), ?(?=\S)")


@dataclass(frozen=True)
class Document:
    """`body` has one paragraph a line."""

    title: str
    body: str


def parse_document(text: str, name: str) -> Document:
    """Splits a scraped document; `name` names it in the `bad_document` error."""
    text = strip_controls(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not text:
        raise IngestError("bad_document", f"{name}: the document is empty")
    head, *rest = _BLANK_LINE.split(text, maxsplit=1)
    title = plain_line(head)
    if not rest:
        raise IngestError("bad_document", f"{name}: no blank line between a title and the paragraphs")
    if "\n" in head.strip():
        raise IngestError("bad_document", f"{name}: the title runs over several lines; a blank line must follow line 1")
    pieces = (piece for line in rest[0].split("\n") for piece in _JOINT.split(line))
    body = "\n".join(paragraph for piece in pieces if (paragraph := normalise_whitespace(piece)))
    if not title or not body:
        raise IngestError("bad_document", f"{name}: the {'paragraphs are' if title else 'title is'} missing")
    return Document(title, body)
