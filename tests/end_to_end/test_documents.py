"""Scraped text documents in, records out; bad input is named before anything starts."""

import json

import pytest

from tests.newsworld import rasid, read_lines

pytestmark = pytest.mark.slow

DOCUMENT = (
    "الحكومة تعلن هدنة في المدينة\n\n"
    "أعلنت الحكومة، اليوم الأحد، هدنة لمدة أسبوع في المدينة القديمة., "
    "وقال المتحدث باسم الحكومة إن الطرفين سيلتزمان بوقف إطلاق النار., "
    "وأضاف أن المساعدات ستدخل إلى الأحياء المحاصرة غدا."
)


def test_a_document_becomes_one_record_once(tmp_path):
    (tmp_path / "one.txt").write_text(DOCUMENT, encoding="utf-8")
    for _ in range(2):
        done = rasid("run", "--documents", tmp_path / "*.txt", "--output", tmp_path / "out")
        assert done.returncode == 0, done.stderr
        [record] = read_lines(tmp_path / "out" / "records")
    assert record["title"] == "الحكومة تعلن هدنة في المدينة"
    assert record["body"].split("\n")[1] == "وقال المتحدث باسم الحكومة إن الطرفين سيلتزمان بوقف إطلاق النار."
    assert {mention["act"] for mention in record["ceasefire_mentions"]} <= {"declare", "hold", "agree"}
    assert any(s["cue"] and s["cue"]["text"] == "وقال" for s in record["statements"])


def test_a_changed_document_is_a_second_revision(tmp_path):
    for text in (DOCUMENT, DOCUMENT + "., وتابع أن الهدنة قابلة للتمديد."):
        (tmp_path / "one.txt").write_text(text, encoding="utf-8")
        assert rasid("run", "--documents", tmp_path / "one.txt", "--output", tmp_path / "out").returncode == 0
    records = read_lines(tmp_path / "out" / "records")
    assert sorted(record["revision"] for record in records) == [1, 2]
    assert len({record["record_id"] for record in records}) == 1


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--documents", "bad.txt"], "bad.txt"),
        (["--documents", "none-*.txt"], "none-*.txt"),
        (["--feeds", "bad.toml"], "bad.toml:2"),
        (["--feeds", "missing.toml"], "missing.toml"),
        (["--documents", "good.txt", "--since", "soon"], "--since"),
        (["--documents", "good.txt", "--output_dir", "x"], "--output_dir"),
    ],
)
def test_bad_input_starts_nothing(tmp_path, arguments, named):
    (tmp_path / "good.txt").write_text(DOCUMENT, encoding="utf-8")
    (tmp_path / "bad.txt").write_text("no blank line and no body", encoding="utf-8")
    (tmp_path / "bad.toml").write_text("[[feeds]]\nname = \n", encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    done = rasid("run", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert named in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(tmp_path.rglob("*")) == before


def test_the_haftar_document_is_the_gold_article(shared, tmp_path):
    gold = json.loads((shared / "tagging/gold/seed.jsonl").read_text(encoding="utf-8"))
    haftar = shared / "corpus/documents/haftar.txt"
    assert rasid("run", "--documents", haftar, "--output", tmp_path).returncode == 0
    [record] = read_lines(tmp_path / "records")
    assert record["title"] == gold["title"]
    assert record["body"] == gold["body"]
    assert len(record["body"].split("\n")) == 11
