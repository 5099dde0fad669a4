"""The pipeline against the bare work: what the plumbing costs, as ratios taken in one run.

    throughput.py [--hosts 20] [--items 25] [--rounds 3] [--json FILE]

Needs the shared material (RASID_SHARED, or ../shared beside the project). Each round runs, one after the other, the plain
program over the pages in memory (plain.py) and `rasid run --host_pause 0` over the same pages served on loopback into a
fresh folder; both are timed as whole processes, from start to end. The server of the pages runs beside the pipeline
on the same cores, and its work counts against the pipeline.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.newsworld import ALLOW, start_world  # noqa: E402


def save_pages(world: object, path: Path) -> int:
    """Fetches every page once, as the plain program's input."""
    truth = world.truth()  # type: ignore[attr-defined]
    with path.open("w", encoding="utf-8") as out:
        for article in truth:
            with urllib.request.urlopen(article["url"], timeout=60) as answer:
                content = base64.b64encode(answer.read()).decode()
            out.write(json.dumps({"url": article["url"], "content": content}) + "\n")
    return len(truth)


def timed(command: list[str]) -> tuple[float, str]:
    """Wall seconds and standard output."""
    began = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    ended = time.perf_counter()
    if done.returncode:
        raise SystemExit(f"{command}: {done.stderr}")
    return ended - began, done.stdout


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=20)
    parser.add_argument("--items", type=int, default=25)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, help="also write the figures there")
    args = parser.parse_args()
    shared = Path(os.environ.get("RASID_SHARED", ROOT.parent / "shared"))
    if not shared.is_dir():
        raise SystemExit(f"throughput: no shared material at {shared}; set RASID_SHARED")
    rounds = []
    with (
        tempfile.TemporaryDirectory() as folder,
        start_world(shared, "--hosts", args.hosts, "--items", args.items) as world,
    ):
        pages = Path(folder) / "pages.jsonl"
        count = save_pages(world, pages)
        for number in range(args.rounds):
            plain_s, printed = timed([sys.executable, str(ROOT / "tests/benchmarks/plain.py"), str(pages)])
            output = f"{folder}/out{number}"
            flags = ["--feeds", world.feeds, "--output", output, *ALLOW, "--host_pause", "0"]
            run_s, _ = timed([sys.executable, "-m", "pipeline", "run", *flags])
            rounds.append(
                {
                    "plain_s": plain_s,
                    "plain_work_s": json.loads(printed)["work_seconds"],
                    "pipeline_s": run_s,
                    "wall_ratio": run_s / plain_s,
                }
            )
    print(f"{count} pages; pipeline against plain Python with two processes, whole processes")
    for name in rounds[0]:
        values = [r[name] for r in rounds]
        print(f"{name:14} median {statistics.median(values):7.3f}   of {' '.join(f'{v:.3f}' for v in values)}")
    if args.json:
        args.json.write_text(json.dumps({"pages": count, "rounds": rounds}, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
