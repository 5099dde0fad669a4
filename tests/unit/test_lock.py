"""One run at a time on a state."""

import json
import time

import pytest

from pipeline import lock
from pipeline.lock import StateBusyError, lock_state
from transforms import files


def test_a_second_run_is_told_who_holds_the_state(tmp_path):
    state = str(tmp_path / "state")
    with lock_state(state, "first"), pytest.raises(StateBusyError, match="first"), lock_state(state, "second"):
        pass
    with lock_state(str(tmp_path / "state"), "third"):
        pass


@pytest.fixture
def bucket(tmp_path, monkeypatch):
    """A folder that the lock takes for a bucket's."""
    monkeypatch.setattr(lock, "_is_remote", lambda folder: True)
    return str(tmp_path)


def test_a_lease_is_held_and_given_back(bucket):
    with lock_state(bucket, "first"), pytest.raises(StateBusyError, match="first"), lock_state(bucket, "second"):
        pass
    assert not files.exists(files.join(bucket, "lock"))


def test_a_dead_runs_lease_runs_out(bucket):
    lease = {"run_id": "dead", "until": time.time() - 1}
    files.write_atomically(files.join(bucket, "lock"), json.dumps(lease).encode())
    with lock_state(bucket, "next"):
        assert json.loads(files.read_bytes(files.join(bucket, "lock")))["run_id"] == "next"
