"""Records as rows of PostgreSQL: the address of a table, and its columns by the record's schema. No Beam, no driver."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from transforms.elements import Record
from transforms.json_values import encode_json
from transforms.record_fields import Field, record_fields
from transforms.record_format import record_to_json

FORM: Final = "postgresql://USER@HOST:PORT/DATABASE[?table=TABLE]"
DEFAULT_TABLE: Final = "records"

# With `_latest` and `_published_at` behind it a name still fits the server's 63 bytes.
_TABLE: Final = re.compile(r"([a-z_][a-z0-9_]{0,62}\.)?[a-z_][a-z0-9_]{0,47}", re.ASCII)
_TYPES: Final = {
    "string": "text",
    "integer": "bigint",
    "number": "double precision",
    "boolean": "boolean",
    "time": "timestamptz",
    "object": "jsonb",
}
_ESCAPED_NUL: Final = "\\u0000"


@dataclass(frozen=True)
class PostgreSQLTable:
    """A table, `name` or `schema.name`, and how to connect to its database: an address without password."""

    connection: str
    name: str = DEFAULT_TABLE

    @property
    def address(self) -> str:
        return f"{self.connection} table {self.name}"


def parse_table(address: str) -> PostgreSQLTable:
    """The table that an address names; all of its query but `table` is libpq's. Raises ValueError.

    A password is refused: addresses stand in process lists, job files and logs.
    """
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if parts.password is not None or query.keys() & {"password", "sslpassword"}:
        raise ValueError("no password here: set PGPASSWORD, or keep it in ~/.pgpass")
    table = query.pop("table", DEFAULT_TABLE)
    if not address.startswith("postgresql://") or not parts.path.strip("/") or parts.fragment:
        raise ValueError(FORM)
    if not _TABLE.fullmatch(table):
        raise ValueError("?table=NAME or ?table=SCHEMA.NAME, in lower case letters, digits and _")
    connection = address.partition("?")[0] + ("?" + urlencode(query) if query else "")
    return PostgreSQLTable(connection, table)


def hide_password(address: str) -> str:
    """The address as it may be shown."""
    address = re.sub(r"(//[^:/?#@]*):[^?#]*@", r"\1:***@", address)
    return re.sub(r"([?&](?:ssl)?password=)[^&#]*", r"\1***", address)


def column_type(field: Field) -> str:
    """The type of a field's column: one of SQL's, jsonb for what is nested or repeated."""
    return "jsonb" if field.repeated else _TYPES[field.kind]


def columns() -> tuple[Field, ...]:
    """The record's fields, each of which is a column."""
    return record_fields()


def record_to_row(record: Record) -> tuple[str, int]:
    """The record as JSON that jsonb can hold, and how many NUL characters became U+FFFD in it.

    PostgreSQL's text has no NUL. Spans stay right, since each is replaced by one character.
    """
    line = record_to_json(record)
    if _ESCAPED_NUL not in line:
        return line, 0
    replaced = _replace_nuls(json.loads(line))
    clean = encode_json(replaced)
    return clean, line.count(_ESCAPED_NUL) - clean.count(_ESCAPED_NUL)


def _replace_nuls(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "\ufffd")
    if isinstance(value, list):
        return [_replace_nuls(each) for each in value]
    if isinstance(value, dict):
        return {key: _replace_nuls(each) for key, each in value.items()}
    return value
