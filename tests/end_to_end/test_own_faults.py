"""What goes wrong on our own side: a clear end, nothing lost, and the next run mends it."""

import contextlib
import json
import os
import resource
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from tests.newsworld import last_summary, rasid, read_lines
from tests.site import body_of, serve

pytestmark = pytest.mark.slow
FLAGS = ["--allow_networks", "127.0.0.0/24", "--host_pause", "0", "--workers", "2"]
# Python runs a module of this name first, in every process of a run: there a test can break what it wants to see broken.
HOOKS = {
    "crash": """
import os, signal
from transforms.web import article_extractor
original = article_extractor.extract_article
def crash(content, *more):
    if b"SEGFAULT" in content:
        os.kill(os.getpid(), signal.SIGSEGV)
    return original(content, *more)
article_extractor.extract_article = crash
""",
    "slow": """
import pathlib, time
from transforms.web import article_extractor
original = article_extractor.extract_article
def slow(*arguments):
    pathlib.Path(__file__).with_name("extracting").touch()
    time.sleep(1.5)
    return original(*arguments)
article_extractor.extract_article = slow
""",
    "ten days ahead": """
import time
original = time.time_ns
time.time_ns = lambda: original() + 10 * 86_400 * 10**9
""",
}


@pytest.fixture
def site():
    with serve() as made:
        for n in range(6):
            made.add(n)
        yield made


@pytest.fixture
def feeds(site, tmp_path):
    (tmp_path / "feeds.txt").write_text(f"{site.address}/rss.xml\n")
    return tmp_path / "feeds.txt"


def hooked(tmp_path, name):
    """The environment of a run that a hook spoils."""
    (tmp_path / "hook").mkdir()
    (tmp_path / "hook" / "sitecustomize.py").write_text(HOOKS[name])
    return {**os.environ, "PYTHONPATH": f"{tmp_path / 'hook'}{os.pathsep}{Path.cwd()}"}


def run(feeds, output, *more, **kwargs):
    return rasid("run", "--feeds", feeds, "--output", output, *FLAGS, *more, **kwargs)


def assert_clear_failure(done, *words):
    assert done.returncode in (1, 2)
    lines = [line for line in done.stderr.splitlines() if line.startswith("rasid:")]
    assert len(lines) == 1, done.stderr
    assert all(word in lines[0] for word in words), lines
    assert "Traceback" not in done.stderr


def assert_all_arrive(feeds, output, *more):
    done = run(feeds, output, *more)
    assert done.returncode == 0, done.stderr
    records = read_lines(output / "records")
    assert sorted(record["body"] for record in records) == sorted(body_of(n) for n in range(6))
    assert {record["revision"] for record in records} == {1}
    assert not list(output.rglob("*.part"))


def test_a_full_disk(feeds, tmp_path):
    out = tmp_path / "out"

    def fill():
        resource.setrlimit(resource.RLIMIT_FSIZE, (4000, resource.RLIM_INFINITY))  # no file grows beyond

    done = run(feeds, out, preexec_fn=fill)
    assert_clear_failure(done, "File too large")
    assert not list((out / "records").rglob("*.jsonl"))
    assert not (out / "state" / "state.jsonl.gz").exists()
    assert_all_arrive(feeds, out)


@pytest.mark.parametrize("option", ["--sink", "--state", "--output"])
def test_a_folder_that_cannot_be_written(site, feeds, tmp_path, option):
    """A file stands where the folder should be: that refuses everybody, the superuser too."""
    (tmp_path / "file").write_text("not a folder")
    refused = tmp_path / "file" / "folder"
    out = tmp_path / "out"
    arguments = {
        "--sink": ["--sink", f"jsonl:{refused}"],
        "--state": ["--state", refused],
        "--output": ["--output", refused],
    }
    done = run(feeds, out, *arguments[option])
    assert_clear_failure(done, str(tmp_path / "file"))
    assert site.asked == []  # found before anything is asked
    if option == "--sink":
        assert_all_arrive(feeds, out)


def test_a_segmentation_fault_in_extraction(site, feeds, tmp_path):
    site.pages["/news/3.html"] = site.page(body_of(3)).replace("</body>", "<i data-x='SEGFAULT'></i></body>").encode()
    out = tmp_path / "out"
    done = run(feeds, out, env=hooked(tmp_path, "crash"))
    assert done.returncode == 0, done.stderr
    assert len(read_lines(out / "records")) == 5
    (letter,) = read_lines(out / "dead_letters")
    assert (letter["stage"], letter["reason"]) == ("extract_articles", "worker_died")
    assert letter["url"].endswith("/news/3.html")
    assert last_summary(out)["stages"]["extract_articles"] == {"in": 6, "out": 5, "dead_lettered_worker_died": 1}
    assert_all_arrive(feeds, out)


def test_a_killed_worker_process(feeds, tmp_path):
    """kill -9 on the processes that extract, while they do."""
    out = tmp_path / "out"
    command = [sys.executable, "-m", "pipeline", "run", "--feeds", str(feeds), "--output", str(out), *FLAGS]
    killed = []
    with subprocess.Popen(command, env=hooked(tmp_path, "slow"), stderr=subprocess.PIPE, text=True) as process:
        said = []
        reader = threading.Thread(target=lambda: said.append(process.stderr.read()))
        reader.start()
        deadline = time.monotonic() + 60
        while not killed and process.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(psutil.NoSuchProcess):
                for server in psutil.Process(process.pid).children():
                    for worker in server.children():
                        worker.kill()
                        killed.append(worker.pid)
        reader.join()
    assert killed
    assert process.returncode == 0, said[0]
    stages = last_summary(out)["stages"]
    assert stages["extract_articles"]["in"] == sum(n for name, n in stages["extract_articles"].items() if name != "in")
    assert {letter["reason"] for letter in read_lines(out / "dead_letters")} <= {"worker_died"}
    assert_all_arrive(feeds, out)


def test_the_clock_is_set_back(site, feeds, tmp_path):
    out = tmp_path / "out"
    ahead = run(feeds, out, env=hooked(tmp_path, "ten days ahead"))
    assert ahead.returncode == 0, ahead.stderr
    assert len(read_lines(out / "records")) == 6
    site.asked.clear()
    assert_all_arrive(feeds, out)  # nothing twice
    for n in (6, 7):
        site.add(n)
    done = run(feeds, out)
    assert done.returncode == 0, done.stderr
    assert sorted(r["body"] for r in read_lines(out / "records")) == sorted(body_of(n) for n in range(8))
    assert site.asked.count("/robots.txt") == 1  # what was asked in the future is not believed
    state = json.loads((out / "summary").joinpath(sorted(p.name for p in (out / "summary").iterdir())[-1]).read_text())
    assert state["stages"]["keep_new_records"]["out"] == 2
