"""How cost grows: with the feeds of a list, with the entries of a run, with what the state knows; and what a start costs.

    growth.py [--feeds 20 200 2000] [--entries 100 1000 10000] [--known 100 1000 10000 100000] [--json FILE] [--plot FILE]
    growth.py --read FILE --plot deploy/growth.svg    draws what an earlier call wrote with --json

Everything is served by this program, from as many loopback addresses as there are feeds (127.1.0.1 and up; Linux answers on
all of them), each its own host. Pages are short, so that what the pipeline adds is seen. CPU seconds are those of all
processes of the run (the server is none of them), memory the peak of their sum. A `known` run has a state of so many
entries and 20 feeds with nothing new; `round` is what such a state costs a streaming process at each commit.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import re
import resource
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.measure import Usage, measure  # noqa: E402
from tests.newsworld import last_summary  # noqa: E402
from transforms.elements import EntryVisit, FeedVisit  # noqa: E402
from transforms.polling import PollLimits  # noqa: E402
from transforms.state import DAY_US, EntryRow, RecordRow, State, apply_visits, url_key  # noqa: E402
from transforms.state_file import append_changes, dump_state, parse_state  # noqa: E402

PORT_BASE = 127 << 24 | 1 << 16
TEXT = "قال وزير الزراعة سالم الأحمد إن موسم القمح رقم {n} كان أفضل من سابقه، وأضاف أن الحكومة ستشتري المحصول كله. "
ROUND_VISITS, ROUND_FEEDS = 100, 20


def address(number: int) -> str:
    raw = PORT_BASE + 1 + number
    return ".".join(str(raw >> shift & 255) for shift in (24, 16, 8, 0))


class Sites:
    """`feeds` sites with `items` entries each. Feeds answer 304 to their ETag."""

    def __init__(self, feeds: int, items: int) -> None:
        self.feeds, self.items = feeds, items
        self.port = 0

    def url(self, number: int) -> str:
        return f"http://{address(number)}:{self.port}/rss.xml"

    def answer(self, host: str, path: str, tag: str | None) -> tuple[int, str, bytes]:
        if path == "/rss.xml":
            if tag == '"1"':
                return 304, "application/rss+xml", b""
            rows = "".join(
                f"<item><title>خبر {n}</title><link>http://{host}/{n}.html</link><guid>{host}/{n}</guid></item>"
                for n in range(self.items)
            )
            text = f'<rss version="2.0"><channel><title>موقع</title><link>http://{host}/</link>{rows}</channel></rss>'
            return 200, "application/rss+xml", text.encode()
        page = re.fullmatch(r"/(\d+)\.html", path)
        if not page:
            return 404, "text/plain", b"no"
        n = int(page[1])
        body = "".join(f"<p>{TEXT.format(n=f'{host} {n} {k}') * 3}</p>" for k in range(3))
        html = f"<html><head><title>خبر {n}</title></head><body><article><h1>خبر {n}</h1>{body}</article></body></html>"
        return 200, "text/html; charset=utf-8", html.encode()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                path = head.split(" ", 2)[1]
                fields = dict(re.findall(r"(?mi)^(host|if-none-match): *(.*?)\r$", head.replace("\r\n", "\r\n")))
                names = {name.lower(): value for name, value in fields.items()}
                status, kind, content = self.answer(names["host"], path, names.get("if-none-match"))
                lines = f'HTTP/1.1 {status} OK\r\nContent-Type: {kind}\r\nETag: "1"\r\nContent-Length: {len(content)}\r\n\r\n'
                writer.write(lines.encode() + content)
                await writer.drain()
        writer.close()


@contextlib.contextmanager
def start_sites(feeds: int, items: int, folder: Path) -> Iterator[tuple[Sites, Path]]:
    """The sites, and their feed list."""
    sites, loop = Sites(feeds, items), asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(sites.serve, address(0), 0, backlog=512))
    sites.port = server.sockets[0].getsockname()[1]
    hosts = [address(n) for n in range(1, feeds)]
    for start in range(0, len(hosts), 500):
        loop.run_until_complete(asyncio.start_server(sites.serve, hosts[start : start + 500], sites.port, backlog=64))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    path = folder / "feeds.txt"
    path.write_text("".join(sites.url(n) + "\n" for n in range(feeds)), encoding="utf-8")
    try:
        yield sites, path
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.close()


def run(feeds: Path, output: Path) -> tuple[Usage, dict[str, dict[str, int]]]:
    flags = ["--feeds", feeds, "--output", output, "--allow_networks", "127.0.0.0/8", "--host_pause", "0"]
    usage, _ = measure([sys.executable, "-m", "pipeline", "run", *flags], memory=True)
    return usage, last_summary(output)["stages"]


def row(size: int, usage: Usage) -> dict[str, float]:
    return {"n": size, "cpu_s": usage.cpu_s, "wall_s": usage.wall_s, "peak_mb": usage.peak_mb}


def state_bytes(output: Path) -> int:
    return (output / "state/state.jsonl.gz").stat().st_size


def grow_feeds(sizes: list[int]) -> list[dict[str, float]]:
    """Nothing new in so many feeds: the second run, in which each answers 304."""
    rows = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as name, start_sites(size, 1, Path(name)) as (_, feeds):
            run(feeds, Path(name) / "out")
            usage, stages = run(feeds, Path(name) / "out")
            if stages["read_feeds"].get("dropped_not_modified") != size:
                raise SystemExit(f"not all of {size} feeds answered 304: {stages['read_feeds']}")
            rows.append(row(size, usage))
    return rows


def grow_entries(sizes: list[int]) -> list[dict[str, float]]:
    """So many new entries in 100 feeds."""
    rows = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as name, start_sites(100, size // 100, Path(name)) as (_, feeds):
            output = Path(name) / "out"
            usage, stages = run(feeds, output)
            if stages["keep_new_records"].get("out") != size:
                raise SystemExit(f"not {size} records: {stages}")
            rows.append(row(size, usage) | {"state_bytes": state_bytes(output)})
    return rows


def make_state(size: int, now: int) -> State:
    state = State("made")
    for n in range(size):
        key, record = url_key(f"http://site{n % 200}.example/{n}.html"), url_key(f"record {n}") + "00000000"
        feed = url_key(f"http://site{n % 200}.example/rss.xml")
        state.entries[key] = EntryRow(key, now, record, 0, True, {feed: url_key(f"print {n}")})
        state.records[record] = RecordRow(record, now, 1, url_key(f"text {n}") + "00000000")
    return state


def timed(work: Callable[[], object]) -> float:
    """CPU seconds, the median of three."""
    spent = []
    for _ in range(3):
        began = time.process_time()
        work()
        spent.append(time.process_time() - began)
    return statistics.median(spent)


def measure_round(state: State, folder: Path, now: int) -> dict[str, float]:
    """What one commit of a streaming process does to a state: whole, as it was once done, and appending."""
    entries = [
        EntryVisit(f"http://new.example/{n}", "http://site1.example/rss.xml", "f", "kept", now, f"new{n}", 1, "h")
        for n in range(ROUND_VISITS)
    ]
    feeds = [
        FeedVisit(f"http://site{n}.example/rss.xml", "read", "", None, None, "h", now, now) for n in range(ROUND_FEEDS)
    ]
    path = folder / "state.jsonl.gz"
    path.write_bytes(dump_state(state, "then"))

    def apply() -> State:
        return apply_visits(state, "next", feeds, entries, now=now, keep_us=60 * DAY_US, polling=PollLimits())

    new = apply()
    return {
        "round_apply_s": timed(apply),
        "round_append_s": timed(lambda: append_changes(state, new, str(path), "now")),
        "round_whole_s": timed(lambda: dump_state(new, "now")),
        "read_s": timed(lambda: parse_state(path.read_bytes(), "")),
    }


def grow_known(sizes: list[int]) -> list[dict[str, float]]:
    rows = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as name, start_sites(20, 1, Path(name)) as (_, feeds):
            output, now = Path(name) / "out", time.time_ns() // 1000
            run(feeds, output)
            path = output / "state/state.jsonl.gz"
            state = parse_state(path.read_bytes(), "")
            made = make_state(size, now)
            state.entries |= made.entries
            state.records |= made.records
            path.write_bytes(dump_state(state, "then"))
            usage, _ = run(feeds, output)
            rows.append(row(size, usage) | {"state_bytes": state_bytes(output)} | measure_round(made, Path(name), now))
    return rows


def start_up() -> dict[str, float]:
    """CPU seconds (`cpu`) and seconds of the clock of a start, the medians of five."""
    found = {}
    commands = {
        "rasid --help": ["-m", "pipeline", "--help"],
        "import apache_beam": ["-c", "import apache_beam"],
        "import transforms.work": ["-c", "import transforms.work"],
        "import pipeline.run": ["-c", "import pipeline.run"],
        "rasid run --help": ["-m", "pipeline", "run", "--help"],
    }
    for name, flags in commands.items():
        usages = [measure([sys.executable, *flags])[0] for _ in range(5)]
        found[f"{name}, cpu"] = statistics.median(usage.cpu_s for usage in usages)
        found[name] = statistics.median(usage.wall_s for usage in usages)
    return found


def show(title: str, rows: list[dict[str, float]]) -> None:
    print(title, flush=True)
    for found in rows:
        print("   " + "  ".join(f"{name} {value:,.3f}".replace(".000", "") for name, value in found.items()))


def slope(rows: list[dict[str, float]]) -> float:
    """CPU milliseconds for one more, between the smallest and the largest."""
    first, last = rows[0], rows[-1]
    return 1000 * (last["cpu_s"] - first["cpu_s"]) / (last["n"] - first["n"])


def plot(figures: dict[str, Any], path: Path) -> None:
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "rasid"  # the same figures give the same file
    from matplotlib import pyplot

    drawn, axes = pyplot.subplots(1, 3, figsize=(14, 4.2), layout="constrained")
    names = {"feeds": "feeds with nothing new", "entries": "new entries", "known": "entries known before"}
    for name, label in names.items():
        rows = figures.get(name, [])
        sizes = [row["n"] for row in rows]
        axes[0].plot(sizes, [row["cpu_s"] for row in rows], marker="o", label=label)
        axes[1].plot(sizes, [row["peak_mb"] for row in rows], marker="o", label=label)
        kept = [row["state_bytes"] / 1e6 for row in rows if "state_bytes" in row]
        if kept:
            axes[2].plot(sizes, kept, marker="o", label=label)
    titles = ("CPU of a run, all processes", "seconds"), ("memory of a run, all processes", "MB"), ("state file", "MB")
    for axis, (title, unit) in zip(axes, titles, strict=True):
        axis.set(xscale="log", title=title, ylabel=unit, xlabel="how many")
        axis.grid(alpha=0.3, which="both")
    axes[0].set(yscale="log")
    axes[1].set(ylim=0)
    axes[2].set(yscale="log")
    axes[0].legend()
    drawn.savefig(path, metadata={"Date": None})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, nargs="*", default=[20, 200, 2000])
    parser.add_argument("--entries", type=int, nargs="*", default=[100, 1000, 10_000], help="multiples of 100")
    parser.add_argument("--known", type=int, nargs="*", default=[100, 1000, 10_000, 100_000])
    parser.add_argument("--json", type=Path, help="also write the figures there")
    parser.add_argument("--read", type=Path, help="take the figures from there, and measure nothing")
    parser.add_argument("--plot", type=Path, help="also draw them there, as SVG")
    args = parser.parse_args()
    if args.read:
        plot(json.loads(args.read.read_text()), args.plot)
        return
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    figures: dict[str, object] = {"start-up": start_up()}
    show("start-up, seconds", [figures["start-up"]])  # type: ignore[list-item]
    for name, grow, sizes in (
        ("feeds", grow_feeds, args.feeds),
        ("entries", grow_entries, args.entries),
        ("known", grow_known, args.known),
    ):
        if sizes:
            rows = grow(sorted(sizes))
            figures[name] = rows
            show(name, rows)
            if len(rows) > 1:
                print(f"   one more: {slope(rows):.3f} CPU ms")
    if args.json:
        args.json.write_text(json.dumps(figures, indent=1))
    if args.plot:
        plot(figures, args.plot)


if __name__ == "__main__":
    main()
