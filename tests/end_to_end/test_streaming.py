"""A run without end over a world that goes on publishing."""

import json
import signal
import time
import urllib.request

import pytest

from tests.newsworld import read_lines, start_world
from tests.streaming import start_streaming
from transforms.record_format import validate_record
from transforms.summary import unbalanced_stages

pytestmark = pytest.mark.slow
PACE = ("--poll_interval", "3", "--max_poll_interval", "5", "--file_seconds", "2", "--host_pause", "0.1")
WITHIN_S = 3 + 30


def urls_of(world):
    return {article["url"] for article in world.truth()}


def asked(world):
    """How often each path was asked, by site and path."""
    by_site = world.stats()["by_site"]
    return {(site, path): sum(n.values()) for site, paths in by_site.items() for path, n in paths.items()}


def assert_each_once(world, output):
    records = read_lines(output / "records")
    assert sorted(r["url"] for r in records) == sorted(urls_of(world))
    assert [fault for r in records for fault in validate_record(r)] == []


def test_what_appears_is_soon_in_a_file_and_only_once(shared, tmp_path):
    output = tmp_path / "out"
    with start_world(shared, "--hosts", 6, "--items", 5) as world, start_streaming(world.feeds, output, *PACE) as run:
        run.wait_for(urls_of(world), 90)
        for _ in range(3):
            known = urls_of(world)
            world.advance(1)
            appeared = time.time()
            fresh = urls_of(world) - known
            assert len(fresh) == 6
            run.wait_for(fresh, WITHIN_S)
            assert max(run.arrivals[url][0] for url in fresh) - appeared <= WITHIN_S
        code, said = run.stop()
        assert code == 0, said
        assert "new records" in said
        assert_each_once(world, output)
        for path in (output / "summary").glob("*.json"):
            assert unbalanced_stages(json.loads(path.read_text())) == []
        assert not list(output.rglob("*.part"))


def test_polls_keep_their_interval(shared, tmp_path):
    with start_world(shared, "--hosts", 3, "--items", 3) as world:
        with start_streaming(world.feeds, tmp_path, *PACE) as run:
            run.wait_for(urls_of(world), 60)
            world.reset()
            began = time.monotonic()
            time.sleep(12)
            assert run.stop()[0] == 0
            seconds = time.monotonic() - began
        polls = {site: n for (site, path), n in asked(world).items() if path == "/rss.xml"}
        assert len(polls) == 3
        assert all(1 <= n <= seconds / 3 + 1 for n in polls.values()), polls


def test_feeds_join_and_leave_the_list_while_it_runs(shared, tmp_path):
    with start_world(shared, "--hosts", 2, "--items", 3) as world:
        first, second = sorted(world.sites().values())
        by_feed = {feed: {t["url"] for t in world.truth() if t["feed"] == feed} for feed in (first, second)}
        feeds = tmp_path / "feeds.txt"
        feeds.write_text(first + "\n")
        with start_streaming(feeds, tmp_path / "out", *PACE) as run:
            run.wait_for(by_feed[first], 60)
            assert set(run.arrivals) == by_feed[first]
            feeds.write_text(second + "\n")
            run.wait_for(by_feed[second], 60)
            world.advance(1)
            run.wait_for({t["url"] for t in world.truth() if t["feed"] == second}, WITHIN_S)
            assert not {t["url"] for t in world.truth() if t["feed"] == first} - by_feed[first] & set(run.arrivals)
            assert run.stop(signal.SIGINT)[0] == 0


@pytest.mark.parametrize("after_s", [4.0, 6.0, 9.0])
def test_killed_and_started_again_nothing_is_lost_and_nothing_written_twice(shared, tmp_path, after_s):
    output = tmp_path / "out"
    with start_world(shared, "--hosts", 4, "--items", 12) as world:
        with start_streaming(world.feeds, output, *PACE) as run:
            time.sleep(after_s)
            run.process.send_signal(signal.SIGKILL)
            run.process.wait()
        world.advance(1)
        with start_streaming(world.feeds, output, *PACE) as run:
            run.wait_for(urls_of(world), 90)
            assert run.stop()[0] == 0
        assert_each_once(world, output)


def test_a_stop_in_the_middle_writes_what_was_fetched_and_the_next_run_has_the_rest(shared, tmp_path):
    output = tmp_path / "out"
    with start_world(shared, "--hosts", 2, "--items", 40) as world:
        with start_streaming(world.feeds, output, *PACE, "--host_pause", "0.4") as run:
            while not run.arrivals:
                time.sleep(0.3)
                run.look()
            code, said = run.stop()
            assert code == 0, said
        written = len(read_lines(output / "records"))
        assert 0 < written < 80
        world.reset()
        with start_streaming(world.feeds, output, *PACE) as run:
            run.wait_for(urls_of(world), 90)
            assert run.stop()[0] == 0
        assert_each_once(world, output)
        pages = sum(n for (_, path), n in asked(world).items() if path.startswith("/news/"))
        assert pages == 80 - written


def test_a_slow_site_does_not_hold_up_the_others(shared, tmp_path):
    with start_world(shared, "--hosts", 3, "--items", 3, "--faults") as world:
        sites = world.sites()
        feeds = tmp_path / "feeds.txt"
        feeds.write_text("\n".join(sites[n] for n in (1, 2, 3, 205, 211)))
        urllib.request.urlopen(sites[1], timeout=30).read()
        healthy = {t["url"] for t in world.truth() if t["feed"] in (sites[1], sites[2], sites[3])}
        with start_streaming(feeds, tmp_path / "out", *PACE, "--request_deadline", "12") as run:
            run.wait_for(healthy, 60)
            for _ in range(2):
                world.advance(1)
                fresh = {t["url"] for t in world.truth() if t["feed"] in (sites[1], sites[2], sites[3])}
                run.wait_for(fresh, WITHIN_S)
            assert run.stop()[0] == 0
        assert {d["reason"] for d in read_lines(tmp_path / "out" / "dead_letters")} <= {"deadline", "host_unavailable"}
