"""What many requests together may do to a host and to this process."""

import asyncio
import gzip
import itertools
import threading
import time

import pytest

from tests.web_site import BODY, Site, answer, failure, in_turn
from transforms.web.messages import Answer, Request, RobotsRefused


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
    rows = client.take_robots()
    assert [row.origin for row in rows] == [site.base]
    assert client.take_robots() == []
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
    assert min(b - a for a, b in itertools.pairwise(times)) >= 0.1
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
        for _ in range(200):
            session.submit(Request(slow.base + "/s", check_robots=False), "slow")
        for _ in range(50):
            session.submit(Request(site.base + "/a", check_robots=False), "fast")
        started = time.monotonic()
        results = session.drain()
        assert [next(results)[0] for _ in range(50)] == ["fast"] * 50
        assert time.monotonic() - started < 2
    slow.close()


def web_threads():
    return {thread for thread in threading.enumerate() if thread.name == "rasid-web"}


def test_leaving_a_session_gives_up_and_closing_ends_the_thread(site, make_client):
    of_others = web_threads()
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
    assert not web_threads() - of_others
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
