"""The web client among newsworld's faulty sites."""

import resource
import time
import urllib.request
from collections import Counter, defaultdict

import pytest

from tests.newsworld import start_world
from transforms.web.http import WebClient
from transforms.web.messages import Answer, HttpSettings, Request

ITEMS = 6
HEALTHY = 1
PAUSE = 0.1


def outcome_name(outcome):
    return outcome.status if isinstance(outcome, Answer) else getattr(outcome, "reason", "robots")


@pytest.mark.slow
def test_every_fault_ends_as_it_should(shared):
    settings = HttpSettings("rasid-test/0.1", host_pause=PAUSE, request_deadline=4, allow_networks=("127.0.0.0/24",))
    client = WebClient(settings)
    with start_world(shared, "--faults", "--hosts", HEALTHY, "--items", ITEMS) as world:
        port = int(world.address.rsplit(":", 1)[1]) + 1
        with urllib.request.urlopen(f"http://127.0.0.204:{port}/news/0.html", timeout=60) as bomb:
            bomb.read(1)  # the server needs seconds to build it
        world.reset()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        found, last = defaultdict(Counter), {}
        started = time.monotonic()
        with client.session() as session:
            for site in (1, 201, 202, 203, 204, 205, 206, 210, 213):
                for n in range(ITEMS):
                    name = f"private-{n}" if site == 213 and n % 3 == 0 else n
                    session.submit(Request(f"http://127.0.0.{site}:{port}/news/{name}.html"), site)
            session.submit(Request(f"http://127.0.0.211:{port}/rss.xml", check_robots=False), 211)
            for link in (
                f"http://127.66.0.1:{port}/1",
                f"http://[::1]:{port}/2",
                "file:///etc/passwd",
                f"gopher://127.0.0.1:{port}/",
            ):
                session.submit(Request(link), "links")
            for site, outcome in session.drain():
                found[site][outcome_name(outcome)] += 1
                last[site] = time.monotonic() - started
        stats = world.stats()
        grown_mb = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    client.close()

    assert found[1] == found[202] == {200: ITEMS}
    assert found[201] == {"http_server_error": ITEMS}
    assert found[203] == {"too_many_redirects": ITEMS}
    assert found[204] == {"too_large": ITEMS}
    assert found[205] == {"deadline": 4, "host_unavailable": ITEMS - 4}
    assert found[206] == {"broken_body": ITEMS}
    assert found[210] == {"forbidden_address": ITEMS}
    assert found[211] == {"deadline": 1}
    assert found[213] == {200: 4, "robots": 2}
    assert found["links"] == {"forbidden_address": 2, "bad_url": 2}
    assert stats["trapped"] == 0
    assert grown_mb < 100
    assert last[1] < 4
    assert max(last.values()) < 40, last
    assert max(stats["most_at_once"].values()) <= 2
    assert min(stats["shortest_pause_s"].values()) >= PAUSE
    robots = [pages["/robots.txt"] for pages in stats["by_site"].values() if "/robots.txt" in pages]
    assert robots
    assert all(counts == {"200": 1} for counts in robots)
    tries = [
        sum(c.values())
        for path, c in stats["by_site"][f"http://127.0.0.201:{port}"].items()
        if path.startswith("/news/")
    ]
    assert tries == [3] * ITEMS
