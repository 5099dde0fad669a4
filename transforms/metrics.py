"""Names of stages and outcomes, and the one way to count.

Every stage keeps in = out + dropped + dead_lettered over the elements it takes in. Reading feeds is two stages:
`read_feeds` counts feeds, `list_entries` the entries that were listed in them.
"""

from __future__ import annotations

import threading
from collections import Counter
from typing import Final

from apache_beam.metrics import Metrics

READ_FEEDS: Final = "read_feeds"
LIST_ENTRIES: Final = "list_entries"
READ_DOCUMENTS: Final = "read_documents"
READ_ARCHIVES: Final = "read_archives"
READ_MESSAGES: Final = "read_messages"
DROP_SEEN: Final = "drop_seen"
FETCH_PAGES: Final = "fetch_pages"
EXTRACT_ARTICLES: Final = "extract_articles"
TAG_ARTICLES: Final = "tag_articles"
KEEP_NEW_RECORDS: Final = "keep_new_records"
MARK_DUPLICATES: Final = "mark_duplicates"
REMEMBER_TEXTS: Final = "remember_texts"
WRITE_RECORDS: Final = "write_records"
PUBLISH_RECORDS: Final = "publish_records"
PUBLISH_ENTRIES: Final = "publish_entries"
UPSERT_RECORDS: Final = "upsert_records"
LOAD_RECORDS: Final = "load_records"
STAGES: Final = (
    READ_FEEDS,
    LIST_ENTRIES,
    READ_DOCUMENTS,
    READ_ARCHIVES,
    READ_MESSAGES,
    DROP_SEEN,
    FETCH_PAGES,
    EXTRACT_ARTICLES,
    TAG_ARTICLES,
    KEEP_NEW_RECORDS,
    MARK_DUPLICATES,
    REMEMBER_TEXTS,
    WRITE_RECORDS,
    PUBLISH_RECORDS,
    PUBLISH_ENTRIES,
    UPSERT_RECORDS,
    LOAD_RECORDS,
)

IN: Final = "in"
OUT: Final = "out"
DROPPED: Final = "dropped_"
DEAD_LETTERED: Final = "dead_lettered_"

DROPS: Final[dict[str, str]] = {
    "not_modified": "the feed has not changed since the last run",
    "seen": "an earlier run has dealt with the entry",
    "too_old": "the entry is older than --since",
    "over_limit": "the feed lists more than --max_items_per_feed",
    "duplicate": "another entry of this run is the same article",
    "postponed": "the round ended before an answer came; the next one asks (--streaming)",
    "no_page": "the archive's response is no HTML page, is empty, or not of status 200",
    "robots": "robots.txt does not allow the page",
    "over_cap": "too many texts for --duplicate_days: the oldest are no longer compared with new ones",
    "unchanged": "an earlier run has written this very text",
    "language": "the article is in a language that --languages does not name (dropped_language_fa, ...)",
}


class _Progress:
    """What this process has counted so far: for the live display, never for the summary."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, str]] = Counter()

    def add(self, stage: str, outcome: str, n: int) -> None:
        with self._lock:
            self._counts[stage, outcome] += n

    def snapshot(self) -> Counter[tuple[str, str]]:
        with self._lock:
            return Counter(self._counts)

    def clear(self) -> None:
        with self._lock:
            self._counts.clear()


PROGRESS: Final = _Progress()


def count(stage: str, outcome: str, n: int) -> None:
    """Counts in Beam's metrics; the namespace is the stage."""
    Metrics.counter(stage, outcome).inc(n)
