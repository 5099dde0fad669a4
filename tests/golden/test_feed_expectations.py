"""What feedparser's test files say is expected of them, where it concerns what this reader reads."""

import ast
import re
from pathlib import Path

import pytest

from transforms.elements import Feed
from transforms.errors import IngestError
from transforms.web.decode import decode
from transforms.web.feed_parser import ParsedFeed, parse_feed
from transforms.web.text import plain_line, strip_tags

URL = "http://akhbar.example/feed.xml"
HEADER = re.compile(rb"Header:\s*Content-type:\s*(.*)", re.IGNORECASE)
EXPECT = re.compile(rb"Expect:\s*(.*)")
ENCODING = re.compile(r"encoding == '([^']+)'")
CLAUSES = {
    "summary": re.compile(r"entries\[0\](?:\['description'\]|\.summary) == ('.*')"),
    "link": re.compile(r"entries\[0\]\.link == ('.*')"),
    "title": re.compile(r"feed\['title'\] == ('.*')"),
}
CHARACTER = re.compile(r"ord\(entries\[0\]\['description'\]\) == (\d+)")
# `bozo` also means there that an encoding was declared wrongly, or not at all, and found all the same. Here that is
# no damage, as long as the text is read right. A feed with a comment and nothing else is no feed, and refused.
UNGUESSABLE = "bozo_linenoise"  # seven bytes that are in no encoding; one of many guesses is expected
READ_RIGHT = {
    "bozo_bogus_encoding", "bozo_http_i18n", "bozo_http_text_plain", "bozo_http_text_plain_charset", "big5", "eucjp", "euckr", "gb2312",
    "koi8r", "shiftjis", "tis620", "windows1255",
}  # fmt: skip


def files(shared: Path) -> list[Path]:
    return [
        p
        for p in sorted((shared / "corpus" / "feeds").rglob("*.xml"))
        if EXPECT.search(p.read_bytes()) and p.stem != UNGUESSABLE
    ]


def header_of(content: bytes) -> str:
    header = HEADER.search(content)
    return header[1].decode("latin-1").strip() if header else ""


def read(content: bytes) -> ParsedFeed:
    """The feed, with a link for the first item where it has none: an item without one leads to no page."""
    start = re.search(rb"<(?:item|entry)\b[^>]*>", content)
    if start and not re.search(rb"<link", content[start.end() :]):
        content = content[: start.end()] + b"<link>http://akhbar.example/n/1</link>" + content[start.end() :]
    return parse_feed(content, Feed(URL), URL, header_of(content))


def plain(expected: str) -> str:
    return plain_line(strip_tags(expected))


def test_values(shared: Path) -> None:
    checked = 0
    for path in files(shared):
        content = path.read_bytes()
        expected = EXPECT.search(content)[1].decode("latin-1").strip()  # type: ignore[index]
        for key, clause in CLAUSES.items():
            if wanted := clause.search(expected):
                parsed, value = read(content), plain(ast.literal_eval(wanted[1]))
                found = parsed.title if key == "title" else getattr(parsed.entries[0], key)
                assert plain(found or "") == value, path.name
                checked += 1
        if wanted := CHARACTER.search(expected):
            assert read(content).entries[0].summary == chr(int(wanted[1])), path.name
            checked += 1
    assert checked >= 12


def test_encodings(shared: Path) -> None:
    checked = 0
    for path in files(shared):
        content = path.read_bytes()
        wanted = ENCODING.search(EXPECT.search(content)[1].decode("latin-1"))  # type: ignore[index]
        if wanted:
            text = content.decode(wanted[1], "replace").removeprefix("\ufeff")
            assert decode(content, header_of(content)) == text, path.name
            checked += 1
    assert checked >= 50


def test_damage(shared: Path) -> None:
    for path in files(shared):
        expected = EXPECT.search(path.read_bytes())[1].decode("latin-1").strip()  # type: ignore[index]
        if path.name == "rss_empty_document.xml":
            with pytest.raises(IngestError) as fault:
                read(path.read_bytes())
            assert fault.value.reason == "not_a_feed"
        elif expected.startswith("bozo") and path.stem not in READ_RIGHT:
            assert read(path.read_bytes()).damaged, path.name
        elif expected.startswith("not bozo"):
            assert read(path.read_bytes()).damaged is None, path.name
