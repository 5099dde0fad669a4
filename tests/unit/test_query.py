"""SQL over the records of a folder."""

import csv
import io
import json

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from record_samples import make_record, write_lines

from pipeline.query import main, plain_value
from transforms.errors import InputError
from transforms.parquet_format import records_to_table
from transforms.record_format import record_to_json


@pytest.fixture
def folder(tmp_path):
    """Both formats; one record in both, one revised."""
    write_lines(tmp_path / "records" / "it's.jsonl", [make_record(1), make_record(2), make_record(2, revision=2)])
    (tmp_path / "table").mkdir()
    pq.write_table(records_to_table([make_record(1), make_record(3)]), tmp_path / "table" / "a.parquet")
    return str(tmp_path)


def ask(capsys, sql, folder, form="json"):
    assert main([sql, "--input", folder, "--format", form]) == 0
    return capsys.readouterr().out


def rows(capsys, sql, folder):
    return [json.loads(line) for line in ask(capsys, sql, folder).splitlines()]


def test_records_has_each_revision_once_and_latest_the_last(capsys, folder):
    counted = "SELECT revision, count(*) AS n FROM {} GROUP BY 1 ORDER BY 1"
    assert rows(capsys, counted.format("records"), folder) == [{"revision": 1, "n": 3}, {"revision": 2, "n": 1}]
    assert rows(capsys, counted.format("latest"), folder) == [{"revision": 1, "n": 2}, {"revision": 2, "n": 1}]


def test_the_latest_are_the_last_tags_of_the_last_text(capsys, folder, tmp_path):
    write_lines(tmp_path / "a.jsonl", [make_record(2, revision=2, tags_revision=2), make_record(1, tags_revision=3)])
    found = rows(capsys, "SELECT revision, tags_revision FROM latest ORDER BY published_at", folder)
    assert found == [
        {"revision": 1, "tags_revision": 3},
        {"revision": 2, "tags_revision": 2},
        {"revision": 1, "tags_revision": 1},
    ]
    assert rows(capsys, "SELECT count(*) AS n FROM records", folder) == [{"n": 6}]


def test_a_record_comes_out_as_it_went_in(capsys, folder):
    found = rows(capsys, "SELECT * FROM latest ORDER BY published_at", folder)
    assert found == [
        json.loads(record_to_json(r)) for r in (make_record(1), make_record(2, revision=2), make_record(3))
    ]


def test_files_of_earlier_and_later_versions_are_read_together(capsys, folder, tmp_path):
    table = pq.read_table(tmp_path / "table" / "a.parquet")
    rows_ = [
        {**row, "statements": [{k: v for k, v in s.items() if k != "rule"} for s in row["statements"]]}
        for row in table.drop_columns(["duplicate_of"]).to_pylist()
    ]
    pq.write_table(
        pa.Table.from_pylist([{**row, "record_id": "early"} for row in rows_[:1]]), tmp_path / "table" / "early.parquet"
    )
    later = json.loads(record_to_json(make_record(5))) | {"new": 1}
    (tmp_path / "later.jsonl").write_text(json.dumps(later) + "\n", encoding="utf-8")
    found = rows(
        capsys,
        "SELECT record_id, duplicate_of, statements[1].rule AS rule, statements[1].quote AS quote FROM latest",
        folder,
    )
    [early] = [row for row in found if row["record_id"] == "early"]
    assert (early["duplicate_of"], early["rule"], early["quote"]) == (None, None, make_record(1).statements[0].quote)
    assert len(found) == 5
    assert all(row["rule"] for row in found if row["record_id"] != "early")


def test_csv_holds_nested_values_as_json(capsys, folder):
    out = ask(capsys, "SELECT title, fetched_at, authors FROM latest LIMIT 1", folder, "csv")
    head, row = csv.reader(io.StringIO(out))
    assert head == ["title", "fetched_at", "authors"]
    assert (row[0], json.loads(row[2])) == (make_record(1).title, ["س"])
    assert row[1].endswith("Z")
    assert ask(capsys, "SELECT 1 AS a, 2 AS a WHERE false", folder, "csv") == "a,a\n"


def test_a_table_shows_names_types_and_rows(capsys, folder):
    out = ask(
        capsys,
        "SELECT act, count(*) AS n FROM (SELECT unnest(ceasefire_mentions).act AS act FROM latest) GROUP BY 1",
        folder,
        "table",
    )
    assert "refuse" in out
    assert "act" in out


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_no_statement_prints_nothing(capsys, folder, form):
    assert ask(capsys, "-- nothing", folder, form) == ""


@pytest.mark.parametrize(
    ("sql", "fault"),
    [("SELEC 1", "syntax error"), ("SELECT nope FROM records", "nope"), ("SELECT * FROM latest_", "latest_")],
)
def test_a_wrong_query_says_what_is_wrong(folder, sql, fault):
    with pytest.raises(InputError, match=f"the query failed: .*{fault}"):
        main([sql, "--input", folder])


def test_damaged_files_are_named(folder, tmp_path):
    (tmp_path / "records" / "bad.jsonl").write_text('{"record_id": \n')
    with pytest.raises(InputError, match=r"bad\.jsonl"):
        main(["SELECT count(title) FROM records", "--input", folder])
    (tmp_path / "records" / "bad.jsonl").write_text('{"id": 1}\n')
    with pytest.raises(InputError, match=r"bad\.jsonl: a line of it is no record"):
        main(["SELECT count(title) FROM records", "--input", folder])


def test_variables_of_the_program_are_no_tables(folder):
    with pytest.raises(InputError, match="does not exist"):
        main(["SELECT * FROM args", "--input", folder])


def test_without_duckdb_it_says_what_to_install(monkeypatch, folder):
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)
    with pytest.raises(InputError, match=r"rasid\[query\]"):
        main(["SELECT 1", "--input", folder])


def test_every_value_becomes_one_that_json_has():
    found = (
        duckdb.connect()
        .execute(
            "SELECT 1.5::DECIMAL(3,1), 2::DECIMAL(3,0), 'nan'::DOUBLE, DATE '2026-01-31', MAP {1: [true]}, INTERVAL 1 DAY, NULL"
        )
        .fetchone()
    )
    assert [plain_value(v) for v in found] == [1.5, 2, None, "2026-01-31", {"1": [True]}, "1 day, 0:00:00", None]
    json.dumps([plain_value(v) for v in found], allow_nan=False)
