"""Any bytes as a feed, a page, a document, a lexicon, a state, options: a value or a named error, nothing else."""

import gzip
import json
import math
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.engine import beam_options
from pipeline.options import make_config
from pipeline.run import make_parser
from transforms.arabic.lexicon import load_lexicon
from transforms.elements import Entry, Feed, Page
from transforms.errors import IngestError, InputError
from transforms.lexicons import TABLES
from transforms.polling import PollLimits
from transforms.record_format import element_to_json
from transforms.state import DAY_US, State, apply_visits, dump_state, parse_state
from transforms.web.decode import decode
from transforms.web.feed_parser import ParsedFeed, find_feed_links, parse_feed
from transforms.work import document_entry, read_article, read_document

URL = "http://akhbar.example/feed.xml"
PIECES = [
    '<?xml version="1.0" encoding="utf-8"?>', '<?xml version="1.0" encoding="windows-1256"?>', "<rss version='2.0'>", "<channel>", "<item>",
    "</item>", "<title>", "</title>", "<link>", "</link>", "/n/1", "http://akhbar.example/n/2", "<guid>", "</guid>", "<pubDate>", "</pubDate>",
    "Sun, 08 Mar 2020 20:40:00 +0300", "٨ آذار ٢٠٢٠", "<feed xmlns='http://www.w3.org/2005/Atom'>", "<entry>", "</entry>", "<link href='", "'/>",
    "<updated>", "<author><name>", "</name></author>", "<![CDATA[", "]]>", "<!DOCTYPE rss [", "<!ENTITY a 'b'>", "<!ENTITY x SYSTEM 'file:///x'>", "]>",
    "&x;", "&#0;", "&#x110000;", "&lt;b&gt;", "<rdf:RDF>", "{", "}", '"version": "https://jsonfeed.org/version/1.1"', '"items": [', "]", '"url":', "1e999",
    "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>", "<georss:where>", "<gml:pos>", "<media:content url='x'>", "<ttl>", "9" * 5000,
    "<dc:date>", "-0001-13-45T99:99:99+99:99", "\ud800", "\x00", "\ufeff", "قال الوزير إن الهدنة صامدة. ", "\u202e", "<", ">", "&", "'", '"', "http://[::1", "://",
]  # fmt: skip
TAGS = ["html", "head", "body", "title", "h1", "p", "div", "article", "table", "td", "script", "style", "meta", "a", "br", "svg", "template", "base",
        "form", "ul", "li", "noscript", "time", "link", "span", "figure", "section", "frameset", "plaintext", "math"]  # fmt: skip
PAGE_PIECES = [
    *(f"<{tag}>" for tag in TAGS), *(f"</{tag}>" for tag in TAGS), "<!doctype html>", "<div class='article-body'>", "<div id=comments>", "<!--", "-->",
    "<meta property='og:title' content='", "<meta charset=", "windows-1256", "utf-16", "<script type='application/ld+json'>", '{"@type":"NewsArticle",',
    '"headline":', '"datePublished":"', "2020-03-08", "'>", "<time datetime='", "<link rel=canonical href='", "http://[", "{", "}", "[", "]", '"', "<p",
    "قال رئيس البلدية يوم الأحد إن أعمال الترميم ستنتهي قبل نهاية الشهر المقبل. " * 3, "8 آذار 2020", "&#xd800;", "&nbsp;", "\x00", "\ufeff", "\x85", "<![CDATA[", "]]>",
]  # fmt: skip


def documents(pieces):
    text = st.lists(st.sampled_from(pieces) | st.text(max_size=4), max_size=40).map("".join)
    codec = st.sampled_from(["utf-8", "utf-8", "cp1256", "utf-16", "utf-32-be", "utf-8-sig"])
    encoded = st.builds(lambda t, c: t.encode(c, "surrogatepass" if c.startswith("utf") else "ignore"), text, codec)
    return (
        encoded
        | st.binary(max_size=300)
        | encoded.map(gzip.compress)
        | st.builds(bytes.__add__, encoded, st.binary(max_size=9))
    )


TYPES = st.sampled_from(
    [
        "",
        "text/html",
        "text/html; charset=utf-8",
        "application/xml; charset=windows-1256",
        "charset=\x00",
        "image/png",
        "x" * 99,
    ]
)
fuzz = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def attempt(work, named):
    try:
        return work()
    except named as error:
        fault = error
    assert getattr(fault, "reason", "") != "unexpected"
    assert str(fault).encode()
    return fault


@fuzz
@given(documents(PIECES), TYPES)
def test_any_bytes_are_a_feed_or_a_named_error(content, content_type):
    decode(content, content_type)
    found = attempt(lambda: parse_feed(content, Feed(URL), URL, content_type), IngestError)
    if isinstance(found, ParsedFeed):
        for entry in found.entries:
            assert element_to_json(entry).encode()
            assert entry.url.startswith(("http://", "https://"))
        json.dumps([found.title, found.damaged, found.rejected], ensure_ascii=False).encode()


@fuzz
@given(documents(PAGE_PIECES), TYPES)
def test_any_bytes_are_a_page_or_a_named_error(content, content_type):
    page = Page(Entry(url=URL, link=URL, feed_url=URL), URL, content_type, content, 1)
    article = attempt(lambda: read_article(page), IngestError)
    if not isinstance(article, IngestError):
        assert element_to_json(article).encode()
        assert article.body.strip()
        assert "\x00" not in article.body + article.title
    for link, _ in find_feed_links(content, URL):
        assert link.startswith(("http://", "https://"))


@fuzz
@given(
    st.text(max_size=60).map(str.encode) | st.binary(max_size=60) | st.just("عنوان\n\nفقرة أولى.,فقرة ثانية.".encode())
)
def test_any_bytes_are_a_document_or_a_named_error(content):
    article = attempt(lambda: read_document(document_entry("/x/d.txt"), content), IngestError)
    assert isinstance(article, IngestError) or element_to_json(article).encode()


FILES = {name: (Path("transforms/lexicon") / name).read_text(encoding="utf-8") for name in TABLES}
SCRAPS = [
    "[[",
    "]]",
    "[",
    "]",
    "=",
    '"',
    '"""',
    "\n",
    "match",
    "names = [1]",
    "x = 1",
    "true",
    "{}",
    "#",
    "\x00",
    "\ud800",
    "9" * 5000,
    "[" * 3000,
    "\\u",
    "-",
]


@fuzz
@given(st.data())
def test_any_bytes_are_a_lexicon_or_a_named_error(tmp_path_factory, data):
    name = data.draw(st.sampled_from(sorted(FILES)))
    text = FILES[name][:3000]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    scrap = "".join(data.draw(st.lists(st.sampled_from(SCRAPS) | st.text(max_size=3), max_size=3)))
    content = (text[:start] + scrap + text[end:]).encode("utf-8", "surrogatepass")
    if data.draw(st.booleans()):
        content = scrap.encode("utf-8", "surrogatepass") + data.draw(st.binary(max_size=20))
    folder = tmp_path_factory.getbasetemp()
    (folder / name).write_bytes(content)
    for table, kind in TABLES[name].items():
        found = attempt(lambda table=table, kind=kind: load_lexicon.__wrapped__(name, table, kind, folder), InputError)
        assert str(folder / name) in str(found) if isinstance(found, InputError) else found


@pytest.mark.parametrize(
    "table", ["act = 1", "act = [1, 2]", "act = [[1]]", "[act]\nmatch = ['x']", "act = [{}]", "[[act]]\n1 = 2"]
)
def test_odd_tables_are_named(tmp_path, table):
    (tmp_path / "ceasefire_acts.toml").write_text(table)
    with pytest.raises(InputError, match=r"ceasefire_acts\.toml"):
        load_lexicon.__wrapped__("ceasefire_acts.toml", "act", TABLES["ceasefire_acts.toml"]["act"], tmp_path)


ROWS = st.sampled_from([
    {"kind": "feed", "url": "x"}, {"kind": "entry", "key": "k"}, {"kind": "record", "id": 1}, {"kind": "robots", "origin": "x", "fetched_us": "y"},
    {"kind": 1}, {}, [], "x", 1, None, {"format": "rasid-state", "version": 1, "run_id": "r"}, {"format": "rasid-state", "version": 9},
    {"kind": "robots", "origin": "http://h", "fetched_us": 1, "status": 200, "body": "x"}, {"kind": "new", "x": 1},
    {"kind": "feed", "url": [], "etag": None, "last_modified": None, "body_hash": "", "visited_us": None, "read_us": 0, "outcome": ""},
])  # fmt: skip


@fuzz
@given(
    st.lists(ROWS, max_size=5).map(lambda rows: "".join(json.dumps(row) + "\n" for row in rows).encode())
    | st.binary(max_size=50),
    st.booleans(),
    st.integers(0, 40),
)
def test_any_bytes_are_a_state_or_a_named_error(content, packed, cut):
    header = dump_state(State("run"), "then")
    if packed:
        content = gzip.compress(gzip.decompress(header) + content)[: None if cut else -cut]
    found = attempt(lambda: parse_state(content, "state.jsonl.gz"), InputError)
    if isinstance(found, InputError):
        assert str(found).startswith("state.jsonl.gz")
    else:
        assert parse_state(dump_state(found, "then"), "s") == found
        apply_visits(found, "next", [], [], now=9 * DAY_US, keep_us=DAY_US, polling=PollLimits(300, 3600))


FLAGS = ["--feeds", "--documents", "--since", "--max_items_per_feed", "--languages", "--output", "--state", "--state_days", "--sink", "--file_bytes",
         "--streaming", "--poll_interval", "--max_poll_interval", "--file_seconds", "--user_agent", "--host_concurrency", "--host_pause", "--request_deadline",
         "--max_bytes", "--allow_networks", "--workers", "--page_deadline", "--runner", "--no_such"]  # fmt: skip
VALUES = ["", "0", "-1", "1", "1e309", "nan", "inf", "-inf", "x", "ar,fa", "٣", "999999d", "7d", "0001-01-01T00:00:00+14:00", "9999-12-31", "2020-13-01", "jsonl:x",
          "parquet:", ":", "a\x1b[2J", "\u202e", "\ud800", "127.0.0.0/24", "::/0", "1.2.3.4/99", "9" * 5000, "\x00"]  # fmt: skip


PAIRS = st.dictionaries(st.sampled_from(FLAGS), st.sampled_from(VALUES), max_size=3).map(
    lambda chosen: [f"{flag}={value}" for flag, value in chosen.items()]
)


@settings(fuzz, max_examples=300)
@given(PAIRS | st.lists(st.sampled_from(FLAGS + VALUES), max_size=6))
def test_any_options_are_a_configuration_or_a_named_error(flags):
    parser = make_parser()
    try:
        args, rest = parser.parse_known_args(flags)
        beam_options(rest, parser)
    except SystemExit as end:
        assert end.code == 2  # noqa: PT017 - argparse has said what is wrong
        return
    except InputError:
        return
    config = attempt(lambda: make_config(args), InputError)
    if not isinstance(config, InputError):
        http = config.http
        numbers = (
            http.host_pause,
            http.request_deadline,
            config.page_deadline,
            config.file_seconds,
            *vars(config.polling).values(),
        )
        assert all(math.isfinite(number) and number >= 0 for number in numbers)


@pytest.mark.parametrize(
    "flags",
    [
        ["--since", "999999d"],
        ["--host_pause", "nan"],
        ["--request_deadline", "inf"],
        ["--poll_interval", "nan"],
    ],
)
def test_times_out_of_range_are_named(flags):
    with pytest.raises(InputError, match=flags[0]):
        make_config(make_parser().parse_args(flags))
