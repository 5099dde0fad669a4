"""The summary tells why a feed yielded nothing, and shows when elements are lost."""

from pipeline.display import describe_progress, why_empty
from pipeline.run import exit_code
from pipeline.sources import Sources
from transforms.elements import Feed, FeedVisit, Tally
from transforms.metrics import DROPS, STAGES
from transforms.summary import add_summaries, summarise_run, unbalanced_stages

FEED = "http://example.org/rss"
SOURCES = Sources(feeds=(Feed(FEED),))


def summary(*tallies, visits=()):
    rows = [Tally(stage, FEED, outcome, n) for stage, outcome, n in tallies]
    return summarise_run("run", 0, 2_000_000, rows, visits, {})


def visit(outcome, message=""):
    return FeedVisit(FEED, outcome, message, None, None, "", 1, 1, 3)


def test_counts_add_up_over_bundles():
    made = summary(("fetch_pages", "in", 2), ("fetch_pages", "in", 3), ("fetch_pages", "out", 5))
    assert made["stages"] == {"fetch_pages": {"in": 5, "out": 5}}
    assert made["feeds"][FEED]["stages"] == {"fetch_pages": {"in": 5, "out": 5}}
    assert made["seconds"] == 2
    assert unbalanced_stages(made) == []


def test_a_lost_element_shows_and_fails_the_run():
    made = summary(
        ("read_feeds", "in", 1), ("read_feeds", "out", 1), ("fetch_pages", "in", 2), ("fetch_pages", "out", 1)
    )
    assert unbalanced_stages(made) == ["fetch_pages: 2 in, 1 accounted for"]
    assert exit_code(made, SOURCES) == 1


def test_exit_codes():
    read = (("read_feeds", "in", 1), ("read_feeds", "out", 1))
    assert exit_code(summary(*read), SOURCES) == 0
    assert exit_code(summary(("read_feeds", "in", 1), ("read_feeds", "dropped_not_modified", 1)), SOURCES) == 0
    assert exit_code(summary(("read_feeds", "in", 1), ("read_feeds", "dead_lettered_dns", 1)), SOURCES) == 1
    failed = (("fetch_pages", "in", 1), ("fetch_pages", "dead_lettered_unexpected", 1))
    assert exit_code(summary(*read, *failed), SOURCES) == 1


def test_why_a_feed_yielded_nothing():
    dead = summary(("read_feeds", "dead_lettered_dns", 1), visits=[visit("dns", f"{FEED}: no such name")])
    assert why_empty(FEED, dead["feeds"][FEED]) == "dns: no such name"
    foreign = summary(("extract_articles", "dropped_language_fa", 3), visits=[visit("read")])
    assert why_empty(FEED, foreign["feeds"][FEED]) == "language_fa 3"
    assert why_empty(FEED, summary(visits=[visit("read")])["feeds"][FEED]) == "the feed lists no entries"


def test_progress_is_described_from_counts():
    from collections import Counter

    counts = Counter(
        {("read_feeds", "in"): 3, ("read_feeds", "out"): 2, ("fetch_pages", "out"): 10, ("x", "dead_lettered_dns"): 1}
    )
    assert describe_progress(counts, 3, 2.0) == {
        "feeds": "2/3",
        "pages": "10",
        "records": "0",
        "dead letters": "1",
        "pages/s": "5.0",
    }


def test_the_vocabularies_name_each_thing_once():
    assert len(set(STAGES)) == len(STAGES)
    assert all(text and not text.endswith(".") for text in DROPS.values())


def test_rounds_add_up_to_one_summary():
    first = summary(("read_feeds", "in", 1), ("read_feeds", "dead_lettered_dns", 1), visits=[visit("dns", "no such")])
    second = summary(("read_feeds", "in", 1), ("read_feeds", "out", 1), visits=[visit("read")])
    third = summary(("fetch_pages", "in", 1), ("fetch_pages", "out", 1))
    both = add_summaries(add_summaries(first, second), third)
    assert both["stages"] == {
        "fetch_pages": {"in": 1, "out": 1},
        "read_feeds": {"dead_lettered_dns": 1, "in": 2, "out": 1},
    }
    assert (both["feeds"][FEED]["outcome"], both["feeds"][FEED]["message"]) == ("read", "")
    assert both["seconds"] == 6
    assert unbalanced_stages(both) == []
