"""Addresses of BigQuery tables, records as their rows, and what BigQuery would refuse."""

import json

import pytest

from tests.record_samples import make_record
from transforms import bigquery_format
from transforms.bigquery_format import (
    BigQueryTable,
    bigquery_schema,
    latest_query,
    parse_table,
    record_to_row,
    row_faults,
    row_id,
)
from transforms.errors import IngestError
from transforms.record_format import load_schema


@pytest.mark.parametrize(
    ("text", "table"),
    [
        ("news-123.arabic.records", BigQueryTable("news-123", "arabic", "records")),
        ("example.com:news-123.a_1.r-2", BigQueryTable("example.com:news-123", "a_1", "r-2")),
    ],
)
def test_what_an_address_names(text, table):
    assert parse_table(text) == table
    assert table.address == f"bigquery:{text}"


@pytest.mark.parametrize(
    "text", ["records", "arabic.records", "news-123.a-b.r", "news-123.a.r`x", "news-123.a.r.x", "n.a.r", "news-123.a."]
)
def test_what_is_no_address(text):
    with pytest.raises(ValueError, match=r"bigquery:PROJECT\.DATASET\.TABLE"):
        parse_table(text)


def test_the_schema_is_nested_and_says_what_may_be_missing():
    columns = {each["name"]: each for each in bigquery_schema()}
    assert list(columns) == list(load_schema()["properties"])
    assert (columns["record_id"]["type"], columns["record_id"]["mode"]) == ("STRING", "REQUIRED")
    assert (columns["published_at"]["type"], columns["published_at"]["mode"]) == ("TIMESTAMP", "NULLABLE")
    assert (columns["authors"]["type"], columns["authors"]["mode"]) == ("STRING", "REPEATED")
    mentions = {each["name"]: each for each in columns["ceasefire_mentions"]["fields"]}
    assert (mentions["actor"]["type"], mentions["actor"]["mode"]) == ("RECORD", "NULLABLE")
    assert (mentions["parties"]["type"], mentions["parties"]["mode"]) == ("RECORD", "REPEATED")
    assert [each["type"] for each in mentions["term"]["fields"]] == ["INTEGER", "INTEGER", "STRING"]
    assert mentions["negated"]["type"] == "BOOLEAN"
    assert columns["language_score"]["type"] == "FLOAT"


def _all_columns(columns):
    for each in columns:
        yield each
        yield from _all_columns(each.get("fields", ()))


def test_descriptions_are_no_longer_than_the_service_takes():
    assert all(0 < len(each["description"]) <= 1024 for each in _all_columns(bigquery_schema()))


def row(**changes):
    return {**json.loads(record_to_row(make_record(1))), **changes}


def test_a_record_has_no_fault():
    assert row_faults(row()) == []
    assert row_faults(row(published_at=None, published_from=None, summary=None, authors=[])) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"record_id": None}, "record_id is missing"),
        ({"revision": "1"}, "revision is no integer"),
        ({"revision": True}, "revision is no integer"),
        ({"revision": 2**63}, "revision is no integer"),
        ({"language_score": float("nan")}, "language_score is no number"),
        ({"fetched_at": "yesterday"}, "fetched_at is no time"),
        ({"fetched_at": "2026-02-30T08:00:00Z"}, "fetched_at is no time"),
        ({"title": "\ud800"}, "title is no string"),
        ({"title": 1}, "title is no string"),
        ({"authors": None}, "authors is no list"),
        ({"authors": ["a", None]}, "authors[1] is missing"),
        ({"extra": 1}, "extra: no such column"),
        ({"statements": [{}]}, "statements[0].field is missing"),
        ({"statements": ["x"]}, "statements[0] is no object"),
    ],
)
def test_what_is_refused_is_named(changes, fault):
    assert fault in row_faults(row(**changes))


def test_nested_faults_have_their_place():
    broken = row()
    broken["statements"][0]["content"]["start"] = "0"
    broken["ceasefire_mentions"][0]["negated"] = None
    assert row_faults(broken) == [
        "statements[0].content.start is no integer",
        "ceasefire_mentions[0].negated is missing",
    ]


def test_what_would_be_refused_never_leaves(monkeypatch):
    with pytest.raises(IngestError, match="revision is no integer") as caught:
        record_to_row(make_record(1, revision=2**63))
    assert caught.value.reason == "bad_element"
    monkeypatch.setattr(bigquery_format, "MAX_ROW_BYTES", 100)
    with pytest.raises(IngestError, match="BigQuery takes 100") as caught:
        record_to_row(make_record(1))
    assert caught.value.reason == "too_large"


def test_the_view_and_the_row_id():
    assert latest_query(BigQueryTable("news-123", "a", "r")).startswith("SELECT * FROM `news-123.a.r` ")
    assert row_id(row(record_id="x", revision=3)) == "x/3/1"
    assert row_id(row(record_id="x", revision=3, tags_revision=2)) == "x/3/2"
    assert row_id({"record_id": "x", "revision": 3}) == "x/3/1"
