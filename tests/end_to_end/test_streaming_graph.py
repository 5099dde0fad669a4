"""The streaming graph on Prism: a world that goes on publishing, faults, and an account of every element."""

import itertools
import json
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.newsworld import read_lines, start_world
from tests.site import serve
from tests.streaming import start_streaming
from tests.texts import make_body
from transforms.record_format import validate_record
from transforms.state import MAX_FAILURES
from transforms.steps import SOFT_REASONS

pytestmark = pytest.mark.slow
PACE = ("--poll_interval", "3", "--max_poll_interval", "5", "--file_seconds", "2", "--host_pause", "0.1")
WITHIN_S = 3 + 30
# What leaves one stage enters the next.
LINE = (
    "list_entries",
    "drop_seen",
    "fetch_pages",
    "extract_articles",
    "tag_articles",
    "keep_new_records",
    "mark_duplicates",
)


@pytest.fixture
def start(prism):
    @contextmanager
    def start(feeds, output, *flags):
        engine = ("--runner=PrismRunner", f"--prism_location={prism}")
        with start_streaming(feeds, output, *PACE, *engine, *flags) as run:
            yield run
            assert run.stop()[0] == 0  # Prism outlives a launcher that is killed

    return start


def urls_of(world):
    return {article["url"] for article in world.truth()}


def account(output):
    """What the summaries so far say in all: counts by stage, and elements by file."""
    stages, files = {}, {}
    for path in sorted((Path(output) / "summary").glob("*.json")):
        summary = json.loads(path.read_text(encoding="utf-8"))
        for stage, counts in summary["stages"].items():
            stages.setdefault(stage, Counter()).update(counts)
        files.update(summary["files"])
    return stages, files


def unaccounted(output, retries_of=lambda: 0, on_their_way=0):
    """What does not add up: within a stage, from stage to stage (retried pages come in again), and in files.

    `on_their_way` allows for pages that wait to be asked again, which have come in once more, and for dead letters that
    are counted but stand in no closed file yet, where feeds fail at every poll.
    """
    stages, files = account(output)
    if not stages:
        return ["no summary"]
    faults = [
        f"{stage}: {dict(counts)}"
        for stage, counts in stages.items()
        if not 0
        <= counts["in"] - sum(n for outcome, n in counts.items() if outcome != "in")
        <= (on_their_way if stage == "fetch_pages" else 0)
    ]
    for before, after in itertools.pairwise(LINE):
        again = retries_of() if after == "fetch_pages" else 0
        if stages.get(before, Counter())["out"] + again != stages.get(after, Counter())["in"]:
            faults.append(f"{before} to {after}: {stages.get(before)} {stages.get(after)}")
    written = sum(n for path, n in files.items() if "/dead_letters/" not in path)
    dead = sum(n for counts in stages.values() for outcome, n in counts.items() if outcome.startswith("dead_lettered_"))
    if written != stages["mark_duplicates"]["out"]:
        faults.append(f"{written} records in files, {stages['mark_duplicates']}")
    if not 0 <= dead - (sum(files.values()) - written) <= on_their_way:
        faults.append(f"{sum(files.values()) - written} dead letters in files, {dead} counted")
    return faults


def wait_until_accounted(run, seconds, **kwargs):
    """The last summary lies some seconds back: what has happened since is told by the next one."""
    until = time.monotonic() + seconds
    while (faults := unaccounted(run.output, **kwargs)) and time.monotonic() < until:
        time.sleep(0.5)
    assert not faults


def test_what_appears_is_soon_in_a_file_and_only_once(shared, tmp_path, start):
    output = tmp_path / "out"
    with start_world(shared, "--hosts", 6, "--items", 5) as world:
        with start(world.feeds, output) as run:
            run.wait_for(urls_of(world), 90)
            for _ in range(3):
                known = urls_of(world)
                world.advance(1)
                fresh = urls_of(world) - known
                assert len(fresh) == 6
                run.wait_for(fresh, WITHIN_S)
            world.reset()
            began = time.monotonic()
            time.sleep(10)
            stats, seconds = world.stats(), time.monotonic() - began
            wait_until_accounted(run, 60)
        asked = {(site, path): sum(n.values()) for site, paths in stats["by_site"].items() for path, n in paths.items()}
        assert {path for _, path in asked} == {"/rss.xml"}
        assert all(1 <= n <= seconds / 3 + 1 for n in asked.values()), asked
        assert set(stats["by_status"]) == {"304"}
        records = read_lines(output / "records")
        assert sorted(r["url"] for r in records) == sorted(urls_of(world))
        assert len({r["record_id"] for r in records}) == len(records)
        assert [fault for r in records for fault in validate_record(r)] == []


def test_the_same_text_on_two_sites_is_marked_once(tmp_path, start):
    """What came first stays the original; of texts that come together one does, and all others name it."""
    output, feeds = tmp_path / "out", tmp_path / "feeds.txt"
    with serve("127.0.0.1") as first, serve("127.0.0.2") as second, serve("127.0.0.3") as third:
        sites = (first, second, third)
        feeds.write_text("".join(f"{site.address}/rss.xml\n" for site in sites))
        for n, site in enumerate(sites):
            site.publish(0, make_body(f"wire{n}"))
            site.publish(1, make_body("at once", 2 * n))
        with start(feeds, output) as run:
            run.wait_for([f"{site.address}/news/{n}.html" for site in sites for n in (0, 1)], 90)
            second.publish(2, make_body("wire0", 6))
            third.publish(2, make_body("wire1", 6))
            run.wait_for([f"{site.address}/news/2.html" for site in (second, third)], WITHIN_S)
            third.publish(3, make_body("wire0", 3))
            run.wait_for([third.address + "/news/3.html"], WITHIN_S)
            wait_until_accounted(run, 60)
        records = read_lines(output / "records")
        url_of = {r["record_id"]: r["url"] for r in records}
        assert len(url_of) == len(records) == 9
        original = {r["url"]: r["duplicate_of"] and url_of[r["duplicate_of"]] for r in records}
        together = [f"{site.address}/news/1.html" for site in sites]
        [stays] = [url for url in together if original[url] is None]
        assert {original[url] for url in together} == {None, stays}
        assert {url: named for url, named in original.items() if url not in together} == {
            **{f"{site.address}/news/0.html": None for site in sites},
            second.address + "/news/2.html": first.address + "/news/0.html",
            third.address + "/news/2.html": second.address + "/news/0.html",
            third.address + "/news/3.html": first.address + "/news/0.html",
        }
        assert [fault for r in records for fault in validate_record(r)] == []


def test_feeds_join_and_leave_the_list_while_it_runs(shared, tmp_path, start):
    with start_world(shared, "--hosts", 2, "--items", 3) as world:
        first, second = sorted(world.sites().values())
        by_feed = {feed: {t["url"] for t in world.truth() if t["feed"] == feed} for feed in (first, second)}
        feeds = tmp_path / "feeds.txt"
        feeds.write_text(first + "\n")
        sinks = ("--sink", f"jsonl:{tmp_path}/out/records", "--sink", f"parquet:{tmp_path}/table")
        with start(feeds, tmp_path / "out", *sinks) as run:
            run.wait_for(by_feed[first], 60)
            assert set(run.arrivals) == by_feed[first]
            feeds.write_text("not a feed list: [\n")
            time.sleep(5)
            feeds.write_text(second + "\n")
            run.wait_for(by_feed[second], 60)
            world.reset()
            world.advance(1)
            run.wait_for({t["url"] for t in world.truth() if t["feed"] == second}, WITHIN_S)
            assert first.removesuffix("/rss.xml") not in world.stats()["by_site"]
            expected = len(run.arrivals)
            until = time.monotonic() + 30
            while time.monotonic() < until and len(rows := read_tables(tmp_path / "table")) < expected:
                time.sleep(0.5)
            assert sorted(row["url"] for row in rows) == sorted(run.arrivals)


def read_tables(folder):
    return [row for path in sorted(folder.glob("*/*.parquet")) for row in pq.read_table(path).to_pylist()]


def tries_of(output, feed):
    """How often each page of a feed has failed."""
    dead = read_lines(output / "dead_letters")
    return sorted(Counter(d["url"] for d in dead if d["feed"] == feed and d["stage"] == "fetch_pages").values())


def retries_in(output):
    """How many failures of pages were not the last."""
    dead = read_lines(output / "dead_letters")
    soft = [d["url"] for d in dead if d["stage"] == "fetch_pages" and d["reason"] in SOFT_REASONS]
    return sum(min(n, MAX_FAILURES - 1) for n in Counter(soft).values())


def test_faults_are_named_and_hold_up_nobody(shared, tmp_path, start):
    """A failing page is asked again later, a feed that fails less and less often; nothing is unaccounted for."""
    output = tmp_path / "out"
    with start_world(shared, "--hosts", 2, "--items", 3, "--faults") as world:
        sites = world.sites()
        numbers = (1, 2, 201, 203, 205, 207, 209, 210, 211, 213, 217, 218, 219, 221, 224)
        feeds = tmp_path / "feeds.txt"
        feeds.write_text("\n".join(sites[n] for n in numbers))
        truth = {t["url"] for t in world.truth() if t["feed"] in (sites[1], sites[2], sites[224])}
        with start(feeds, output, "--request_deadline", "4") as run:
            run.wait_for(truth, 90)
            world.advance(1)
            run.wait_for({t["url"] for t in world.truth() if t["feed"] in (sites[1], sites[2])}, WITHIN_S)
            until = time.monotonic() + 60
            revised = []
            while time.monotonic() < until and not revised:
                revised = [r for r in read_lines(output / "records") if r["revision"] == 2]
                time.sleep(0.5)
            until = time.monotonic() + 120
            while time.monotonic() < until and tries_of(output, sites[201]) != [MAX_FAILURES] * 3:
                time.sleep(0.5)
            assert tries_of(output, sites[201]) == [MAX_FAILURES] * 3
            wait_until_accounted(run, 60, retries_of=lambda: retries_in(output), on_their_way=6)
        dead = read_lines(output / "dead_letters")
        assert [r["feed_url"] for r in revised] == [sites[224]]
        reasons = {n: {d["reason"] for d in dead if d["feed"] == sites[n]} for n in numbers}
        assert reasons == {
            1: set(), 2: set(), 213: set(), 219: set(), 224: set(),
            201: {"http_server_error"}, 203: {"too_many_redirects"}, 205: reasons[205], 207: {"damaged_feed"},
            209: {"http_client_error"}, 210: reasons[210], 211: reasons[211], 217: {"empty_answer"}, 218: {"not_html"},
            221: {"no_body"},
        }  # fmt: skip
        for silent in (205, 211):
            assert {"deadline"} <= reasons[silent] <= {"deadline", "host_unavailable"}
        assert reasons[210] <= {"forbidden_address", "bad_url"}
        stages, _ = account(output)
        assert stages["fetch_pages"]["dropped_robots"] > 0
        assert {"dropped_language_fa", "dropped_language_en"} <= set(stages["extract_articles"])
        assert world.stats()["trapped"] == 0
        urls = Counter((r["url"], r["revision"]) for r in read_lines(output / "records"))
        assert max(urls.values()) == 1
