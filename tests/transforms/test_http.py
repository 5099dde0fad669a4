"""The web client against servers on loopback that do what servers do."""

import asyncio
import contextlib
import gzip
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import brotli
import pytest
from aiohttp.abc import AbstractResolver

from transforms.errors import IngestError
from transforms.web.http import WebClient
from transforms.web.messages import Answer, HttpSettings, Request, RobotsRefused

BODY = b"<p>one line of news</p>\n" * 500
LOOPBACK = ("127.0.0.0/24",)


class Site:
    """A server whose pages are functions; remembers who asked for what, when."""

    def __init__(self, address="127.0.0.1"):
        site = self
        self.pages, self.asked, self.connections = {}, [], 0

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def setup(self):
                super().setup()
                site.connections += 1

            def log_message(self, *args):
                pass

            def do_GET(self):
                site.asked.append((self.path, time.monotonic(), dict(self.headers)))
                with contextlib.suppress(ConnectionError):
                    site.pages.get(self.path, answer(404))(self)

        self.server = ThreadingHTTPServer((address, 0), Handler)
        self.server.daemon_threads = True
        self.host = f"{address}:{self.server.server_port}"
        self.base = f"http://{self.host}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def times(self, path):
        return [when for asked, when, _ in self.asked if asked == path]

    def paths(self):
        return [path for path, _, _ in self.asked]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def answer(status=200, body=b"", length=None, **headers):
    def write(handler):
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return write


def cut_off(handler):
    answer(200, BODY[:100], length=len(BODY))(handler)
    handler.close_connection = True


def raw(data):
    def write(handler):
        handler.wfile.write(data)
        handler.close_connection = True

    return write


def in_turn(*pages):
    rest = list(pages)
    return lambda handler: (rest.pop(0) if len(rest) > 1 else rest[0])(handler)


@pytest.fixture
def site():
    site = Site()
    yield site
    site.close()


@pytest.fixture
def make_client():
    with contextlib.ExitStack() as stack:

        def make(resolver=None, robots=(), **settings):
            settings = {"host_pause": 0.0, "allow_networks": LOOPBACK, "request_deadline": 5.0, **settings}
            client = WebClient(HttpSettings("Rasid-test/0.1", **settings), robots, resolver)
            stack.callback(client.close)
            return client

        yield make


@pytest.fixture
def client(make_client):
    return make_client()


def failure(client, request):
    with pytest.raises(IngestError) as caught:
        client.fetch(request if isinstance(request, Request) else Request(request))
    return caught.value


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


@pytest.mark.parametrize(("coding", "packed"), [("gzip", gzip.compress(BODY)), ("br", brotli.compress(BODY))])
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
    unasked = failure(client, Request(site.base + "/feed", etag='"x"\r\nEvil: 1', check_robots=False))
    assert unasked.reason == "bad_url" or "Evil" not in site.asked[-1][2]


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
        ("http://", "bad_url"),
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


class Names(AbstractResolver):
    """Looks names up in a table; a missing one fails as the system's resolver fails."""

    def __init__(self, table):
        self.table, self.asked = table, []

    async def resolve(self, host, port=0, family=socket.AF_INET):
        self.asked.append(host)
        if host not in self.table:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [
            {
                "hostname": host,
                "host": ip,
                "port": port,
                "family": socket.AF_INET6 if ":" in ip else socket.AF_INET,
                "proto": 0,
                "flags": 0,
            }
            for ip in self.table[host]
        ]

    async def close(self):
        pass


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


def test_robots(site, make_client):
    client = make_client()
    site.pages["/robots.txt"] = answer(body=b"User-agent: rasid-test\nDisallow: /private\n")
    site.pages["/private"] = site.pages["/a"] = answer(body=BODY)
    site.pages["/sneaky"] = answer(302, Location="/private")
    client.fetch(Request(site.base + "/a"))
    for path in ("/private", "/sneaky"):
        with pytest.raises(RobotsRefused, match="/private"):
            client.fetch(Request(site.base + path))
    assert client.fetch(Request(site.base + "/private", check_robots=False)).content == BODY
    assert len(site.times("/robots.txt")) == 1
    rows = client.robots_rows()
    client.close()
    assert client.robots_rows() == rows
    make_client(robots=rows).fetch(Request(site.base + "/a"))
    assert len(site.times("/robots.txt")) == 1


def test_robots_that_cannot_be_had(site, make_client):
    site.pages["/a"] = answer(body=BODY)
    site.pages["/robots.txt"] = answer(500)
    client = make_client()
    for _ in range(2):
        error = failure(client, site.base + "/a")
        assert (error.reason, error.attempts) == ("http_server_error", 3)
    assert site.paths() == ["/robots.txt"] * 3
    site.pages["/robots.txt"] = answer(302, Location="/robots.txt")
    assert make_client().fetch(Request(site.base + "/a")).content == BODY


@pytest.mark.slow
def test_retry_after_is_kept_to_the_second(site, client):
    site.pages["/a"] = in_turn(answer(429, Retry_After="1"), answer(503, Retry_After="1"), answer(body=BODY))
    site.pages["/b"] = answer(body=BODY)
    with client.session() as session:
        session.submit(Request(site.base + "/a", check_robots=False))
        time.sleep(0.3)
        session.submit(Request(site.base + "/b", check_robots=False))  # the whole host waits
        assert all(isinstance(outcome, Answer) for _, outcome in session.drain())
    first, second, third = site.times("/a")
    (other,) = site.times("/b")
    assert second - first >= 1
    assert third - second >= 1
    assert other - first >= 1
    assert third - first < 4


def test_retry_after_beyond_patience(site, client):
    site.pages["/a"] = answer(429, Retry_After="3600")
    site.pages["/b"] = answer(body=BODY)
    error = failure(client, Request(site.base + "/a", check_robots=False))
    assert (error.reason, error.attempts) == ("rate_limited", 1)
    assert "3600" in error.detail
    assert failure(client, Request(site.base + "/b", check_robots=False)).reason == "rate_limited"
    assert site.paths() == ["/a"]


def test_sessions_share_a_host_and_keep_their_outcomes_apart(site, make_client):
    client = make_client(host_pause=0.1)
    for i in range(8):
        site.pages[f"/{i}"] = answer(body=b"%d" % i)
    with client.session() as one, client.session() as other:
        for i in range(8):
            (one if i % 2 else other).submit(Request(f"{site.base}/{i}", check_robots=False), i)
        found = {tag: outcome.content for session in (one, other) for tag, outcome in session.drain()}
        assert one.ready() == []
    assert found == {i: b"%d" % i for i in range(8)}
    times = sorted(when for _, when, _ in site.asked)
    assert min(b - a for a, b in zip(times, times[1:], strict=False)) >= 0.1
    assert site.connections <= 2


def test_uncollected_answers_stop_further_requests(site, make_client):
    client = make_client(host_concurrency=50)
    site.pages["/a"] = answer(body=BODY)
    with client.session() as session:
        for i in range(400):
            session.submit(Request(f"{site.base}/a", check_robots=False), i)
        time.sleep(1)
        assert len(site.asked) <= 128
        assert len(list(session.drain())) == 400


def test_a_slow_host_holds_up_nobody(site, make_client):
    slow = Site("127.0.0.2")
    slow.pages["/s"] = lambda handler: time.sleep(3)
    site.pages["/a"] = answer(body=BODY)
    with make_client().session() as session:
        for i in range(200):
            session.submit(Request(slow.base + "/s", check_robots=False), "slow")
        for i in range(50):
            session.submit(Request(site.base + "/a", check_robots=False), "fast")
        started = time.monotonic()
        results = session.drain()
        assert [next(results)[0] for _ in range(50)] == ["fast"] * 50
        assert time.monotonic() - started < 2
    slow.close()


def test_leaving_a_session_gives_up_and_closing_ends_the_thread(site, make_client):
    client = make_client()
    site.pages["/s"] = lambda handler: time.sleep(2)
    with client.session() as session:
        session.submit(Request(site.base + "/s", check_robots=False))
        time.sleep(0.2)
    started = time.monotonic()
    site.pages["/a"] = answer(body=BODY)
    assert client.fetch(Request(site.base + "/a", check_robots=False)).content == BODY
    waiting = client.session()
    waiting.submit(Request(site.base + "/s", check_robots=False), "tag")
    time.sleep(0.2)
    client.close()
    assert time.monotonic() - started < 1.5
    assert not [thread for thread in threading.enumerate() if thread.name == "rasid-web"]
    ((tag, outcome),) = waiting.drain()
    assert (tag, outcome.reason) == ("tag", "unexpected")
    client.close()
    assert client.fetch(Request(site.base + "/a", check_robots=False)).content == BODY  # it starts again


def test_errors_keep_no_body_alive(site, make_client):
    client = make_client(max_bytes=100)
    site.pages["/a"] = answer(body=gzip.compress(BODY), Content_Encoding="gzip")
    with client.session() as session:
        session.submit(Request(site.base + "/a", check_robots=False))
        ((_, error),) = session.drain()
    assert error.reason == "too_large"
    assert (error.__traceback__, error.__context__, error.__cause__) == (None, None, None)


def test_unexpected_errors_are_outcomes(site, client, monkeypatch):
    monkeypatch.setattr("transforms.web.fetcher._conditions", lambda request: asyncio.nonsense)
    error = failure(client, Request(site.base + "/a"))
    assert error.reason == "unexpected"
    assert "nonsense" in error.detail
