"""What a person sees of a run: progress while it goes on, a table at its end."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from transforms import metrics
from transforms.web.text import printable

LOG = logging.getLogger(__name__)
LINE_EVERY_S = 10.0
FEED_ROWS = 300
PLAIN_WIDTH = 160


def describe_progress(counts: Counter[tuple[str, str]], feeds: int, seconds: float) -> dict[str, str]:
    """The figures of the live display, by their labels."""
    went = sum(n for (stage, outcome), n in counts.items() if stage == metrics.READ_FEEDS and outcome != metrics.IN)
    pages = counts[metrics.FETCH_PAGES, metrics.OUT]
    dead = sum(n for (_, outcome), n in counts.items() if outcome.startswith(metrics.DEAD_LETTERED))
    return {
        "feeds": f"{went}/{feeds}",
        "pages": str(pages),
        "records": str(counts[metrics.TAG_ARTICLES, metrics.OUT]),
        "dead letters": str(dead),
        "pages/s": f"{pages / seconds:.1f}" if seconds else "0.0",
    }


@contextlib.contextmanager
def show_progress(count_feeds: Callable[[], int]) -> Iterator[None]:
    """A live line on a terminal, plain log lines elsewhere, while the body runs."""
    console = Console(stderr=True)
    began, ended = time.monotonic(), threading.Event()

    def figures() -> dict[str, str]:
        return describe_progress(metrics.PROGRESS.snapshot(), count_feeds(), time.monotonic() - began)

    def line() -> Text:
        return Text("  ".join(f"{name} {value}" for name, value in figures().items()))

    if console.is_terminal:
        with Live(get_renderable=line, console=console, refresh_per_second=4, transient=True):
            yield
        return

    def log_lines() -> None:
        while not ended.wait(LINE_EVERY_S):
            LOG.info("%s", line())

    threading.Thread(target=log_lines, daemon=True, name="progress").start()
    try:
        yield
    finally:
        ended.set()


def why_empty(url: str, feed: dict[str, Any]) -> str:
    """One phrase for a feed that yielded no record: what became of it and of its entries."""
    if feed["outcome"] not in ("read", "not_modified", ""):
        return f"{feed['outcome']}: {feed['message'].removeprefix(f'{url}: ')}"
    reasons: Counter[str] = Counter()
    for counts in feed["stages"].values():
        for outcome, n in counts.items():
            if outcome.startswith((metrics.DROPPED, metrics.DEAD_LETTERED)):
                reasons[outcome.removeprefix(metrics.DROPPED).removeprefix(metrics.DEAD_LETTERED)] += n
    if not reasons:
        return "the feed lists no entries"
    return ", ".join(f"{reason} {n}" for reason, n in reasons.most_common())


def show_summary(summary: dict[str, Any], output: str) -> None:
    """Prints the tables by stage and by feed."""
    console = Console(stderr=True)
    if not console.is_terminal:
        console = Console(stderr=True, width=PLAIN_WIDTH)
    stages = Table(title=f"run {summary['run_id']}, {summary['seconds']:.1f} s")
    for name in ("stage", "in", "out", "dropped", "dead letters"):
        stages.add_column(name, justify="left" if name == "stage" else "right")
    for stage in metrics.STAGES:
        counts = summary["stages"].get(stage)
        if counts:
            stages.add_row(stage, *(str(n) for n in _totals(counts)))
    console.print(stages)
    polled = metrics.PUBLISH_ENTRIES in summary["stages"]
    last = metrics.PUBLISH_ENTRIES if polled else metrics.KEEP_NEW_RECORDS
    feeds = Table(title="feeds")
    for name in ("feed", "entries" if polled else "records", "why not more"):
        feeds.add_column(name, overflow="fold")
    for url, feed in list(summary["feeds"].items())[:FEED_ROWS]:
        records = feed["stages"].get(last, {}).get(metrics.OUT, 0)
        feeds.add_row(Text(printable(url)), str(records), Text("" if records else printable(why_empty(url, feed))))
    console.print(feeds)
    if len(summary["feeds"]) > FEED_ROWS:
        console.print(Text(f"and {len(summary['feeds']) - FEED_ROWS} more"))
    asked = summary["stages"].get(metrics.READ_FEEDS, {})
    failed = Counter({outcome: n for outcome, n in asked.items() if outcome.startswith(metrics.DEAD_LETTERED)})
    if failed and failed.total() == asked[metrics.IN]:
        reasons = ", ".join(f"{outcome.removeprefix(metrics.DEAD_LETTERED)} {n}" for outcome, n in failed.most_common())
        console.print(Text(f"None of the {asked[metrics.IN]} feeds could be read: {reasons}"))
    new = summary["stages"].get(last, {}).get(metrics.OUT, 0)
    dead = sum(_totals(counts)[3] for counts in summary["stages"].values())
    news = f"{new} new entries published" if polled else f"{new} new records"
    console.print(Text(f"{news}, {dead} dead letters; {output}/summary/{summary['run_id']}.json says more"))


def show_totals(counts: Counter[tuple[str, str]], output: str) -> None:
    """Prints what a run without end came to."""
    records = counts[metrics.KEEP_NEW_RECORDS, metrics.OUT]
    dead = sum(n for (_, outcome), n in counts.items() if outcome.startswith(metrics.DEAD_LETTERED))
    asked = counts[metrics.READ_FEEDS, metrics.IN]
    line = f"{asked} polls, {records} new records, {dead} dead letters; {output}/summary says more"
    Console(stderr=True).print(Text(line))


def _totals(counts: dict[str, int]) -> tuple[int, int, int, int]:
    def total(prefix: str) -> int:
        return sum(n for outcome, n in counts.items() if outcome.startswith(prefix))

    return counts.get(metrics.IN, 0), counts.get(metrics.OUT, 0), total(metrics.DROPPED), total(metrics.DEAD_LETTERED)
