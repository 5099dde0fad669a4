"""robots.txt: asked once, remembered, obeyed."""

import asyncio
import time
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.elements import RobotsAnswer
from transforms.errors import IngestError
from transforms.web.robots import FRESH_US, RobotsCache, RobotsRules

AGENT = "Rasid/0.1 (+https://example.org/rasid)"
TEXT = b"User-agent: *\nDisallow: /private\nCrawl-delay: 2\n\nUser-agent: rasid\nDisallow: /not-for-rasid\n"
ORIGIN = "http://h:80"


class Site:
    def __init__(self, *answers):
        self.answers, self.asked = list(answers), 0

    async def load(self):
        self.asked += 1
        await asyncio.sleep(0)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def test_rules_of_the_product_token_come_first():
    rules = RobotsRules(TEXT.decode(), "Rasid")
    assert rules.allows("http://h/private")
    assert not rules.allows("http://h/not-for-rasid/1")
    assert RobotsRules(TEXT.decode(), "Other").crawl_delay == 2.0


def test_concurrent_requests_ask_once_and_rows_outlive_the_process():
    site = Site((200, TEXT))
    cache = RobotsCache(AGENT)

    async def ask_often():
        return await asyncio.gather(*(cache.rules(ORIGIN, site.load) for _ in range(5)))

    rules = asyncio.run(ask_often())
    assert [r.allows("http://h/not-for-rasid") for r in rules] == [False] * 5
    assert site.asked == 1
    assert cache.take_news() == cache.rows()
    assert cache.take_news() == []
    again = RobotsCache(AGENT, cache.rows())
    assert not asyncio.run(again.rules(ORIGIN, site.load)).allows("http://h/not-for-rasid")
    assert site.asked == 1


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_client_error_allows_all(status):
    assert asyncio.run(RobotsCache(AGENT).rules(ORIGIN, Site((status, b"Disallow: /")).load)).allows("http://h/private")


def test_a_failure_is_shared_and_asked_again_later_only():
    site = Site(IngestError("connect", "refused", attempts=3))
    cache = RobotsCache(AGENT)
    for _ in range(3):
        with pytest.raises(IngestError, match=r"connect: robots\.txt: refused") as caught:
            asyncio.run(cache.rules(ORIGIN, site.load))
        assert caught.value.attempts == 3
    assert site.asked == 1


def test_stale_rules_are_renewed_or_kept_when_the_host_fails():
    old = RobotsAnswer(ORIGIN, time.time_ns() // 1000 - FRESH_US - 1, 200, "User-agent: *\nDisallow: /old")
    failing = Site(IngestError("http_server_error", "status 500"))
    assert not asyncio.run(RobotsCache(AGENT, [old]).rules(ORIGIN, failing.load)).allows("http://h/old")
    renewed = asyncio.run(RobotsCache(AGENT, [old]).rules(ORIGIN, Site((200, b"")).load))
    assert renewed.allows("http://h/old")


def test_a_clock_set_back_renews():
    future = RobotsAnswer(ORIGIN, time.time_ns() // 1000 + FRESH_US, 200, "User-agent: *\nDisallow: /")
    site = Site((404, b""))
    assert asyncio.run(RobotsCache(AGENT, [future]).rules(ORIGIN, site.load)).allows("http://h/")
    assert site.asked == 1


def test_a_huge_hostile_file_costs_little():
    text = b"User-agent: *\n" + b"".join(b"Disallow: /%d*a*b*c*d*e$\n" % i for i in range(30_000))
    started = time.monotonic()
    rules = asyncio.run(RobotsCache(AGENT).rules(ORIGIN, Site((200, text)).load))
    assert rules.allows("http://h/" + "abcde" * 400)
    assert time.monotonic() - started < 5


LINES = st.sampled_from(
    [
        "User-agent: *\n",
        "user-agent:",
        "Disallow: /",
        "Allow: ",
        "Crawl-delay: ",
        "Request-rate: 1/",
        "Visit-time: ",
        "Sitemap: ",
        "*",
        "$",
        "%zz",
        "\ud800",
    ]
)


@given(st.lists(LINES | st.text(max_size=20), max_size=20), st.text(max_size=30))
def test_any_text_gives_an_answer(parts, path):
    rules = RobotsRules("".join(parts), "rasid")
    assert rules.allows("http://h/" + quote(path, errors="replace")) in (True, False)
    assert 0 <= rules.crawl_delay < float("inf")
