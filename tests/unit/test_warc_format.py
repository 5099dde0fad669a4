"""Pages in WARC files: ours come back as they were, others' as far as they are pages."""

import dataclasses
import gzip
import io
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from transforms.elements import Entry, Page
from transforms.errors import IngestError
from transforms.warc_format import WarcWriter, check_archive, read_pages

MINA = "https://mina.example"
ENTRY = Entry(
    f"{MINA}/n/1",
    f"{MINA}/n/1?utm_source=x",
    f"{MINA}/rss.xml",
    source="صحيفة الميناء",
    title="الهدنة صامدة",
    summary="خلاصة",
    published_us=1_578_907_800_000_001,
    authors=("سالم",),
    fingerprint="f",
    earliest_us=1,
    latest_us=2,
)
HTML = "<html><body><p>قال الوزير إن الهدنة صامدة.</p></body></html>".encode()
HEADERS = (
    "Content-Type: text/html; charset=utf-8",
    "Content-Encoding: br",
    'ETag: "x"',
    "Set-Cookie: a=1",
    "Set-Cookie: b=2",
)
PAGE = Page(ENTRY, f"{MINA}/ar/n/1?a=b", "text/html; charset=utf-8", HTML, 1_578_907_900_123_456, HEADERS)


class Kept(io.BytesIO):
    """A file whose bytes outlive its closing."""

    def close(self):
        self.kept = self.getvalue()
        super().close()


def write(*pages):
    file = Kept()
    writer = WarcWriter(file, "rasid-test/1")
    for page in pages:
        writer.write(page)
    assert writer.size() > 0
    writer.close()
    return file.kept


def read(content, max_bytes=10_000):
    return list(read_pages(io.BytesIO(content), "file:///a.warc", max_bytes))


def foreign(*records, version="1.0", gzipped=True):
    """A file of responses as another crawler writes it: (url, status, headers, payload)."""
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=gzipped, warc_version=version)
    writer.write_record(writer.create_warcinfo_record("x.warc.gz", {"software": "crawler"}))
    for url, status, headers, payload in records:
        http = StatusAndHeaders(status, headers, protocol="HTTP/1.1")
        dates = {"WARC-Date": "2026-01-31T08:00:00Z"}
        writer.write_record(
            writer.create_warc_record(
                url, "response", payload=io.BytesIO(payload), http_headers=http, warc_headers_dict=dates
            )
        )
    return file.getvalue()


PAGES = st.builds(
    Page,
    st.builds(
        Entry, st.just(f"{MINA}/1"), st.just(f"{MINA}/1"), st.just(f"{MINA}/rss"), title=st.none() | st.text('اب\n" ')
    ),
    st.sampled_from([f"{MINA}/1", f"{MINA}/%D8%A7?q=1", "http://mina.example:8080/"]),
    st.sampled_from(["", "text/html", "text/html; charset=windows-1256", "application/pdf"]),
    st.binary(min_size=1, max_size=300),
    st.integers(0, 2**51),
)


@given(st.lists(PAGES, max_size=4))
def test_pages_come_back_in_their_order(pages):
    assert [found.page for found in read(write(*pages))] == pages


def test_entry_and_times_come_back_and_headers_are_kept():
    content = write(PAGE)
    [found] = read(content)
    assert found.page.entry == ENTRY
    assert (found.page.final_url, found.page.content, found.page.fetched_us) == (PAGE.final_url, HTML, PAGE.fetched_us)
    kinds, response = [], None
    for record in ArchiveIterator(io.BytesIO(content), check_digests="raise"):
        kinds.append(record.rec_type)
        record.content_stream().read()
        if record.rec_type == "response":
            response = record
        if record.rec_type == "request":
            assert record.http_headers.statusline == "/ar/n/1?a=b HTTP/1.1"
            assert record.http_headers.get_header("User-Agent") == "rasid-test/1"
    assert kinds == ["warcinfo", "metadata", "request", "response"]
    assert response.http_headers.headers == [
        ("Content-Type", "text/html; charset=utf-8"),
        ("X-Archive-Orig-Content-Encoding", "br"),
        ("ETag", '"x"'),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
        ("Content-Length", str(len(HTML))),
    ]


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("gzipped", [True, False])
def test_another_crawlers_pages(version, gzipped):
    html = [("Content-Type", "text/html; charset=utf-8")]
    content = foreign(
        (f"{MINA}/1?utm_source=a", "200 OK", html, HTML),
        (f"{MINA}/2", "200 OK", [*html, ("Content-Encoding", "gzip")], gzip.compress(HTML)),
        (
            f"{MINA}/3",
            "200 OK",
            [*html, ("Transfer-Encoding", "chunked")],
            b"%x\r\n%s\r\n0\r\n\r\n" % (len(HTML), HTML),
        ),
        (f"{MINA}/4", "404 Not Found", html, HTML),
        (f"{MINA}/5", "200 OK", [("Content-Type", "image/png")], b"\x89PNG"),
        (f"{MINA}/6", "200 OK", html, b""),
        ("http:///7", "200 OK", html, HTML),
        (f"{MINA}/8", "200 OK", html, HTML * 1000),
        version=version,
        gzipped=gzipped,
    )
    found = read(content)
    assert [each.page and each.page.content for each in found] == [HTML, HTML, HTML, None, None, None, None, None]
    assert [each.error and each.error.reason for each in found] == [None] * 6 + ["damaged_archive", "too_large"]
    first = found[0].page
    assert first.entry == Entry(f"{MINA}/1", f"{MINA}/1?utm_source=a", "file:///a.warc")
    assert first.final_url == f"{MINA}/1?utm_source=a"
    assert first.fetched_us == 1_769_846_400_000_000


def read_as_far(content):
    """What is read of a damaged file, and the reason why there is no more."""
    found = []
    try:
        for each in read_pages(io.BytesIO(content), "file:///a", 10_000):
            found.append(each)  # noqa: PERF402 - what comes before an error counts
    except IngestError as error:
        return found, error.reason
    return found, None


def test_a_file_that_is_cut_gives_what_comes_before():
    content = write(PAGE, PAGE, PAGE)
    ends = []
    for end in range(0, len(content) - 1, 7):
        found, reason = read_as_far(content[:end])
        assert [each.page.content for each in found] in ([HTML] * n for n in range(4))
        ends.append(reason)
    assert set(ends) <= {None, "damaged_archive"}
    assert ends.count("damaged_archive") > len(ends) * 0.9


WHOLE = [write(PAGE, PAGE), foreign((f"{MINA}/1", "200 OK", [], HTML), gzipped=False)]


@pytest.mark.parametrize("whole", WHOLE)
def test_damage_is_named_and_nothing_else_is_raised(whole):
    source = random.Random(1)
    reasons = []
    for _ in range(400):
        content = bytearray(whole)
        for _ in range(source.randint(1, 4)):
            content[source.randrange(len(content))] = source.randrange(256)
        reasons.append(read_as_far(bytes(content))[1])
    assert "damaged_archive" in reasons
    assert set(reasons) <= {None, "damaged_archive"}


@pytest.mark.parametrize(
    "content", [b"", b"<html>", gzip.compress(b"text"), b"\x1f\x8b\x08\x00cut", b"WARC/1.0\r\n\r\n"]
)
def test_what_is_no_archive_is_refused(content):
    with pytest.raises(IngestError, match="damaged_archive"):
        check_archive(io.BytesIO(content))


def test_what_is_one_is_not():
    check_archive(io.BytesIO(write()))
    check_archive(io.BytesIO(foreign(gzipped=False)))


def test_a_page_is_given_before_the_next_is_read():
    pages = [dataclasses.replace(PAGE, content=random.Random(n).randbytes(50_000)) for n in range(20)]
    file = io.BytesIO(write(*pages))
    for n, found in enumerate(read_pages(file, "file:///a", 60_000)):
        assert found.page.content == pages[n].content
        assert file.closed or file.tell() < (n + 1) * 52_000 + 40_000
