"""The default feed list holds real feeds only."""

import re
from collections import Counter
from pathlib import Path

import pytest

import pipeline
from pipeline.feeds import load_feeds
from transforms.elements import Feed


@pytest.fixture(scope="module")
def feeds() -> tuple[Feed, ...]:
    path = Path(pipeline.__file__).with_name("feeds.toml")
    return load_feeds(str(path), lambda address: Path(address).read_bytes())


def test_every_default_feed_is_a_listed_one(feeds: tuple[Feed, ...], shared: Path) -> None:
    text = (shared / "corpus" / "feed_lists" / "arabic_feeds.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"https?://[^\s|;]+", text))
    assert {feed.url for feed in feeds} - listed == set()


def test_english_feeds_are_left_out(feeds: tuple[Feed, ...], shared: Path) -> None:
    text = (shared / "corpus" / "feed_lists" / "arabic_feeds.md").read_text(encoding="utf-8")
    english = {url for row in text.splitlines() if "(English)" in row for url in re.findall(r"https?://[^\s|;]+", row)}
    assert english
    assert english & {feed.url for feed in feeds} == set()


def test_the_list_is_long_and_knows_libya(feeds: tuple[Feed, ...]) -> None:
    assert len(feeds) >= 60
    assert sum(feed.country == "LY" for feed in feeds) >= 10
    assert len({feed.country for feed in feeds}) >= 15


def test_every_feed_has_name_and_country(feeds: tuple[Feed, ...]) -> None:
    assert [feed for feed in feeds if not feed.name or not feed.country] == []


def test_no_feed_is_written_twice() -> None:
    text = Path(pipeline.__file__).with_name("feeds.toml").read_text(encoding="utf-8")
    urls = Counter(
        re.sub(r"^https?://(www\.)?|/$", "", url) for url in re.findall(r'^url = "(.+)"$', text, re.MULTILINE)
    )
    assert urls
    assert [url for url, n in urls.items() if n > 1] == []
