"""What else a user could take, on the same world: newspaper4k, news-please, Scrapy with trafilatura.

    rivals.py --venvs FOLDER [--hosts 50] [--items 6] [--json FILE]

Needs the shared material (RASID_SHARED, or ../shared beside the project) and PyPI: each rival gets an environment of its own
below FOLDER, made by the first call. Each program reads the feeds of a world of sites on loopback and writes the articles;
`tests/benchmarks/rivals/` has the programs, as the rivals' documentation has them. Rasid does more in its time: it
tells the language, tags, keeps a state. CPU seconds are those of all processes, start included; memory is the peak of their
sum. Precision and recall are the means over the articles found, in words of the body.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.measure import Usage, measure  # noqa: E402
from tests.benchmarks.throughput import find_shared  # noqa: E402
from tests.newsworld import ALLOW, body_quality, read_lines, start_world  # noqa: E402

PROGRAMS = Path(__file__).with_suffix("")
RIVALS = {
    "newspaper4k": ["newspaper4k", "nltk", "lxml_html_clean"],
    "news_please": ["news-please", "nltk"],
    "scrapy_trafilatura": ["scrapy", "trafilatura", "lxml_html_clean"],
}


def make_python(folder: Path, name: str, packages: list[str]) -> Path:
    """The Python of a rival's environment, made where it is missing."""
    home = folder / name
    if not (home / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        subprocess.run([home / "bin/pip", "install", "--quiet", *packages], check=True)
        (home / "ready").touch()
    return home / "bin/python"


def versions(python: Path, packages: list[str]) -> str:
    code = "import sys, importlib.metadata as m; print(', '.join(f'{p} {m.version(p)}' for p in sys.argv[1:]))"
    return subprocess.run([python, "-c", code, *packages], capture_output=True, text=True, check=True).stdout.strip()


def judge(usage: Usage, found: list[dict[str, Any]], truth: list[dict[str, Any]]) -> dict[str, float]:
    urls = {article["url"] for article in found}
    known = [article for article in truth if article["url"] in urls]
    recall, precision = body_quality(found, known)
    return {
        "found": len(known),
        "of": len(truth),
        "pages_per_s": len(known) / usage.wall_s,
        "cpu_ms_page": 1000 * usage.cpu_s / len(truth),
        "peak_mb": usage.peak_mb,
        "recall": recall,
        "precision": precision,
        "load": usage.load,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--venvs", type=Path, required=True)
    parser.add_argument("--hosts", type=int, default=50)
    parser.add_argument("--items", type=int, default=6)
    parser.add_argument("--json", type=Path, help="also write the figures there")
    args = parser.parse_args()
    rows, venvs = {}, args.venvs.resolve()
    with (
        tempfile.TemporaryDirectory() as name,
        start_world(find_shared(), "--hosts", args.hosts, "--items", args.items) as world,
    ):
        folder, truth = Path(name), world.truth()
        feeds = folder / "feeds.txt"
        with urllib.request.urlopen(f"{world.address}/feeds.txt", timeout=60) as answer:
            feeds.write_bytes(answer.read())
        flags = ["--feeds", world.feeds, "--output", folder / "out", *ALLOW, "--host_pause", "0"]
        usage, _ = measure([sys.executable, "-m", "pipeline", "run", *flags], memory=True)
        rows["rasid"] = judge(usage, read_lines(folder / "out/records"), truth)
        for rival, packages in RIVALS.items():
            python, output = make_python(venvs, rival, packages), folder / f"{rival}.jsonl"
            usage, _ = measure([python, PROGRAMS / f"{rival}.py", feeds, output], memory=True, cwd=folder)
            found = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
            rows[versions(python, packages[:2])] = judge(usage, found, truth)
    for rival, row in rows.items():
        print(f"{rival:40} " + "  ".join(f"{key} {value:.3f}".replace(".000", "") for key, value in row.items()))
    if args.json:
        args.json.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
