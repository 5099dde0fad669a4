"""Requests that outlive a bundle, against a real server."""

import time

from tests.web_site import answer
from transforms.web import mailbox as mailbox_module
from transforms.web.messages import Request


def _late(handler):
    time.sleep(0.6)
    answer(body=b"late")(handler)


def test_a_request_is_asked_once_and_its_outcome_given_out_once(site, client):
    site.pages["/a"] = answer(body=b"one")
    box, request = client.mailbox(), Request(site.base + "/a", check_robots=False)
    box.ask(request)
    box.ask(request)
    ((taken, outcome),) = box.take({request}, 5)
    assert (taken, outcome.content) == (request, b"one")
    assert box.take({request}) == []
    assert len(site.times("/a")) == 1
    box.ask(request)
    assert [outcome.content for _, outcome in box.take({request}, 5)] == [b"one"]
    assert len(site.times("/a")) == 2


def test_what_was_not_waited_for_is_found_later(site, client):
    site.pages["/slow"] = _late
    site.pages["/quick"] = answer(body=b"soon")
    box = client.mailbox()
    slow, quick = (Request(site.base + path, check_robots=False) for path in ("/slow", "/quick"))
    for request in (slow, quick):
        box.ask(request)
    assert [request for request, _ in box.take({slow, quick}, 5)] == [quick]
    assert box.take({slow}, 0.05) == []
    box.ask(slow)
    assert [outcome.content for _, outcome in client.mailbox().take({slow}, 5)] == [b"late"]
    assert len(site.times("/slow")) == 1


def test_what_nobody_comes_for_is_forgotten(site, client, monkeypatch):
    site.pages["/a"] = answer(body=b"one")
    box, request = client.mailbox(), Request(site.base + "/a", check_robots=False)
    box.ask(request)
    while not box._arrived:
        time.sleep(0.01)
    monkeypatch.setattr(mailbox_module, "FORGET_AFTER_S", 0.0)
    assert box.take({request}) == []
    assert box._asked == set()
