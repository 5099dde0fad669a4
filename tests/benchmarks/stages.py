"""Where a run's CPU goes, by stage: HTTP, feeds, extraction, language, tagging, encoding, the pool's errands, Beam, start-up.

    stages.py [--hosts 50] [--items 20] [--json FILE] [--stacks FILE] [--leaves STAGE]

Needs the shared material (RASID_SHARED, or ../shared beside the project), and py-spy, which may have to run as root. It
samples every process of `rasid run --host_pause 0` over a world of sites on loopback, a hundred times a second, threads that
run only; a sample belongs to the innermost frame whose module is some stage's. Imports count as start-up wherever they happen.
A thread that waits for a core counts as running, so the samples only say how the CPU seconds of the main process and those
of the pool divide; how many these are, a second run says that nobody samples.
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

from tests.benchmarks.measure import Usage, measure  # noqa: E402
from tests.benchmarks.throughput import find_shared  # noqa: E402
from tests.newsworld import ALLOW, last_summary, start_world  # noqa: E402

RATE = 100
START_UP = "start-up"
OTHERS = re.compile("forkserver|resource_tracker")  # in the frames that py-spy puts a process's name and command in
# The first whose pattern is found in a frame; frames of modules that several stages use (re, json, web/text.py) say nothing.
# A frame is `function (file:line)`. read_article's own time is that of freeing the page's tree.
STAGES = (
    ("extraction", r"/(trafilatura|htmldate|courlan|justext|lxml|lxml_html_clean)/"
                   r"|/web/(article_extractor|body_blocks|page_blocks|teasers|page_metadata|html_tree|decode)\.py"
                   r"|^read_article "),
    ("language", r"/langdetect/|/arabic/language\.py"),
    ("tagging", r"/arabic/\w+\.py|/lexicons\.py"),
    ("feed parsing", r"/feedparser/|/sgmllib|/web/feed_parser\.py"),
    ("HTTP", r"/(aiohttp|asyncio|yarl|multidict|aiosignal|protego)/|/selectors\.py"
             r"|/web/(http|fetcher|hosts|loop|sessions|robots|content_coding|headers|mailbox|messages|addresses)\.py"),
    ("encoding", r"/(record_format|json_values|parquet_format|row_coder)\w*\.(py|pyx)|/coders/|/transforms/coders\.py"),
    ("pool", r"/(pebble|multiprocessing|concurrent)/|/transforms/(pool|processes)\.py"),
    ("state and commit", r"/transforms/(state|commit|commit_run|files|summary|shared_state)\.py"),
    ("steps", r"/transforms/\w+\.py|/pipeline/"),
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


def divide(samples: list[tuple[list[str], int]], usage: Usage) -> dict[str, float]:
    """CPU seconds by stage: those of the main process and of the others, each as the samples there divide."""
    spent: Counter[str] = Counter()
    for in_main, seconds in ((True, usage.main_s), (False, usage.others_s)):
        counts: Counter[str] = Counter()
        for stack, count in samples:
            if (OTHERS.search(" ".join(stack[:3])) is None) == in_main:
                counts[stage_of(stack)] += count
        for stage, count in counts.items():
            spent[stage] += seconds * count / counts.total()
    return spent


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
        flags = ["--feeds", world.feeds, *ALLOW, "--host_pause", "0", "--output"]
        command = [sys.executable, "-m", "pipeline", "run", *flags]
        usage, _ = measure([*command, f"{folder}/measured"])
        sample([*command, f"{folder}/sampled"], stacks)
        pages = last_summary(f"{folder}/sampled")["stages"]["fetch_pages"]["out"]
        samples = read_stacks(stacks)
    by_stage = divide(samples, usage)
    print(f"{pages} pages, {usage.cpu_s:.1f} CPU seconds, of them {usage.main_s:.1f} in the main process")
    for stage, spent in sorted(by_stage.items(), key=lambda item: -item[1]):
        print(f"{stage:18} {100 * spent / usage.cpu_s:5.1f} %   {1000 * spent / pages:7.2f} ms a page")
    leaves: Counter[str] = Counter()
    for stack, count in samples:
        if stage_of(stack) == args.leaves:
            leaves[" < ".join(reversed(stack[-3:]))] += count
    for frame, count in leaves.most_common(40):
        print(f"{count:6}  {frame}")
    if args.json:
        shares = {stage: round(spent / usage.cpu_s, 4) for stage, spent in by_stage.items()}
        args.json.write_text(json.dumps({"pages": pages, "cpu_s": usage.cpu_s, "shares": shares}, indent=1))


if __name__ == "__main__":
    main()
