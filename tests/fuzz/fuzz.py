"""Coverage-guided fuzzing of what reads strangers' bytes: `python tests/fuzz/fuzz.py feeds|pages FOLDER [libFuzzer's options]`.

FOLDER keeps the inputs that reached new code, and those that failed. A failure is any exception but IngestError, an
element that no coder can hold, more than ten seconds or 1 GB. Needs the extra `fuzz`; `make fuzz` runs both.
"""

import contextlib
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["transforms", "feedparser", "trafilatura"], enable_loader_override=False):
    from transforms.elements import Entry, Feed, Page
    from transforms.errors import IngestError
    from transforms.record_format import element_to_json
    from transforms.web.feed_parser import find_feed_links, parse_feed
    from transforms.work import read_article

URL = "http://akhbar.example/feed.xml"
TYPES = ("", "text/html", "application/xml; charset=utf-8", "text/html; charset=windows-1256")
TEXT = "قال رئيس البلدية يوم الأحد إن أعمال الترميم في الحي القديم ستنتهي قبل نهاية الشهر المقبل، وفق بيان رسمي."
SEEDS = {
    "feeds": [
        f"<?xml version='1.0'?><rss version='2.0'><channel><title>أخبار</title><ttl>60</ttl><item><title>هدنة</title><link>/n/1</link>"
        f"<pubDate>Sun, 08 Mar 2020 20:40:00 +0300</pubDate><description>&lt;p&gt;{TEXT}</description></item></channel></rss>",
        f"<feed xmlns='http://www.w3.org/2005/Atom'><title>أ</title><entry><title type='html'>هدنة</title><link href='/n/1'/><updated>2020-03-08T20:40:00Z"
        f"</updated><author><name>سامي</name></author><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>{TEXT}</div></content></entry></feed>",
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
        "<item rdf:about='/n/1'><title>هدنة</title><link>/n/1</link><dc:date>٨ آذار ٢٠٢٠</dc:date></item></rdf:RDF>",
        '{"version": "https://jsonfeed.org/version/1.1", "title": "أ", "items": [{"url": "/n/1", "title": "هدنة", "date_published": "2020-03-08"}]}',
        "<!DOCTYPE rss [<!ENTITY a 'b'><!ENTITY x SYSTEM 'file:///x'>]><rss version='2.0'><channel><item><title>&a;&x;</title></item></channel></rss>",
    ],
    "pages": [
        f"<!doctype html><html><head><meta charset=utf-8><title>هدنة - أخبار</title><meta property='og:title' content='هدنة'>"
        f"<script type='application/ld+json'>{{\"@type\":\"NewsArticle\",\"headline\":\"هدنة\",\"datePublished\":\"2020-03-08\",\"articleBody\":\"{TEXT}\"}}</script></head>"
        f"<body><h1>هدنة</h1><time datetime='2020-03-08'>8 آذار 2020</time><div class='article-body'>{f'<p>{TEXT}</p>' * 3}</div></body></html>",
        f"<html><body><table><tr><td>{f'{TEXT}<br><br>' * 3}</td></tr></table></body></html>",
    ],
}  # fmt: skip


def read_feed(content, content_type):
    parsed = parse_feed(content, Feed(URL), URL, content_type)
    for entry in parsed.entries:
        element_to_json(entry).encode()


def read_page(content, content_type):
    for link, title in find_feed_links(content, URL):
        (link + title).encode()
    page = Page(Entry(url=URL, link=URL, feed_url=URL), URL, content_type, content, 1)
    element_to_json(read_article(page)).encode()


TARGETS = {"feeds": read_feed, "pages": read_page}


def main(arguments):
    name, folder, *options = arguments[1:]
    target, corpus = TARGETS[name], Path(folder) / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(SEEDS[name]):
        (corpus / f"seed{number}").write_bytes(b"\0" + seed.encode())

    def test_one(data):
        with contextlib.suppress(IngestError):
            target(data[1:], TYPES[data[0] % len(TYPES)] if data else "")

    limits = [
        "-timeout=10",
        "-rss_limit_mb=1024",
        "-max_len=20000",
        f"-artifact_prefix={folder}/{name}-failed-",
        "-print_final_stats=1",
    ]
    atheris.Setup([arguments[0], str(corpus), *limits, *options], test_one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv)
