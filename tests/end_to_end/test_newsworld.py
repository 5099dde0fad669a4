"""The main job over a world of news sites: everything arrives once, run after run, whatever happens in between."""

import signal
import subprocess
import sys
import time

import pytest

from tests.newsworld import ALLOW, body_quality, last_summary, rasid, read_lines, start_world
from transforms.record_format import validate_record

pytestmark = pytest.mark.slow


def run(world, output, *more):
    done = rasid("run", "--feeds", world.feeds, "--output", output, *ALLOW, *more)
    assert done.returncode == 0, done.stderr
    return done


def assert_same_articles(records, truth):
    assert sorted(r["url"] for r in records) == sorted(t["url"] for t in truth)
    assert len({r["record_id"] for r in records}) == len(records)
    by_url = {r["url"]: r for r in records}
    for article in truth:
        record = by_url[article["url"]]
        assert record["title"] == article["title"]
        assert record["published_at"] == article["published"]
        assert record["feed_url"] == article["feed"]


def assert_nothing_lost(output):
    for stage, counts in last_summary(output)["stages"].items():
        assert counts.get("in", 0) == sum(n for outcome, n in counts.items() if outcome != "in"), stage


def test_three_runs_of_a_scheduler(shared, tmp_path):
    """First all, then nothing, then what is new; the hosts' limits are kept."""
    out = tmp_path / "out"
    with start_world(shared, "--hosts", 8, "--items", 10) as world:
        run(world, out, "--host_pause", "0.2", "--sink", f"jsonl:{out}/records", "--sink", f"parquet:{tmp_path}/table")
        records, truth = read_lines(out / "records"), world.truth()
        assert_same_articles(records, truth)
        assert [fault for record in records for fault in validate_record(record)] == []
        recall, precision = body_quality(records, truth)
        assert recall >= 0.99
        assert precision >= 0.95
        assert_nothing_lost(out)
        stats = world.stats()
        assert max(stats["most_at_once"].values()) <= 2
        assert min(stats["shortest_pause_s"].values()) >= 0.2
        assert [paths["/robots.txt"] for paths in stats["by_site"].values()] == [{"200": 1}] * 8

        world.reset()
        run(world, out)
        assert len(read_lines(out / "records")) == 80
        stats = world.stats()
        assert stats["by_status"].get("304") == 8
        asked = {path for paths in stats["by_site"].values() for path in paths}
        assert not [path for path in asked if path.startswith("/news/")]
        assert_nothing_lost(out)

        world.advance(2)
        run(world, out, "--host_pause", "0")
        assert_same_articles(read_lines(out / "records"), world.truth())
        assert_nothing_lost(out)
        # Asked by the first run, and no more within the day.
        assert not [paths for paths in world.stats()["by_site"].values() if "/robots.txt" in paths]


def test_a_killed_run_is_mended_by_the_next(shared, tmp_path):
    out = tmp_path / "out"
    with start_world(shared, "--hosts", 6, "--items", 10) as world:
        command = ["run", "--feeds", world.feeds, "--output", str(out), *ALLOW, "--host_pause", "0.1"]
        for patience in (10, 30):
            victim = subprocess.Popen(
                [sys.executable, "-m", "pipeline", *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            world.reset()
            deadline = time.monotonic() + 60
            while world.stats()["requests"] < patience and victim.poll() is None and time.monotonic() < deadline:
                time.sleep(0.05)
            victim.send_signal(signal.SIGKILL)
            victim.wait()
            assert victim.returncode == -signal.SIGKILL
        run(world, out, "--host_pause", "0")
        assert_same_articles(read_lines(out / "records"), world.truth())
        assert not list((out / "records").rglob("*.part"))


def test_two_runs_on_one_state(shared, tmp_path):
    out = tmp_path / "out"
    with start_world(shared, "--hosts", 4, "--items", 8) as world:
        arguments = ["run", "--feeds", world.feeds, "--output", str(out), *ALLOW]
        slow = [*arguments, "--host_pause", "2"]  # longer than the second takes to start, on any machine
        with subprocess.Popen([sys.executable, "-m", "pipeline", *slow], stderr=subprocess.PIPE) as first:
            deadline = time.monotonic() + 60
            while world.stats()["requests"] < 5 and time.monotonic() < deadline:
                time.sleep(0.05)
            second = rasid(*arguments)
            assert second.returncode == 2
            assert "another run works on this state" in second.stderr
            first.communicate()
            assert first.returncode == 0
        assert_same_articles(read_lines(out / "records"), world.truth())


def test_dead_letters_are_replayed_from_their_stage(shared, tmp_path):
    """A deadline too short for any answer, then a replay with time enough."""
    out = tmp_path / "out"
    with start_world(shared, "--hosts", 3, "--items", 4, "--delay", "0.3") as world:
        (tmp_path / "feeds.txt").write_text("\n".join(sorted({t["feed"] for t in world.truth()})))
        arguments = ["--output", out, *ALLOW, "--host_pause", "0"]
        failed = rasid("run", "--feeds", tmp_path / "feeds.txt", *arguments, "--request_deadline", "0.1")
        assert failed.returncode == 1, failed.stderr
        letters = read_lines(out / "dead_letters")
        assert {(letter["stage"], letter["reason"]) for letter in letters} == {("read_feeds", "deadline")}
        replayed = rasid("replay", out / "dead_letters", *arguments)
        assert replayed.returncode == 0, replayed.stderr
        assert_same_articles(read_lines(out / "records"), world.truth())
