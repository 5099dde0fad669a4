"""The whole graph in process, over a small site of our own: what each stage keeps, drops and reports."""

import pytest
from apache_beam.options.pipeline_options import PipelineOptions

from pipeline.options import make_config
from pipeline.run import execute, make_parser
from pipeline.sources import Sources
from tests.newsworld import last_summary, read_lines
from tests.site import body_of, serve
from transforms.elements import Feed
from transforms.record_format import validate_record
from transforms.summary import unbalanced_stages

pytestmark = pytest.mark.slow


@pytest.fixture
def site():
    with serve() as made:
        yield made


@pytest.fixture
def run(tmp_path, site):
    """Runs the pipeline over the site's feed and gives exit code, new records, dead letters and summary."""
    seen = {"records": 0, "dead_letters": 0}

    def new(kind):
        lines = read_lines(tmp_path / "out" / kind)
        fresh = lines[seen[kind] :] if len(lines) > seen[kind] else []
        seen[kind] = len(lines)
        return fresh

    def go(*flags, feeds=None):
        arguments = ["--output", str(tmp_path / "out"), "--allow_networks", "127.0.0.0/24", "--host_pause", "0", *flags]
        config = make_config(make_parser().parse_args(arguments))
        urls = feeds or [site.address + "/rss.xml"]
        code = execute(config, Sources(feeds=tuple(Feed(url, "موقع") for url in urls)), PipelineOptions([]))
        summary = last_summary(tmp_path / "out")
        assert unbalanced_stages(summary) == []
        return code, new("records"), new("dead_letters"), summary

    return go


def test_records_are_whole_and_valid(site, run):
    for n in range(3):
        site.add(n)
    code, records, dead, summary = run()
    assert (code, dead) == (0, [])
    assert sorted(r["title"] for r in records) == [f"خبر محلي رقم {n}" for n in range(3)]
    assert sorted(r["body"] for r in records) == sorted(body_of(n) for n in range(3))
    assert [fault for r in records for fault in validate_record(r)] == []
    assert {r["published_from"] for r in records} == {"feed"}
    assert summary["stages"]["keep_new_records"] == {"in": 3, "out": 3}


def test_one_article_behind_many_links_is_one_record(site, run):
    site.add(1)
    site.items += [("/news/1.html?utm_source=x#top", "خبر محلي رقم 1", ""), ("/old/1.html", "خبر محلي رقم 1", "")]
    site.pages["/old/1.html"] = (301, {"Location": "/news/1.html"}, b"")
    _, records, _, summary = run()
    assert [r["url"] for r in records] == [site.address + "/news/1.html"]
    assert summary["stages"]["fetch_pages"]["dropped_duplicate"] == 1
    assert summary["stages"]["keep_new_records"]["dropped_duplicate"] == 1
    _, again, _, _ = run()
    assert again == []


def test_a_correction_is_a_second_revision_and_the_same_text_is_none(site, run):
    site.add(1)
    site.add(2)
    run()
    site.items[0] = (*site.items[0][:2], "تصحيح")
    site.pages["/news/1.html"] = body_of(1) + "\nتصحيح: حدثت هذه المادة بعد نشرها لإضافة رد البلدية على السؤال."
    site.items[1] = (*site.items[1][:2], "ملخص جديد")
    site.asked.clear()
    _, records, _, summary = run()
    assert sorted(path for path in site.asked if path.startswith("/news/")) == ["/news/1.html", "/news/2.html"]
    assert [(r["url"][-6:], r["revision"]) for r in records] == [("1.html", 2)]
    assert summary["stages"]["keep_new_records"]["dropped_unchanged"] == 1
    site.asked.clear()
    run()
    assert not [path for path in site.asked if path.startswith("/news/")]


def test_what_fails_for_now_is_asked_again_and_what_fails_for_good_is_not(site, run):
    site.add(1)
    site.add(2)
    site.add(3)
    site.pages["/news/1.html"] = (500, {}, b"")
    site.pages["/news/2.html"] = (410, {}, b"")
    code, records, dead, _ = run()
    assert code == 0
    assert [r["url"][-6:] for r in records] == ["3.html"]
    assert {(d["url"][-6:], d["stage"], d["reason"]) for d in dead} == {
        ("1.html", "fetch_pages", "http_server_error"),
        ("2.html", "fetch_pages", "http_client_error"),
    }
    site.pages["/news/1.html"] = body_of(1)
    site.asked.clear()
    _, records, dead, _ = run()
    assert [r["url"][-6:] for r in records] == ["1.html"]
    assert dead == []
    assert "/news/2.html" not in site.asked


def test_robots_languages_and_pages_without_article(site, run):
    for n in range(4):
        site.add(n)
    site.robots = "User-agent: *\nDisallow: /news/0\n"
    site.pages["/news/1.html"] = "\n".join(
        ["The river rose again on Monday and the schools stayed closed, officials said."] * 6
    )
    site.pages["/news/2.html"] = (200, {"Content-Type": "application/pdf"}, b"%PDF-1.7\n" + bytes(4000))
    code, records, dead, summary = run()
    assert code == 0
    assert [r["url"][-6:] for r in records] == ["3.html"]
    assert [d["reason"] for d in dead] == ["not_html"]
    assert summary["stages"]["fetch_pages"]["dropped_robots"] == 1
    assert summary["stages"]["extract_articles"]["dropped_language_en"] == 1
    assert "/news/0.html" not in site.asked
    assert site.asked.count("/robots.txt") == 1
    site.add(4, path="/news/01.html")
    _, records, _, summary = run()
    assert (records, summary["stages"]["fetch_pages"]["dropped_robots"]) == ([], 1)
    assert site.asked.count("/robots.txt") == 1


def test_limits_on_entries_are_counted(site, run):
    for n in range(5):
        site.add(n)
    _, records, _, summary = run("--max_items_per_feed", "2", "--since", "2023-11-14T22:13:22Z")
    assert sorted(r["url"][-6:] for r in records) == ["3.html", "4.html"]
    counts = summary["stages"]["list_entries"]
    assert counts == {"in": 5, "out": 2, "dropped_too_old": 2, "dropped_over_limit": 1}


def test_feeds_that_cannot_be_read(site, run):
    site.pages["/page"] = b"<html><body>no feed</body></html>"
    site.pages["/empty"] = (200, {}, b"")
    feeds = [site.address + path for path in ("/page", "/empty", "/missing")] + ["http://127.66.0.1:9/rss", "ftp://x/y"]
    code, records, dead, summary = run(feeds=feeds)
    assert code == 1
    assert records == []
    assert sorted(d["reason"] for d in dead) == [
        "bad_url",
        "empty_answer",
        "forbidden_address",
        "http_client_error",
        "not_a_feed",
    ]
    assert summary["feeds"][site.address + "/missing"]["outcome"] == "http_client_error"


def test_what_nobody_foresaw_is_a_dead_letter_and_fails_the_run(site, run, monkeypatch):
    site.add(1)
    site.add(2)
    from transforms import extract_articles

    def fail_at_one(self, element, result):
        if element.final_url.endswith("1.html"):
            yield from self.fail(element, ZeroDivisionError("unforeseen"))
        else:
            yield from original(self, element, result)

    original = extract_articles._ExtractArticleFn.outputs_of
    monkeypatch.setattr(extract_articles._ExtractArticleFn, "outputs_of", fail_at_one)
    code, records, dead, _ = run()
    assert code == 1
    assert [r["url"][-6:] for r in records] == ["2.html"]
    assert dead[0]["reason"] == "unexpected"
    assert "unforeseen" in dead[0]["message"]
    monkeypatch.undo()
    code, records, _, _ = run()
    assert code == 0
    assert [r["url"][-6:] for r in records] == ["1.html"]


def test_a_sink_that_cannot_be_written_leaves_nothing_and_the_next_run_mends_it(site, run, tmp_path, monkeypatch):
    from transforms import file_formats

    site.add(1)

    def refuse(self, element):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(file_formats.JsonLinesWriter, "write", refuse)
    with pytest.raises(Exception, match="No space left"):
        run()
    monkeypatch.undo()
    assert not list((tmp_path / "out").rglob("*.part"))
    assert read_lines(tmp_path / "out" / "records") == []
    code, records, _, _ = run()
    assert (code, len(records)) == (0, 1)


def test_feeds_keep_their_name_as_source(site, run):
    site.add(1)
    _, [record], _, _ = run()
    assert record["source"] == "موقع"
