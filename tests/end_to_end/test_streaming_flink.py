"""The streaming graph on a Flink cluster whose TaskManager is killed on the way."""

import time

import pytest

from tests.newsworld import read_lines, start_world
from tests.streaming import start_streaming

pytestmark = [pytest.mark.slow, pytest.mark.flink]
PACE = ("--poll_interval", "3", "--max_poll_interval", "5", "--file_seconds", "2", "--host_pause", "0.5")
# Beam asks Flink for three restarts, a second apart; a new TaskManager takes longer to come.
RESTARTS = ("--number_of_execution_retries=100", "--execution_retry_delay=2000")
CHECKPOINTS = ("--checkpointing_interval=3000", "--finish_bundle_before_checkpointing")


def has_checkpoint(flink):
    jobs = [job["jid"] for job in flink.ask("/jobs/overview")["jobs"] if job["state"] == "RUNNING"]
    return jobs and flink.ask(f"/jobs/{jobs[0]}/checkpoints")["counts"]["completed"] > 0


def test_nothing_is_lost_when_a_task_manager_is_killed(shared, flink, tmp_path):
    engine = ("--runner=PortableRunner", f"--job_endpoint={flink.endpoint}", "--environment_type=LOOPBACK")
    output = tmp_path / "out"
    with (
        start_world(shared, "--hosts", 5, "--items", 12) as world,
        start_streaming(world.feeds, output, *PACE, *engine, *CHECKPOINTS, *RESTARTS) as run,
    ):
        urls = {article["url"] for article in world.truth()}
        until = time.monotonic() + 300
        while not (run.arrivals and has_checkpoint(flink)):
            assert time.monotonic() < until, "no record in a file, or no checkpoint"
            time.sleep(0.2)
            run.look()
        assert len(run.arrivals) < len(urls), "too late to kill it on the way"
        flink.kill_task_managers()
        flink.start_task_manager()
        world.advance(1)
        urls = {article["url"] for article in world.truth()}
        run.wait_for(urls, 300)
        records = read_lines(output / "records")
        by_id = {record["record_id"]: record for record in records}
        assert sorted(record["url"] for record in by_id.values()) == sorted(urls)
        assert {record["revision"] for record in records} == {1}
        named = {record["duplicate_of"] for record in records} - {None}
        assert all(by_id[record_id]["duplicate_of"] is None for record_id in named)
        assert run.stop()[0] == 0
