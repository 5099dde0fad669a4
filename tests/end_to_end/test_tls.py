"""TLS is verified: of four servers only the one with a certificate that holds is read."""

import contextlib
import datetime
import os
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import trustme

from tests.newsworld import ALLOW, rasid

pytestmark = pytest.mark.slow
FEED = b"<rss version='2.0'><channel><title>x</title><item><title>y</title><link>/n/1</link></item></channel></rss>"


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def do_GET(self):
        self.server.asked += 1
        self.send_response(200)
        self.send_header("Content-Length", str(len(FEED)))
        self.end_headers()
        self.wfile.write(FEED)


@contextlib.contextmanager
def serve_tls(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads, server.asked = True, 0
    server.handle_error = lambda *args: None
    # Without its handshake in the accepting thread, a client that hangs up does not stop the server.
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def test_certificates_are_verified(tmp_path):
    authority, stranger = trustme.CA(), trustme.CA()
    past = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
    certificates = {
        "good": authority.issue_cert("127.0.0.1"),
        "self-signed": stranger.issue_cert("127.0.0.1"),
        "wrong host": authority.issue_cert("akhbar.example", "127.0.0.2"),
        "expired": authority.issue_cert("127.0.0.1", not_after=past),
    }
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    environment = {**os.environ, "SSL_CERT_FILE": str(tmp_path / "ca.pem")}
    with contextlib.ExitStack() as stack:
        servers = {name: stack.enter_context(serve_tls(each)) for name, each in certificates.items()}
        urls = {name: f"https://127.0.0.1:{server.server_port}/rss.xml" for name, server in servers.items()}
        (tmp_path / "feeds.toml").write_text(
            "\n".join(f'[[feeds]]\nurl = "{url}"\nname = "{name}"' for name, url in urls.items())
        )
        done = rasid("feeds", "check", "--feeds", tmp_path / "feeds.toml", *ALLOW, env=environment)
        assert {name: server.asked for name, server in servers.items()} == {
            "good": 1, "self-signed": 0, "wrong host": 0, "expired": 0,
        }  # fmt: skip
    assert "1 of 4 feeds can be read" in done.stderr
    assert done.stdout.count("tls:") == 3
    for fault in ("unable to get local issuer certificate", "IP address mismatch", "certificate has expired"):
        assert fault in " ".join(done.stdout.replace("│", " ").split()), done.stdout
