"""Records as rows of BigQuery: the address of a table, its nested schema by the record's, what it refuses. No Beam."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from transforms.elements import Record
from transforms.errors import IngestError
from transforms.json_values import parse_time
from transforms.record_fields import ROW_KEY, TAGS_REVISION, Field, record_fields
from transforms.record_format import record_to_json

FORM: Final = "bigquery:PROJECT.DATASET.TABLE"

# By the day of fetching: known for every record, and always recent, as streaming inserts want it.
PARTITION_FIELD: Final = "fetched_at"
CLUSTER_FIELDS: Final = ("source", "record_id")
# A request of tabledata.insertAll takes 10 MB, a row of a load job 100 MB; one limit for both, with room for the
# request's own words: https://cloud.google.com/bigquery/quotas
MAX_ROW_BYTES: Final = 9_000_000

_ADDRESS: Final = re.compile(
    r"(?P<project>(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9])\.(?P<dataset>\w{1,1024})\.(?P<table>[\w-]{1,1000})",
    re.ASCII,
)
_TYPES: Final = {
    "string": "STRING",
    "integer": "INTEGER",
    "number": "FLOAT",
    "boolean": "BOOLEAN",
    "time": "TIMESTAMP",
    "object": "RECORD",
}


@dataclass(frozen=True)
class BigQueryTable:
    """A table of BigQuery."""

    project: str
    dataset: str
    table: str

    @property
    def name(self) -> str:
        return f"{self.project}.{self.dataset}.{self.table}"

    @property
    def address(self) -> str:
        return f"bigquery:{self.name}"


def parse_table(text: str) -> BigQueryTable:
    """The table that PROJECT.DATASET.TABLE names. Raises ValueError."""
    found = _ADDRESS.fullmatch(text)
    if found is None:
        raise ValueError(FORM)
    return BigQueryTable(**found.groupdict())


@cache
def bigquery_schema() -> list[dict[str, Any]]:
    """The table's schema as BigQuery's API has it in JSON."""
    return [_column(each) for each in record_fields()]


def latest_query(table: BigQueryTable) -> str:
    """The last revision of each record; of one that was sent twice, what was fetched last."""
    order = ", ".join(f"{name} DESC" for name in (*ROW_KEY[1:], f"COALESCE({TAGS_REVISION}, 1)", PARTITION_FIELD))
    name = table.name.replace("`", "")
    return (
        f"SELECT * FROM `{name}` WHERE TRUE "  # noqa: S608 - parse_table lets letters, digits, - and _ through
        f"QUALIFY ROW_NUMBER() OVER (PARTITION BY {ROW_KEY[0]} ORDER BY {order}) = 1"
    )


def record_to_row(record: Record) -> str:
    """The record as one line of JSON for `bigquery_schema`. Raises IngestError for what BigQuery would refuse."""
    line = record_to_json(record)
    faults = row_faults(json.loads(line))
    if faults:
        raise IngestError("bad_element", f"no row for BigQuery: {'; '.join(faults)}"[:500])
    size = len(line.encode())
    if size > MAX_ROW_BYTES:
        raise IngestError("too_large", f"{size} bytes; BigQuery takes {MAX_ROW_BYTES} a row")
    return line


def row_faults(row: dict[str, Any]) -> list[str]:
    """Why BigQuery would refuse a row, each with its place; empty where it would not."""
    return list(_object_faults(row, record_fields(), ""))


def row_id(row: dict[str, Any]) -> str:
    """By which streaming inserts recognise a row that is sent again, for a minute or so."""
    return "/".join(str(each) for each in (*(row[name] for name in ROW_KEY), row.get(TAGS_REVISION, 1)))


def _column(field: Field) -> dict[str, Any]:
    column: dict[str, Any] = {
        "name": field.name,
        "type": _TYPES[field.kind],
        "mode": "REPEATED" if field.repeated else "REQUIRED" if field.required else "NULLABLE",
        "description": field.description,
    }
    if field.fields:
        column["fields"] = [_column(each) for each in field.fields]
    return column


def _object_faults(values: Any, fields: Sequence[Field], path: str) -> Iterator[str]:
    if not isinstance(values, dict):
        yield f"{path.removesuffix('.')} is no object"
        return
    yield from (f"{path}{name}: no such column" for name in values.keys() - {each.name for each in fields})
    for field in fields:
        value, place = values.get(field.name), path + field.name
        if field.repeated:
            if not isinstance(value, list):
                yield f"{place} is no list"
            else:
                for i, each in enumerate(value):
                    yield from _value_faults(each, field, f"{place}[{i}]")
        elif value is not None or field.required:
            yield from _value_faults(value, field, place)


def _value_faults(value: Any, field: Field, place: str) -> Iterator[str]:
    if value is None:
        yield f"{place} is missing"
    elif field.kind == "object":
        yield from _object_faults(value, field.fields, f"{place}.")
    elif not _fits(value, field.kind):
        yield f"{place} is no {field.kind}"


def _fits(value: Any, kind: str) -> bool:
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "integer":
        return type(value) is int and -(2**63) <= value < 2**63
    if kind == "number":
        return type(value) in (int, float) and math.isfinite(value)
    if not isinstance(value, str):
        return False
    try:
        value.encode()
        if kind == "time":
            parse_time(value)
    except ValueError:
        return False
    return True
