"""What a round reads: pure functions of the feed list and the state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from transforms.elements import Entry, Feed
from transforms.record_format import element_from_json
from transforms.state import State
from transforms.web_steps import host_key


def choose_due(feeds: Iterable[Feed], state: State, now_us: int) -> tuple[Feed, ...]:
    """The feeds whose time has come; those never polled first, then those that have waited longest."""
    due = [feed for feed in feeds if _due_us(feed, state) <= now_us]
    return tuple(sorted(due, key=lambda feed: _due_us(feed, state)))


def next_due_us(feeds: Sequence[Feed], state: State) -> int:
    """When the next of the feeds is due, in microseconds since the epoch; `feeds` are not empty."""
    return min(_due_us(feed, state) for feed in feeds)


def _due_us(feed: Feed, state: State) -> int:
    known = state.feeds.get(feed.url)
    return known.next_us if known else 0


def choose_pending(state: State, most_per_host: int) -> tuple[Entry, ...]:
    """The entries that earlier rounds postponed, the oldest first, as many of a host as a round can ask for."""
    hosts: Counter[str] = Counter()
    chosen = []
    for row in sorted(state.pending.values(), key=lambda row: row.since_us):
        entry = element_from_json("Entry", row.entry)
        assert isinstance(entry, Entry)
        host = host_key(entry.url)
        hosts[host] += 1
        if hosts[host] <= most_per_host:
            chosen.append(entry)
    return tuple(chosen)
