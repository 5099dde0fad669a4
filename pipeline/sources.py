"""What a run starts from."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.elements import Article, Entry, Feed, Message, Record


@dataclass(frozen=True)
class Sources:
    """Elements by the place where they join the flow. A replay fills others than those of a run."""

    feeds: tuple[Feed, ...] = ()
    documents: tuple[Entry, ...] = ()
    archives: tuple[Entry, ...] = ()
    entries: tuple[Entry, ...] = ()
    articles: tuple[Article, ...] = ()
    records: tuple[Record, ...] = ()
    messages: tuple[Message, ...] = ()
