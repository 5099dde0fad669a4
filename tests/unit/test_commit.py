"""A run's files appear together or not at all, wherever it dies."""

import os
import time

import pytest

from transforms import files
from transforms.commit import (
    StatePaths,
    begin_run,
    clear_stale_staging,
    commit_run,
    detached_run,
    load_state,
    recover,
    staging_folder,
)
from transforms.state import State
from transforms.state_file import dump_state


@pytest.fixture
def run(tmp_path):
    """A run that has staged two files: state folder, renames, state bytes."""
    output, state = str(tmp_path / "out"), str(tmp_path / "state")
    staging = staging_folder(output, "run1")
    begin_run(state, "run1", [staging])
    renames = []
    for name in ("a.jsonl", "b.jsonl"):
        staged = files.join(staging, name + ".part")
        files.write_atomically(staged, name.encode())
        renames.append((staged, files.join(output, "day", name)))
    return state, renames, dump_state(State("run1"), "now"), output


def visible(output):
    return sorted(p.rsplit("/", 1)[1] for p in files.match(output + "/day/*"))


def test_a_commit_shows_files_and_state(run):
    state, renames, content, output = run
    commit_run(state, "run1", renames, content)
    assert visible(output) == ["a.jsonl", "b.jsonl"]
    assert load_state(state).run_id == "run1"
    assert not files.exists(StatePaths(state).journal)


def test_a_run_that_dies_before_its_commit_leaves_nothing(run):
    state, renames, _, output = run
    assert recover(state) == "run1"
    assert not any(files.exists(staged) for staged, _ in renames)
    assert visible(output) == []
    assert recover(state) is None


@pytest.mark.parametrize("dies_at", range(4))
def test_a_commit_that_dies_at_any_rename_is_carried_through(run, monkeypatch, dies_at):
    state, renames, content, output = run
    done = []

    def rename(source, destination):
        # The journal's own rename comes first of all and has to happen.
        if len(done) == dies_at + 2:
            raise KeyboardInterrupt
        done.append(destination)
        real(source, destination)

    real = files.rename
    monkeypatch.setattr(files, "rename", rename)
    try:
        commit_run(state, "run1", renames, content)
    except KeyboardInterrupt:
        assert dies_at < 3
    monkeypatch.undo()
    recover(state)
    assert visible(output) == ["a.jsonl", "b.jsonl"]
    assert load_state(state).run_id == "run1"
    assert not files.exists(StatePaths(state).journal)


def test_a_commit_may_be_tried_again_after_it_succeeded(run):
    state, renames, content, output = run
    commit_run(state, "run1", renames, content)
    commit_run(state, "run1", renames, content)
    assert visible(output) == ["a.jsonl", "b.jsonl"]


def test_a_run_that_was_given_up_may_not_commit(run):
    state, renames, content, output = run
    recover(state)
    with pytest.raises(RuntimeError, match="run1 was given up"):
        commit_run(state, "run1", renames, content)
    begin_run(state, "run2", [staging_folder(output, "run2")])
    with pytest.raises(RuntimeError, match="the run under way: run2"):
        commit_run(state, "run1", renames, content)
    assert visible(output) == []
    assert load_state(state).run_id == ""


def test_a_detached_run_holds_the_state_until_it_commits_or_its_time_is_over(run):
    state, renames, content, output = run
    assert detached_run(state, 0.0) is None
    begin_run(state, "run1", [staging_folder(output, "run1")], detached_until=100.0)
    assert detached_run(state, 99.0) == "run1"
    assert detached_run(state, 100.0) is None
    commit_run(state, "run1", renames, content)
    assert detached_run(state, 99.0) is None


def test_staging_that_nobody_has_touched_for_a_day_is_removed(tmp_path):
    now = time.time()
    ages = {
        ("old", "a.part"): 25,
        ("old", "b.part"): 30,
        ("mixed", "a.part"): 25,
        ("mixed", "b.part"): 23,
        ("new", "a.part"): 0,
    }
    for (run, name), hours in ages.items():
        path = tmp_path / ".staging" / run / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half")
        os.utime(path, (now - hours * 3600,) * 2)
    (tmp_path / "2026-01-01").mkdir()
    (tmp_path / "2026-01-01" / "a.jsonl").write_bytes(b"")
    os.utime(tmp_path / "2026-01-01" / "a.jsonl", (now - 99 * 3600,) * 2)
    assert clear_stale_staging(str(tmp_path), now) == 2
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {".staging/mixed/a.part", ".staging/mixed/b.part", ".staging/new/a.part", "2026-01-01/a.jsonl"}
    assert not (tmp_path / ".staging" / "old").exists()
    assert clear_stale_staging(str(tmp_path), now) == 0
    assert clear_stale_staging(str(tmp_path / "none"), now) == 0


def test_files_without_a_time_stay(tmp_path, monkeypatch):
    path = tmp_path / ".staging" / "run" / "a.part"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"half")
    monkeypatch.setattr(files, "match_times", lambda _: {str(path): 0.0})
    assert clear_stale_staging(str(tmp_path), time.time()) == 0
    assert path.exists()
