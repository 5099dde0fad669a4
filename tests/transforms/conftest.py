"""Fixtures for the tests that ask a web server on loopback."""

import contextlib

import pytest

from tests.web_site import Site
from transforms.web.http import WebClient
from transforms.web.messages import HttpSettings

LOOPBACK = ("127.0.0.0/24",)


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
