"""Reading feed lists: formats, how they are told apart, and what is said of faults."""

from itertools import pairwise
from pathlib import Path

import pytest

from pipeline.feeds import load_feeds, parse_feeds
from transforms.elements import Feed
from transforms.errors import IngestError, InputError

TOML = """
# two papers
[[feeds]]
name = "صحيفة الميناء"
country = "ly"
url = "https://mina.example/feed"

[[feeds]]
url = "http://souq.example/rss?a=1&b=2"
"""
OPML = """<?xml version="1.0" encoding="utf-8"?>
<opml version="2.0"><head><title>list</title></head><body>
<outline text="ليبيا"><outline text="West">
  <outline type="rss" text="صحيفة الميناء" xmlUrl="https://mina.example/feed" htmlUrl="https://mina.example/"/>
</outline></outline>
<outline title="Souq" xmlurl="http://souq.example/rss?a=1&amp;b=2"/>
<outline type="link" text="a page" url="https://page.example/"/>
</body></opml>
"""
LINES = """# two papers
https://mina.example/feed   # the harbour
\thttp://souq.example/rss#top
https://mina.example/feed

"""
MINA, SOUQ = "https://mina.example/feed", "http://souq.example/rss?a=1&b=2"


def faults(content: str | bytes, name: str = "list") -> str:
    with pytest.raises(InputError) as caught:
        parse_feeds(content if isinstance(content, bytes) else content.encode(), name)
    return str(caught.value)


def test_toml() -> None:
    assert parse_feeds(TOML.encode(), "f.toml") == (Feed(MINA, "صحيفة الميناء", "LY"), Feed(SOUQ))


def test_opml_with_nested_outlines() -> None:
    assert parse_feeds(OPML.encode(), "f.opml") == (Feed(MINA, "صحيفة الميناء"), Feed(SOUQ, "Souq"))


def test_opml_in_another_encoding() -> None:
    windows = OPML.replace('encoding="utf-8"', 'encoding="windows-1256"').encode("cp1256")
    assert parse_feeds(windows, "f.opml")[0].name == "صحيفة الميناء"


def test_opml_1_without_a_body_of_its_own() -> None:
    old = f'<opml version="1.0"><outline text="A" xmlUrl="{MINA}"/></opml>'
    assert parse_feeds(old.encode(), "f") == (Feed(MINA, "A"),)


def test_lines_keep_the_order_and_drop_repeats_quietly() -> None:
    assert parse_feeds(LINES.encode(), "f.txt") == (Feed(MINA), Feed("http://souq.example/rss#top"))


@pytest.mark.parametrize("content", [TOML, OPML, LINES])
@pytest.mark.parametrize("prefix", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("address", ["/dev/stdin", "https://lists.example/download?id=7", "gs://bucket/feeds"])
def test_the_content_tells_the_format(content: str, prefix: bytes, address: str) -> None:
    feeds = load_feeds(address, lambda asked: prefix + content.encode() if asked == address else b"")
    assert feeds[0].url == MINA
    assert len(feeds) == 2


def test_an_address_keeps_its_extension_before_a_query() -> None:
    assert "not TOML" in faults(MINA, "https://lists.example/feeds.toml?version=2#top")


def test_lines_with_equals_signs_are_no_toml() -> None:
    assert parse_feeds(f"{SOUQ}\n".encode(), "list") == (Feed(SOUQ),)


def test_all_faults_are_told_at_once_with_their_lines() -> None:
    message = faults(
        "ftp://a.example/\nhttps://good.example/\nexample.org/feed\nhttps://\nhttp://[::1/\nhttps://a b\nhttp://h:99999/"
    )
    assert message.splitlines() == [
        "list:1: not an http or https URL: 'ftp://a.example/'",
        "list:3: not an http or https URL: 'example.org/feed'",
        "list:4: the URL names no host: 'https://'",
        "list:5: not a URL: 'http://[::1/' (Invalid IPv6 URL)",
        "list:6: a URL holds no spaces: 'https://a b'",
        "list:7: not a URL: 'http://h:99999/' (Port out of range 0-65535)",
    ]


def test_faults_of_toml_entries_name_the_entry_line() -> None:
    content = '\n[[feeds]]\nurl = 3\n\n[[feeds]]\nname = "x"\n[[feeds]]\nurl = "https://a.example"\nnmae = "x"\ncountry = "Libya"\n'
    assert faults(content, "f.toml").splitlines() == [
        "f.toml:2: url must be a string",
        "f.toml:5: no url",
        "f.toml:7: unknown key 'nmae'; known are url, name, country",
        "f.toml:7: country must be two letters (ISO 3166), not 'Libya'",
    ]


def test_toml_entries_without_headers_are_counted() -> None:
    assert faults('feeds = [{url = "https://a.example"}, {url = "b"}]', "f.toml").startswith(
        "f.toml: feed 2: not an http"
    )


def test_opml_faults_name_the_line() -> None:
    assert faults('<opml>\n<body>\n<outline xmlUrl="javascript:alert(1)"/>\n</body></opml>') == (
        "list:3: not an http or https URL: 'javascript:alert(1)'"
    )


def test_many_faults_are_cut_short() -> None:
    lines = faults("\n".join(f"bad{n}" for n in range(500))).splitlines()
    assert len(lines) == 21
    assert lines[-1] == "and 480 more faults"


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("f.txt", "# nothing\n\n", "f.txt: the feed list is empty"),
        ("f.toml", "", "f.toml: the feed list is empty"),
        ("f.opml", "<opml><body><outline text='x'/></body></opml>", "f.opml: the feed list is empty"),
        ("f.txt", b"https://a.example/\n\xff\xfeh", "f.txt:2: not UTF-8: byte 0xff"),
        ("f.toml", '[[feeds]]\nurl = "x', "f.toml:2: not TOML: "),
        ("f.toml", '[feed]\nurl = "x"', "f.toml: unknown key 'feed'; a feed list holds [[feeds]] only"),
        ("f.toml", 'feeds = ["https://a.example"]', "f.toml: `feeds` must be tables: [[feeds]]"),
        ("f.toml", "[feeds]", "f.toml: `feeds` must be tables: [[feeds]]"),
        ("f.opml", "", "f.opml:1: not XML: Document is empty"),
        ("f.opml", '<opml>\n<outline xmlUrl="http://a/?x&y"/></opml>', "f.opml:2: not XML: EntityRef"),
        ("f", "<rss><channel/></rss>", "f:1: not OPML: the document is <rss>; to read a single feed, put its URL into a list"),
        ("f", "<html/>", "f:1: not OPML: the document is <html>"),
    ],
)  # fmt: skip
def test_faults_of_the_whole_list(name: str, content: str | bytes, expected: str) -> None:
    assert faults(content, name).startswith(expected)


def test_entities_are_neither_resolved_nor_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("https://secret.example/")
    external = f'<!DOCTYPE opml [<!ENTITY e SYSTEM "{secret.as_uri()}">]><opml><body><outline text="a" xmlUrl="{MINA}">&e;</outline></body></opml>'
    assert "entities" in faults(external)
    assert "secret.example" not in faults(external)
    assert "entities" in faults(
        '<!DOCTYPE opml [<!ENTITY e "x">]><opml><outline xmlUrl="http://a.example/&e;"/></opml>'
    )


def test_a_billion_laughs_end_at_once() -> None:
    names = "abcdefghij"
    levels = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise(names))
    bomb = f'<!DOCTYPE opml [<!ENTITY a "{"ha" * 500}">{levels}]><opml><outline xmlUrl="http://a.example/&j;"/></opml>'
    assert "amplification" in faults(bomb)


@pytest.mark.parametrize("error", [FileNotFoundError(2, "No such file"), IngestError("dns", "no such host")])
def test_an_address_that_cannot_be_read(error: Exception) -> None:
    def read(address: str) -> bytes:
        raise error

    with pytest.raises(InputError, match=r"^feeds\.toml: the feed list cannot be read: .*(No such file|no such host)"):
        load_feeds("feeds.toml", read)
