"""The tagger's door: statements and ceasefire mentions of one article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from transforms.arabic.ceasefire import find_ceasefire_mentions
from transforms.arabic.statements import find_statements
from transforms.elements import CeasefireMention, Statement

TAGGER_VERSION: Final = "1"


@dataclass(frozen=True)
class Tags:
    """The tags of one article; `parent` and `statement` are indexes into `statements`."""

    statements: tuple[Statement, ...]
    ceasefire_mentions: tuple[CeasefireMention, ...]


def tag_text(title: str, body: str) -> Tags:
    """Tag an article. Deterministic; spans are code points of the field that a tag names."""
    statements = find_statements(title, body)
    return Tags(statements, find_ceasefire_mentions(title, body, statements))
