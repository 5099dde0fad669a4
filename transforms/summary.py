"""The summary of a run: per stage and per feed, so that a reader can say why a feed yielded nothing. No Beam."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from transforms.elements import FeedVisit, Tally
from transforms.json_values import format_time
from transforms.metrics import REMEMBER_TEXTS


def summarise_run(
    run_id: str,
    started_us: int,
    ended_us: int,
    tallies: Iterable[Tally],
    visits: Iterable[FeedVisit],
    written: Mapping[str, int],
) -> dict[str, Any]:
    """The summary as JSON: `stages` and `feeds` map names to counts by outcome; `feeds` also say what each
    answered, and `files` how many elements each file holds."""
    stages: dict[str, Counter[str]] = defaultdict(Counter)
    feeds: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for tally in tallies:
        stages[tally.stage][tally.outcome] += tally.count
        if tally.stage != REMEMBER_TEXTS:  # of all feeds together
            feeds[tally.feed_url][tally.stage][tally.outcome] += tally.count
    # A damaged feed is visited twice over: what was read of it, and why it is damaged.
    answers = {visit.feed_url: visit for visit in sorted(visits, key=lambda v: v.visited_us)}
    return {
        "run_id": run_id,
        "started_at": format_time(started_us),
        "ended_at": format_time(ended_us),
        "seconds": round((ended_us - started_us) / 1e6, 3),
        "stages": {stage: dict(sorted(counts.items())) for stage, counts in sorted(stages.items())},
        "feeds": {
            url: {
                "outcome": answers[url].outcome if url in answers else "",
                "message": answers[url].message if url in answers else "",
                "entries": answers[url].entries if url in answers else 0,
                "stages": {stage: dict(sorted(counts.items())) for stage, counts in sorted(feeds[url].items())},
            }
            for url in sorted({*feeds, *answers})
        },
        "files": dict(sorted(written.items())),
    }


def add_summaries(earlier: dict[str, Any], later: dict[str, Any]) -> dict[str, Any]:
    """The summary of two rounds that follow one another: counts added, the later answer of each feed."""
    feeds = {**earlier["feeds"]}
    for url, feed in later["feeds"].items():
        known = feeds.get(url, {"stages": {}, "outcome": "", "message": "", "entries": 0})
        answer = feed if feed["outcome"] else known
        feeds[url] = {
            **{key: answer[key] for key in ("outcome", "message", "entries")},
            "stages": _add_counts(known["stages"], feed["stages"]),
        }
    return {
        "run_id": earlier["run_id"],
        "started_at": earlier["started_at"],
        "ended_at": later["ended_at"],
        "seconds": round(earlier["seconds"] + later["seconds"], 3),
        "stages": _add_counts(earlier["stages"], later["stages"]),
        "feeds": dict(sorted(feeds.items())),
        "files": {**earlier["files"], **later["files"]},
    }


def _add_counts(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    stages = sorted({*earlier, *later})
    return {s: dict(sorted((Counter(earlier.get(s, {})) + Counter(later.get(s, {}))).items())) for s in stages}


def unbalanced_stages(summary: dict[str, Any]) -> list[str]:
    """The stages where in is not out + dropped + dead-lettered: none, or elements were lost."""
    faults = []
    for stage, counts in summary["stages"].items():
        came = counts.get("in", 0)
        went = sum(n for outcome, n in counts.items() if outcome != "in")
        if came != went:
            faults.append(f"{stage}: {came} in, {went} accounted for")
    return faults
