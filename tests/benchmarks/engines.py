"""Pages a second by engine, in batch and in streaming, and how late records are at half of that.

    engines.py [--engines local,prism,flink] [--hosts 50] [--items 20] [--json FILE]

Needs the shared material and the servers of `make servers`. Batch: `rasid run` over --hosts x --items pages and over a fifth
of them; the rate is that of the pages between, so that starting an engine does not count. Streaming: a world with as
many entries waiting; the rate is that of the records from the first tenth in closed files to the last. Then each feed
publishes at half that rate, a new entry a feed at a time, and latency is counted from there to the record in a closed file.
Flink runs with a parallelism of 2 and its Python workers in processes of their own; its cluster is started before the clock.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.measure import measure  # noqa: E402
from tests.benchmarks.throughput import find_shared  # noqa: E402
from tests.newsworld import ALLOW, last_summary, start_world  # noqa: E402
from tests.servers import flink, prism  # noqa: E402
from tests.streaming import start_streaming  # noqa: E402

PACE = ["--poll_interval", 3, "--max_poll_interval", 5, "--file_seconds", 2, "--host_pause", 0]
HALF_S = 60
CHECKPOINTS = ["--checkpointing_interval=3000", "--finish_bundle_before_checkpointing"]


@contextlib.contextmanager
def start_engine(name: str, *, streaming: bool) -> Iterator[list[str]]:
    """The options that choose an engine, while what it needs runs."""
    if name == "local":
        yield []
    elif name == "prism":
        yield ["--runner=PrismRunner", f"--prism_location={prism.location()}"]
    else:
        with tempfile.TemporaryDirectory() as folder, flink.start(Path(folder) / "cluster") as cluster:
            flags = [
                "--runner=PortableRunner",
                f"--job_endpoint={cluster.endpoint}",
                "--environment_type=EXTERNAL",
                f"--environment_config={cluster.worker_pool}",
                "--sdk_worker_parallelism=2",
                "--parallelism=2",
                "--workers=1",
                "--environment_cache_millis=60000",
            ]
            yield flags + (CHECKPOINTS if streaming else [])


def run_batch(engine: str, shared: Path, hosts: int, items: int) -> float:
    """Seconds of a run over so many new pages."""
    with (
        start_world(shared, "--hosts", hosts, "--items", items) as world,
        start_engine(engine, streaming=False) as flags,
        tempfile.TemporaryDirectory() as output,
    ):
        command = [sys.executable, "-m", "pipeline", "run", "--feeds", world.feeds, "--output", output, *ALLOW]
        usage, _ = measure([*command, "--host_pause", "0", *flags])
        written = last_summary(output)["stages"]["keep_new_records"]["out"]
    if written != hosts * items:
        raise SystemExit(f"{engine}: {written} records of {hosts * items} pages")
    return usage.wall_s


def batch_rate(engine: str, shared: Path, hosts: int, items: int) -> dict[str, float]:
    few = max(1, hosts // 5)
    start, whole = run_batch(engine, shared, few, items), run_batch(engine, shared, hosts, items)
    return {
        "batch_pages_s": (hosts - few) * items / (whole - start),
        "batch_s": whole,
        "batch_start_s": start - few * items * (whole - start) / ((hosts - few) * items),
    }


def stream_rate(engine: str, shared: Path, hosts: int, items: int) -> dict[str, float]:
    with (
        start_world(shared, "--hosts", hosts, "--items", items) as world,
        start_engine(engine, streaming=True) as flags,
        tempfile.TemporaryDirectory() as output,
        start_streaming(world.feeds, output, *PACE, *flags) as run,
    ):
        known = {article["url"] for article in world.truth()}
        run.wait_for(known, 900)
        times = sorted(found[0] for found in run.arrivals.values())
        first = len(times) // 10
        rate = (len(times) - first) / (times[-1] - times[first])
        every, appeared = 2 * hosts / rate, {}
        until = time.monotonic() + HALF_S
        while time.monotonic() < until:
            began = time.monotonic()
            world.advance(1)
            now = time.time()
            fresh = {article["url"] for article in world.truth()} - known
            known |= fresh
            appeared |= dict.fromkeys(fresh, now)
            while time.monotonic() < began + every:
                time.sleep(0.2)
                run.look()
        run.wait_for(known, 300)
        code, said = run.stop()
    if code:
        raise SystemExit(f"{engine}: exit code {code}\n{said[-2000:]}")
    late = sorted(run.arrivals[url][0] - then for url, then in appeared.items())
    return {
        "stream_pages_s": rate,
        "half_pages_s": len(late) / HALF_S,
        "latency_median_s": statistics.median(late),
        "latency_p95_s": late[int(0.95 * len(late))],
        "written_twice": sum(len(found) > 1 for found in run.arrivals.values()),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engines", default="local,prism,flink")
    parser.add_argument("--hosts", type=int, default=50)
    parser.add_argument("--items", type=int, default=20)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    shared, found = find_shared(), {}
    for engine in arguments.engines.split(","):
        found[engine] = batch_rate(engine, shared, arguments.hosts, arguments.items)
        found[engine] |= stream_rate(engine, shared, arguments.hosts, arguments.items)
        print(engine, *(f"{name} {value:.1f}" for name, value in found[engine].items()), flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
