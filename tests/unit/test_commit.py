"""A run's files appear together or not at all, wherever it dies."""

import pytest

from transforms import files
from transforms.commit import StatePaths, begin_run, commit_run, detached_run, load_state, recover, staging_folder
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
