"""The streaming graph on a Flink cluster whose TaskManager is killed on the way."""

import time

import pytest

from tests.newsworld import read_lines, start_world
from tests.site import serve
from tests.streaming import start_streaming
from tests.texts import make_body

pytestmark = [pytest.mark.slow, pytest.mark.flink]
PACE = ("--poll_interval", "3", "--max_poll_interval", "5", "--file_seconds", "2", "--host_pause", "0.5")
# Beam asks Flink for three restarts, a second apart; a new TaskManager takes longer to come.
RESTARTS = ("--number_of_execution_retries=100", "--execution_retry_delay=2000")
CHECKPOINTS = ("--checkpointing_interval=3000", "--finish_bundle_before_checkpointing")


@pytest.fixture
def cluster(flink):
    """Without the jobs of tests before."""
    yield flink
    flink.cancel_jobs()


def running_jobs(flink):
    return [job["jid"] for job in flink.ask("/jobs/overview")["jobs"] if job["state"] == "RUNNING"]


def checkpoints(flink):
    """How many the running job has made."""
    jobs = running_jobs(flink)
    return flink.ask(f"/jobs/{jobs[0]}/checkpoints")["counts"]["completed"] if jobs else 0


def test_nothing_is_lost_when_a_task_manager_is_killed(shared, cluster, tmp_path):
    engine = ("--runner=PortableRunner", f"--job_endpoint={cluster.endpoint}", "--environment_type=LOOPBACK")
    output = tmp_path / "out"
    with (
        start_world(shared, "--hosts", 5, "--items", 12) as world,
        start_streaming(world.feeds, output, *PACE, *engine, *CHECKPOINTS, *RESTARTS) as run,
    ):
        urls = {article["url"] for article in world.truth()}
        until = time.monotonic() + 300
        while not (run.arrivals and checkpoints(cluster)):
            assert time.monotonic() < until, "no record in a file, or no checkpoint"
            time.sleep(0.2)
            run.look()
        assert len(run.arrivals) < len(urls), "too late to kill it on the way"
        cluster.kill_task_managers()
        cluster.start_task_manager()
        world.advance(1)
        urls = {article["url"] for article in world.truth()}
        run.wait_for(urls, 300)
        records = read_lines(output / "records")
        by_id = {record["record_id"]: record for record in records}
        assert sorted(record["url"] for record in by_id.values()) == sorted(urls)
        assert {record["revision"] for record in records} == {1}
        assert run.stop()[0] == 0


def test_texts_are_known_after_a_task_manager_was_killed(cluster, tmp_path):
    """What came before the kill is the original of what comes after it."""
    engine = ("--runner=PortableRunner", f"--job_endpoint={cluster.endpoint}", "--environment_type=LOOPBACK")
    output, feeds = tmp_path / "out", tmp_path / "feeds.txt"
    with serve("127.0.0.1") as first, serve("127.0.0.2") as second:
        feeds.write_text(f"{first.address}/rss.xml\n{second.address}/rss.xml\n")
        first.publish(0, make_body("wire"))
        second.publish(0, make_body("another"))
        with start_streaming(feeds, output, *PACE, *engine, *CHECKPOINTS, *RESTARTS) as run:
            run.wait_for([f"{site.address}/news/0.html" for site in (first, second)], 300)
            made, until = checkpoints(cluster), time.monotonic() + 120
            while checkpoints(cluster) < made + 2:
                assert time.monotonic() < until, "no checkpoint"
                time.sleep(0.5)
            cluster.kill_task_managers()
            cluster.start_task_manager()
            second.publish(1, make_body("wire", 6))
            first.publish(1, make_body("another", 6))
            run.wait_for([f"{site.address}/news/1.html" for site in (first, second)], 300)
            assert run.stop()[0] == 0
        records = read_lines(output / "records")
        url_of = {record["record_id"]: record["url"] for record in records}
        assert {record["url"]: url_of.get(record["duplicate_of"]) for record in records} == {
            f"{first.address}/news/0.html": None,
            f"{second.address}/news/0.html": None,
            f"{second.address}/news/1.html": f"{first.address}/news/0.html",
            f"{first.address}/news/1.html": f"{second.address}/news/0.html",
        }
