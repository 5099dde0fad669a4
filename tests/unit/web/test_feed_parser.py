import gzip
import json
import time
import tracemalloc

import pytest

from transforms.elements import Feed
from transforms.errors import IngestError
from transforms.web.feed_parser import ParsedFeed, find_feed_links, parse_feed

URL = "http://akhbar.example/rss.xml"
ITEM = (
    "<item><title>{title}</title><link>{link}</link><description>{text}</description>"
    "<pubDate>Sun, 08 Mar 2020 20:40:00 +0000</pubDate></item>"
)


def rss(*items: str, head: str = "", coding: str = "utf-8", prolog: str = "") -> bytes:
    text = f'<?xml version="1.0" encoding="{coding}"?>{prolog}<rss version="2.0"><channel><title>أخبار</title>{head}{"".join(items)}</channel></rss>'
    return text.encode("cp1256" if coding == "windows-1256" else "utf-8")


def item(title: str = "هدنة في المدينة", link: str = "/n/1", text: str = "نص") -> str:
    return ITEM.format(title=title, link=link, text=text)


def parse(content: bytes, name: str = "") -> ParsedFeed:
    return parse_feed(content, Feed(URL, name), URL, "application/rss+xml")


def test_rss() -> None:
    parsed = parse(
        rss(item(link="/n/1?utm_source=rss#top"), item(link="http://akhbar.example/n/2"), head="<ttl>15</ttl>")
    )
    assert [e.url for e in parsed.entries] == ["http://akhbar.example/n/1", "http://akhbar.example/n/2"]
    first = parsed.entries[0]
    assert (first.link, first.source, first.title, first.summary) == (
        "http://akhbar.example/n/1?utm_source=rss#top",
        "أخبار",
        "هدنة في المدينة",
        "نص",
    )
    assert first.published_us == 1583700000 * 1_000_000
    assert (parsed.title, parsed.ttl_minutes, parsed.damaged, parsed.rejected) == ("أخبار", 15, None, ())


def test_the_feed_list_names_the_source() -> None:
    assert parse(rss(item()), "وكالة").entries[0].source == "وكالة"


def test_atom_and_fingerprint() -> None:
    def atom(updated: str, summary: str) -> bytes:
        return (
            '<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><entry><title type="html">&lt;b&gt;هدنة&lt;/b&gt; &amp;quot;أولى&amp;quot;</title>'
            f'<link rel="alternate" href="n/1"/><author><name>سامي خليل</name></author><published>2020-03-08T20:40:00Z</published>'
            f"<updated>{updated}</updated><summary>{summary}</summary></entry></feed>"
        ).encode()

    entry = parse(atom("2020-03-08T20:40:00Z", "أ")).entries[0]
    assert (entry.url, entry.title, entry.authors) == ("http://akhbar.example/n/1", 'هدنة "أولى"', ("سامي خليل",))
    assert entry.published_us == 1583700000 * 1_000_000
    prints = {
        parse(atom(u, s)).entries[0].fingerprint
        for u, s in [("2020-03-08T20:40:00Z", "أ"), ("2020-03-09T20:40:00Z", "أ"), ("2020-03-08T20:40:00Z", "ب")]
    }
    assert len(prints) == 3
    assert parse(atom("2020-03-08T20:40:00Z", "أ")).entries[0].fingerprint == entry.fingerprint


def test_rdf() -> None:
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        '<channel><title>x</title></channel><item rdf:about="http://akhbar.example/1"><title>هدنة</title><link>http://akhbar.example/1</link>'
        "<dc:date>2020-03-08T20:40:00Z</dc:date></item></rdf:RDF>"
    )
    assert parse(rdf.encode()).entries[0].published_us == 1583700000 * 1_000_000


def test_json_feed() -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "أخبار", "items": [
        {"url": "/n/1", "title": "هدنة", "content_html": "<p>نص</p>", "date_published": "2020-03-08T20:40:00Z", "authors": [{"name": "سامي"}]},
        {"title": "بلا رابط"}]}  # fmt: skip
    parsed = parse(json.dumps(feed).encode())
    assert parsed.entries[0].summary == "نص"
    assert parsed.entries[0].authors == ("سامي",)
    assert len(parsed.rejected) == 1


@pytest.mark.parametrize("coding", ["windows-1256", "utf-8"])
def test_windows_1256_whatever_it_says(coding: str) -> None:
    content = rss(item(title="أعلنت الوزارة هدنة")).decode().replace("utf-8", coding).encode("cp1256")
    assert parse(content).entries[0].title == "أعلنت الوزارة هدنة"


def test_a_cut_off_feed_keeps_what_is_whole() -> None:
    whole = rss(item(link="/n/1"), item(link="/n/2"), item(link="/n/34567"))
    parsed = parse(whole[: whole.index(b"/n/34567") + 5])
    assert [e.url[-4:] for e in parsed.entries] == ["/n/1", "/n/2"]
    assert parsed.damaged is not None
    assert parsed.rejected == ()


def test_links_to_no_page_are_rejected_one_by_one() -> None:
    links = ["file:///etc/passwd", "gopher://akhbar.example/", "javascript:alert(1)", "", "/n/1"]
    parsed = parse(rss(*(item(link=link) for link in links)))
    assert [e.url for e in parsed.entries] == ["http://akhbar.example/n/1"]
    assert [r[0] for r in parsed.rejected] == ["bad_url"] * 4
    assert "gopher://akhbar.example/" in parsed.rejected[1][1]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty_answer"), (b" \n", "empty_answer"), (b"\x00\x00", "empty_answer"),
        (b"<html><head><title>403</title></head><body>Forbidden</body></html>", "not_a_feed"),
        (b"plain", "not_a_feed"),
        (b'<?xml version="1.0"?>', "not_a_feed"), (b'{"a": 1}', "not_a_feed"), (b"[" * 100_000, "not_a_feed"), (b'{"a":' * 100_000, "not_a_feed"),
    ],
)  # fmt: skip
def test_what_is_no_feed(content: bytes, reason: str) -> None:
    with pytest.raises(IngestError) as fault:
        parse(content)
    assert fault.value.reason == reason
    assert URL in fault.value.detail


def test_an_empty_feed_is_a_feed() -> None:
    assert parse(rss()).entries == ()


def test_entities_are_refused_in_flat_memory() -> None:
    laughs = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10 if i else "lol"}">' for i in range(10))
    content = rss(item(title="&l9;&x;هدنة"), prolog=f'<!DOCTYPE rss [{laughs}<!ENTITY x SYSTEM "file:///etc/passwd">]>')
    tracemalloc.start()
    parsed = parse(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert parsed.entries[0].title == "هدنة"
    assert "refused" in (parsed.damaged or "")
    assert peak < 20_000_000


def test_impossible_character_references() -> None:
    assert parse(rss(item(title="هدنة&#1114112;&#0;&#xD800;&#99999999999999;&#x41;"))).entries[0].title == "هدنةA"


def test_titles_are_as_published_but_for_what_carries_unseen_text() -> None:
    assert parse(rss(item(title="\u202bهدنة\u202c\ufeff\x00\U000e0041"))).entries[0].title == "\u202bهدنة\u202c"


@pytest.mark.parametrize("date", ["08/03/2020", "الأحد، 8 آذار 2020"])
def test_dates_that_feedparser_does_not_know(date: str) -> None:
    content = rss(f"<item><title>x</title><link>/1</link><pubDate>{date}</pubDate></item>")
    assert parse(content).entries[0].published_us == 1583625600 * 1_000_000


def test_a_gzip_file_served_as_such_and_its_bomb() -> None:
    assert len(parse(gzip.compress(rss(item()))).entries) == 1
    with pytest.raises(IngestError) as fault:
        parse(gzip.compress(b"a" * 100_000_000))
    assert fault.value.reason == "too_large"


def test_three_thousand_items_take_seconds() -> None:
    content = rss(*(item(link=f"/n/{n}", text="نص طويل " * 220) for n in range(3000)))
    start = time.process_time()
    parsed = parse(content)
    assert len(parsed.entries) == 3000
    assert time.process_time() - start < 20


def test_find_feed_links() -> None:
    page = (
        '<html><head><base href="/ar/"><link rel="alternate" type="application/rss+xml" title="كل الأخبار" href="feed">'
        '<link rel="alternate" type="text/html" href="/en"></head><body><a href="/other.rss">x</a></body></html>'
    )
    assert find_feed_links(page.encode(), "http://akhbar.example/") == (
        ("http://akhbar.example/ar/feed", "كل الأخبار"),
    )
    linked = (
        b'<html><body><a href="/rss.xml">RSS</a><a href="javascript:feed">x</a><a href="/feedback">y</a></body></html>'
    )
    assert find_feed_links(linked, "http://akhbar.example/") == (("http://akhbar.example/rss.xml", "RSS"),)
    assert find_feed_links(rss(item()), URL) == ((URL, "أخبار"),)
    assert find_feed_links(b"", URL) == ()
