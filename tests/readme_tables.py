"""The parts of README.md that come from a definition: `python tests/readme_tables.py` writes them in their places."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline.__main__ import COMMANDS
from pipeline.run import make_parser
from transforms.elements import Article
from transforms.errors import REASONS
from transforms.json_values import parse_time
from transforms.metrics import DROPS
from transforms.record_format import load_schema, record_to_json
from transforms.web.text import content_hash
from transforms.work import tag_article


def schema_table() -> str:
    """The fields of a record, its tags and their spans, as Markdown."""
    schema = load_schema()
    parts = [_table("record", schema), *(_table(name, each) for name, each in schema["$defs"].items())]
    return "\n\n".join(parts)


def _table(name: str, definition: dict[str, Any]) -> str:
    rows = [
        f"| `{key}` | {_type(each)} | {_cell(each['description'])} |" for key, each in definition["properties"].items()
    ]
    head = f"**{name}**: {definition['description']}"
    return "\n".join([head, "", "| Field | Type | Meaning |", "| --- | --- | --- |", *rows])


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _type(definition: dict[str, Any]) -> str:
    if "$ref" in definition:
        return str(definition["$ref"]).rpartition("/")[2]
    if "anyOf" in definition:
        return " or ".join(_type(each) for each in definition["anyOf"])
    if "enum" in definition:
        return ", ".join(f"`{word}`" if word else "null" for word in definition["enum"])
    if definition["type"] == "array":
        return f"list of {_type(definition['items'])}"
    kinds = [definition["type"]] if isinstance(definition["type"], str) else definition["type"]
    return " or ".join(
        "time" if kind == "string" and "format" in definition and definition["format"] == "date-time" else kind
        for kind in kinds
    )


def options_table() -> str:
    """The options of `rasid run` by group, as Markdown."""
    parts = []
    for group in make_parser()._action_groups:
        rows = [
            f"| `{action.option_strings[0]}` | {_cell(action.help or '')} | {_default(action.default)} |"
            for action in group._group_actions
            if action.option_strings and action.dest != "help"
        ]
        if rows:
            parts.append(
                "\n".join([f"*{group.title}*", "", "| Option | Means | Default |", "| --- | --- | --- |", *rows])
            )
    return "\n\n".join(parts)


def _default(value: Any) -> str:
    return f"`{value}`" if value or value == 0 else ""


def two_columns(first: str, second: str, rows: dict[str, str]) -> str:
    """A table of names and what they mean, as Markdown."""
    head = [f"| {first} | {second} |", "| --- | --- |"]
    return "\n".join([*head, *(f"| `{name}` | {_cell(text)} |" for name, text in rows.items())])


def example_record() -> str:
    """A record of an invented article, tagged by the tagger, as JSON to read."""
    body = "قال وزير الدفاع سالم الأحمد إن الحكومة ترفض هدنة جديدة ما لم يتوقف القصف."
    title = "الحكومة ترفض هدنة جديدة"
    url = "https://news.example/ar/1234"
    published_us = parse_time("2026-01-31T08:00:00Z")
    article = Article(
        url=url,
        canonical_url=url,
        feed_url="https://news.example/rss.xml",
        entry_url=url,
        source="مثال",
        title=title,
        body=body,
        summary=None,
        authors=(),
        language="ar",
        language_score=1.0,
        published_us=published_us,
        published_from="feed",
        fetched_us=published_us + 312_000_000,
        content_hash=content_hash(f"{title}\n{body}"),
    )
    # Any change to a lexicon makes another version.
    record = json.loads(record_to_json(replace(tag_article(article), lexicon_version="5b1e0c9d2a7f4e36")))
    text = json.dumps(record, ensure_ascii=False, indent=1)
    # Spans and other small objects on one line each.
    text = re.sub(r"\{\s+(\"start\": \d+),\s+(\"end\": \d+),\s+(\"text\": \"[^\"]*\")\s+\}", r"{\1, \2, \3}", text)
    return f"```json\n{text}\n```"


def sections() -> dict[str, str]:
    """What stands between the markers `<!-- name -->` and `<!-- /name -->` of README.md."""
    return {
        "commands": two_columns("Command", "Does", {f"rasid {name}": text for name, (_, text) in COMMANDS.items()}),
        "example-record": example_record(),
        "record-fields": schema_table(),
        "options": options_table(),
        "reasons": two_columns("Reason", "Means", REASONS),
        "drops": two_columns("Why", "Means", DROPS),
    }


def fill(readme: str) -> str:
    """README with every section as the definitions have it."""
    for name, text in sections().items():
        before, opened, rest = readme.partition(f"<!-- {name} -->")
        _, closed, after = rest.partition(f"<!-- /{name} -->")
        if not (opened and closed):
            raise ValueError(f"README.md lacks the markers of {name}")
        readme = f"{before}{opened}\n{text}\n{closed}{after}"
    return readme


if __name__ == "__main__":
    readme = Path(__file__).resolve().parent.parent / "README.md"
    readme.write_text(fill(readme.read_text(encoding="utf-8")), encoding="utf-8")
