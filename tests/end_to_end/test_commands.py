"""The small commands, as a user calls them."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.newsworld import ALLOW, rasid, read_lines
from tests.site import body_of, serve

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def site():
    with serve() as made:
        for n in range(3):
            made.add(n)
        yield made


def test_help_is_quick_to_load_and_names_every_command():
    done = rasid("--help")
    assert done.returncode == 0
    assert all(name in done.stdout for name in ("run", "poll", "tag", "feeds", "replay", "report", "query", "tail"))
    code = "import sys, pipeline.__main__ as m; m.main(['--help']); print('apache_beam' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"
    for command in ("run", "poll", "tag", "feeds", "replay", "report", "query", "tail"):
        assert rasid(command, "--help").returncode == 0


def test_a_command_that_does_not_exist():
    done = rasid("runn")
    assert done.returncode == 2
    assert "runn: no such command" in done.stderr


def test_tag_reads_lines_and_writes_lines(tmp_path):
    lines = [{"id": n, "title": "", "body": body_of(n)} for n in range(2)]
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (tmp_path / "in.jsonl").write_text(text, encoding="utf-8")
    done = rasid("tag", tmp_path / "in.jsonl")
    assert done.returncode == 0, done.stderr
    tagged = [json.loads(line) for line in done.stdout.splitlines()]
    assert [t["id"] for t in tagged] == [0, 1]
    assert all(t["statements"][0]["cue"]["text"] == "قال" for t in tagged)
    assert rasid("tag", "-", input=text).stdout == done.stdout


@pytest.mark.parametrize("line", ["no json", "[]", '{"id": 1}', '{"id": 1, "title": 3, "body": "x"}'])
def test_tag_names_the_line_that_is_no_article(tmp_path, line):
    (tmp_path / "in.jsonl").write_text('{"id": 1, "title": "", "body": "x"}\n' + line + "\n", encoding="utf-8")
    done = rasid("tag", tmp_path / "in.jsonl")
    assert done.returncode == 2
    assert "in.jsonl:2" in done.stderr
    assert "Traceback" not in done.stderr


def test_feeds_check_says_what_answers(site, tmp_path):
    site.pages["/page"] = b"<html><body>no feed</body></html>"
    (tmp_path / "feeds.txt").write_text(f"{site.address}/rss.xml\n{site.address}/page\n{site.address}/none\n")
    done = rasid("feeds", "check", "--feeds", tmp_path / "feeds.txt", *ALLOW, "--host_pause", "0")
    assert done.returncode == 0, done.stderr
    assert "3 items" in done.stdout
    assert "404" in done.stdout
    assert "1 of 3 feeds can be read" in done.stderr


def test_feeds_find_names_what_a_page_announces(site):
    head = '<link rel="alternate" type="application/rss+xml" title="أخبار" href="/rss.xml">'
    site.pages["/"] = f"<html><head>{head}</head><body></body></html>".encode()
    done = rasid("feeds", "find", site.address + "/", *ALLOW)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[0].split("\t") == [f"{site.address}/rss.xml", "أخبار"]
    site.pages["/none"] = b"<html><body></body></html>"
    assert rasid("feeds", "find", site.address + "/none", *ALLOW).returncode == 1


def test_a_terminal_shows_progress_and_the_summary(site, tmp_path):
    (tmp_path / "feeds.txt").write_text(f"{site.address}/rss.xml\n")
    arguments = ["run", "--feeds", str(tmp_path / "feeds.txt"), "--output", str(tmp_path / "out"), *ALLOW]
    main, terminal = os.openpty()
    with subprocess.Popen([sys.executable, "-m", "pipeline", *arguments], stderr=terminal, stdout=terminal) as process:
        os.close(terminal)
        shown = b""
        while True:
            try:
                shown += os.read(main, 65536)
            except OSError:
                break
        process.wait()
    os.close(main)
    text = shown.decode("utf-8", "replace")
    assert process.returncode == 0
    assert "feeds 0/1" in text
    assert "3 new records, 0 dead letters" in text


def test_an_interrupted_run_leaves_nothing_and_says_so(site, tmp_path):
    (tmp_path / "feeds.txt").write_text(f"{site.address}/rss.xml\n")
    arguments = ["run", "--feeds", str(tmp_path / "feeds.txt"), "--output", str(tmp_path / "out"), *ALLOW]
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline", *arguments, "--host_pause", "5"], stderr=subprocess.PIPE
    )
    deadline = time.monotonic() + 30
    while not site.asked and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"stopped" in stderr
    assert b"Traceback" not in stderr
    assert not (tmp_path / "out" / "records").exists()
    assert not list((tmp_path / "out").rglob("*.part"))
    assert rasid(*arguments, "--host_pause", "0").returncode == 0
    assert len(read_lines(tmp_path / "out" / "records")) == 3


@pytest.mark.parametrize(
    ("lexicon", "addition"),
    [
        ("cues.toml", '[[cue]]\nlemma = "x"\ncolour = "red"'),
        ("ceasefire_acts.toml", "[[acts]]"),
        ("dates.toml", "[[month]]\nnumber = 3"),
        ("nouns.toml", "[[nouns]\n"),
    ],
)
@pytest.mark.parametrize("command", [["tag", "in.jsonl"], ["run", "--documents", "one.txt"]])
def test_a_damaged_lexicon_is_named_with_its_line_and_nothing_is_started(tmp_path, lexicon, addition, command):
    for package in ("pipeline", "transforms"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    path = tmp_path / "transforms" / "lexicon" / lexicon
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\n{addition}\n", encoding="utf-8")
    (tmp_path / "in.jsonl").write_text('{"id": 1, "title": "", "body": "x"}\n', encoding="utf-8")
    (tmp_path / "one.txt").write_text(f"عنوان\n\n{body_of(1)}", encoding="utf-8")
    done = rasid(*command, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert f"{lexicon}:{text.count(chr(10)) + 2}: " in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()
