"""What the report shows of records, summaries and dead letters, and the page that holds it."""

import base64
import gzip
import json
import re
from collections import Counter
from dataclasses import replace

import pytest
from record_samples import make_record, write_lines

from pipeline.report_data import Names, Utf16, describe_health, describe_records, places_of, read_report, web_link
from pipeline.report_html import ASSETS, COMPRESSED_FROM, SCRIPTS, build_page, load_labels
from transforms.elements import DeadLetter, FeedVisit, Span, Tally
from transforms.errors import REASONS, InputError
from transforms.metrics import DROPS
from transforms.record_format import dead_letter_to_json, load_schema
from transforms.summary import summarise_run

FEED = "https://news.example/rss.xml"


def letter(**changes):
    values = {
        "stage": "fetch_pages", "reason": "no_body", "message": "first", "element_type": "Entry", "element": "x",
        "feed_url": FEED, "url": "https://news.example/1", "attempts": 1, "failed_us": 5,
    }  # fmt: skip
    return DeadLetter(**(values | changes))


def test_articles_come_newest_first_with_their_names_numbered():
    shown = describe_records([make_record(1), make_record(2, source="آخر")])
    first, second = shown["articles"]
    assert (first["time"], second["time"]) == ("2026-01-12T08:00:00Z", "2026-01-11T08:00:00Z")
    assert [shown["sources"][a["source"]] for a in (first, second)] == ["آخر", "مثال"]
    said = [shown["speakers"][s["who"]] for s in first["statements"] if s["who"] is not None]
    assert "الوزير سالم الأحمد" in said
    refused = next(m for m in first["mentions"] if m["act"] == "refuse")
    assert [shown["parties"][n] for n in refused["parties"]] == ["المعارضة"]
    assert first["statements"][refused["statement"]]["who"] is not None


def test_an_article_without_a_date_shows_when_it_was_fetched():
    [article] = describe_records([replace(make_record(1), published_us=None, published_from=None)])["articles"]
    assert article["time"] == "2026-01-11T08:01:00Z"
    assert article["published"] is False


def test_places_are_those_of_headline_first_paragraph_and_ceasefire_paragraphs():
    body = "دبي، الكويت (وكالة)-- اجتمع الوفدان في صنعاء.\nوزار الوفد بغداد.\nوأعلنت الحكومة هدنة في الخرطوم.\nثم عاد إلى طهران."
    record = make_record(1, title="الحكومة تعلن هدنة في حلب", body=body)
    assert places_of(record) == ["Aleppo", "Syria", "Sanaa", "Yemen", "Khartoum", "Sudan"]


def test_a_mention_at_the_start_of_a_paragraph_is_in_it():
    record = make_record(1, title="خبر", body="بدأ اليوم هادئا.\nهدنة في الخرطوم أعلنتها الحكومة.")
    assert [m.term.start for m in record.ceasefire_mentions] == [17]
    assert places_of(record) == ["Khartoum", "Sudan"]


def test_spellings_of_one_name_are_one_and_the_most_frequent_is_shown():
    names = Names(["إسرائيل", "وإسرائيل", "واشنطن"])
    numbers = [names.number(n) for n in ("اسرائيل", "إسرائيل", "وإسرائيل", "واشنطن", "إِسرائيل ")]
    assert numbers == [0, 0, 0, 1, 0]
    assert names.spelled() == ["إسرائيل", "واشنطن"]


def test_offsets_are_counted_as_a_browser_counts():
    text = "a😀b😀c"
    wanted = text.encode("utf-16-le")
    for start in range(len(text)):
        for end in range(start, len(text) + 1):
            begun, ended = Utf16(text).span(Span(start, end, ""))
            assert wanted[2 * begun : 2 * ended].decode("utf-16-le") == text[start:end]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "//x", "https://[", ""]
)
def test_only_web_addresses_are_linked(url):
    assert web_link(url) == ""
    assert web_link(FEED) == FEED


def test_the_health_of_feeds():
    visits = [
        FeedVisit(FEED, "read", "", None, None, "", 1, 1, 7),
        FeedVisit("https://b.example/", "dns", "no such name", None, None, "", 1, 0),
    ]
    tallies = [Tally("extract_articles", FEED, "dropped_language_fa", 2), Tally("drop_seen", FEED, "dropped_seen", 4)]
    runs = [summarise_run(f"r{n}", 0, (3 - n) * 1_000_000, tallies, visits, {}) for n in range(2)]
    letters = [letter(), letter(message="last", failed_us=9), letter(reason="dns", failed_us=1)]
    health = describe_health([make_record(1), make_record(2)], runs, letters)
    assert health["runs"] == 2
    assert health["last_run"] == "1970-01-01T00:00:03Z"
    good = next(feed for feed in health["feeds"] if feed["url"] == FEED)
    assert (good["outcome"], good["entries"], good["records"], good["runs"]) == ("read", 7, 2, 2)
    assert good["dropped"] == {"language_fa": 4, "seen": 8}
    assert good["failed"] == {"no_body": 2, "dns": 1}
    assert (good["failure"], good["name"]) == ("last", "مثال")
    bad = next(feed for feed in health["feeds"] if feed["url"] == "https://b.example/")
    assert (bad["outcome"], bad["message"], bad["records"]) == ("dns", "no such name", 0)


def test_a_folder_is_read_with_only_the_last_revisions(tmp_path):
    write_lines(
        tmp_path / "records" / "a.jsonl", [make_record(1), make_record(1, revision=2, source="ب"), make_record(2)]
    )
    (tmp_path / "dead_letters" / "2026-01-01").mkdir(parents=True)
    (tmp_path / "dead_letters" / "2026-01-01" / "a.jsonl").write_text(dead_letter_to_json(letter()) + "\n")
    (tmp_path / "summary").mkdir()
    (tmp_path / "summary" / "r.json").write_text(json.dumps(summarise_run("r", 0, 1, [], [], {})))
    report = read_report(str(tmp_path))
    assert Counter(report["sources"][a["source"]] for a in report["articles"]) == {"ب": 1, "مثال": 1}
    assert report["health"]["feeds"][0]["failed"] == {"no_body": 1}


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("summary/r.json", "{", r"r\.json: not the summary of a run"),
        ("summary/r.json", '{"feeds": {"u": {}}}', r"r\.json: not the summary of a run"),
        ("dead_letters/d/a.jsonl", "{}\n", r"a\.jsonl:1: not a dead letter"),
    ],
)
def test_damaged_files_beside_the_records_are_named(tmp_path, name, content, fault):
    write_lines(tmp_path / "records" / "a.jsonl", [make_record(1)])
    (tmp_path / name).parent.mkdir(parents=True)
    (tmp_path / name).write_text(content)
    with pytest.raises(InputError, match=fault):
        read_report(str(tmp_path))


def test_every_word_of_every_vocabulary_has_a_label_in_both_languages():
    labels = load_labels()
    schema = load_schema()["$defs"]
    known = {
        "act": {*schema["ceasefire_mention"]["properties"]["act"]["enum"], "negated"},
        "class": {*schema["statement"]["properties"]["cue_class"]["enum"]} - {None},
        "kind": {*schema["statement"]["properties"]["speaker_kind"]["enum"]} - {None},
        "reason": {*REASONS},
        "drop": {*DROPS},
        "outcome": {"read", "not_modified", "postponed"},
    }
    assert {name: set(labels[name]) for name in known} == known
    assert all(set(entry) == {"ar", "en"} for words in labels.values() for entry in words.values())


def test_every_label_that_the_page_uses_exists_and_every_label_is_used():
    page = (ASSETS / "page.html").read_text(encoding="utf-8")
    script = "".join((ASSETS / name).read_text(encoding="utf-8") for name in SCRIPTS)
    labels = load_labels()["text"]
    named = set(re.findall(r'data-(?:text|label|hint)="(\w+)"', page)) | set(re.findall(r'\bsay\("(\w+)"', script))
    assert named <= set(labels)
    assert {name for name in labels if f'"{name}"' not in script + page and not name.startswith("mark_")} <= {
        "loading",
        "too_old",
    }


def test_the_page_is_one_file_that_runs_only_its_own_script():
    data = {"articles": [], "text": "</script><script>alert(1)</script>{{nonce}}"}
    page = build_page(data)
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    nonce = re.search(r"'nonce-(\w+)'", policy)[1]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy.split("style-src")[0]
    assert page.count(f'nonce="{nonce}"') == 2
    assert "<script>alert" not in page
    held = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[1]
    assert json.loads(held) == data
    own = page.replace((ASSETS / "echarts.min.js").read_text(encoding="utf-8"), "")
    assert not re.findall(r'(?:src|href)="(?!#|data:,)', own)
    assert build_page(data) == page


def test_large_data_is_packed():
    data = {"text": "نص" * COMPRESSED_FROM}
    held = re.search(r'<script type="text/plain" id="data">(.*?)</script>', build_page(data), re.DOTALL)[1]
    assert json.loads(gzip.decompress(base64.b64decode(held))) == data


def test_text_is_never_read_as_html():
    script = "".join((ASSETS / name).read_text(encoding="utf-8") for name in SCRIPTS)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|Function\(", script)
