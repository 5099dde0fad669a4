"""Feeds polled into a topic, articles read from a subscription: the same records as of a plain run, whoever is killed."""

import random
import signal
import subprocess
import sys
import time

import pytest

from tests.newsworld import ALLOW, rasid, read_lines, start_world

pytestmark = pytest.mark.slow
# As `rasid`, with leases short enough for a test.
SHORT_LEASES = """
import sys
from pipeline import inbox
from pipeline.__main__ import main
inbox.LEASE_S = 2
sys.exit(main(sys.argv[1:]))
"""


def succeed(*arguments):
    done = rasid(*arguments, *ALLOW, "--host_pause", "0")
    assert done.returncode == 0, done.stderr


def comparable(output):
    """The records but for the moment of asking, by address and revision."""
    records = [{**record, "fetched_at": ""} for record in read_lines(output / "records")]
    return sorted(records, key=lambda record: (record["url"], record["revision"]))


def test_a_poll_and_a_reader_give_the_records_of_a_plain_run(shared, tmp_path, pubsub_server):
    topic, subscription = pubsub_server.make()
    plain, out = tmp_path / "plain", tmp_path / "out"
    with start_world(shared, "--hosts", 4, "--items", 6) as world:
        for n in (24, 32):
            succeed("run", "--feeds", world.feeds, "--output", plain)
            succeed("poll", "--feeds", world.feeds, "--output", out, "--sink", f"pubsub:{topic}")
            succeed("run", "--source", f"pubsub:{subscription}", "--source_wait", "1", "--output", out)
            assert comparable(out) == comparable(plain)
            assert len(comparable(out)) == n
            world.advance(2)
        assert sorted(r["url"] for r in comparable(out)) != sorted(t["url"] for t in world.truth())
    assert pubsub_server.drain(subscription) == []


def test_killed_readers_lose_nothing_and_write_nothing_twice(shared, tmp_path, pubsub_server):
    """SIGKILL at random moments of whole runs: while they read pages, and around the commit and the acknowledgement."""
    topic, subscription = pubsub_server.make()
    out = tmp_path / "out"
    arguments = ["run", "--source", f"pubsub:{subscription}", "--max_messages", "6", "--output", str(out), *ALLOW]
    command = [sys.executable, "-c", SHORT_LEASES, *arguments, "--host_pause", "0.1"]
    choose = random.Random(6)
    with start_world(shared, "--hosts", 4, "--items", 9) as world:
        succeed("poll", "--feeds", world.feeds, "--output", out, "--sink", f"pubsub:{topic}")
        moments = ["reading"] * 3 + ["committed"] * 4
        choose.shuffle(moments)
        for moment in moments:
            world.reset()
            before = len(list((out / "summary").glob("*.json")))
            pages = choose.randint(5, 9)  # robots.txt of four hosts, and some of six pages
            with subprocess.Popen([*command, "--source_wait", "2"], stderr=subprocess.DEVNULL) as victim:
                while victim.poll() is None:
                    committed = len(list((out / "summary").glob("*.json"))) > before
                    if committed or (moment == "reading" and world.stats()["requests"] >= pages):
                        break
                    time.sleep(0.002)
                time.sleep(choose.uniform(0, 0.05))
                victim.send_signal(signal.SIGKILL)
                victim.wait()
                assert victim.returncode == -signal.SIGKILL
        print(f"{len(moments)} killed, {len(read_lines(out / 'records'))} of 36 records by then")
        # Waits longer than any lease, so that it takes all that is left.
        last = [*command, "--source_wait", "12", "--max_messages", "100"]
        done = subprocess.run(last, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert pubsub_server.drain(subscription) == []
        records = read_lines(out / "records")
        assert sorted(r["url"] for r in records) == sorted(t["url"] for t in world.truth())
        assert len({r["record_id"] for r in records}) == len(records)
        assert not list(out.rglob("*.part"))
