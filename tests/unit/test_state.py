"""What one run leaves for the next."""

import pytest

from transforms.elements import Entry, EntryVisit, FeedVisit, RobotsAnswer
from transforms.errors import InputError
from transforms.polling import PollLimits
from transforms.state import (
    DAY_US,
    MAX_FAILURES,
    State,
    apply_visits,
    dump_state,
    needs_listing,
    needs_work,
    parse_state,
    url_key,
)

FEED = "http://example.org/rss.xml"
URL = "http://example.org/news/1"


def entry(url=URL, feed=FEED, fingerprint="f1"):
    return Entry(url=url, link=url, feed_url=feed, fingerprint=fingerprint)


def visit(outcome, url=URL, feed=FEED, fingerprint="f1", at=10 * DAY_US, **record):
    return EntryVisit(url, feed, fingerprint, outcome, at, **record)


def after(state, *visits, feeds=(), now=10 * DAY_US, keep_days=30):
    return apply_visits(state, "run", feeds, visits, now=now, keep_us=keep_days * DAY_US, polling=PollLimits(300, 3600))


KEPT = {"record_id": "r1", "revision": 1, "content_hash": "h1"}


def test_an_entry_is_work_until_it_is_dealt_with():
    assert needs_work(State(), entry())
    for outcome in ("kept", "dropped", "failed_hard"):
        assert not needs_work(after(State(), visit(outcome)), entry())


def test_a_soft_failure_is_tried_again_a_few_times_and_then_left():
    state = State()
    for _ in range(MAX_FAILURES):
        assert needs_work(state, entry())
        state = after(state, visit("failed_soft"))
    assert not needs_work(state, entry())


def test_the_same_link_in_another_feed_is_no_work_and_no_correction():
    state = after(State(), visit("kept", **KEPT))
    other = entry(feed="http://other.example/rss.xml", fingerprint="f2")
    assert not needs_work(state, other)
    assert needs_listing(state, other, 10 * DAY_US)
    state = after(state, visit("listed", feed=other.feed_url, fingerprint="f2"))
    assert not needs_work(state, other)


def test_a_corrected_entry_is_work_again_even_if_fetching_it_fails_at_first():
    state = after(State(), visit("kept", **KEPT))
    corrected = entry(fingerprint="f2")
    assert needs_work(state, corrected)
    state = after(state, visit("failed_soft", fingerprint="f2"))
    assert needs_work(state, corrected)
    state = after(state, visit("kept", fingerprint="f2", record_id="r1", revision=2, content_hash="h2"))
    assert not needs_work(state, corrected)
    assert state.records["r1"].revision == 2


def test_a_feed_with_an_entry_to_be_asked_again_loses_its_validators():
    feed = FeedVisit(FEED, "read", "", "etag", "date", "hash", 10 * DAY_US, 10 * DAY_US, 2)
    good = after(State(), visit("kept", **KEPT), feeds=[feed])
    assert good.feeds[FEED].etag == "etag"
    bad = after(State(), visit("kept", **KEPT), visit("failed_soft", url=URL + "2"), feeds=[feed])
    assert (bad.feeds[FEED].etag, bad.feeds[FEED].last_modified, bad.feeds[FEED].body_hash) == (None, None, "")


def test_a_feed_that_fails_keeps_what_was_known_of_it():
    read = FeedVisit(FEED, "read", "", "etag", None, "hash", 10 * DAY_US, 10 * DAY_US, 2)
    failed = FeedVisit(FEED, "dns", "no such name", None, None, "", 11 * DAY_US, 0, 0)
    state = after(after(State(), feeds=[read]), feeds=[failed])
    assert (state.feeds[FEED].etag, state.feeds[FEED].read_us, state.feeds[FEED].outcome) == (
        "etag",
        10 * DAY_US,
        "dns",
    )


def test_rows_age_out_but_not_while_their_feed_lists_them():
    state = after(State(), visit("kept", **KEPT))
    assert needs_listing(state, entry(), 12 * DAY_US)
    assert not needs_listing(state, entry(), 10 * DAY_US + 1)
    listed = after(state, visit("listed", at=35 * DAY_US), now=35 * DAY_US)
    later = after(listed, now=60 * DAY_US)
    assert url_key(URL) in later.entries
    assert "r1" in later.records
    gone = after(listed, now=70 * DAY_US)
    assert not gone.entries
    assert not gone.records


def test_the_order_of_visits_does_not_matter():
    visits = [visit("kept", **KEPT), visit("listed", feed="http://b"), visit("failed_soft", url="http://c")]
    assert after(State(), *visits) == after(State(), *reversed(visits))


def test_the_file_round_trips_and_keeps_rows_it_does_not_know():
    state = after(State(), visit("kept", **KEPT), feeds=[FeedVisit(FEED, "read", "", "e", None, "h", 1, 1, 1)])
    state.unknown.append({"kind": "later", "host": "example.org"})
    content = dump_state(state, "2026-01-01T00:00:00Z")
    assert parse_state(content, "state") == state
    assert dump_state(parse_state(content, "state"), "2026-01-01T00:00:00Z") == content


@pytest.mark.parametrize("content", [b"", b"not gzip", dump_state(State(), "now")[:-9]])
def test_a_damaged_file_is_named(content):
    with pytest.raises(InputError, match="place/state"):
        parse_state(content, "place/state")


def test_a_newer_version_is_refused(monkeypatch):
    monkeypatch.setattr("transforms.state.VERSION", 2)
    newer = dump_state(State(), "now")
    monkeypatch.undo()
    with pytest.raises(InputError, match="state version 2"):
        parse_state(newer, "s")


def test_robots_files_are_known_for_a_day():
    def answer(at, body="", origin="http://example.org:80"):
        return RobotsAnswer(origin, at, 200, body)

    def known(state, now, *new):
        return list(
            apply_visits(
                state, "run", (), (), new, now=now, keep_us=30 * DAY_US, polling=PollLimits(300, 3600)
            ).robots.values()
        )

    now = 10 * DAY_US
    other = answer(now - 5, origin="https://example.org:443")
    state = State(robots={answer(0).origin: answer(now - 9, "old")})
    assert known(state, now, answer(now - 1, "new"), answer(now - 2, "older"), other) == [answer(now - 1, "new"), other]
    assert known(state, now + DAY_US - 10) == [answer(now - 9, "old")]
    assert known(state, now + DAY_US) == []
    # The clock was set back: what lies in the future is not believed, and what is new holds.
    assert known(state, now - DAY_US) == []
    assert known(state, now - DAY_US, answer(now - DAY_US - 1, "new")) == [answer(now - DAY_US - 1, "new")]
    kept = apply_visits(state, "run", (), (), [other], now=now, keep_us=DAY_US, polling=PollLimits(300, 3600))
    assert parse_state(dump_state(kept, "then"), "x").robots == kept.robots


def feed_visit(outcome="read", at=10 * DAY_US, **more):
    return FeedVisit(FEED, outcome, "", "e", "m", "h", at, at, **more)


def test_the_next_poll_comes_sooner_while_a_feed_brings_news():
    state = after(State(), feeds=[feed_visit()])
    assert state.feeds[FEED].interval_s == 300
    quiet = after(state, visit("listed"), feeds=[feed_visit()])
    assert quiet.feeds[FEED].interval_s == 450
    busy = after(quiet, visit("kept", **KEPT), feeds=[feed_visit()])
    assert busy.feeds[FEED].interval_s == 300
    assert busy.feeds[FEED].next_us == 10 * DAY_US + 300_000_000
    failing = after(quiet, feeds=[feed_visit("rate_limited", retry_after_s=7000.0)])
    assert (failing.feeds[FEED].interval_s, failing.feeds[FEED].etag) == (7000, "e")
    assert after(quiet, feeds=[feed_visit("not_a_feed")]).feeds[FEED].interval_s == 3600


def test_a_postponed_feed_stays_due():
    state = after(State(), feeds=[feed_visit()])
    assert after(state, feeds=[feed_visit("postponed", at=11 * DAY_US)]).feeds == state.feeds
    assert after(State(), feeds=[feed_visit("postponed")]).feeds == {}


def test_a_postponed_entry_is_kept_until_it_is_dealt_with():
    state = after(State(), visit("postponed", entry='{"url": 1}'))
    assert state.pending[url_key(URL)].entry == '{"url": 1}'
    assert needs_work(state, entry())
    state = parse_state(dump_state(state, "2026-01-01T00:00:00Z"), "file")
    again = after(state, visit("postponed", at=11 * DAY_US, entry="{}"))
    assert again.pending == state.pending
    assert after(state, visit("listed")).pending == state.pending
    for outcome in ("kept", "dropped", "failed_soft", "failed_hard"):
        assert after(state, visit(outcome)).pending == {}
    assert after(state, now=60 * DAY_US).pending == {}
