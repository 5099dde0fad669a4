"""The fields of a record as `record.schema.json` defines them, for forms that have columns. No Beam."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from transforms.record_format import load_schema

# What makes a row of a record: a table holds each pair once, or its view `..._latest` shows the last one. Of the same
# pair the later tags count; a record of version 1.0 has no number of them, which means 1.
ROW_KEY: Final = ("record_id", "revision")
TAGS_REVISION: Final = "tags_revision"


@dataclass(frozen=True)
class Field:
    """A field; `kind` is string, integer, number, boolean, time or object, and of a repeated one that of its elements.

    `required` fields are in every record and never null. `fields` are those of an object.
    """

    name: str
    kind: str
    required: bool
    repeated: bool
    description: str
    fields: tuple[Field, ...] = ()


@cache
def record_fields() -> tuple[Field, ...]:
    """The record's fields in the order of the schema."""
    return tuple(_fields_of(load_schema()))


def _fields_of(definition: dict[str, Any]) -> Iterator[Field]:
    for name, each in definition["properties"].items():
        concrete, nullable = _without_null(each)
        resolved = _resolve(concrete)
        repeated = resolved["type"] == "array"
        item = _resolve(resolved["items"]) if repeated else resolved
        yield Field(
            name=name,
            kind=_kind(item),
            required=name in definition["required"] and not nullable,
            repeated=repeated,
            description=each["description"],
            fields=tuple(_fields_of(item)) if item["type"] == "object" else (),
        )


def _without_null(definition: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    """The definition without its null alternative, and whether it had one."""
    alternatives = definition.get("anyOf", [definition])
    concrete = [each for each in alternatives if each.get("type") != "null"]
    return concrete[0], len(concrete) < len(alternatives) or "null" in definition.get("type", ())


def _resolve(definition: dict[str, Any]) -> dict[str, Any]:
    """The definition that a reference names, with a single type."""
    if "$ref" in definition:
        return _resolve(load_schema()["$defs"][definition["$ref"].rpartition("/")[2]])
    kinds = definition["type"]
    kind = kinds if isinstance(kinds, str) else next(each for each in kinds if each != "null")
    return {**definition, "type": kind}


def _kind(definition: dict[str, Any]) -> str:
    return "time" if definition.get("format") == "date-time" else str(definition["type"])
