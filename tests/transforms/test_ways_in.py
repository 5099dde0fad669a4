"""Each way in that links, answers and contents from strangers could open: tried, and closed."""

import gzip
import io
import itertools
import os
import pickle
import socket
from types import SimpleNamespace

import pytest
from rich.console import Console

from pipeline.display import show_summary
from pipeline.explain import explain_article
from pipeline.feeds import parse_feeds
from tests.web_site import BODY, Names, Site, answer, failure, raw
from transforms import coders  # noqa: F401 - registers the elements' coders
from transforms.arabic.tagger import tag_text
from transforms.coders import ElementCoder
from transforms.elements import Entry, Feed, FeedVisit, FetchedFeed, Page
from transforms.errors import IngestError, InputError
from transforms.record_format import dead_letter_from_json, element_from_json, element_to_json
from transforms.state import parse_state
from transforms.steps import StepFn
from transforms.summary import summarise_run
from transforms.web.addresses import AddressPolicy, is_disguised_ipv4
from transforms.web.article_extractor import extract_article
from transforms.web.feed_parser import find_feed_links, parse_feed
from transforms.web.messages import Request
from transforms.web.text import plain_line, printable, strip_tags

URL = "http://akhbar.example/n/1"
TEXT = "قال رئيس البلدية يوم الأحد إن أعمال الترميم في الحي القديم ستنتهي قبل نهاية الشهر المقبل، وفق بيان رسمي."


@pytest.fixture
def trap():
    """A server in a network that is not allowed: being asked at all is the failure."""
    trap = Site("127.66.0.1")
    yield trap
    paths, _ = trap.paths(), trap.close()
    assert (paths, trap.connections) == ([], 0)


class Rebinding(Names):
    """A stranger's name server: the first answers are harmless, the later ones lead inside."""

    def __init__(self, harmless):
        super().__init__({})
        self._answers = itertools.chain([["127.0.0.1"]] * harmless, itertools.repeat(["127.66.0.1"]))

    async def resolve(self, host, port=0, family=socket.AF_INET):
        self.table[host] = next(self._answers)
        return await super().resolve(host, port, family)


@pytest.mark.parametrize("harmless", [1, 2])
def test_a_name_that_changes_its_address_between_check_and_use(site, trap, make_client, monkeypatch, harmless):
    monkeypatch.setattr("transforms.web.http._DNS_CACHE", 0)  # each connection looks the name up
    port = trap.server.server_port
    inside = Site("127.0.0.1")  # answers the first requests, then closes: each one is a new connection
    close = {"Connection": "close"}
    inside.pages["/robots.txt"] = inside.pages["/a"] = answer(body=BODY, **close)
    client = make_client(resolver=lambda: Rebinding(harmless), retries=0)
    url = f"http://rebinding.test:{inside.server.server_port}/a"
    try:
        outcomes = [client.fetch(Request(url, check_robots=False)).content for _ in range(harmless)]
        assert outcomes == [BODY] * harmless
        assert failure(client, Request(url, check_robots=False)).reason == "forbidden_address"
        trap_url = f"http://rebinding.test:{port}/a"
        assert failure(client, Request(trap_url, check_robots=False)).reason == "forbidden_address"
    finally:
        inside.close()


def test_a_redirect_into_a_private_network_by_name(site, trap, make_client):
    names = Names({"outside.test": ["127.0.0.1"], "inside.test": ["127.66.0.1"]})
    client = make_client(resolver=lambda: names, retries=0)
    site.pages["/a"] = answer(302, Location=f"http://inside.test:{trap.server.server_port}/secret")
    assert failure(client, f"http://outside.test:{site.server.server_port}/a").reason == "forbidden_address"
    site.pages["/robots.txt"] = answer(302, Location=f"http://inside.test:{trap.server.server_port}/secret")
    site.pages["/b"] = answer(body=BODY)
    error = failure(make_client(resolver=lambda: names, retries=0), f"http://outside.test:{site.server.server_port}/b")
    assert error.reason == "forbidden_address"


def test_a_proxy_and_passwords_in_the_environment_are_not_used(site, trap, make_client, monkeypatch, tmp_path):
    proxy = f"http://127.66.0.1:{trap.server.server_port}"
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "FTP_PROXY"):
        monkeypatch.setenv(name, proxy)
        monkeypatch.setenv(name.lower(), proxy)
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\ndefault login me password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HOME", str(tmp_path))
    site.pages["/a"] = answer(body=BODY)
    assert make_client().fetch(Request(site.base + "/a")).content == BODY
    assert not {"Authorization", "Proxy-Authorization", "Cookie"} & set(site.asked[-1][2])
    assert failure(make_client(retries=0), Request(f"https://{site.host}/a", check_robots=False)).reason == "tls"


def test_cookies_and_passwords_are_not_carried_along(site, client):
    site.pages["/a"] = answer(302, Location=f"http://me:secret@{site.host}/b", Set_Cookie="id=1; Path=/")
    site.pages["/b"] = answer(body=BODY)
    client.fetch(Request(f"http://me:secret@{site.host}/a", check_robots=False))
    for _, _, headers in site.asked:
        assert not {"Authorization", "Cookie", "Referer"} & set(headers)


METADATA = [
    "169.254.169.254", "169.254.170.2", "169.254.170.23", "100.100.100.200", "168.63.129.16", "192.0.0.192",
    "fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254", "fd00:42::42", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::1",
]  # fmt: skip


@pytest.mark.parametrize("address", METADATA)
def test_metadata_services_are_never_asked(address):
    """Decided without a socket: also where the user allows every network."""
    assert not AddressPolicy().permits(address)
    assert not AddressPolicy(("0.0.0.0/0", "::/0")).permits(address)


def test_metadata_services_by_name_end_at_the_same_decision(make_client, monkeypatch):
    """The name only leads to an address; opening a socket to it is where the decision falls."""
    opened = []
    monkeypatch.setattr(
        "transforms.web.http.socket", SimpleNamespace(socket=lambda *args: opened.append(args) or 1 / 0)
    )
    names = Names({"metadata.google.internal": ["169.254.169.254"], "instance-data": ["fd00:ec2::254"]})
    client = make_client(resolver=lambda: names, allow_networks=("0.0.0.0/0", "::/0"), retries=0)
    for host in names.table:
        assert failure(client, Request(f"http://{host}/latest", check_robots=False)).reason == "forbidden_address"
    assert names.asked == list(names.table)
    assert opened == []


@pytest.mark.parametrize(
    "host", ["2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "169.254.43518", "0xA9.254.0251.254"]
)
def test_metadata_addresses_in_disguise(client, host):
    assert is_disguised_ipv4(host)
    assert failure(client, f"http://{host}/latest/meta-data").reason == "forbidden_address"


@pytest.mark.parametrize("host", ["127。66。0。1", "１２７.66.0.1", "①②⑦.66.0.1", "127.66.0.1."])
def test_addresses_in_other_digits(trap, client, host):
    assert failure(client, f"http://{host}:{trap.server.server_port}/").reason in (
        "forbidden_address",
        "bad_url",
        "dns",
    )


@pytest.mark.parametrize(
    "link", ["file:///etc/passwd", "gopher://127.0.0.1/", "data:text/html,<p>x", "ftp://h/", "javascript:alert(1)",
             "jar:http://h/x", "FILE:/etc/passwd", " file:///etc/passwd", "fi\tle:///etc/passwd", "\\\\host\\share", "/etc/passwd"]
)  # fmt: skip
def test_links_that_are_no_web_pages(site, client, link):
    assert failure(client, link).reason == "bad_url"
    site.pages["/a"] = answer(302, Location=link)
    feed = f"<rss version='2.0'><channel><item><title>x</title><link>{link.replace('<', '&lt;')}</link></item></channel></rss>"
    parsed = parse_feed(feed.encode(), Feed("http://akhbar.example/f"), "http://akhbar.example/f")
    # What looks like a path is one of the feed's own host, as everywhere on the web; nothing else is a link.
    assert all(entry.link.startswith("http://akhbar.example/") for entry in parsed.entries)
    if link != "/etc/passwd" and not link.startswith("\\"):
        assert [reason for reason, _, _ in parsed.rejected] == ["bad_url"]
        assert failure(client, site.base + "/a").reason == "bad_url"


def feed_with(prolog, title, link="/n/1"):
    body = f"<rss version='2.0'><channel><title>موقع</title><item><title>{title}</title><link>{link}</link></item></channel></rss>"
    return f"<?xml version='1.0' encoding='utf-8'?>{prolog}{body}".encode()


def test_external_entities_and_local_paths_in_feeds(trap, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("كلمة السر")
    inside = f"http://127.66.0.1:{trap.server.server_port}/x"
    for place in (secret.as_uri(), str(secret), inside):
        for prolog, title in (
            (f"<!DOCTYPE rss [<!ENTITY x SYSTEM '{place}'>]>", "&x;"),
            (f"<!DOCTYPE rss [<!ENTITY x PUBLIC 'p' '{place}'>]>", "&x;"),
            (f"<!DOCTYPE rss [<!ENTITY % p SYSTEM '{place}'> %p;]>", "خبر"),
            (f"<!DOCTYPE rss SYSTEM '{place}'>", "&x;"),
            (f"<?xml-stylesheet href='{place}'?>", "خبر"),
            ("", f"<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='{place}' parse='text'/>"),
        ):
            content = feed_with(prolog, title)
            try:
                shown = repr(parse_feed(content, Feed("http://akhbar.example/f"), "http://akhbar.example/f"))
            except IngestError as error:
                shown = str(error)
            assert "كلمة السر" not in shown
            opml = f"{prolog}<opml><outline xmlUrl='{'&x;' if '&x;' in title else inside}' text='{title if '<' not in title else ''}'/></opml>"
            try:
                shown = repr(parse_feeds(opml.encode(), "f.opml"))
            except InputError as error:
                shown = str(error)
            assert "كلمة السر" not in shown


def test_external_parts_of_pages_are_not_loaded(trap, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("كلمة السر")
    inside = f"http://127.66.0.1:{trap.server.server_port}/x"
    for place in (secret.as_uri(), inside):
        page = (
            f"<!DOCTYPE html SYSTEM '{place}' [<!ENTITY x SYSTEM '{place}'>]><html><head><title>خبر</title><base href='{place}'>"
            f"<link rel=alternate type='application/rss+xml' href='{place}'><meta http-equiv=refresh content='0;url={place}'></head>"
            f"<body><iframe src='{place}'></iframe><img src='{place}'><object data='{place}'></object><p>{TEXT}&x;</p><p>{TEXT}</p>"
            f"<xi:include href='{place}'/></body></html>"
        ).encode()
        assert "كلمة السر" not in repr(extract_article(page, URL, "text/html"))
        assert find_feed_links(page, URL) in ((), ((inside, ""),))


SCRIPTS = [
    "<script>alert(1)</script>", "<SCRIPT type=text/x>alert(1)</SCRIPT >", "<svg><script>alert(1)</script></svg>",
    "<style>alert(1)</style>", "<noscript>alert(1)</noscript>", "<template><p>alert(1)</p></template>", "<iframe srcdoc='alert(1)'>alert(1)</iframe>",
    "<img src=x onerror=alert(1)>", "<a href='javascript:alert(1)' onclick=alert(1)>اقرأ</a>", "<!-- alert(1) -->", "<math><script>alert(1)</script></math>",
    "<script>if (a < b) { alert(1) }</script>", "<scr<script>ipt>alert(1)</scr</script>ipt>",
]  # fmt: skip


@pytest.mark.parametrize("script", SCRIPTS)
def test_no_script_text_in_records(script):
    page = f'<html><head><title>خبر {script}</title><meta name=author content="{script.replace(chr(34), "")}"></head><body><h1>خبر عاجل من المدينة {script}</h1>'
    page += "".join(f"<p>{TEXT} {script} {n}</p>" for n in range(4)) + "</body></html>"
    found = extract_article(page.encode(), URL, "text/html")
    assert "رئيس البلدية" in found.body
    if "<scr<" not in script:  # which no reader of HTML takes for a script
        assert "alert" not in found.body
        assert "alert" not in (found.title or "") + " ".join(found.authors)
    for escape in (0, 1, 2):
        text = script
        for _ in range(escape):
            text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        parsed = parse_feed(feed_with("", f"<![CDATA[خبر {text}]]>"), Feed(URL), URL)
        for entry in parsed.entries:
            shown = f"{entry.title} {entry.summary}"
            assert "<script" not in shown.lower()
            assert "alert" not in shown or "<scr<" in script


HIDING = "\x1b[2J\x1b]0;owned\x07\x9b31m\x00\x08\x7f\u202e\u202dabc\u2066x\u2069\ufeff\U000e0041"


def test_what_a_terminal_shows_cannot_be_hidden_or_steered():
    shown = printable(f"خبر {HIDING} آخر")
    assert len(shown) == len(f"خبر {HIDING} آخر")
    assert not {"\x1b", "\x9b", "\x07", "\x00", "\x08", "\x7f", "\u202e", "\u202d", "\u2066", "\ufeff"} & set(shown)
    assert printable("خبر\u200f عاجل\nمی\u200cرود\t") == "خبر\u200f عاجل\nمی\u200cرود\t"


def test_summaries_and_explanations_are_shown_without_escapes(monkeypatch, capsys):
    url = f"http://akhbar.example/{HIDING}"
    visit = FeedVisit(url, "not_a_feed", f"{url}: {HIDING}", None, None, "", 1, 1)
    show_summary(summarise_run("run", 0, 1, [], [visit], {}), "out")
    out = io.StringIO()
    title = f"قال الوزير إن الهدنة صامدة {HIDING}"
    Console(file=out, width=200).print(explain_article(HIDING, title, title, tag_text(title, title)))
    shown = capsys.readouterr().err + out.getvalue()
    assert "akhbar.example" in shown
    assert "الوزير" in shown
    assert not {"\x1b", "\x9b", "\x07", "\x08", "\u202e", "\u202d", "\u2066"} & set(shown)


def test_titles_hold_no_control_characters():
    title = plain_line(strip_tags(f"خبر {HIDING} آخر"))
    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 for c in title)
    assert not {"\ufeff", "\U000e0041"} & set(title)


def test_headers_that_are_no_text_stay_outside(site, client):
    """An element's strings go through coders and JSON lines, which take no lone surrogates."""
    site.pages["/a"] = raw(
        b'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: application/pdf\xff\x80\xe2\x80\xae\r\nETag: "\xff"\r\n'
        b"Last-Modified: \xfe\r\nCache-Control: max-age=\xff\r\nRetry-After: \xff\r\n\r\nhello"
    )
    got = client.fetch(Request(site.base + "/a", check_robots=False))
    assert (got.content_type, got.etag, got.last_modified, got.max_age_s) == ("", None, None, None)
    page = Page(Entry(url=URL, link=URL, feed_url=URL), got.final_url, got.content_type, got.content, got.fetched_us)
    fetched = FetchedFeed(Feed(URL), URL, got.content_type, b"", got.etag, got.last_modified, "", 0.0)
    for element in (page, fetched):
        coder = ElementCoder(type(element))
        assert coder.decode(coder.encode(element)) == element
    site.pages["/b"] = raw(b"HTTP/1.1 200 OK\r\nContent-Encoding: \xff\r\nContent-Length: 1\r\n\r\nx")
    error = failure(client, Request(site.base + "/b", check_robots=False))
    step = StepFn()
    step.start_bundle()
    for tagged in step.fail(page.entry, IngestError("not_html", error.detail + "\udcff")):
        coder = ElementCoder(type(tagged.value))
        assert coder.decode(coder.encode(tagged.value)) == tagged.value
    assert element_to_json(page.entry)


class Evil:
    def __reduce__(self):
        return os.mkdir, (Evil.folder,)


def test_a_pickle_from_outside_is_never_loaded(site, client, tmp_path):
    """Sent as a feed, a page, a dead letter, a state, a feed list: bytes, and nothing runs."""
    Evil.folder = str(tmp_path / "ran")
    evil = pickle.dumps(Evil())
    site.pages["/a"] = answer(body=evil, Content_Type="application/octet-stream")
    content = client.fetch(Request(site.base + "/a")).content
    for read, named in (
        (lambda: parse_feed(content, Feed(URL), URL), IngestError),
        (lambda: extract_article(content, URL), IngestError),
        (lambda: dead_letter_from_json(evil), IngestError),
        (lambda: element_from_json("Feed", evil.decode("latin-1")), IngestError),
        (lambda: parse_feeds(evil, "f.toml"), InputError),
        (lambda: parse_state(evil, "state"), InputError),
        (lambda: parse_state(gzip.compress(evil), "state"), InputError),
    ):
        with pytest.raises(named):
            read()
    assert not (tmp_path / "ran").exists()
    pickle.loads(evil)  # the control: it would have run
    assert (tmp_path / "ran").exists()
