"""A web server on loopback that does what a test tells it to, and a table of names instead of the system's resolver."""

import contextlib
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from aiohttp.abc import AbstractResolver

from transforms.errors import IngestError
from transforms.web.messages import Request

BODY = b"<p>one line of news</p>\n" * 500


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


def failure(client, request):
    with pytest.raises(IngestError) as caught:
        client.fetch(request if isinstance(request, Request) else Request(request))
    return caught.value
