import pytest

from transforms.errors import IngestError
from transforms.web.urls import choose_canonical, clean_url, host_of, record_id


@pytest.mark.parametrize(
    ("link", "cleaned"),
    [
        ("http://akhbar.example/story?id=1", "http://akhbar.example/story?id=1"),
        ("http://akhbar.example/post.php?lang=ar&id=7", "http://akhbar.example/post.php?lang=ar&id=7"),
        (
            "http://akhbar.example/post.php?lang=ar&id=7&utm_source=rss&fbclid=x3#top",
            "http://akhbar.example/post.php?lang=ar&id=7",
        ),
        ("http://akhbar.example/n.aspx?SourceID=4&eid=9&cid=2", "http://akhbar.example/n.aspx?SourceID=4&eid=9&cid=2"),
        ("http://akhbar.example/n?ref=home&page=2", "http://akhbar.example/n?page=2"),
        ("http://akhbar.example/n?ref=12", "http://akhbar.example/n?ref=12"),
        ("http://akhbar.example/n?flag&empty=", "http://akhbar.example/n?flag&empty="),
        ("http://akhbar.example/r?url=https://other.example/x", "http://akhbar.example/r?url=https://other.example/x"),
        ("https://Akhbar.Example:443/A/", "https://akhbar.example/A/"),
        ("http://127.0.0.2:8900/news/3.html", "http://127.0.0.2:8900/news/3.html"),
        ("http://[::1]:8900/3", "http://[::1]:8900/3"),
        ("http://akhbar.example", "http://akhbar.example/"),
        ("http://user:secret@akhbar.example/a", "http://akhbar.example/a"),
        ("  http://akhbar.example/a\n", "http://akhbar.example/a"),
        ("http://akhbar.example/a?x=1&amp;y=2", "http://akhbar.example/a?x=1&y=2"),
    ],
)
def test_clean_url_keeps_what_names_the_article(link: str, cleaned: str) -> None:
    assert clean_url(link) == cleaned


def test_arabic_paths_have_one_spelling() -> None:
    spellings = {
        clean_url("http://akhbar.example/خبر/هدنة"),
        clean_url("http://akhbar.example/%d8%ae%d8%a8%d8%b1/%d9%87%d8%af%d9%86%d8%a9"),
        clean_url("http://akhbar.example/%D8%AE%D8%A8%D8%B1/%D9%87%D8%AF%D9%86%D8%A9"),
    }
    assert spellings == {"http://akhbar.example/%D8%AE%D8%A8%D8%B1/%D9%87%D8%AF%D9%86%D8%A9"}


def test_relative_links_are_resolved() -> None:
    assert clean_url("/news/3.html", "http://akhbar.example:81/rss.xml") == "http://akhbar.example:81/news/3.html"
    assert clean_url("//cdn.example/a", "https://akhbar.example/rss.xml") == "https://cdn.example/a"


@pytest.mark.parametrize(
    "link",
    ["", "   ", "file:///etc/passwd", "gopher://akhbar.example/", "javascript:alert(1)", "data:text/html,x", "/a", "http://",
     "http:akhbar", "http://a..b/", "http://akhbar.example:99999/", "http://akhbar.example\\@evil.example/", "http://" + "a" * 5000],
)  # fmt: skip
def test_other_links_are_refused_by_name(link: str) -> None:
    with pytest.raises(IngestError) as fault:
        clean_url(link)
    assert fault.value.reason == "bad_url"
    assert link.strip()[:20] in fault.value.detail.replace("\\\\", "\\") or "empty" in fault.value.detail


def test_cleaning_twice_changes_nothing() -> None:
    once = clean_url("http://Akhbar.example/ا ب/%zz?q=ع&utm_id=3#x")
    assert clean_url(once) == once


def test_record_id_ignores_scheme_www_slash_and_order() -> None:
    ids = {record_id(u) for u in ("http://www.akhbar.example/a/?x=1&y=2", "https://akhbar.example/a?y=2&x=1")}
    assert len(ids) == 1
    assert len(ids.pop()) == 32
    assert record_id("http://akhbar.example/a?id=1") != record_id("http://akhbar.example/a?id=2")
    assert record_id("file:///data/a.txt") != record_id("file:///data/b.txt")
    assert record_id("http://127.0.0.2:8900/a") != record_id("http://127.0.0.2:8901/a")


@pytest.mark.parametrize(
    ("final", "declared", "chosen"),
    [
        ("http://akhbar.example/a", None, "http://akhbar.example/a"),
        ("http://m.akhbar.example/a/", "https://www.akhbar.example/a", "https://www.akhbar.example/a"),
        ("http://akhbar.example/a/amp", "http://akhbar.example/a", "http://akhbar.example/a"),
        ("http://akhbar.example/a?amp=1", "http://akhbar.example/a", "http://akhbar.example/a"),
        ("http://akhbar.example/a", "/", "http://akhbar.example/a"),
        ("http://akhbar.example/a", "http://other.example/a", "http://akhbar.example/a"),
        (
            "http://akhbar.example/index.php?id=1",
            "http://akhbar.example/index.php",
            "http://akhbar.example/index.php?id=1",
        ),
        ("http://akhbar.example/a", "javascript:void(0)", "http://akhbar.example/a"),
    ],
)
def test_canonical_is_believed_only_for_the_same_page(final: str, declared: str | None, chosen: str) -> None:
    assert choose_canonical(final, declared) == chosen


def test_host_of_names_the_port_only_when_it_differs() -> None:
    assert host_of("http://Akhbar.example:80/a") == "akhbar.example"
    assert host_of("https://akhbar.example:8443/a") == "akhbar.example:8443"
    assert host_of("http://[::1]:8900/") == "[::1]:8900"
