"""Records read back from the files of a run, damaged ones named."""

import json

import pyarrow.parquet as pq
import pytest
from record_samples import make_record, write_lines

from pipeline.records_input import find_record_files, latest_revisions, read_records, require_record_files
from transforms.errors import InputError
from transforms.parquet_format import records_to_table
from transforms.record_format import record_to_json


def test_only_complete_record_files_are_found(tmp_path):
    for name in (
        "records/2026-01-01/a.jsonl",
        "table/b.parquet",
        "records/.staging/run/c.jsonl",
        "dead_letters/2026-01-01/d.jsonl",
        "summary/e.json",
        "state/f.jsonl",
        "records/2026-01-01/g.jsonl.part",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    assert [path.name for path in find_record_files(str(tmp_path))] == ["a.jsonl", "b.parquet"]


def test_a_folder_that_is_none_or_empty_is_named(tmp_path):
    with pytest.raises(InputError, match=r"nowhere: no such folder"):
        find_record_files(str(tmp_path / "nowhere"))
    with pytest.raises(InputError, match=r"no \.jsonl or \.parquet"):
        require_record_files(str(tmp_path))


def test_both_formats_give_the_same_records(tmp_path):
    records = [make_record(n) for n in range(3)]
    write_lines(tmp_path / "a.jsonl", records)
    pq.write_table(records_to_table(records), tmp_path / "a.parquet")
    assert list(read_records(tmp_path / "a.jsonl")) == records
    assert list(read_records(tmp_path / "a.parquet")) == records
    assert [m.act for m in records[0].ceasefire_mentions] == ["agree", "declare", "refuse", "violate"]


@pytest.mark.parametrize("line", ["{", "[]", '{"schema_version": "1.0"}', '{"schema_version": "2.0"}', "\x00"])
def test_a_damaged_line_is_named(tmp_path, line):
    (tmp_path / "a.jsonl").write_text(record_to_json(make_record(1)) + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.jsonl:2: not a record: "):
        list(read_records(tmp_path / "a.jsonl"))


@pytest.mark.parametrize(
    ("group", "key", "value"),
    [
        ("statements", "content", {"start": 0, "end": 4, "text": "other"}),
        ("statements", "content", {"start": -4, "end": 10**9, "text": ""}),
        ("statements", "content", {"start": 0, "end": 10**9, "text": make_record(1).body}),
        ("statements", "parent", 99),
        ("ceasefire_mentions", "statement", -1),
        ("ceasefire_mentions", "field", "nowhere"),
        ("ceasefire_mentions", "parties", [{"start": 0, "end": 1, "text": "x"}]),
    ],
)
def test_tags_that_do_not_fit_their_text_are_damage(tmp_path, group, key, value):
    record = json.loads(record_to_json(make_record(1)))
    record[group][0][key] = value
    (tmp_path / "a.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.jsonl:1: not a record: its tags do not fit"):
        list(read_records(tmp_path / "a.jsonl"))


def test_a_damaged_parquet_file_is_named(tmp_path):
    pq.write_table(records_to_table([make_record(1)]), tmp_path / "a.parquet")
    whole = (tmp_path / "a.parquet").read_bytes()
    (tmp_path / "a.parquet").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match=r"a\.parquet: cannot be read"):
        list(read_records(tmp_path / "a.parquet"))


def test_the_highest_revision_wins_and_of_equals_the_last():
    first, second, again = make_record(1), make_record(1, revision=2), make_record(1, revision=2, source="again")
    other = make_record(2)
    assert latest_revisions([second, other, first]) == [second, other]
    assert latest_revisions([first, second, again]) == [again]
    anew = make_record(1, revision=2, tags_revision=2)
    assert latest_revisions([first, anew, second, again]) == [anew]
