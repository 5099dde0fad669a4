"""Where a run's CPU goes, by stage: HTTP, feeds, extraction, language, tagging, encoding, the pool's errands, Beam, start-up.

    stages.py [--hosts 50] [--items 20] [--json FILE] [--stacks FILE] [--leaves STAGE]

Needs the shared material (RASID_SHARED, or ../shared beside the project), and py-spy, which may have to run as root. It
samples every process of `rasid run --host_pause 0` over a world of sites on loopback, a hundred times a second, threads that
run only; a sample belongs to the innermost frame whose module is some stage's. Imports count as start-up wherever they happen.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.throughput import find_shared  # noqa: E402
from tests.newsworld import ALLOW, last_summary, start_world  # noqa: E402

RATE = 100
START_UP = "start-up"
# The first whose pattern is found in a frame; frames of modules that several stages use (re, json, web/text.py) say nothing.
STAGES = (
    ("extraction", r"/(trafilatura|htmldate|courlan|justext|lxml|lxml_html_clean)/"
                   r"|/web/(article_extractor|body_blocks|page_metadata|html_tree|decode)\.py"),
    ("language", r"/langdetect/|/arabic/language\.py"),
    ("tagging", r"/arabic/\w+\.py|/lexicons\.py"),
    ("feed parsing", r"/feedparser/|/sgmllib|/web/feed_parser\.py"),
    ("HTTP", r"/(aiohttp|asyncio|yarl|multidict|aiosignal|protego)/|/selectors\.py"
             r"|/web/(http|fetcher|hosts|loop|sessions|robots|content_coding|headers|mailbox|messages|addresses)\.py"),
    ("encoding", r"/(record_format|json_values|parquet_format|row_coder)\w*\.(py|pyx)|/coders/|/transforms/coders\.py"),
    ("pool", r"/(pebble|multiprocessing|concurrent)/|/transforms/(pool|processes)\.py"),
    ("state and commit", r"/transforms/(state|commit|commit_run|files|summary|shared_state)\.py"),
    ("steps", r"/transforms/\w+\.py|/transforms/web/\w+\.py|/pipeline/"),
    ("Beam", r"/apache_beam/|/grpc/|/google/protobuf/"),
)  # fmt: skip
PATTERNS = [(name, re.compile(pattern)) for name, pattern in STAGES]


def stage_of(stack: list[str]) -> str:
    if any("<frozen importlib" in frame for frame in stack):
        return START_UP
    for frame in reversed(stack):
        for name, pattern in PATTERNS:
            if pattern.search(frame):
                return name
    return "other"


def read_stacks(path: Path) -> list[tuple[list[str], int]]:
    """Each line of py-spy's raw format: frames from the outermost, and how often they were seen."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        frames, _, count = line.rpartition(" ")
        found.append((frames.split(";"), int(count)))
    return found


def sample(command: list[str], stacks: Path) -> None:
    spy = [str(Path(sys.executable).with_name("py-spy")), "record", "--subprocesses", "--full-filenames"]
    flags = ["--rate", str(RATE), "--format", "raw", "--output", str(stacks), "--"]
    done = subprocess.run([*spy, *flags, *command], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode or not stacks.exists():
        raise SystemExit(f"py-spy: {done.stderr[-2000:]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=50)
    parser.add_argument("--items", type=int, default=20)
    parser.add_argument("--json", type=Path, help="also write the figures there")
    parser.add_argument("--stacks", type=Path, help="keep the samples there")
    parser.add_argument("--leaves", help="also print the innermost frames of this stage")
    args = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        start_world(find_shared(), "--hosts", args.hosts, "--items", args.items) as world,
    ):
        stacks = args.stacks or Path(folder) / "stacks.txt"
        output = f"{folder}/out"
        flags = ["--feeds", world.feeds, "--output", output, *ALLOW, "--host_pause", "0"]
        sample([sys.executable, "-m", "pipeline", "run", *flags], stacks)
        pages = last_summary(output)["stages"]["fetch_pages"]["out"]
        samples = read_stacks(stacks)
    by_stage: Counter[str] = Counter()
    leaves: Counter[str] = Counter()
    for stack, count in samples:
        stage = stage_of(stack)
        by_stage[stage] += count
        if stage == args.leaves:
            leaves[" < ".join(reversed(stack[-3:]))] += count
    total = by_stage.total()
    print(f"{pages} pages, {total / RATE:.1f} CPU seconds sampled")
    for stage, count in by_stage.most_common():
        print(f"{stage:18} {100 * count / total:5.1f} %   {1000 * count / RATE / pages:7.2f} ms a page")
    for frame, count in leaves.most_common(40):
        print(f"{100 * count / total:6.2f} %  {frame}")
    if args.json:
        shares = {stage: round(count / total, 4) for stage, count in by_stage.items()}
        args.json.write_text(json.dumps({"pages": pages, "cpu_s": total / RATE, "shares": shares}, indent=1))


if __name__ == "__main__":
    main()
