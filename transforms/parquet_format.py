"""Records as Arrow tables, whose nested schema is derived from `record.schema.json`. No Beam."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from typing import Any, Final

import pyarrow as pa

from transforms.elements import Record
from transforms.record_fields import Field, record_fields
from transforms.record_format import record_to_json

_TYPES: Final = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "time": pa.timestamp("us", tz="UTC"),
}


@cache
def arrow_schema() -> pa.Schema:
    """The Arrow schema of records: structs and lists for what is nested, times in microseconds UTC."""
    return pa.schema([_arrow_field(each) for each in record_fields()])


def record_to_arrow_row(record: Record) -> dict[str, Any]:
    """The record as a row of `arrow_schema`."""
    row: dict[str, Any] = json.loads(record_to_json(record))
    row["published_at"] = record.published_us
    row["fetched_at"] = record.fetched_us
    return row


def records_to_table(records: Iterable[Record]) -> pa.Table:
    """The records as one Arrow table, in their order."""
    return pa.Table.from_pylist([record_to_arrow_row(record) for record in records], schema=arrow_schema())


def _arrow_field(field: Field) -> pa.Field:
    kind = pa.struct([_arrow_field(each) for each in field.fields]) if field.fields else _TYPES[field.kind]
    if field.repeated:
        kind = pa.list_(pa.field("element", kind, nullable=False))
    return pa.field(field.name, kind, nullable=not field.required)
