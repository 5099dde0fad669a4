"""The README's recipes for reading records, run over real records."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import duckdb
import jq
import pytest

from pipeline.__main__ import main
from tests.newsworld import rasid, read_lines

pytestmark = pytest.mark.slow
README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
TEXT = (
    "الحكومة تعلن هدنة\n\n"
    "أعلنت الحكومة، اليوم الأحد، هدنة لمدة أسبوع في المدينة القديمة., "
    "وقال الوزير سالم الأحمد إن الطرفين سيلتزمان بوقف إطلاق النار., "
    "ورفضت المعارضة أي هدنة جديدة في المدينة قبل الإفراج عن الأسرى."
)


def recipe(language, number=0):
    return re.findall(rf"```{language}\n(.*?)```", README.split("## Reading the records")[1], re.DOTALL)[number]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("recipes")
    (made / "one.txt").write_text(TEXT, encoding="utf-8")
    sinks = ["--sink", "jsonl:out/records", "--sink", "parquet:table"]
    done = rasid("run", "--documents", "one.txt", *sinks, cwd=made, env={**os.environ, "PYTHONPATH": os.getcwd()})
    assert done.returncode == 0, done.stderr
    return made


@pytest.fixture(scope="module")
def records(folder):
    return read_lines(folder / "out" / "records")


def test_python(folder, records):
    done = subprocess.run(
        [sys.executable, "-c", recipe("python")], cwd=folder, capture_output=True, text=True, check=True
    )
    assert len(done.stdout.splitlines()) == sum(len(r["ceasefire_mentions"]) for r in records) > 2


def test_pandas(folder, records):
    done = subprocess.run(
        [sys.executable, "-c", recipe("python", 1)], cwd=folder, capture_output=True, text=True, check=True
    )
    counted = {line.split()[-2]: int(line.split()[-1]) for line in done.stdout.splitlines()[1:]}
    assert counted == Counter(m["act"] for r in records for m in r["ceasefire_mentions"])


def test_query(folder, records, capsys, monkeypatch):
    sql = re.search(r'rasid query "(.*?)" --input out', README)[1]
    monkeypatch.chdir(folder)
    assert main(["query", sql, "--input", "out", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"source": records[0]["source"], "n": 1}


def test_report(folder, records, monkeypatch):
    monkeypatch.chdir(folder)
    assert main(["report", "out", "-o", "report.html"]) == 0
    assert records[0]["title"] in (folder / "report.html").read_text(encoding="utf-8")


def test_duckdb(folder, records, monkeypatch):
    monkeypatch.chdir(folder)
    counted = dict(duckdb.sql(recipe("sql")).fetchall())
    assert counted == Counter(m["act"] for r in records for m in r["ceasefire_mentions"])


def test_jq(records):
    filter_text = re.search(r"jq -r '(.*)'", recipe("sh"))[1]
    found = jq.compile(filter_text).input_values(records).all()
    people = [s for r in records for s in r["statements"] if s["speaker_kind"] == "person"]
    assert len(found) == len(people)


def test_parquet_holds_the_same_records(folder, records):
    rows = duckdb.sql(
        f"SELECT record_id, title, statements, ceasefire_mentions FROM '{folder}/table/**/*.parquet'"
    ).fetchall()
    assert [(row[0], row[1]) for row in rows] == [(r["record_id"], r["title"]) for r in records]
    assert [s["content"]["text"] for s in rows[0][2]] == [s["content"]["text"] for s in records[0]["statements"]]
    assert json.dumps([m["act"] for m in rows[0][3]]) == json.dumps(
        [m["act"] for m in records[0]["ceasefire_mentions"]]
    )
