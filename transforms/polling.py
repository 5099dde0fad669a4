"""When a feed is asked again: sooner while it brings news, later while it does not. No Beam."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

FASTER: Final = 0.5
SLOWER: Final = 1.5
BACK_OFF: Final = 2.0
LONGEST_WISH_S: Final = 86_400.0  # a server that asks for more than a day of silence is asked once a day


@dataclass(frozen=True)
class PollLimits:
    """The shortest and the longest interval between two polls of a feed, in seconds."""

    shortest_s: float = 300.0
    longest_s: float = 3_600.0


@dataclass(frozen=True)
class Poll:
    """What one poll found. `wish_s` is how long the feed or its server says that an answer stays good (ttl,
    Cache-Control), `retry_after_s` how long the server wants to be left alone; 0 where they say nothing.
    """

    news: bool
    failed: bool = False
    gone: bool = False
    wish_s: float = 0.0
    retry_after_s: float = 0.0


def next_interval(interval_s: float, poll: Poll, limits: PollLimits) -> float:
    """Seconds until the feed's next poll, and the interval that the one after it adapts.

    `interval_s` is the last one, 0 for a feed that was never polled. A wish lengthens an interval up to the longest,
    Retry-After up to a day. A failing feed is slowed down, never given up; one that is gone waits the longest.
    """
    if poll.gone:
        interval_s = limits.longest_s
    elif poll.failed:
        interval_s = (interval_s or limits.shortest_s) * BACK_OFF
    elif poll.news or not interval_s:
        interval_s *= FASTER
    else:
        interval_s *= SLOWER
    interval_s = max(interval_s, min(poll.wish_s, limits.longest_s))
    interval_s = min(max(interval_s, limits.shortest_s), limits.longest_s)
    return max(interval_s, min(poll.retry_after_s, LONGEST_WISH_S))
