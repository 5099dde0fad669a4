"""Starts the world of news sites on loopback, and reads what it and a run have to say."""

import contextlib
import json
import re
import subprocess
import sys
import threading
import time
import unicodedata
import urllib.request
from collections import Counter
from pathlib import Path

import psutil

WORD = re.compile(r"\w+")
ALLOW = ["--allow_networks", "127.0.0.0/24"]


class World:
    """A running newsworld: `address` is its control site's."""

    def __init__(self, address):
        self.address = address
        self.feeds = f"{address}/feeds.opml"

    def _ask(self, path, data=None):
        with urllib.request.urlopen(self.address + path, data=data, timeout=60) as answer:
            return answer.read().decode("utf-8")

    def truth(self):
        return [json.loads(line) for line in self._ask("/truth.jsonl").splitlines()]

    def stats(self):
        return json.loads(self._ask("/stats"))

    def sites(self):
        """The feeds by the last number of their address: healthy sites from 1, faulty ones from 201."""
        urls = self._ask("/feeds.txt").split()
        return {int(url.split("/")[2].split(":")[0].rsplit(".", 1)[1]): url for url in urls}

    def advance(self, n):
        self._ask(f"/advance?n={n}", b"")

    def reset(self):
        self._ask("/reset", b"")


@contextlib.contextmanager
def start_world(shared, *arguments):
    """A newsworld with the given arguments, on free ports."""
    command = [sys.executable, str(shared / "newsworld" / "serve.py"), "--port", "0", *map(str, arguments)]
    # It takes a free port and the one below, which another server may have: then it ends, and another try finds two.
    for _ in range(5):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        address = process.stdout.readline().strip()
        if address:
            break
        process.wait()
    try:
        yield World(address)
    finally:
        process.kill()
        process.communicate()


def rasid(*arguments, **kwargs):
    """Runs the command as a user does."""
    command = [sys.executable, "-m", "pipeline", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=600, check=False, **kwargs)


def rasid_watched(*arguments):
    """Runs the command; gives its exit code, what it said, and the most memory (MB) of each of its processes."""
    command = [sys.executable, "-m", "pipeline", *map(str, arguments)]
    peaks = {}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        said = []
        reader = threading.Thread(target=lambda: said.append(process.stderr.read()))
        reader.start()
        while process.poll() is None:
            with contextlib.suppress(psutil.NoSuchProcess):
                watched = psutil.Process(process.pid)
                for each in (watched, *watched.children(recursive=True)):
                    with contextlib.suppress(OSError, TypeError):  # it ended meanwhile
                        status = Path(f"/proc/{each.pid}/status").read_text()
                        peaks[each.pid] = int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024
            time.sleep(0.1)
        reader.join()
    return process.returncode, said[0], peaks


def read_lines(folder):
    """All JSON lines below a folder, file by file in order; a half line fails."""
    found = []
    for path in sorted(Path(folder).rglob("*.jsonl")):
        text = path.read_text(encoding="utf-8")
        assert text.endswith("\n"), f"{path} ends in half a line"
        found += [json.loads(line) for line in text.splitlines()]
    return found


def last_summary(output):
    return json.loads(sorted((Path(output) / "summary").glob("*.json"))[-1].read_text(encoding="utf-8"))


def words(text):
    return Counter(WORD.findall(unicodedata.normalize("NFC", text)))


def body_quality(records, truth):
    """Mean word recall and precision of the bodies against the truth, by URL."""
    by_url = {record["url"]: record for record in records}
    recalls, precisions = [], []
    for article in truth:
        gold, found = words(article["body"]), words(by_url[article["url"]]["body"])
        shared_words = sum((gold & found).values())
        recalls.append(shared_words / max(1, sum(gold.values())))
        precisions.append(shared_words / max(1, sum(found.values())))
    return sum(recalls) / len(recalls), sum(precisions) / len(precisions)
