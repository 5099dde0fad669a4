"""One request and its answer, against servers on loopback that do what servers do."""

import gzip
import socket
import threading
import time

import brotli
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web_site import BODY, Names, Site, answer, cut_off, failure, in_turn, raw
from transforms.errors import IngestError
from transforms.web.messages import Request


def test_an_answer(site, client):
    site.pages["/a"] = answer(
        body=BODY, Content_Type="text/html; charset=utf-8", ETag='"x"', Cache_Control="max-age=60"
    )
    got = client.fetch(Request(site.base + "/a#part", accept="text/html"))
    assert (got.status, got.content, got.content_type, got.etag, got.max_age_s) == (
        200,
        BODY,
        "text/html; charset=utf-8",
        '"x"',
        60.0,
    )
    assert (got.url, got.final_url, got.attempts, got.permanent_redirect_url) == (site.base + "/a#part",) * 2 + (
        1,
        None,
    )
    headers = site.asked[-1][2]
    assert (headers["User-Agent"], headers["Accept"], headers["Accept-Encoding"]) == (
        "Rasid-test/0.1",
        "text/html",
        "gzip, deflate, br",
    )


@pytest.mark.parametrize(
    ("coding", "packed"), [("gzip", gzip.compress(BODY)), ("br", brotli.compress(BODY))], ids=["gzip", "br"]
)
def test_compressed_answers(site, client, coding, packed):
    site.pages["/a"] = answer(body=packed, Content_Encoding=coding)
    assert client.fetch(Request(site.base + "/a")).content == BODY
    site.pages["/cut"] = answer(body=packed[:-20], Content_Encoding=coding)
    assert failure(client, site.base + "/cut").reason == "broken_body"


def test_conditional_get(site, client):
    site.pages["/feed"] = answer(304, ETag='"x"')
    got = client.fetch(
        Request(site.base + "/feed", etag='"x"', last_modified="Sun, 08 Mar 2020 12:00:00 GMT", check_robots=False)
    )
    assert (got.status, got.content) == (304, b"")
    assert site.paths() == ["/feed"]
    headers = site.asked[0][2]
    assert (headers["If-None-Match"], headers["If-Modified-Since"]) == ('"x"', "Sun, 08 Mar 2020 12:00:00 GMT")
    unasked_for = failure(client, Request(site.base + "/feed", etag='"x"\r\nEvil: 1', check_robots=False))
    assert unasked_for.reason == "http_client_error"
    assert not {"If-None-Match", "Evil"} & set(site.asked[-1][2])


@pytest.mark.parametrize(
    ("status", "reason", "attempts"),
    [
        (404, "http_client_error", 1),
        (403, "http_client_error", 1),
        (410, "http_client_error", 1),
        (500, "http_server_error", 3),
        (503, "http_server_error", 3),
    ],
)
def test_statuses(site, client, status, reason, attempts):
    site.pages["/a"] = answer(status)
    error = failure(client, site.base + "/a")
    assert (error.reason, error.attempts, len(site.times("/a"))) == (reason, attempts, attempts)
    assert str(status) in error.detail
    assert site.base + "/a" in error.detail


def test_a_temporary_failure_passes(site, client):
    site.pages["/a"] = in_turn(answer(502), cut_off, answer(body=BODY))
    got = client.fetch(Request(site.base + "/a"))
    assert (got.content, got.attempts) == (BODY, 3)


def test_a_cut_body_is_never_half_a_page(site, client):
    site.pages["/a"] = cut_off
    assert failure(client, site.base + "/a").reason == "broken_body"
    site.pages["/chunked"] = raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
    assert failure(client, site.base + "/chunked").reason == "broken_body"


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\xff\xfe nonsense\r\n\r\n",
        b"HTTP/9 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
    ],
)
def test_what_is_no_answer(site, make_client, data):
    site.pages["/a"] = raw(data)
    assert failure(make_client(retries=0), site.base + "/a").reason == "broken_body"


def test_a_closed_connection_is_tried_again_by_us_only(site, client):
    site.pages["/a"] = raw(b"")
    error = failure(client, site.base + "/a")
    assert (error.reason, error.attempts, len(site.times("/a"))) == ("connect", 3, 3)


def test_too_large(site, make_client):
    client = make_client(max_bytes=len(BODY))
    site.pages["/fits"] = answer(body=BODY)
    assert client.fetch(Request(site.base + "/fits")).content == BODY
    site.pages["/announced"] = answer(length=len(BODY) + 1)  # and never sent: refused at once
    site.pages["/bomb"] = answer(body=gzip.compress(BODY * 100), Content_Encoding="gzip")
    site.pages["/endless"] = lambda handler: raw(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + BODY * 2)(handler)
    for path in ("/announced", "/bomb", "/endless"):
        error = failure(client, site.base + path)
        assert (error.reason, error.attempts) == ("too_large", 1)


@pytest.mark.slow
def test_deadlines(site, make_client):
    def drip(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        for _ in range(100):
            handler.wfile.write(b"x")
            time.sleep(0.1)

    def drip_headers(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for _ in range(100):
            handler.wfile.write(b"X: y\r\n")
            time.sleep(0.1)

    client = make_client(request_deadline=0.5, retries=0)
    site.pages.update({"/drip": drip, "/headers": drip_headers, "/silent": lambda _: time.sleep(5)})
    for path in ("/drip", "/headers", "/silent"):
        started = time.monotonic()
        assert failure(client, Request(site.base + path, check_robots=False)).reason == "deadline"
        assert time.monotonic() - started < 2.5


def test_redirects(site, make_client):
    client = make_client(max_redirects=3)
    site.pages["/old"] = answer(301, Location="/older")
    site.pages["/older"] = answer(308, Location=f"http://user:secret@{site.host}/a#part")
    site.pages["/a"] = answer(body=BODY)
    got = client.fetch(Request(site.base + "/old"))
    assert (got.final_url, got.permanent_redirect_url) == (site.base + "/a",) * 2
    assert "Authorization" not in site.asked[-1][2]
    site.pages["/moved"] = answer(301, Location="/temporary")
    site.pages["/temporary"] = answer(302, Location="/a")
    assert client.fetch(Request(site.base + "/moved")).permanent_redirect_url == site.base + "/temporary"
    site.pages["/circle"] = answer(302, Location="/circle2")
    site.pages["/circle2"] = answer(302, Location="/circle")
    assert failure(client, site.base + "/circle").reason == "too_many_redirects"
    for i in range(9):
        site.pages[f"/{i}"] = answer(302, Location=f"/{i + 1}")
    assert failure(client, site.base + "/0").reason == "too_many_redirects"
    assert failure(client, site.base + "/1").reason == "too_many_redirects"
    assert [len(site.times(f"/{i}")) for i in range(6)] == [1, 1, 1, 1, 1, 0]  # what is known is not asked again


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("file:///etc/passwd", "bad_url"),
        ("gopher://127.0.0.1/", "bad_url"),
        ("http://[::1", "bad_url"),
        ("", "bad_url"),
        ("http://127.66.0.1/", "forbidden_address"),
        ("http://2135031809/", "forbidden_address"),
        ("//169.254.169.254/latest/meta-data", "forbidden_address"),
        ("http://[::ffff:127.66.0.1]/", "forbidden_address"),
    ],
)
def test_redirects_that_are_not_followed(site, client, location, reason):
    site.pages["/a"] = answer(302, Location=location)
    assert failure(client, site.base + "/a").reason == reason


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "bad_url"),
        ("/relative", "bad_url"),
        ("file:///etc/passwd", "bad_url"),
        ("gopher://127.0.0.1/", "bad_url"),
        ("http://127.0.0.1:99999/", "bad_url"),
        ("http:///path", "bad_url"),
        ("http://h/" + "a" * 10_000, "bad_url"),
        ("http://\ud800/", "bad_url"),
        ("http://127.66.0.1/", "forbidden_address"),
        ("http://[::1]/", "forbidden_address"),
        ("http://[::ffff:7f42:1]/", "forbidden_address"),
        ("http://[fe80::1%25eth0]/", "forbidden_address"),
        ("http://2135031809/", "forbidden_address"),
        ("http://0x7f.66.0.1/", "forbidden_address"),
        ("http://0177.0.0.1/", "forbidden_address"),
        ("http://127.1/", "forbidden_address"),
    ],
)
def test_urls_that_are_not_asked(client, url, reason):
    error = failure(client, url)
    assert (error.reason, error.attempts) == (reason, 1)


def test_names_are_judged_by_what_they_resolve_to(site, make_client, monkeypatch):
    port = site.server.server_port
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.66.0.1:1")  # a proxy would ask in our name
    trap = Site("127.66.0.1")
    trap.pages["/a"] = site.pages["/a"] = answer(body=BODY)
    names = Names(
        {
            "good.test": ["127.0.0.1"],
            "evil.test": ["127.66.0.1", "::1", "10.0.0.1"],
            "both.test": ["127.66.0.1", "127.0.0.1"],
            "mapped.test": ["::ffff:127.66.0.1"],
        }
    )
    client = make_client(resolver=lambda: names)
    try:
        assert client.fetch(Request(f"http://good.test:{port}/a")).content == BODY
        assert client.fetch(Request(f"http://both.test:{port}/a")).content == BODY
        for host in ("evil.test", "mapped.test"):
            assert failure(client, f"http://{host}:{trap.server.server_port}/a").reason == "forbidden_address"
        error = failure(client, Request("http://missing.test/", check_robots=False))
        assert (error.reason, error.attempts, names.asked.count("missing.test")) == ("dns", 2, 2)
        assert trap.asked == []
    finally:
        trap.close()


def test_a_refused_connection(client):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    error = failure(client, Request(f"http://127.0.0.1:{port}/", check_robots=False))
    assert (error.reason, error.attempts) == ("connect", 3)
    assert failure(client, Request(f"http://127.0.0.1:{port}/", check_robots=False)).reason == "connect"
    assert failure(client, Request(f"http://127.0.0.1:{port}/", check_robots=False)).reason == "host_unavailable"


def test_tls_is_needed_for_https(site, client):
    error = failure(client, Request(f"https://{site.host}/", check_robots=False))
    assert (error.reason, error.attempts) == ("tls", 1)


HEADS = [
    b"",
    b"HTTP/1.1 200 OK\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: ",
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"HTTP/1.1 429 Slow\r\nContent-Length: 0\r\nRetry-After: ",
]


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(HEADS), st.binary(max_size=60), st.sampled_from([b"", b"\r\n\r\n"]))
def test_any_bytes_end_in_an_answer_or_a_named_error(site, make_client, head, data, tail):
    site.pages["/a"] = raw(head + data + tail)
    client = make_client(retries=0, request_deadline=1)
    try:
        client.fetch(Request(site.base + "/a", check_robots=False))
    except IngestError as error:
        assert error.reason != "unexpected", error.detail  # noqa: PT017
    client.close()


def test_the_garbage_collector_may_close_it_in_its_own_thread(site, client):
    """A finalizer runs in whichever thread a collection falls into; the loop's own cannot wait for itself."""
    site.pages["/a"] = answer(body=BODY)
    assert client.fetch(Request(site.base + "/a")).status == 200
    worker = client._worker
    worker.loop.call_soon_threadsafe(client.close)
    worker._thread.join(10)
    assert not worker._thread.is_alive()
    assert worker.loop.is_closed()


def test_it_is_closed_once(site, client):
    site.pages["/a"] = answer(body=BODY)
    assert client.fetch(Request(site.base + "/a")).status == 200
    worker = client._worker
    closing = [threading.Thread(target=worker.close) for _ in range(4)]
    worker.loop.call_soon_threadsafe(worker.close)
    for thread in closing:
        thread.start()
    for thread in closing:
        thread.join(10)
    worker._thread.join(10)
    assert not worker._thread.is_alive()
    assert not any(thread.is_alive() for thread in closing)
