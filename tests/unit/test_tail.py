"""New records, printed as they come."""

import json
import os
import signal
import subprocess
import sys

import pytest
from record_samples import make_record, write_lines

from pipeline.tail import follow_files, one_line, print_short
from transforms.errors import InputError
from transforms.record_format import record_to_json


def follow(folder, last, *looks):
    """The records that come where each look finds what one step wrote; it ends after the last step."""
    steps = iter(looks)

    def wait():
        step = next(steps, None)
        if step is None:
            raise KeyboardInterrupt
        step()

    found = []
    with pytest.raises(KeyboardInterrupt):
        found.extend(iter_into(found, follow_files(str(folder), last, wait)))
    return found


def iter_into(found, records):
    for record in records:
        found.append(record)
    return ()


def put(path, records, when):
    write_lines(path, records)
    os.utime(path, (when, when))


def test_it_begins_with_the_last_records_there(tmp_path):
    put(tmp_path / "b.jsonl", [make_record(1), make_record(2)], 100)
    put(tmp_path / "a.jsonl", [make_record(3), make_record(4)], 200)
    assert follow(tmp_path, 3) == [make_record(2), make_record(3), make_record(4)]
    assert follow(tmp_path, 0) == []


def test_new_files_are_followed_in_the_order_in_which_they_were_written(tmp_path):
    put(tmp_path / "old.jsonl", [make_record(1)], 100)

    def two_more():
        put(tmp_path / "day" / "b.jsonl", [make_record(2)], 200)
        put(tmp_path / "day" / "a.jsonl", [make_record(3)], 300)

    found = follow(tmp_path, 0, lambda: None, two_more, lambda: put(tmp_path / "c.jsonl", [make_record(4)], 400))
    assert found == [make_record(2), make_record(3), make_record(4)]


def test_files_that_are_not_complete_are_not_read(tmp_path):
    staged = tmp_path / "records" / ".staging" / "run" / "a.jsonl"
    final = tmp_path / "records" / "2026-01-10" / "a.jsonl"
    final.parent.mkdir(parents=True)
    found = follow(tmp_path, 9, lambda: put(staged, [make_record(1)], 100), lambda: None, lambda: staged.rename(final))
    assert found == [make_record(1)]


def test_a_damaged_file_is_named_and_left(tmp_path, capsys):
    def step():
        (tmp_path / "bad.jsonl").write_text("{\n")
        put(tmp_path / "good.jsonl", [make_record(1)], 10**10)

    assert follow(tmp_path, 9, step, lambda: None) == [make_record(1)]
    assert capsys.readouterr().err.count("bad.jsonl:1: not a record") == 1


def test_no_folder_is_an_error(tmp_path):
    with pytest.raises(InputError, match="no such folder"):
        next(follow_files(str(tmp_path / "none"), 1, lambda: None))


def test_a_record_in_short(capsys):
    print_short(make_record(1))
    out = capsys.readouterr().out
    assert out.splitlines()[0] == make_record(1).title
    assert "2026-01-11T08:00:00Z  مثال  https://news.example/ar/1" in out
    assert "[refuse] المعارضة: وقف إطلاق النار" in out
    assert "and 4 more" in out


def test_what_could_steer_a_terminal_is_taken_out():
    shown = one_line("a\x1b[31mb\u202ec\nd\u2067")
    assert not {"\x1b", "\u202e", "\u2067", "\n"} & set(shown)
    assert [char for char in shown if char.isalpha()] == ["a", "m", "b", "c", "d"]


@pytest.mark.slow
def test_ctrl_c_ends_it_with_0(tmp_path):
    put(tmp_path / "a.jsonl", [make_record(1)], 100)
    command = [sys.executable, "-m", "pipeline", "tail", "--input", str(tmp_path), "--json", "--interval", "0.1"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert json.loads(process.stdout.readline()) == json.loads(record_to_json(make_record(1)))
    write_lines(tmp_path / ".staging" / "b.jsonl", [make_record(2)])
    (tmp_path / ".staging" / "b.jsonl").rename(tmp_path / "b.jsonl")
    assert json.loads(process.stdout.readline())["url"].endswith("/2")
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0
    assert process.stderr.read() == ""
