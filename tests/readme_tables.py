"""The tables of README.md that come from a definition: `python tests/readme_tables.py` prints them for pasting."""

from __future__ import annotations

from typing import Any

from transforms.record_format import load_schema


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


if __name__ == "__main__":
    print(schema_table())
