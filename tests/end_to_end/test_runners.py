"""The same job on every engine: the same records, and nothing lost on the way."""

import subprocess
import sys
import time

import pytest

from tests.newsworld import ALLOW, last_summary, rasid, read_lines, start_world
from transforms.summary import unbalanced_stages

pytestmark = pytest.mark.slow
HOSTS, ITEMS = 8, 10
# Without a cache, a worker process is started for every stage of the job.
ON_FLINK = ["--runner=PortableRunner", "--parallelism=2", "--environment_cache_millis=60000"]


@pytest.fixture(scope="module")
def world(shared):
    with start_world(shared, "--hosts", HOSTS, "--items", ITEMS) as made:
        yield made


def arguments(world, output, *more):
    return ["run", "--feeds", world.feeds, "--output", str(output), *ALLOW, "--host_pause", "0.1", *more]


def run(world, output, *more):
    done = rasid(*arguments(world, output, *more))
    assert done.returncode == 0, done.stderr
    return output


def what_was_written(output):
    """The records without the times of this run, in order, and each stage's counts."""
    records = [{**record, "fetched_at": ""} for record in read_lines(output / "records")]
    summary = last_summary(output)
    assert unbalanced_stages(summary) == []
    assert not list(output.rglob("*.part"))
    return sorted(records, key=lambda r: (r["record_id"], r["revision"])), summary["stages"]


@pytest.fixture(scope="module")
def expected(world, tmp_path_factory):
    """What FnApiRunner writes, the local engine."""
    records, stages = what_was_written(run(world, tmp_path_factory.mktemp("local") / "out"))
    assert len(records) == len({record["record_id"] for record in records}) == HOSTS * ITEMS
    assert sorted(record["url"] for record in records) == sorted(truth["url"] for truth in world.truth())
    return records, stages


def test_prism(world, expected, prism, tmp_path):
    out = run(world, tmp_path / "out", "--runner=PrismRunner", f"--prism_location={prism}")
    assert what_was_written(out) == expected


@pytest.mark.flink
def test_flink_with_workers_in_the_launcher(world, expected, flink, tmp_path):
    out = run(world, tmp_path / "out", *ON_FLINK, f"--job_endpoint={flink.endpoint}", "--environment_type=LOOPBACK")
    assert what_was_written(out) == expected


def external_workers(flink):
    return [
        *ON_FLINK,
        f"--job_endpoint={flink.endpoint}",
        "--environment_type=EXTERNAL",
        f"--environment_config={flink.worker_pool}",
        "--sdk_worker_parallelism=2",
        "--workers=1",
    ]


@pytest.mark.flink
def test_flink_with_two_worker_processes(world, expected, flink, tmp_path):
    out = run(world, tmp_path / "out", *external_workers(flink))
    assert what_was_written(out) == expected


@pytest.mark.flink
def test_flink_after_its_task_manager_was_killed(world, expected, flink, tmp_path):
    """Half-way through the pages; the job starts again on a new TaskManager and writes each record once."""
    out = tmp_path / "out"
    world.reset()
    command = [
        sys.executable,
        "-m",
        "pipeline",
        *arguments(world, out, "--host_pause", "0.5"),
        *external_workers(flink),
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as job:
        deadline = time.monotonic() + 300
        while pages_asked_for(world) < HOSTS * ITEMS / 2:
            assert job.poll() is None, job.stderr.read()
            assert time.monotonic() < deadline
            time.sleep(0.1)
        flink.kill_task_managers()
        flink.start_task_manager()
        _, said = job.communicate(timeout=300)
    assert job.returncode == 0, said
    assert pages_asked_for(world) > HOSTS * ITEMS  # the half that was lost was asked for again
    assert what_was_written(out) == expected


def pages_asked_for(world):
    by_site = world.stats()["by_site"]
    asked = [answers for paths in by_site.values() for path, answers in paths.items() if path.startswith("/news/")]
    return sum(sum(answers.values()) for answers in asked)


@pytest.mark.flink
def test_an_option_that_the_job_server_does_not_know(world, flink, tmp_path):
    done = rasid(*arguments(world, tmp_path, *ON_FLINK, f"--job_endpoint={flink.endpoint}", "--checkpoint_interval=1"))
    assert done.returncode == 2
    assert "did you mean --checkpointing_interval?" in done.stderr
