"""Twenty-four sites, each with one thing that goes wrong: what must arrive arrives, the rest is named."""

import urllib.request
from collections import defaultdict

import pytest

from tests.newsworld import ALLOW, last_summary, rasid, rasid_watched, read_lines, start_world

pytestmark = pytest.mark.slow
DEADLINE = 8
# By site: the reasons of its dead letters, feed-level ones included; any of a set, none else.
REASONS = {
    201: {"http_server_error"},
    203: {"too_many_redirects"},
    204: {"too_large"},
    205: {"deadline", "host_unavailable"},
    206: {"broken_body"},
    207: {"damaged_feed"},
    209: {"http_client_error"},
    210: {"forbidden_address", "bad_url"},
    211: {"deadline"},
    212: {"damaged_feed", "not_a_feed"},
    217: {"empty_answer"},
    218: {"not_html"},
    221: {"no_body"},
}


@pytest.fixture(scope="module")
def world(shared):
    with start_world(shared, "--hosts", 3, "--items", 6, "--faults") as made:
        # The world makes its bomb on the first request, which keeps all its sites busy for seconds.
        bomb = made.sites()[204].replace("/rss.xml", "/news/0.html")
        urllib.request.urlopen(bomb, timeout=120).read()
        yield made


@pytest.fixture(scope="module")
def watched(world, tmp_path_factory):
    """One run over all sites, with deadlines short enough for a test: its folder, and its processes' peaks in MB."""
    out = tmp_path_factory.mktemp("faults") / "out"
    flags = ["--host_pause", "0", "--request_deadline", str(DEADLINE), "--max_items_per_feed", "40"]
    code, said, peaks = rasid_watched("run", "--feeds", world.feeds, "--output", out, *ALLOW, *flags)
    assert code == 0, said
    return out, peaks


@pytest.fixture(scope="module")
def output(watched):
    return watched[0]


def site_of(feed_url):
    return int(feed_url.split("/")[2].split(":")[0].rsplit(".", 1)[1])


def by_site(elements, key):
    found = defaultdict(list)
    for element in elements:
        found[site_of(element[key])].append(element)
    return found


def test_every_true_article_arrives_and_no_other(world, output):
    records = by_site(read_lines(output / "records"), "url")
    truth = by_site(world.truth(), "url")
    truth[220] = sorted(truth[220], key=lambda t: t["published"])[-40:]
    for site, articles in truth.items():
        assert sorted(r["url"] for r in records[site]) == sorted(t["url"] for t in articles), site
    assert set(records) - set(truth) <= {212}


def test_what_does_not_arrive_is_named(output):
    found = defaultdict(set)
    for letter in read_lines(output / "dead_letters"):
        found[site_of(letter["feed"])].add(letter["reason"])
    assert {site for site in found if site > 200} == set(REASONS)
    for site, reasons in REASONS.items():
        assert found[site] <= reasons, site


def test_what_is_left_out_is_counted(output):
    summary = last_summary(output)
    feeds = {site_of(url): feed["stages"] for url, feed in summary["feeds"].items() if url}
    assert feeds[213]["fetch_pages"]["dropped_robots"] == 2
    foreign = {outcome for outcome in feeds[219]["extract_articles"] if outcome.startswith("dropped_language_")}
    assert foreign == {f"dropped_language_{code}" for code in ("fa", "ur", "en", "fr")}
    assert feeds[220]["list_entries"]["dropped_over_limit"] == 3000 - 40


def test_no_site_holds_up_the_others(output):
    """The slowest is one deadline and its retry for a feed, and as much for each wave of articles of a dripping host."""
    assert last_summary(output)["seconds"] < 12 * DEADLINE


def test_memory_is_bounded(watched):
    """The gzip bomb, the endless body, the 12 MB feed and the billion laughs among the sites."""
    peaks = watched[1]
    assert len(peaks) >= 3  # this one, the fork server, and a worker at least
    print(sorted(peaks.values()))
    assert max(peaks.values()) < 600, peaks


def test_nothing_is_asked_that_must_not_be(world, output):
    assert output.exists()
    stats = world.stats()
    assert stats["trapped"] == 0
    private = [path for paths in stats["by_site"].values() for path in paths if "private" in path]
    assert private == []


def test_dates_are_right_or_absent(world, output):
    truth = {t["url"]: t["published"] for t in world.truth()}
    dated = [r for r in read_lines(output / "records") if site_of(r["url"]) == 214]
    assert len(dated) == 6
    for record in dated:
        # A feed's day without a time of day is the day's first minute.
        assert record["published_at"] is None or record["published_at"][:10] == truth[record["url"]][:10]


def test_texts_with_odd_characters_are_kept_and_tagged(output):
    odd = [r for r in read_lines(output / "records") if site_of(r["url"]) == 223]
    assert any("\u0640" in r["body"] for r in odd)
    assert all("\x00" not in r["body"] for r in odd)
    assert any(r["statements"] for r in odd)


def test_a_corrected_article_is_a_second_revision(world, output):
    world.advance(1)
    done = rasid(
        "run",
        "--feeds",
        world.feeds,
        "--output",
        output,
        *ALLOW,
        "--host_pause",
        "0",
        "--request_deadline",
        str(DEADLINE),
        "--max_items_per_feed",
        "40",
    )
    assert done.returncode == 0, done.stderr
    revisions = defaultdict(list)
    for record in read_lines(output / "records"):
        revisions[record["url"]].append(record["revision"])
    corrected = [url for url in revisions if site_of(url) == 224 and url.endswith("/0.html")]
    assert [sorted(revisions[url]) for url in corrected] == [[1, 2]]
    assert all(found == [1] for url, found in revisions.items() if url not in corrected and site_of(url) != 220)
