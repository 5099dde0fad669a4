"""The streaming stages one by one: state and timers of one key, against a real web server where they ask."""

import dataclasses
import gc
import logging
import time

import pytest
from apache_beam.transforms.window import GlobalWindow

from tests.fake_engine import Bag, Cell, Timer, counts, split
from tests.site import serve
from transforms.elements import Entry, Feed, ListedFeed, Record, WaitingEntry
from transforms.errors import IngestError, InputError
from transforms.polling import PollLimits
from transforms.pool import acquire_pool
from transforms.state import DAY_US, MAX_FAILURES
from transforms.streaming import drop_seen, fetch_pages, keep_new_records, list_feeds, poll_feeds
from transforms.web.messages import HttpSettings

HTTP = HttpSettings("Rasid-test/0.1", host_pause=0.0, allow_networks=("127.0.0.0/24",), request_deadline=5.0)
KEEP_US = 60 * DAY_US


@pytest.fixture
def site():
    with serve() as made:
        yield made


class Polling:
    """One feed's key of PollFeeds."""

    def __init__(self, feed):
        self.step = poll_feeds._PollFeedFn(HTTP, PollLimits(10.0, 40.0), None, 0, 1, 20.0)
        self.step.setup()
        self.step.start_bundle()
        cls, self.feed = type(self.step), feed
        self.cells = {"feed": Cell(cls._FEED), "row": Cell(cls._ROW), "poll": Cell(cls._POLL), "due": Timer()}
        self.list(True)

    def list(self, listed):
        self.step.process((self.feed.url, ListedFeed(self.feed, listed)), **self.cells)

    @property
    def wait_s(self):
        return self.cells["due"].at - time.time()

    def ring(self):
        return split(self.step.poll_feed(**self.cells))

    def poll(self):
        """Rings until the answer is there."""
        for _ in range(100):
            outputs = self.ring()
            if self.cells["poll"].read().asked_us == 0:
                return outputs
            assert outputs == ([], [])
            assert 0 < self.wait_s <= poll_feeds.LOOK_AGAIN_S
            time.sleep(0.05)
        raise AssertionError("no answer")


@pytest.fixture
def polling(site):
    site.add(0)
    site.add(1)
    return Polling(Feed(site.address + "/rss.xml"))


def test_a_feed_is_asked_conditionally_and_at_its_own_pace(site, polling):
    entries, dead = polling.poll()
    assert ([e.title for e in entries], dead) == (["خبر محلي رقم 0", "خبر محلي رقم 1"], [])
    assert 9 < polling.wait_s <= 10
    assert polling.poll() == ([], [])
    assert 14 < polling.wait_s <= 15
    site.add(2)
    assert len(polling.poll()[0]) == 3
    assert 9 < polling.wait_s <= 10
    assert counts(polling.step) == {
        "in": 3,
        "out": 2,
        "dropped_not_modified": 1,
        "list_entries.in": 5,
        "list_entries.out": 5,
    }


def test_a_worker_that_died_asks_again(site, polling):
    polling.ring()
    assert polling.cells["poll"].read().asked_us > 0
    step, polling.step = polling.step, poll_feeds._PollFeedFn(HTTP, PollLimits(10.0, 40.0), None, 0, 1, 20.0)
    step._shared.client.close()
    polling.step.setup()
    polling.step.start_bundle()
    assert len(polling.poll()[0]) == 2
    assert counts(polling.step)["in"] == 1


def test_a_feed_that_fails_is_slowed_down_and_says_why(site, polling):
    polling.poll()
    site.items.clear()
    polling.feed = Feed(site.address + "/nothing.xml")
    polling.list(True)
    entries, (dead,) = polling.poll()
    assert entries == []
    assert (dead.reason, dead.url) == ("http_client_error", polling.feed.url)
    assert 19 < polling.wait_s <= 20
    assert counts(polling.step)["dead_lettered_http_client_error"] == 1


def test_a_feed_that_left_the_list_is_forgotten(site, polling):
    polling.poll()
    asked = len(site.asked)
    polling.list(False)
    assert polling.ring() == ([], [])
    assert polling.cells["due"].at is None
    assert [polling.cells[name].read() for name in ("feed", "row", "poll")] == [None] * 3
    assert len(site.asked) == asked


def test_the_web_client_outlives_an_idle_stage(site, fetching):
    site.add(0)
    fetching.add(entry(site, "/news/0.html"))
    fetching.until(lambda pages, _: pages)
    fetching.step = None
    acquire_pool(1)  # Beam's Shared keeps what was acquired last
    gc.collect()
    again = Fetching()
    site.add(1)
    again.add(entry(site, "/news/1.html"))
    again.until(lambda pages, _: pages)
    assert site.asked.count("/robots.txt") == 1


class Fetching:
    """One host's key of FetchPages."""

    def __init__(self):
        self.step = fetch_pages._FetchPageFn(HTTP, 8.0)
        self.step.setup()
        self.step.start_bundle()
        cls = type(self.step)
        self.waiting, self.rings = Bag(cls._WAITING), Cell(cls._RINGS)
        self.look, self.end = Timer(), Timer()

    def add(self, *entries):
        for entry in entries:
            self.step.process(("host", entry), GlobalWindow(), self.waiting, self.rings, self.look, self.end)

    def ring(self):
        return split(self.step.look_for_pages(self.waiting, self.rings, self.look))

    def until(self, done):
        pages, dead = [], []
        for _ in range(100):
            more = self.ring()
            pages, dead = pages + more[0], dead + more[1]
            if done(pages, dead):
                return pages, dead
            time.sleep(0.05)
        raise AssertionError((pages, dead))


def entry(site, path, feed="http://feed/"):
    return Entry(url=site.address + path, link=site.address + path, feed_url=feed)


@pytest.fixture
def fetching():
    return Fetching()


def test_pages_come_without_waiting_and_each_url_once(site, fetching):
    for n in range(40):
        site.add(n)
    entries = [entry(site, f"/news/{n}.html") for n in range(40)]
    fetching.add(*entries, entries[0], entry(site, "/news/1.html", "http://other/"))
    assert fetching.look.at <= time.time()
    pages, dead = fetching.until(lambda pages, _: len(pages) == 40)
    assert (sorted(p.entry.url for p in pages), dead) == (sorted(e.url for e in entries), [])
    assert fetching.waiting.read() == []
    assert fetching.rings.read() is None
    assert counts(fetching.step) == {"in": 42, "out": 40, "dropped_duplicate": 2}
    assert len([path for path in site.asked if path.startswith("/news/")]) == 40


def test_what_failed_in_passing_is_asked_again_later_and_not_for_ever(site, fetching):
    site.pages["/sick"] = (500, {}, b"")
    fetching.add(entry(site, "/sick"))
    waits = []
    for failures in range(1, MAX_FAILURES + 1):
        _, (dead,) = fetching.until(lambda _, dead: dead)
        assert dead.reason == "http_server_error"
        if failures < MAX_FAILURES:
            (waiting,) = fetching.waiting.read()
            waits.append(round(waiting.not_before_us / 1e6 - time.time()))
            assert fetching.look.at == pytest.approx(waiting.not_before_us / 1e6)
            assert fetching.ring() == ([], [])
            fetching.waiting.clear()
            fetching.waiting.add(WaitingEntry(waiting.entry, waiting.failures, 0))
    assert waits == [8, 16, 32, 64]
    assert fetching.waiting.read() == []
    assert counts(fetching.step) == {"in": 5, "dead_lettered_http_server_error": 5}


def test_what_failed_for_good_is_not_asked_again(site, fetching):
    site.robots = "User-agent: *\nDisallow: /private\n"
    fetching.add(entry(site, "/gone"), entry(site, "/private"))
    _, (dead,) = fetching.until(lambda *_: not fetching.waiting.read())
    assert (dead.reason, dead.element_type) == ("http_client_error", "Entry")
    assert counts(fetching.step) == {"in": 2, "dead_lettered_http_client_error": 1, "dropped_robots": 1}


def test_a_drain_waits_for_the_pages_under_way(site, fetching):
    for n in range(3):
        site.add(n)
    fetching.add(*(entry(site, f"/news/{n}.html") for n in range(3)))
    assert fetching.end.at == GlobalWindow().max_timestamp()
    pages, dead = split(fetching.step.wait_for_the_rest(fetching.waiting, fetching.rings))
    assert (len(pages), dead, fetching.waiting.read()) == (3, [], [])


def test_a_server_that_wants_longer_gets_it():
    again = fetch_pages.retry_later(
        WaitingEntry(Entry("http://a/", "http://a/", "http://f/"), 1),
        IngestError("rate_limited", retry_after_s=300.0),
        8.0,
        1_000_000,
    )
    assert (again.failures, again.not_before_us) == (2, 301_000_000)


def test_new_entries_are_asked_before_those_that_failed():
    waiting = [WaitingEntry(Entry(f"http://a/{n}", "", ""), n % 2, 5 if n == 2 else 0) for n in range(100)]
    due = fetch_pages.choose_due(waiting, 4)
    assert len(due) == fetch_pages.ASKED_AT_ONCE
    assert all(each.failures == 0 and each.not_before_us == 0 for each in due)


def test_a_new_entry_does_not_wait_for_one_that_failed(site, fetching):
    site.pages["/sick"] = (500, {}, b"")
    fetching.add(entry(site, "/sick"))
    fetching.until(lambda _, dead: dead)
    assert fetching.look.at > time.time() + 5
    site.add(0)
    fetching.add(entry(site, "/news/0.html"))
    assert fetching.look.at <= time.time()
    pages, _ = fetching.until(lambda pages, _: pages)
    assert [page.entry.url for page in pages] == [site.address + "/news/0.html"]
    assert [each.entry.url for each in fetching.waiting.read()] == [site.address + "/sick"]
    assert fetching.look.at > time.time() + 3


def test_answers_are_taken_also_when_newer_entries_came_before_them(site, fetching):
    """Untaken, they would fill the room that all requests of the process share."""
    for n in range(fetch_pages.ASKED_AT_ONCE + 8):
        site.add(n)
    old, *new = (dataclasses.replace(entry(site, f"/news/{n}.html"), published_us=n) for n in range(len(site.items)))
    fetching.add(old)
    fetching.ring()
    while "/news/0.html" not in site.asked:
        time.sleep(0.05)
    time.sleep(0.3)
    fetching.add(*new)
    pages, _ = fetching.ring()
    assert [page.entry for page in pages if page.entry not in new] == [old]  # a new one may come within the same look


class Remembering:
    """One key of a stage that keeps a row and forgets it by a timer."""

    def __init__(self, step):
        self.step, self.cell, self.age = step, Cell(type(step)._ROW), Timer()
        step.start_bundle()

    def give(self, element):
        return split(self.step.process(("key", element), self.cell, self.age))[0]


def test_entries_pass_once_and_again_when_their_own_feed_corrects_them():
    seen = Remembering(drop_seen._DropSeenFn(KEEP_US))
    first = Entry("http://a/1", "http://a/1", "http://f/", fingerprint="x")
    other = Entry("http://a/1", "http://a/1", "http://g/", fingerprint="y")
    corrected = Entry("http://a/1", "http://a/1", "http://f/", fingerprint="z")
    assert [seen.give(e) for e in (first, first, other, corrected, corrected, first)] == [
        [first], [], [], [corrected], [], [first],
    ]  # fmt: skip
    assert counts(seen.step) == {"in": 6, "out": 3, "dropped_seen": 3}


def test_rows_age_out_after_they_were_last_listed(monkeypatch):
    now = 1_800_000_000_000_000
    monkeypatch.setattr(drop_seen, "now_us", lambda: now)
    seen = Remembering(drop_seen._DropSeenFn(KEEP_US))
    one = Entry("http://a/1", "http://a/1", "http://f/")
    seen.give(one)
    assert seen.age.at == (now + KEEP_US) / 1e6
    now += KEEP_US - DAY_US
    assert seen.give(one) == []
    now += DAY_US
    seen.step.forget(seen.cell, seen.age)
    assert seen.cell.read() is not None
    assert seen.age.at == (now + KEEP_US - DAY_US) / 1e6
    now += KEEP_US
    seen.step.forget(seen.cell, seen.age)
    assert seen.cell.read() is None
    assert seen.give(one) == [one]


def record(text, url="http://a/1"):
    return Record(
        "id", 1, url, url, "http://f/", "", "", text, None, (), "ar", 1.0, None, None, 1, text, None, (), (), "1"
    )


def test_a_text_passes_once_and_its_corrections_are_numbered(monkeypatch):
    now = 1_800_000_000_000_000
    monkeypatch.setattr(keep_new_records, "now_us", lambda: now)
    kept = Remembering(keep_new_records._KeepNewRecordFn(KEEP_US))
    given = [kept.give(record(text)) for text in ("a", "a", "b", "b", "a")]
    assert [[r.revision for r in each] for each in given] == [[1], [], [2], [], [3]]
    assert counts(kept.step) == {"in": 5, "out": 3, "dropped_unchanged": 2}
    now += KEEP_US
    kept.step.forget(kept.cell, kept.age)
    assert kept.cell.read() is None


def test_the_list_is_compared_with_what_it_was(caplog):
    lists = [
        (Feed("http://a/"), Feed("http://b/")),
        InputError("gone", file="feeds.txt"),
        (Feed("http://b/", "B"), Feed("http://c/")),
        (Feed("http://b/", "B"), Feed("http://c/")),
    ]

    def load():
        found = lists.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    step = list_feeds._CompareListFn(load, 0.0)
    known = Bag(type(step)._FEEDS)
    given = []
    for _ in range(4):
        step.setup()
        given.append({url: each.listed for url, each in step.process(("", 0), known)})
    assert given == [
        {"http://a/": True, "http://b/": True},
        {},
        {"http://a/": False, "http://b/": True, "http://c/": True},
        {},
    ]
    assert "feeds.txt: gone" in next(r.getMessage() for r in caplog.records if r.levelno == logging.WARNING)


def test_overdue_ticks_read_the_list_once():
    reads = []

    def load():
        reads.append(1)
        return (Feed("http://a/"),)

    step = list_feeds._CompareListFn(load, 3600.0)
    step.setup()
    known = Bag(type(step)._FEEDS)
    assert [len(list(step.process(("", 0), known))) for _ in range(3)] == [1, 0, 0]
    assert len(reads) == 1
