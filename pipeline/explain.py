"""An article with its tags marked, and the rule behind each: for the linguist who mends the lexicons."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Group
from rich.table import Table
from rich.text import Text

from transforms.arabic.tagger import Tags
from transforms.elements import CeasefireMention, Span, Statement
from transforms.web.text import printable

STYLES = {
    "cue": "bold yellow",
    "speaker": "bold cyan",
    "content": "underline",
    "term": "bold red",
    "actor": "bold magenta",
    "condition": "green",
}


def mark_field(text: str, tags: Iterable[Statement | CeasefireMention]) -> Text:
    """The text with every span of its tags in the style of its kind."""
    marked = Text(printable(text))
    for tag in tags:
        for kind, style in STYLES.items():
            span: Span | None = getattr(tag, kind, None)
            if span is not None:
                marked.stylize(style, span.start, span.end)
    return marked


def explain_article(identity: str, title: str, body: str, tags: Tags) -> Group:
    """The marked article, a legend, and a row a tag with the rule that made it."""
    all_tags: tuple[Statement | CeasefireMention, ...] = (*tags.statements, *tags.ceasefire_mentions)
    legend = Text("  ".join(STYLES))
    for kind, style in STYLES.items():
        legend.highlight_words([kind], style)
    parts = [Text(printable(identity), style="bold reverse"), legend]
    for field, text in (("title", title), ("body", body)):
        parts.append(mark_field(text, [tag for tag in all_tags if tag.field == field]))
    return Group(*parts, statement_table(tags.statements), mention_table(tags.ceasefire_mentions), Text(""))


def statement_table(statements: Iterable[Statement]) -> Table:
    table = _table("statement", "cue", "class", "speaker", "who", "content", "quote", "in", "rule")
    for number, s in enumerate(statements):
        who = f"{s.speaker_ref or ''}\n{s.speaker_kind or ''}{', name withheld' if s.anonymous else ''}"
        inside = "" if s.parent is None else str(s.parent)
        cells = (_text(s.cue), s.cue_class or "", _text(s.speaker), who, _text(s.content), s.quote, inside, s.rule)
        table.add_row(f"{number} {s.field}", *map(Text, cells))
    return table


def mention_table(mentions: Iterable[CeasefireMention]) -> Table:
    table = _table("ceasefire", "term", "act", "actor", "condition", "parties", "in", "codes", "rule")
    for number, m in enumerate(mentions):
        act = f"{'not ' if m.negated else ''}{m.act}{' if' if m.conditional else ''}"
        codes = " ".join(filter(None, (m.cameo, m.plover)))
        parties = " / ".join(printable(party.text) for party in m.parties)
        inside = "" if m.statement is None else str(m.statement)
        cells = (_text(m.term), act, _text(m.actor), _text(m.condition), parties, inside, codes, m.rule)
        table.add_row(f"{number} {m.field}", *map(Text, cells))
    return table


def _table(*names: str) -> Table:
    table = Table(show_lines=True)
    for name in names:
        table.add_column(name, overflow="fold")
    return table


def _text(span: Span | None) -> str:
    return printable(span.text) if span else ""
