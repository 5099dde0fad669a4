"""Whether the pipeline has become dearer: ratios of CPU seconds, taken in one run, against tests/benchmarks/floors.json.

    check.py [--write] [--busy]

Needs nothing beside the project. Fails where a ratio is more than a fifth above what floors.json has in each of three
tries; --write puts today's ratios there. --busy, for CI, gives the differences of two runs more room: main may be half
above, idle_feed twice as much. The pages are short, so that what the pipeline adds weighs more than it does on the web:
these ratios are no figures of merit.
  run        CPU of a run over 1,000 new pages, to that of plain Python with trafilatura over the same pages (plain.py)
  main       CPU of its main process (HTTP, handing out, Beam, writing), without what an idle run costs, to the same
  idle_feed  CPU of one more feed with nothing new, to that of one page in plain Python
  append     CPU of a streaming round's commit to a state of 20,000 entries, to that of writing it whole
  linear     CPU of writing and reading 20,000 entries, to ten times that of 2,000
"""

from __future__ import annotations

import argparse
import base64
import json
import resource
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.growth import Sites, make_state, measure_round, run, start_sites  # noqa: E402
from tests.benchmarks.measure import Usage, measure  # noqa: E402

FLOORS = Path(__file__).with_name("floors.json")
TOLERANCE = 1.2
BUSY = {"idle_feed": 2.0, "main": 1.5}  # their runs' starts vary by as much beside other work
MORE_TRIES = 2
FEEDS, ITEMS, MANY_FEEDS = 50, 20, 1000
SMALL, LARGE = 2_000, 20_000


def save_pages(sites: Sites, path: Path) -> int:
    """Fetches every page once, as the plain program's input."""
    urls = [sites.url(n).replace("rss.xml", f"{k}.html") for n in range(sites.feeds) for k in range(sites.items)]
    with path.open("w", encoding="utf-8") as out:
        for url in urls:
            with urllib.request.urlopen(url, timeout=60) as answer:
                content = base64.b64encode(answer.read()).decode()
            out.write(json.dumps({"url": url, "content": content}) + "\n")
    return len(urls)


def run_idle(feeds: Path, folder: Path) -> Usage:
    """The cheapest of three runs with nothing new: start-up, most of their cost, varies by more than a feed costs."""
    return min((run(feeds, folder / "out")[0] for _ in range(3)), key=lambda usage: usage.cpu_s)


def measure_run(folder: Path) -> tuple[dict[str, float], float, float]:
    """The ratios of a run, the CPU seconds of its second one, with nothing new, and of one page in plain Python."""
    with start_sites(FEEDS, ITEMS, folder) as (sites, feeds):
        pages = save_pages(sites, folder / "pages.jsonl")
        bare = [sys.executable, ROOT / "tests/benchmarks/plain.py", folder / "pages.jsonl", "trafilatura"]
        plain, printed = measure(bare)
        first, stages = run(feeds, folder / "out")
        idle = run_idle(feeds, folder)
    articles, records = json.loads(printed)["articles"], stages["keep_new_records"]["out"]
    if not pages == articles == records:
        raise SystemExit(f"{pages} pages, {articles} articles by the plain program, {records} records")
    ratios = {"run": first.cpu_s / plain.cpu_s, "main": (first.main_s - idle.main_s) / plain.cpu_s}
    return ratios, idle.cpu_s, plain.cpu_s / pages


def measure_idle_feeds(folder: Path) -> float:
    """CPU seconds of a run over many feeds with nothing new."""
    with start_sites(MANY_FEEDS, 1, folder) as (_, feeds):
        run(feeds, folder / "out")
        return run_idle(feeds, folder).cpu_s


def cheapest_round(size: int, folder: Path, now: int) -> dict[str, float]:
    """Each part's cheapest of five rounds: a collection of garbage falls into some, and would count for half."""
    state = make_state(size, now)
    rounds = [measure_round(state, folder, now) for _ in range(5)]
    return {part: min(found[part] for found in rounds) for part in rounds[0]}


def measure_state(folder: Path) -> dict[str, float]:
    now = time.time_ns() // 1000
    small, large = (cheapest_round(size, folder, now) for size in (SMALL, LARGE))
    commit = large["round_apply_s"] + large["round_append_s"]
    costs = [found["round_whole_s"] + found["read_s"] for found in (small, large)]
    return {"append": commit / large["round_whole_s"], "linear": costs[1] / costs[0] / (LARGE / SMALL)}


def measure_all() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        ratios, idle_s, page_s = measure_run(Path(one))
        more = (measure_idle_feeds(Path(other)) - idle_s) / (MANY_FEEDS - FEEDS)
        return ratios | {"idle_feed": more / page_s} | measure_state(Path(other))


def dearer(ratios: dict[str, float], bounds: dict[str, float]) -> list[str]:
    return [name for name, ratio in ratios.items() if ratio > bounds[name]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--busy", action="store_true", help="more room for the ratios that other work disturbs")
    args = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    ratios = measure_all()
    if args.write:
        FLOORS.write_text(json.dumps({name: round(ratio, 3) for name, ratio in ratios.items()}, indent=1) + "\n")
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    room = BUSY if args.busy else {}
    bounds = {name: room.get(name, TOLERANCE) * floor for name, floor in floors.items()}
    worse = dearer(ratios, bounds)
    for _ in range(MORE_TRIES):
        if worse:  # other work on the machine makes a run dearer, and none makes it cheaper
            again = measure_all()
            ratios = {name: min(ratio, again[name]) for name, ratio in ratios.items()}
            worse = dearer(ratios, bounds)
    for name, ratio in ratios.items():
        verdict = f"above {bounds[name]:.3f}" if name in worse else "ok"
        print(f"{name:10} {ratio:7.3f}   was {floors[name]:7.3f}   {verdict}")
    if worse:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
