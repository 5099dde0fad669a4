"""The runbook's recipes for databases, run over real records on real servers."""

import os
import re
import shlex
from collections import Counter
from pathlib import Path

import psycopg
import pytest

from tests.newsworld import rasid, read_lines

pytestmark = pytest.mark.slow
RUNBOOK = (Path(__file__).resolve().parents[2] / "deploy" / "README.md").read_text(encoding="utf-8")
TEXT = (
    "الحكومة تعلن هدنة\n\n"
    "أعلنت الحكومة، اليوم الأحد، هدنة لمدة أسبوع في المدينة القديمة., "
    "وقال سالم الأحمد إن الطرفين سيلتزمان بوقف إطلاق النار., "
    "ورفضت المعارضة أي هدنة جديدة في المدينة قبل الإفراج عن الأسرى."
)


def recipe(name, language, number=0):
    [part] = re.findall(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", RUNBOOK, re.DOTALL)
    return re.findall(rf"```{language}\n(.*?)```", part, re.DOTALL)[number]


def run_recipe(folder, name, replacements):
    """Runs the recipe's `rasid run` over a document, with a file beside the table; gives the file's records."""
    [line] = [each for each in recipe(name, "sh").splitlines() if each.startswith("rasid ")]
    for old, new in replacements.items():
        assert old in line
        line = line.replace(old, new)
    (folder / "one.txt").write_text(TEXT, encoding="utf-8")
    flags = ["--documents", "one.txt", "--sink", "jsonl:out/records"]
    done = rasid(*shlex.split(line)[1:], *flags, cwd=folder, env={**os.environ, "PYTHONPATH": os.getcwd()})
    assert done.returncode == 0, done.stderr
    return read_lines(folder / "out" / "records")


def acts(records):
    return Counter(m["act"] for r in records for m in r["ceasefire_mentions"])


def people(records):
    return [
        (s["speaker_ref"], s["content"]["text"], r["url"])
        for r in records
        for s in r["statements"]
        if s["speaker_kind"] == "person"
    ]


def test_postgresql(database, tmp_path):
    address = database.removeprefix("postgresql://")
    records = run_recipe(tmp_path, "postgresql", {"USER@HOST:5432/DATABASE": address})
    with psycopg.connect(database) as connection:
        counted = connection.execute(recipe("postgresql", "sql")).fetchall()
        said = connection.execute(recipe("postgresql", "sql", 1)).fetchall()
    assert {act: n for _, _, act, n in counted} == acts(records)
    assert sorted(said) == sorted(people(records))
    assert len(said) > 0


def test_bigquery(bigquery_server, tmp_path):
    dataset = bigquery_server.make()
    records = run_recipe(tmp_path, "bigquery", {"PROJECT.DATASET": dataset})
    day = records[0]["fetched_at"][:10]
    counted, said = (
        bigquery_server.rows(
            recipe("bigquery", "sql", n).replace("PROJECT.DATASET", dataset).replace("2026-01-31", day)
        )
        for n in range(2)
    )
    assert {row["act"]: row["n"] for row in counted} == acts(records)
    assert sorted((row["speaker_ref"], row["text"], row["url"]) for row in said) == sorted(people(records))
    assert len(said) > 0
