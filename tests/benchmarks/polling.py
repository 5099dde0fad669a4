"""The polling schedule against fixed intervals: requests spent per new article, and how late an article is found.

    polling.py [--days 28] [--feeds 40] [--json FILE] [--plot deploy/polling.svg]

Needs the shared material (RASID_SHARED, or ../shared beside the project), and matplotlib for --plot. Two kinds of feeds:
  modelled   articles by chance at a rate from 0.5 to 500 a day, the hours of the day and the days of the week weighted as the
             corpus' articles that have a clock time are; so many feeds of each rate
  replayed   the corpus' own sources and feeds that have twenty or more clock times, each in its own time
A policy is asked for the next interval after each poll, as the pipeline asks `transforms/polling.py`. A feed lists its twenty
newest articles: what falls off it between two polls is lost.
"""

from __future__ import annotations

import argparse
import bisect
import email.utils
import itertools
import json
import random
import re
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.throughput import find_shared  # noqa: E402
from transforms.polling import Poll, PollLimits, next_interval  # noqa: E402

DAY_S = 86_400
RATES = (0.5, 2, 10, 50, 200, 500)
# What share of a large list has which rate: 25 articles a feed and day in the mean. Assumed, not measured.
MIX = {0.5: 0.4, 2: 0.25, 10: 0.17, 50: 0.12, 200: 0.045, 500: 0.015}
LISTED = 20
MIN_TIMES = 20
LONGEST_GAP_S = 14 * DAY_S  # a replayed series is cut where the corpus has nothing for so long
SHORTEST_S = 7 * DAY_S  # a series that is shorter has the times of a crawl, not of publication
LIMITS = PollLimits()
PATIENT = PollLimits(longest_s=6 * 3600)
Policy = Callable[[float, bool], float]


def adaptive(interval_s: float, news: bool) -> float:
    return next_interval(interval_s, Poll(news=news), LIMITS)


def patient(interval_s: float, news: bool) -> float:
    return next_interval(interval_s, Poll(news=news), PATIENT)


def fixed(seconds: float) -> Policy:
    return lambda _interval, _news: seconds


POLICIES: dict[str, Policy] = {
    "adaptive": adaptive,
    "adaptive, 6 h": patient,
    "every 5 min": fixed(300),
    "every 15 min": fixed(900),
    "every hour": fixed(3600),
}


def parse_clock(text: str) -> float | None:
    """Seconds since the epoch of a date that has a clock time; what has none is at midnight."""
    text = text.strip()
    try:
        found = email.utils.parsedate_to_datetime(text) if "," in text else datetime.fromisoformat(text)
    except ValueError:
        return None
    if (found.hour, found.minute, found.second) == (0, 0, 0):
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def read_series(shared: Path) -> dict[str, list[float]]:
    """The clock times of each source of the corpus and of each of its feeds of real items, in their longest stretch."""
    series = defaultdict(set)
    with (shared / "corpus/articles.jsonl").open(encoding="utf-8") as lines:
        for article in map(json.loads, lines):
            time = parse_clock(str(article["date"] or ""))
            if time is not None:
                series[article["source"]].add(time)
    for path in sorted((shared / "corpus/feeds/rebuilt_from_ANT_items").glob("*.xml")):
        for text in re.findall(r"<pubDate>([^<]+)<", path.read_text(encoding="utf-8", errors="replace")):
            time = parse_clock(text)
            if time is not None:
                series[path.stem].add(time)
    longest = {name: cut(sorted(times)) for name, times in series.items() if times}
    return {name: times for name, times in longest.items() if times[-1] - times[0] >= SHORTEST_S}


def cut(times: list[float]) -> list[float]:
    """The longest stretch of a series without a long gap."""
    stretches: list[list[float]] = [[times[0]]]
    for before, time in itertools.pairwise(times):
        if time - before > LONGEST_GAP_S:
            stretches.append([])
        stretches[-1].append(time)
    return max(stretches, key=len)


def week_weights(series: dict[str, list[float]]) -> list[float]:
    """How much is published in each hour of the week against the mean: the hours of the day times the days of the week."""
    times = [datetime.fromtimestamp(t, UTC) for found in series.values() for t in found]
    hours, days = Counter(t.hour for t in times), Counter(t.weekday() for t in times)
    size = len(times)
    return [24 * hours[h] / size * 7 * days[d] / size for d in range(7) for h in range(24)]


def draw_times(rng: random.Random, per_day: float, days: int, weights: list[float]) -> list[float]:
    """A Poisson process whose rate follows the week."""
    highest, times, now = max(weights), [], 0.0
    while now < days * DAY_S:
        now += rng.expovariate(per_day * highest / DAY_S)
        if rng.random() < weights[int(now // 3600) % (7 * 24)] / highest:
            times.append(now)
    return [time for time in times if time < days * DAY_S]


def simulate(times: list[float], policy: Policy, start: float) -> tuple[int, list[float], int]:
    """Requests, the found articles' delays in seconds, and how many were lost, until all articles have appeared."""
    now, interval, seen, requests, lost, delays = start, 0.0, 0, 0, 0, []
    while seen < len(times):
        listed = bisect.bisect_right(times, now)
        fresh = listed - seen
        requests += 1
        lost += max(0, fresh - LISTED)
        delays += [now - time for time in times[max(seen, listed - LISTED) : listed]]
        seen = listed
        interval = policy(interval, fresh > 0)
        now += interval
    return requests, delays, lost


def measure(feeds: list[list[float]], rng: random.Random) -> dict[str, dict[str, float]]:
    found = {}
    starts = [rng.uniform(0, 3600) for _ in feeds]
    for name, policy in POLICIES.items():
        runs = [simulate(times, policy, start) for times, start in zip(feeds, starts, strict=True)]
        delays = sorted(delay for _, some, _ in runs for delay in some)
        total = sum(map(len, feeds))
        found[name] = {
            "requests_per_article": sum(requests for requests, _, _ in runs) / total,
            "delay_median_min": statistics.median(delays) / 60,
            "delay_p95_min": delays[int(0.95 * len(delays))] / 60,
            "lost_share": sum(lost for _, _, lost in runs) / total,
        }
    return found


def show(title: str, found: dict[str, dict[str, float]]) -> None:
    print(title)
    for name, row in found.items():
        print(
            f"  {name:14} {row['requests_per_article']:8.2f} requests an article, found after {row['delay_median_min']:5.1f} min"
            f" (95 %: {row['delay_p95_min']:6.1f}), lost {100 * row['lost_share']:.2f} %"
        )


def weigh(modelled: dict[str, dict[str, dict[str, float]]]) -> dict[str, dict[str, float]]:
    """What a list of feeds with the rates of MIX costs, for each policy."""
    articles = sum(rate * share for rate, share in MIX.items())
    found = {}
    for name in POLICIES:
        shares = {rate: rate * share / articles for rate, share in MIX.items()}
        found[name] = {
            key: sum(share * modelled[str(rate)][name][key] for rate, share in shares.items())
            for key in ("requests_per_article", "lost_share")
        }
        found[name]["polls_a_feed_and_day"] = articles * found[name]["requests_per_article"]
    return found


def plot(modelled: dict[str, dict[str, dict[str, float]]], weights: list[float], path: Path) -> None:
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "rasid"  # the same figures give the same file
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, 3, figsize=(14, 4.2), layout="constrained")
    for name in POLICIES:
        rows = [found[name] for found in modelled.values()]
        axes[0].plot(RATES, [row["requests_per_article"] for row in rows], marker="o", label=name)
        axes[1].plot(RATES, [row["delay_median_min"] for row in rows], marker="o", label=name)
    for axis, title, unit in (
        (axes[0], "requests spent", "requests per article"),
        (axes[1], "delay to discovery", "median, minutes"),
    ):
        axis.set(xscale="log", yscale="log", title=title, ylabel=unit, xlabel="articles a day of the feed")
        axis.grid(alpha=0.3, which="both")
    axes[0].legend()
    axes[2].plot(range(7 * 24), weights)
    axes[2].set(
        title="the week of the corpus' articles", xlabel="hour of the week (UTC, from Monday)", ylabel="times the mean"
    )
    axes[2].grid(alpha=0.3)
    figure.savefig(path, metadata={"Date": None})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=28)
    parser.add_argument("--feeds", type=int, default=40, help="modelled feeds of each rate")
    parser.add_argument("--json", type=Path, help="also write the figures there")
    parser.add_argument("--plot", type=Path, help="also draw them there, as SVG")
    args = parser.parse_args()
    series, rng = read_series(find_shared()), random.Random(1)
    weights = week_weights(series)
    print(f"{sum(map(len, series.values()))} clock times of {len(series)} sources and feeds")
    modelled = {}
    for rate in RATES:
        feeds = [times for _ in range(args.feeds) if (times := draw_times(rng, rate, args.days, weights))]
        modelled[str(rate)] = measure(feeds, rng)
        show(f"{rate} articles a day", modelled[str(rate)])
    mixed = weigh(modelled)
    print(
        f"a mix of feeds: {', '.join(f'{100 * share:g} % with {rate:g}' for rate, share in MIX.items())} articles a day"
    )
    for name, row in mixed.items():
        print(f"  {name:14} " + "  ".join(f"{key} {value:.3f}" for key, value in row.items()))
    replayed = {
        name: [time - times[0] + 3600 for time in times] for name, times in series.items() if len(times) >= MIN_TIMES
    }
    total = sum(map(len, replayed.values()))
    found = measure(list(replayed.values()), rng)
    show(f"replayed: {len(replayed)} series, {total} articles", found)
    for name, times in replayed.items():
        print(f"    {name}: {len(times)} in {times[-1] / DAY_S:.0f} days")
    if args.json:
        args.json.write_text(json.dumps({"modelled": modelled, "mix": mixed, "replayed": found}, indent=1))
    if args.plot:
        plot(modelled, weights, args.plot)


if __name__ == "__main__":
    main()
