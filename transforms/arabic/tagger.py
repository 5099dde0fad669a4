"""The tagger's door: statements and ceasefire mentions of one article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
    return Tags(statements, find_ceasefire_mentions(title, body, _voiced(statements)))


def _voiced(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """The statements with an elided speaker filled in where the one around it has the same source and names it."""
    out: list[Statement] = []
    for statement in statements:
        outer = out[statement.parent] if statement.parent is not None and statement.parent < len(out) else None
        if statement.speaker is None and outer and outer.speaker_ref and outer.speaker_ref == statement.speaker_ref:
            statement = replace(statement, speaker=outer.speaker)
        out.append(statement)
    return tuple(out)
