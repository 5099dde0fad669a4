"""Other projects' test feeds, real Arabic feeds and newsworld's: all read, or refused by name."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from transforms.elements import Feed
from transforms.errors import IngestError
from transforms.web.feed_parser import ParsedFeed, parse_feed

from .web_quality import make_world

URL = "http://akhbar.example/feed.xml"
_HEADER = re.compile(rb"Header:\s*Content-type:\s*(.*)", re.IGNORECASE)
EMPTY_FEED = "rss_empty_document.xml"  # a comment and nothing else


def read(path: Path) -> ParsedFeed:
    content = path.read_bytes()
    header = _HEADER.search(content)
    return parse_feed(content, Feed(URL), URL, header[1].decode("latin-1").strip() if header else "")


def refusal(path: Path) -> str:
    try:
        read(path)
    except IngestError as fault:
        return fault.reason
    return ""


def test_all_test_feeds_are_read(shared: Path) -> None:
    paths = [p for p in sorted((shared / "corpus" / "feeds").rglob("*")) if p.suffix in (".xml", ".rss", ".atom")]
    assert len(paths) > 150
    refused = {path.name: reason for path in paths if (reason := refusal(path))}
    assert refused == {EMPTY_FEED: "not_a_feed"}


def test_real_arabic_feeds_have_titles_links_and_dates(shared: Path) -> None:
    folder = shared / "corpus" / "feeds" / "rebuilt_from_ANT_items"
    entries = [entry for path in sorted(folder.glob("*.xml")) for entry in read(path).entries]
    assert len(entries) > 300
    assert all(entry.title and re.search("[\u0621-\u064a]", entry.title) for entry in entries)


@pytest.mark.parametrize("site", [0, 1, 2, 3, 207, 208, 214, 223])
def test_newsworld_feeds(shared: Path, site: int) -> None:
    world: Any = make_world(shared)
    content, content_type = world.feed(site)
    feed_url = world.base(site) + "/rss.xml"
    truth = {t["url"]: t for t in world.truth() if t["feed"] == feed_url}
    parsed = parse_feed(content, Feed(feed_url), feed_url, content_type)
    assert {entry.url for entry in parsed.entries} == set(truth)
    assert (parsed.damaged is not None) == (site == 207)
    for entry in parsed.entries:
        wanted = truth[entry.url]
        assert entry.title == " ".join(wanted["title"].split())
        if entry.published_us is None:
            assert site == 214
            continue
        found = datetime.fromtimestamp(entry.published_us / 1e6, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        assert found == wanted["published"] or (site == 214 and found == wanted["published"][:10] + "T00:00:00Z")
