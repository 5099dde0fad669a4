"""The pipeline against the bare work: what the plumbing costs, as ratios taken in one run.

    throughput.py [--hosts 50] [--items 20] [--rounds 3] [--delay 0] [--json FILE]

Needs the shared material (RASID_SHARED, or ../shared beside the project); --items 100 is 5,000 articles. Each round runs, one
after the other, the plain program over the pages in memory (plain.py), first with trafilatura as it comes and then with the pipeline's
own extraction, and `rasid run --host_pause 0` over the same pages served on loopback into a fresh folder; all are measured as
whole processes, from start to end, with all their children. `pages_ratio`, `net_pages_ratio` and `cpu_ratio` compare
with the same extraction, `trafilatura_*` with trafilatura's.
The pages' server runs beside the pipeline on the same cores. Its CPU seconds are not in the pipeline's, and
`net_pages_ratio` takes them out of the clock, too: a server elsewhere would have left them to the pipeline.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import statistics
import sys
import tempfile
import urllib.request
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.measure import measure  # noqa: E402
from tests.newsworld import ALLOW, last_summary, start_world  # noqa: E402


def find_shared() -> Path:
    """The shared material's folder; ends the program where there is none."""
    shared = Path(os.environ.get("RASID_SHARED", ROOT.parent / "shared"))
    if not shared.is_dir():
        raise SystemExit(f"no shared material at {shared}; set RASID_SHARED")
    return shared


def save_pages(world: object, path: Path) -> int:
    """Fetches every page once, as the plain program's input."""
    truth = world.truth()  # type: ignore[attr-defined]
    with path.open("w", encoding="utf-8") as out:
        for article in truth:
            with urllib.request.urlopen(article["url"], timeout=60) as answer:
                content = base64.b64encode(answer.read()).decode()
            out.write(json.dumps({"url": article["url"], "content": content}) + "\n")
    return len(truth)


def cpu_of(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def run_round(world: object, pages: Path, count: int, output: str) -> dict[str, float]:
    bare = [sys.executable, ROOT / "tests/benchmarks/plain.py", pages]
    trafilatura, printed = measure([*bare, "trafilatura"])
    if json.loads(printed)["articles"] != count:
        raise SystemExit(f"trafilatura found {json.loads(printed)['articles']} articles on {count} pages")
    plain, printed = measure([*bare, "own"])
    flags = ["--feeds", world.feeds, "--output", output, *ALLOW, "--host_pause", "0"]  # type: ignore[attr-defined]
    served = cpu_of(world.pid)  # type: ignore[attr-defined]
    run, _ = measure([sys.executable, "-m", "pipeline", "run", *flags], memory=True)
    served = cpu_of(world.pid) - served  # type: ignore[attr-defined]
    records = last_summary(output)["stages"]["keep_new_records"]["out"]
    articles = json.loads(printed)["articles"]
    if records != articles or records < 0.99 * count:
        raise SystemExit(f"{records} records, {articles} articles by the plain program, of {count} pages")
    cores = len(os.sched_getaffinity(0))
    return {
        "trafilatura_s": trafilatura.wall_s,
        "plain_s": plain.wall_s,
        "pipeline_s": run.wall_s,
        "pages_ratio": plain.wall_s / run.wall_s,
        "net_pages_ratio": plain.wall_s / (run.wall_s - served / cores),
        "trafilatura_pages_ratio": trafilatura.wall_s / run.wall_s,
        "trafilatura_cpu_ms_page": 1000 * trafilatura.cpu_s / count,
        "plain_cpu_ms_page": 1000 * plain.cpu_s / count,
        "pipeline_cpu_ms_page": 1000 * run.cpu_s / count,
        "of_it_main_process": 1000 * run.main_s / count,
        "of_it_pool": 1000 * run.others_s / count,
        "cpu_ratio": run.cpu_s / plain.cpu_s,
        "trafilatura_cpu_ratio": run.cpu_s / trafilatura.cpu_s,
        "pipeline_peak_mb": run.peak_mb,
        "server_cpu_s": served,
        "load_before": run.load,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=50)
    parser.add_argument("--items", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds that each answer takes: the web's distance")
    parser.add_argument("--json", type=Path, help="also write the figures there")
    args = parser.parse_args()
    world_flags = ["--hosts", args.hosts, "--items", args.items, "--delay", args.delay]
    with tempfile.TemporaryDirectory() as folder, start_world(find_shared(), *world_flags) as world:
        pages = Path(folder) / "pages.jsonl"
        count = save_pages(world, pages)
        rounds = [run_round(world, pages, count, f"{folder}/out{number}") for number in range(args.rounds)]
    print(f"{count} pages, {args.delay} s away; pipeline against plain Python with two processes, whole processes")
    for name in rounds[0]:
        values = [r[name] for r in rounds]
        print(f"{name:24} median {statistics.median(values):8.3f}   of {' '.join(f'{v:.3f}' for v in values)}")
    if args.json:
        args.json.write_text(json.dumps({"pages": count, "delay": args.delay, "rounds": rounds}, indent=1))


if __name__ == "__main__":
    main()
