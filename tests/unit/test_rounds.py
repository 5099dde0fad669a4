"""What a round of a run without end reads."""

import os

import pytest

from pipeline.feed_list import FeedList
from pipeline.rounds import choose_due, choose_pending, next_due_us
from transforms.elements import Entry, Feed
from transforms.errors import InputError
from transforms.record_format import element_to_json
from transforms.state import FeedRow, PendingRow, State, url_key


def state_of(**next_us):
    feeds = {url: FeedRow(url, None, None, "", 0, 0, "read", 300.0, due) for url, due in next_us.items()}
    return State(feeds=feeds)


def test_feeds_are_due_at_their_time_and_new_ones_at_once():
    feeds = [Feed(url) for url in ("later", "due", "long_due", "new")]
    state = state_of(later=200, due=100, long_due=50, gone=1)
    assert [feed.url for feed in choose_due(feeds, state, 100)] == ["new", "long_due", "due"]
    assert next_due_us(feeds[:2], state) == 100
    assert next_due_us(feeds, state) == 0


def test_pending_entries_are_taken_the_oldest_first_and_a_round_full_of_each_host():
    rows = {}
    for n in range(6):
        url = f"http://{'slow' if n < 5 else 'other'}.example/{n}"
        entry = Entry(url=url, link=url, feed_url="http://slow.example/rss", title=f"خبر {n}")
        rows[url_key(url)] = PendingRow(url_key(url), 10 - n, element_to_json(entry))
    chosen = choose_pending(State(pending=rows), 2)
    assert [entry.url[-1] for entry in chosen] == ["5", "4", "3"]
    assert chosen[0].title == "خبر 5"


def lines(path):
    text = path.read_text(encoding="utf-8") if path.exists() else "bad"
    if "bad" in text:
        raise InputError("no feed list", file=str(path))
    return tuple(Feed(line) for line in text.split())


def test_a_list_that_changes_is_read_again_and_a_bad_one_is_told_once(tmp_path, capsys):
    path = tmp_path / "feeds.txt"
    path.write_text("http://a.example/rss")
    loads = []

    def load(address):
        loads.append(address)
        return lines(path)

    feed_list = FeedList(str(path), load)
    assert feed_list.read() == feed_list.read() == (Feed("http://a.example/rss"),)
    assert len(loads) == 1
    path.write_text("http://a.example/rss http://b.example/rss")
    assert [feed.url for feed in feed_list.read()] == ["http://a.example/rss", "http://b.example/rss"]
    path.write_text("bad")
    assert len(feed_list.read()) == len(feed_list.read()) == 2
    assert capsys.readouterr().err.count("no feed list; the feeds known before stay in use") == 1
    os.remove(path)
    assert len(feed_list.read()) == 2


def test_a_list_that_is_bad_from_the_start_is_refused(tmp_path):
    path = tmp_path / "feeds.txt"
    path.write_text("bad")
    with pytest.raises(InputError, match="no feed list"):
        FeedList(str(path), lambda _: lines(path))
