"""The state's file: appended to by runs that change little, written anew now and then, always the state."""

import gzip
import json
import random

import pytest

from transforms.elements import EntryVisit, FeedVisit, RobotsAnswer
from transforms.errors import InputError
from transforms.polling import PollLimits
from transforms.state import DAY_US, State, apply_visits
from transforms.state_file import append_changes, dump_state, parse_state

OUTCOMES = ("listed", "kept", "dropped", "failed_soft", "failed_hard", "postponed", "refused")
START_US = 1_700_000_000_000_000


def visit(rng, number, now):
    outcome = rng.choice(OUTCOMES)
    record = {"record_id": f"record{number}", "revision": 1, "content_hash": "h"} if outcome == "kept" else {}
    entry = "{}" if outcome == "postponed" else ""
    url, feed = f"https://news.example/{number}", f"https://news.example/feed{number % 5}"
    return EntryVisit(url, feed, f"print{rng.randrange(3)}", outcome, now, entry=entry, **record)


def next_state(rng, state, n, now, most):
    entries = [visit(rng, rng.randrange(400), now) for _ in range(rng.randrange(most))]
    feeds = [FeedVisit(f"https://news.example/feed{k}", "read", "", "e", None, "b", now, now) for k in range(n % 3)]
    robots = [RobotsAnswer("https://news.example", now, 200, "")] if n % 4 == 0 else []
    return apply_visits(state, f"run{n}", feeds, entries, robots, now=now, keep_us=20 * DAY_US, polling=PollLimits())


@pytest.mark.parametrize("seed", range(5))
def test_the_file_holds_the_state_after_every_run(tmp_path, seed):
    rng, path, state = random.Random(seed), tmp_path / "state.jsonl.gz", State()
    appended, dropped = 0, 0
    for n in range(60):
        now = START_US + n * DAY_US
        new = next_state(rng, state, n, now, most=300 if n % 20 == 0 else 12)
        dropped += len(state.entries.keys() - new.entries.keys())
        path.write_bytes(append_changes(state, new, str(path), "then"))
        read = parse_state(path.read_bytes(), str(path))
        assert read == new
        assert read.appended == new.appended
        assert new.appended * 4 <= sum(map(len, new.rows_by_kind().values()))
        appended += new.appended > 0
        state = new
    assert appended > 10  # else the test is of whole files only
    assert dropped > 10  # rows age out while the file is appended to


def many_rows():
    visits = [
        EntryVisit(f"https://news.example/{n}", "https://news.example/feed", "f", "dropped", START_US)
        for n in range(100)
    ]
    return apply_visits(State(), "first", [], visits, now=START_US, keep_us=DAY_US, polling=PollLimits())


def test_a_run_that_changes_nothing_appends_its_name(tmp_path):
    path, old = tmp_path / "state.jsonl.gz", many_rows()
    path.write_bytes(dump_state(old, "then"))
    new = apply_visits(old, "second", [], [], now=START_US, keep_us=DAY_US, polling=PollLimits())
    content = append_changes(old, new, str(path), "now")
    assert content.startswith(path.read_bytes())
    assert json.loads(gzip.decompress(content).splitlines()[-1]) == {
        "kind": "changes",
        "run_id": "second",
        "written_at": "now",
    }


def test_changes_to_rows_of_a_later_version_are_written_whole(tmp_path):
    path, old = tmp_path / "state.jsonl.gz", many_rows()
    path.write_bytes(dump_state(old, "then"))
    new = apply_visits(old, "second", [], [], now=START_US, keep_us=DAY_US, polling=PollLimits())
    new.unknown.append({"kind": "later"})
    assert parse_state(append_changes(old, new, str(path), "now"), "") == new
    assert new.appended == 0


def test_what_a_later_version_dropped_of_its_own_is_kept_for_it():
    gone = gzip.compress(b'{"kind": "gone", "of": "later", "keys": ["k"]}\n')
    state = parse_state(dump_state(State("run"), "then") + gone, "")
    assert state.unknown == [{"kind": "gone", "of": "later", "keys": ["k"]}]


def test_half_a_change_is_damage(tmp_path):
    path, old = tmp_path / "state.jsonl.gz", many_rows()
    path.write_bytes(dump_state(old, "then"))
    new = apply_visits(old, "second", [], [], now=START_US, keep_us=DAY_US, polling=PollLimits())
    with pytest.raises(InputError, match="damaged"):
        parse_state(append_changes(old, new, str(path), "now")[:-9], str(path))
