"""Duplicates in the whole graph: within a run, between runs and rounds, and when a run is killed."""

import itertools
import os
import signal
import subprocess
import sys
import time

import pyarrow.parquet as pq
import pytest
from apache_beam.options.pipeline_options import PipelineOptions

from pipeline.options import make_config
from pipeline.run import execute, make_parser
from pipeline.sources import Sources
from tests.newsworld import ALLOW, last_summary, rasid, read_lines
from tests.site import serve
from tests.streaming import start_streaming
from tests.texts import make_body
from transforms import known_texts
from transforms.elements import Feed
from transforms.record_format import validate_record
from transforms.summary import unbalanced_stages

pytestmark = pytest.mark.slow


@pytest.fixture
def site():
    with serve() as made:
        yield made


def run(site, output, *flags):
    arguments = ["--output", str(output), *ALLOW, "--host_pause", "0", *flags]
    config = make_config(make_parser().parse_args(arguments))
    assert execute(config, Sources(feeds=(Feed(site.address + "/rss.xml", "موقع"),)), PipelineOptions([])) == 0
    summary = last_summary(output)
    assert unbalanced_stages(summary) == []
    return summary


def duplicates(output):
    """By the number in a record's URL: that of its original, or None."""
    records = read_lines(output / "records")
    assert [fault for record in records for fault in validate_record(record)] == []
    number = {r["record_id"]: int(r["url"].rsplit("/", 1)[1].removesuffix(".html")) for r in records}
    assert len(number) == len(records)
    return {number[r["record_id"]]: r["duplicate_of"] and number[r["duplicate_of"]] for r in records}


def test_duplicates_of_a_run_and_of_earlier_runs(site, tmp_path):
    for n, body in enumerate([make_body(1), make_body(2), make_body(1, 6), make_body(1, 30)]):
        site.publish(n, body)
    summary = run(site, tmp_path)
    assert summary["stages"]["mark_duplicates"] == {"in": 4, "out": 4}
    assert "remember_texts" not in summary["stages"]
    assert duplicates(tmp_path) == {0: None, 1: None, 2: 0, 3: None}
    site.publish(4, make_body(2, 6))
    site.publish(5, make_body(3))
    run(site, tmp_path)
    assert duplicates(tmp_path) == {0: None, 1: None, 2: 0, 3: None, 4: 1, 5: None}
    written = [path for path in last_summary(tmp_path)["files"] if "/texts/" in path]
    assert written == []
    run(site, tmp_path)  # nothing new
    assert len(list((tmp_path / "state/texts").iterdir())) == 2
    assert not list(tmp_path.rglob("*.part"))
    assert not list((tmp_path / "state/.staging").glob("*/*"))


def test_off(site, tmp_path):
    site.publish(0, make_body(1))
    site.publish(1, make_body(1))
    summary = run(site, tmp_path, "--duplicate_days", "0")
    assert "mark_duplicates" not in summary["stages"]
    assert duplicates(tmp_path) == {0: None, 1: None}
    assert not (tmp_path / "state/texts").exists()


def test_the_cap_is_said_aloud(site, tmp_path, monkeypatch):
    monkeypatch.setattr(known_texts, "MOST_TEXTS", 2)
    for n in range(5):
        site.publish(n, make_body(n))
    summary = run(site, tmp_path)
    assert summary["stages"]["remember_texts"] == {"in": 3, "dropped_over_cap": 3}


def test_a_damaged_file_ends_the_run_before_it_begins(site, tmp_path):
    site.publish(0, make_body(1))
    run(site, tmp_path)
    [path] = (tmp_path / "state/texts").iterdir()
    path.write_bytes(path.read_bytes()[:-10])
    asked = len(site.asked)
    feeds = tmp_path / "feeds.txt"
    feeds.write_text(site.address + "/rss.xml\n")
    done = rasid("run", "--feeds", feeds, "--output", tmp_path, *ALLOW)
    assert done.returncode == 2
    assert f"{path}" in done.stderr
    assert len(site.asked) == asked


def test_a_killed_run_leaves_no_texts_or_all_of_them(site, tmp_path):
    """Killed at many moments: what a record names as its original is always a record."""
    feeds = tmp_path / "feeds.txt"
    feeds.write_text(site.address + "/rss.xml\n")
    command = [
        sys.executable,
        "-m",
        "pipeline",
        "run",
        "--feeds",
        str(feeds),
        "--output",
        str(tmp_path / "out"),
        *ALLOW,
    ]
    for n, wait in enumerate((2.0, 3.0, 3.5, 4.0, 5.0, 6.0)):
        site.publish(2 * n, make_body(n))
        site.publish(2 * n + 1, make_body(0, 3))
        process = subprocess.Popen(
            [*command, "--host_pause", "0.2"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(wait)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        duplicates(tmp_path / "out")
    run(site, tmp_path / "out")
    found = duplicates(tmp_path / "out")
    assert len(found) == 12
    # Those of one text, and all others.
    group = [0, *range(1, 12, 2)]
    [original] = [n for n in group if found[n] is None]
    assert all(found[n] == original for n in group if n != original)
    assert all(found[n] is None for n in range(2, 12, 2))
    stored = [pq.read_table(path)["record_id"].to_pylist() for path in (tmp_path / "out/state/texts").iterdir()]
    assert sorted(itertools.chain(*stored)) == sorted(r["record_id"] for r in read_lines(tmp_path / "out/records"))


def test_duplicates_between_rounds_and_streaming_runs(site, tmp_path):
    feeds, output = tmp_path / "feeds.txt", tmp_path / "out"
    feeds.write_text(site.address + "/rss.xml\n")
    pace = ("--poll_interval", "1", "--max_poll_interval", "2", "--file_seconds", "1", "--host_pause", "0")
    for n in range(6):
        site.publish(n, make_body(n % 2, 3 * (n // 2)))
        if n in (0, 4):
            stream = start_streaming(feeds, output, *pace)
            held = stream.__enter__()
        held.wait_for([f"{site.address}/news/{n}.html"], 60)
        if n in (3, 5):
            code, said = held.stop(signal.SIGKILL if n == 3 else signal.SIGTERM)
            assert code == (-signal.SIGKILL if n == 3 else 0), said
            stream.__exit__(None, None, None)
    assert duplicates(output) == {0: None, 1: None, 2: 0, 3: 1, 4: 0, 5: 1}
