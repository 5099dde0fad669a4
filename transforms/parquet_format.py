"""Records as Arrow tables, whose nested schema is derived from `record.schema.json`. No Beam."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

import pyarrow as pa

from transforms.elements import Record
from transforms.record_format import load_schema, record_to_json


@cache
def arrow_schema() -> pa.Schema:
    """The Arrow schema of records: structs and lists for what is nested, times in microseconds UTC."""
    return pa.schema(_fields(load_schema()))


def record_to_arrow_row(record: Record) -> dict[str, Any]:
    """The record as a row of `arrow_schema`."""
    row: dict[str, Any] = json.loads(record_to_json(record))
    row["published_at"] = record.published_us
    row["fetched_at"] = record.fetched_us
    return row


def records_to_table(records: Iterable[Record]) -> pa.Table:
    """The records as one Arrow table, in their order."""
    return pa.Table.from_pylist([record_to_arrow_row(record) for record in records], schema=arrow_schema())


def _fields(schema: dict[str, Any]) -> list[pa.Field]:
    required = schema["required"]
    return [_field(name, each, name in required) for name, each in schema["properties"].items()]


def _field(name: str, definition: dict[str, Any], required: bool = True) -> pa.Field:
    alternatives = definition.get("anyOf", [definition])
    concrete = [each for each in alternatives if each.get("type") != "null"]
    nullable = not required or len(concrete) < len(alternatives) or "null" in definition.get("type", ())
    return pa.field(name, _type(concrete[0]), nullable=nullable)


def _type(definition: dict[str, Any]) -> pa.DataType:
    if "$ref" in definition:
        return _type(load_schema()["$defs"][definition["$ref"].rpartition("/")[2]])
    named = definition["type"]
    kind = named if isinstance(named, str) else next(each for each in named if each != "null")
    if kind == "object":
        return pa.struct(_fields(definition))
    if kind == "array":
        return pa.list_(_field("element", definition["items"]))
    if definition.get("format") == "date-time":
        return pa.timestamp("us", tz="UTC")
    return {"string": pa.string(), "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_()}[kind]
