"""A news site of our own on loopback: invented articles, one feed, whatever a test wants of them."""

import contextlib
import email.utils
import html
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FILLER = (
    "وتقع المدينة على نهر كبير في شمال البلاد، ويعيش فيها نحو مئة ألف نسمة يعملون في الزراعة والتجارة.",
    "وكانت المدارس قد فتحت أبوابها في بداية الأسبوع بعد توقف استمر أكثر من شهرين بسبب الأمطار الغزيرة.",
)


def body_of(n):
    return "\n".join(
        (f"قال رئيس البلدية رقم {n} إن أعمال الترميم في الحي القديم ستنتهي قبل نهاية الشهر المقبل.", *FILLER)
    )


@dataclass
class Site:
    """What the site serves; a test changes it between runs."""

    items: list = field(default_factory=list)  # (path, title) or (path, title, summary)
    pages: dict = field(default_factory=dict)  # path -> body text, bytes, or (status, headers, bytes)
    robots: str = "User-agent: *\nDisallow:\n"
    asked: list = field(default_factory=list)
    address: str = ""

    def add(self, n, path=None, title=None):
        path = path or f"/news/{n}.html"
        self.items.append((path, title or f"خبر محلي رقم {n}", ""))
        self.pages[path] = body_of(n)

    def publish(self, n, body):
        """An article whose text is an opening and these words, in sentences."""
        self.add(n)
        words = body.split()
        sentences = [" ".join(words[i : i + 12]) + "." for i in range(0, len(words), 12)]
        opening = "قال رئيس البلدية في بيان إن المجلس سيجتمع يوم الأحد المقبل."
        self.pages[f"/news/{n}.html"] = "\n".join((opening, *sentences))

    def feed(self):
        rows = "".join(
            f"<item><title>{html.escape(title)}</title><link>{html.escape(self.link(path))}</link>"
            f"<pubDate>{email.utils.formatdate(1_700_000_000 + n)}</pubDate><description>{html.escape(more)}</description></item>"
            for n, (path, title, more) in enumerate(self.items)
        )
        return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>موقع</title>{rows}</channel></rss>'

    def link(self, path):
        return path if "://" in path else self.address + path

    def page(self, body):
        paragraphs = "".join(f"<p>{html.escape(p)}</p>" for p in body.split("\n"))
        return (
            '<!DOCTYPE html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>موقع الأخبار</title></head><body>'
            f"<nav><a href='/'>الرئيسية</a></nav><article>{paragraphs}</article><footer>حقوق</footer></body></html>"
        )


@contextlib.contextmanager
def serve(host="127.0.0.1"):
    """A Site at an address of loopback, on a free port."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args):
            pass

        def do_GET(self):
            path = self.path.split("?")[0]
            site.asked.append(self.path)
            if path == "/robots.txt":
                return self.say(200, {"Content-Type": "text/plain"}, site.robots.encode())
            if path == "/rss.xml":
                return self.say(200, {"Content-Type": "application/rss+xml"}, site.feed().encode())
            found = site.pages.get(path)
            if found is None:
                return self.say(404, {}, b"")
            if isinstance(found, str):
                found = site.page(found).encode()
            if isinstance(found, bytes):
                found = (200, {"Content-Type": "text/html; charset=utf-8"}, found)
            return self.say(*found)

        def say(self, status, headers, content):
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

    server = ThreadingHTTPServer((host, 0), Handler)
    server.daemon_threads = True
    site.address = f"http://{host}:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
