"""Addresses of PostgreSQL tables, and records as their rows."""

import json

import pytest

from pipeline.options import make_config, with_defaults
from pipeline.run import make_parser
from tests.record_samples import make_record
from transforms.errors import InputError
from transforms.postgresql_format import (
    PostgreSQLTable,
    column_type,
    columns,
    hide_password,
    parse_table,
    record_to_row,
)
from transforms.record_format import record_to_json


@pytest.mark.parametrize(
    ("address", "connection", "name"),
    [
        ("postgresql://me@db.example:5433/news", "postgresql://me@db.example:5433/news", "records"),
        ("postgresql://me@db.example/news?table=r_1", "postgresql://me@db.example/news", "r_1"),
        ("postgresql:///news?table=press.r&host=/run/x", "postgresql:///news?host=%2Frun%2Fx", "press.r"),
        ("postgresql://[::1]/n?sslmode=verify-full", "postgresql://[::1]/n?sslmode=verify-full", "records"),
    ],
)
def test_what_an_address_names(address, connection, name):
    assert parse_table(address) == PostgreSQLTable(connection, name)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql:news", "postgresql://USER@HOST:PORT/DATABASE"),
        ("postgresql://me@db.example", "postgresql://USER@HOST:PORT/DATABASE"),
        ("postgresql://me@db.example/news#x", "postgresql://USER@HOST:PORT/DATABASE"),
        ("postgresql://me@db.example/news?table=a.b.c", "SCHEMA.NAME"),
        ("postgresql://me@db.example/news?table=", "SCHEMA.NAME"),
        ("postgresql://me@db.example/news?table=Records", "lower case"),
        ("postgresql://me@db.example/news?table=a;drop", "lower case"),
        (f"postgresql://me@db.example/news?table={'a' * 49}", "lower case"),
        ("postgresql://me:secret@db.example/news", "PGPASSWORD"),
        ("postgresql://me:@db.example/news", "PGPASSWORD"),
        ("postgresql://me@db.example/news?password=secret", "PGPASSWORD"),
    ],
)
def test_what_is_no_address_and_no_password_is_shown(address, said):
    with pytest.raises(ValueError, match=said.replace("?", r"\?")):
        parse_table(address)
    with pytest.raises(InputError, match="--sink") as caught:
        make_config(with_defaults(make_parser().parse_args([f"--sink={address}"])))
    assert "secret" not in str(caught.value)


def test_a_password_is_hidden_whole():
    assert hide_password("postgresql://me:s:e/c@ret@h/d?a=b") == "postgresql://me:***@h/d?a=b"
    assert (
        hide_password("postgresql://h/d?password=x&sslpassword=y&a=b")
        == "postgresql://h/d?password=***&sslpassword=***&a=b"
    )
    for plain in ("postgresql://me@h:5432/d?table=a", "jsonl:/a@b", "bigquery:a.b.c", "parquet:gs://b/x:y@z"):
        assert hide_password(plain) == plain


def test_each_field_has_a_column():
    types = {each.name: column_type(each) for each in columns()}
    assert list(types) == list(json.loads(record_to_json(make_record(1))))
    assert {"text", "bigint", "double precision", "timestamptz", "jsonb"} == set(types.values())


def test_a_row_is_the_line_unless_it_has_a_nul():
    record = make_record(1)
    assert record_to_row(record) == (record_to_json(record), 0)
    literal = make_record(1, body="حرف \\u0000")
    assert record_to_row(literal) == (record_to_json(literal), 0)
    row, replaced = record_to_row(make_record(1, title="أ\0", body="حرف \\u0000 \0"))
    assert (json.loads(row)["title"], json.loads(row)["body"]) == ("أ\ufffd", "حرف \\u0000 \ufffd")
    assert replaced == 2
