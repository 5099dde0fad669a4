"""Tags anew: revisions of tags beside what was written before."""

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pyarrow.parquet as pq
import pytest
from record_samples import make_record, write_lines

import pipeline.retag
from pipeline.records_input import find_record_files, latest_revisions, read_records
from pipeline.retag import main, retag
from transforms.errors import InputError
from transforms.parquet_format import records_to_table
from transforms.work import has_present_tags, retag_record

pytestmark = pytest.mark.slow


def old(number, **changes):
    """A record that an earlier tagger made, which found nothing."""
    given = {"statements": (), "ceasefire_mentions": (), "tagger_version": "0", "lexicon_version": None, **changes}
    return make_record(number, **given)


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "out"
    write_lines(root / "records/2026-01-10/a.jsonl", [old(1), make_record(2), old(3), old(3, revision=2)])
    write_lines(root / "records/2026-01-11/b.jsonl", [old(4)])
    (root / "table").mkdir()
    pq.write_table(records_to_table([old(1), make_record(2)]), root / "table/c.parquet")
    return root


def read_all(folder):
    return [record for path in find_record_files(str(folder)) for record in read_records(path)]


def test_old_tags_get_a_revision_and_present_ones_are_skipped(folder, capsys):
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert main([str(folder), "--workers", "1"]) == 0
    assert "5 records tagged anew in 3 files, 2 had present tags, 0 failed" in capsys.readouterr().err
    assert all(path.read_bytes() == content for path, content in before.items())
    new = sorted(str(p.relative_to(folder).parent) for p in folder.rglob("*") if p.is_file() and p not in before)
    assert new == ["records/2026-01-10", "records/2026-01-11", "table"]
    latest = latest_revisions(read_all(folder))
    assert all(has_present_tags(record) for record in latest)
    expected = {
        r.record_id: r
        for r in (retag_record(old(1)), make_record(2), retag_record(old(3, revision=2)), retag_record(old(4)))
    }
    assert {record.record_id: record for record in latest} == expected
    assert expected[old(1).record_id].tags_revision == 2
    assert expected[old(1).record_id].statements == make_record(1).statements != ()
    assert main([str(folder)]) == 0
    assert "0 records tagged anew in 0 files, 7 had present tags" in capsys.readouterr().err
    assert len(list(folder.rglob("*.*"))) == len(before) + 3


def test_into_another_folder(folder, tmp_path):
    before = sorted(folder.rglob("*"))
    counts = retag(str(folder), str(tmp_path / "new"), 1, 20.0)
    assert (counts["tagged"], counts["present"], counts["files"]) == (5, 2, 3)
    assert sorted(folder.rglob("*")) == before
    assert len(read_all(tmp_path / "new")) == 5
    again = retag(str(folder), str(tmp_path / "new"), 1, 20.0)
    assert (again["tagged"], again["files"]) == (0, 0)


def test_each_newer_tagger_adds_a_revision(folder):
    retag(str(folder), str(folder), 1, 20.0)
    # As if an earlier version had written the second revision.
    [path] = (folder / "records/2026-01-11").glob("b-tags-*.jsonl")
    write_lines(path, [old(4, tags_revision=2, tagger_version="0.5")])
    counts = retag(str(folder), str(folder), 1, 20.0)
    assert (counts["tagged"], counts["files"]) == (1, 1)
    [last] = [r for r in latest_revisions(read_all(folder)) if r.record_id == old(4).record_id]
    assert last.tags_revision == 3
    assert has_present_tags(last)


def test_what_cannot_be_tagged_in_time_keeps_its_tags_and_is_said(folder, capsys):
    slow = "قال الوزير إن الهدنة صامدة. " * 60_000
    write_lines(folder / "records/2026-01-12/d.jsonl", [replace(old(5), body=slow), old(6)])
    assert main([str(folder), "--workers", "1", "--page_deadline", "3"]) == 1
    said = capsys.readouterr().err
    assert f"{old(5).record_id} (https://news.example/ar/5) keeps its tags: tagging_deadline" in said
    assert "1 failed" in said
    done = {r.record_id for r in read_all(folder) if has_present_tags(r)}
    assert done == {old(n).record_id for n in (1, 2, 3, 4, 6)}


def test_what_is_damaged_or_missing_is_named(folder, tmp_path):
    with pytest.raises(InputError, match="no such folder"):
        main([str(tmp_path / "nowhere")])
    (folder / "records/x.jsonl").write_text("{}\n")
    with pytest.raises(InputError, match=r"x\.jsonl:1"):
        main([str(folder)])


def test_killed_at_any_moment_and_run_again(tmp_path):
    numbers = range(60)
    for n in numbers:
        write_lines(tmp_path / f"records/day{n % 6}/{n}.jsonl", [old(n)])
    command = [sys.executable, "-m", "pipeline", "retag", str(tmp_path), "--workers", "1"]
    moments = random.Random(1)
    for _ in range(5):
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
        time.sleep(moments.uniform(1.0, 3.0))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        read_all(tmp_path)  # whole files only
    assert main([str(tmp_path)]) == 0
    records = read_all(tmp_path)
    assert sorted((r.record_id, r.tags_revision) for r in records) == sorted(
        (old(n).record_id, revision) for n in numbers for revision in (1, 2)
    )


def test_names_of_files_stay_short(folder):
    name = pipeline.retag._name(folder / "a-tags-00000000.jsonl", folder)
    assert name.name.count("-tags-") == 1
    name.write_text("")
    assert pipeline.retag._name(folder / "a-tags-00000000.jsonl", folder).name.endswith("-2.jsonl")
