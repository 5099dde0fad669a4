"""Lets a run without end work for a while in a world that goes on publishing: memory, latency, what is lost.

    python tests/benchmarks/soak.py --minutes 10 [--hosts 190] [--faults] [--every 30] [--json FILE]

Latency is the time from an item's appearance in its feed to its record in a closed file; a feed is polled every 10 to
20 seconds meanwhile. Memory is the resident size of the main process and of all its pool's processes.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.newsworld import start_world
from tests.streaming import start_streaming

SHARED = Path(__file__).resolve().parents[3] / "shared"
POLL_S, LONGEST_S = 10, 20
MIB = 1024 * 1024


def sizes_of(pid):
    """Resident MiB of the process, and of its children together."""
    main = psutil.Process(pid)
    children = 0
    for child in main.children(recursive=True):
        try:
            children += child.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return main.memory_info().rss / MIB, children / MIB


def healthy(world, hosts):
    sites = world.sites()
    feeds = {sites[n] for n in range(1, hosts + 1)}
    return {article["url"] for article in world.truth() if article["feed"] in feeds}


def soak(arguments):
    more = ["--faults"] if arguments.faults else []
    pace = ["--poll_interval", POLL_S, "--max_poll_interval", LONGEST_S, "--host_pause", "0.1"]
    appeared, sizes = {}, []
    with (
        start_world(arguments.shared, "--hosts", arguments.hosts, "--items", 5, *more) as world,
        tempfile.TemporaryDirectory() as output,
        start_streaming(world.feeds, output, *pace, "--allow_networks", "127.0.0.0/24") as run,
    ):
        known = healthy(world, arguments.hosts)
        run.wait_for(known, 600)
        end = time.monotonic() + 60 * arguments.minutes
        while time.monotonic() < end:
            world.advance(1)
            now = time.time()
            fresh = healthy(world, arguments.hosts) - known
            known |= fresh
            appeared |= dict.fromkeys(fresh, now)
            next_round = time.monotonic() + arguments.every
            while time.monotonic() < next_round:
                time.sleep(0.5)
                run.look()
            sizes.append(sizes_of(run.process.pid))
            print(f"{len(sizes):4} {len(known):6} items, main {sizes[-1][0]:.0f} MiB, pool {sizes[-1][1]:.0f} MiB")
        run.wait_for(known, 120)
        code, _ = run.stop()
        state = (Path(output) / "state" / "state.jsonl.gz").stat().st_size
        shortest = min(world.stats()["shortest_pause_s"].values())
    latencies = sorted(run.arrivals[url][0] - then for url, then in appeared.items())
    quarter = max(1, len(sizes) // 4)
    return {
        "exit_code": code,
        "items": len(known),
        "lost": len(known - set(run.arrivals)),
        "written_twice": sum(len(times) > 1 for url, times in run.arrivals.items() if url in known),
        "latency_median_s": round(statistics.median(latencies), 1),
        "latency_p95_s": round(latencies[int(0.95 * len(latencies))], 1),
        "latency_max_s": round(latencies[-1], 1),
        "main_mib_first_quarter": round(statistics.mean(main for main, _ in sizes[:quarter]), 1),
        "main_mib_last_quarter": round(statistics.mean(main for main, _ in sizes[-quarter:]), 1),
        "pool_mib_first_quarter": round(statistics.mean(pool for _, pool in sizes[:quarter]), 1),
        "pool_mib_last_quarter": round(statistics.mean(pool for _, pool in sizes[-quarter:]), 1),
        "state_bytes": state,
        "shortest_pause_s": shortest,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--hosts", type=int, default=190)
    parser.add_argument("--every", type=float, default=30, help="seconds between two new items of each feed")
    parser.add_argument("--faults", action="store_true")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    figures = soak(arguments)
    text = json.dumps(figures, indent=1)
    print(text)
    if arguments.json:
        arguments.json.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
