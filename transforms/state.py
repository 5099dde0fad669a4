"""What a run leaves for the next: feeds' validators, entries dealt with, records written. No Beam.

The file `state.jsonl.gz` is gzipped JSON lines. The first is a header,
    {"format": "rasid-state", "version": 1, "run_id": ..., "written_at": ...}
and each other line one row:
    {"kind": "feed", "url", "etag", "last_modified", "body_hash", "visited_us", "read_us", "outcome", "interval_s",
     "next_us"}
    {"kind": "entry", "key", "listed_us", "record_id" | null, "failures", "done", "fingerprints": {feed key: text}}
    {"kind": "record", "id", "touched_us", "revision", "content_hash"}
    {"kind": "robots", "origin", "fetched_us", "status", "body"}
    {"kind": "pending", "key", "since_us", "entry": an entry's JSON}
Keys are the first 24 hexadecimal digits of the URL's BLAKE2b hash. Times are microseconds since the epoch (UTC).
Rows of another `kind` are kept as they are, so that an older version can read what a newer one wrote.
"""

from __future__ import annotations

import dataclasses
import gzip
import hashlib
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from transforms.elements import Entry, EntryVisit, FeedVisit, RobotsAnswer
from transforms.errors import InputError
from transforms.polling import Poll, PollLimits, next_interval

FORMAT, VERSION = "rasid-state", 1
DAY_US = 86_400_000_000
# An entry that its feed still lists is marked so at most this often; ageing is counted in days.
LISTED_GRANULARITY_US = DAY_US
MAX_FAILURES = 5
# Where asking again soon cannot help.
PERMANENT_REASONS = frozenset({"bad_url", "forbidden_address", "not_a_feed"})


def url_key(url: str) -> str:
    """The key of a URL in the state."""
    return hashlib.blake2b(url.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


@dataclass
class FeedRow:
    url: str
    etag: str | None
    last_modified: str | None
    body_hash: str
    visited_us: int
    read_us: int
    outcome: str
    interval_s: float = 0.0
    next_us: int = 0


@dataclass
class EntryRow:
    key: str
    listed_us: int
    record_id: str | None
    failures: int
    done: bool
    fingerprints: dict[str, str]


@dataclass
class RecordRow:
    id: str
    touched_us: int
    revision: int
    content_hash: str


@dataclass
class PendingRow:
    """An entry that a round postponed."""

    key: str
    since_us: int
    entry: str


@dataclass
class State:
    """All rows by key, and the run that wrote them."""

    run_id: str = ""
    feeds: dict[str, FeedRow] = field(default_factory=dict)
    entries: dict[str, EntryRow] = field(default_factory=dict)
    records: dict[str, RecordRow] = field(default_factory=dict)
    pending: dict[str, PendingRow] = field(default_factory=dict)
    robots: dict[str, RobotsAnswer] = field(default_factory=dict)
    unknown: list[dict[str, Any]] = field(default_factory=list)


def dump_state(state: State, written_at: str) -> bytes:
    """The state's file; equal states give equal bytes."""
    out = io.StringIO()
    header = {"format": FORMAT, "version": VERSION, "run_id": state.run_id, "written_at": written_at}
    out.write(json.dumps(header) + "\n")
    known: tuple[tuple[str, dict[str, Any]], ...] = (
        ("feed", dict(state.feeds)),
        ("entry", dict(state.entries)),
        ("record", dict(state.records)),
        ("robots", dict(state.robots)),
        ("pending", dict(state.pending)),
    )
    for kind, rows in known:
        for row in rows.values():
            out.write(json.dumps({"kind": kind, **vars(row)}, ensure_ascii=False) + "\n")
    for unknown in state.unknown:
        out.write(json.dumps(unknown, ensure_ascii=False) + "\n")
    return gzip.compress(out.getvalue().encode("utf-8", "surrogatepass"), compresslevel=3, mtime=0)


def parse_state(content: bytes, path: str) -> State:
    """Reads a state file. Raises InputError naming the file and line where it is damaged or too new."""
    state = State()
    line_number = 0
    try:
        lines = gzip.decompress(content).decode("utf-8", "surrogatepass").split("\n")[:-1]
        _check_header(json.loads(lines[0]) if lines else None, path)
        for line_number, line in enumerate(lines, 1):
            row: dict[str, Any] = json.loads(line)
            if line_number == 1:
                state.run_id = row["run_id"]
                continue
            kind = row.pop("kind")
            if kind == "feed":
                state.feeds[row["url"]] = FeedRow(**row)
            elif kind == "entry":
                state.entries[row["key"]] = EntryRow(**row)
            elif kind == "record":
                state.records[row["id"]] = RecordRow(**row)
            elif kind == "robots":
                state.robots[row["origin"]] = RobotsAnswer(**row)
            elif kind == "pending":
                state.pending[row["key"]] = PendingRow(**row)
            else:
                state.unknown.append({"kind": kind, **row})
    except (OSError, EOFError, ValueError, TypeError, KeyError, AttributeError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            f"the state is damaged ({type(error).__name__}: {error}); restore it, or move it away to begin anew",
            file=path,
            line=line_number or None,
        ) from error
    return state


def _check_header(row: Any, path: str) -> None:
    if not isinstance(row, dict) or row.get("format") != FORMAT:
        raise InputError("not a state file: the header is missing", file=path, line=1)
    if row.get("version") != VERSION:
        raise InputError(f"state version {row.get('version')}; this program reads version {VERSION}", file=path, line=1)


def needs_work(state: State, entry: Entry) -> bool:
    """Whether an entry is new, is to be tried again, or was changed by the feed that listed it before."""
    return is_news(state.entries.get(url_key(entry.url)), entry)


def is_news(row: EntryRow | None, entry: Entry) -> bool:
    """As needs_work, for the entry's row."""
    if row is None:
        return True
    if not row.done:
        return row.failures < MAX_FAILURES
    known = row.fingerprints.get(url_key(entry.feed_url))
    return known is not None and known != entry.fingerprint


def is_settled(state: State, entry_url: str) -> bool:
    """Whether an entry is dealt with, or the state sees to it: not where its last try failed in a way that may pass,
    unless it is given up.
    """
    if url_key(entry_url) in state.pending:
        return True
    row = state.entries.get(url_key(entry_url))
    return row is not None and not 0 < row.failures < MAX_FAILURES


def needs_listing(state: State, entry: Entry, now: int) -> bool:
    """Whether the state should be told that a feed still lists an entry: rarely, so that idle runs write little."""
    row = state.entries.get(url_key(entry.url))
    return row is not None and is_listing_due(row, entry, now)


def is_listing_due(row: EntryRow, entry: Entry, now: int) -> bool:
    """As needs_listing, for the entry's row."""
    return now - row.listed_us >= LISTED_GRANULARITY_US or url_key(entry.feed_url) not in row.fingerprints


def apply_visits(
    state: State,
    run_id: str,
    feeds: Iterable[FeedVisit],
    entries: Iterable[EntryVisit],
    robots: Iterable[RobotsAnswer] = (),
    *,
    now: int,
    keep_us: int,
    polling: PollLimits,
) -> State:
    """The state after a run: the visits applied in an order that does not depend on the runner, old rows dropped.

    An entry's row ages out `keep_us` after its feed last listed it; a record's row with its entries' rows. A feed
    with an entry that should be asked again loses its validators, so that the next run sees that entry.
    """
    new = State(
        run_id,
        dict(state.feeds),
        dict(state.entries),
        dict(state.records),
        dict(state.pending),
        unknown=list(state.unknown),
    )
    retry, news = set(), set()
    visits = sorted(entries, key=lambda v: (v.entry_url, v.visited_us, v.outcome, v.feed_url))
    for visit in visits:
        if visit.outcome == "postponed":
            key = url_key(visit.entry_url)
            new.pending.setdefault(key, PendingRow(key, visit.visited_us, visit.entry))
        elif visit.outcome != "refused":
            _apply_entry(new, visit)
    refused = {v.record_id or v.entry_url: v for v in visits if v.outcome == "refused"}  # once, whatever sinks did
    for visit in refused.values():
        _take_back(new, state, visit)
    for visit in visits:
        if visit.outcome != "listed":
            news.add(visit.feed_url)
        if visit.outcome in ("failed_soft", "refused") and not is_settled(new, visit.entry_url):
            retry.add(visit.feed_url)
    for feed in feeds:
        if feed.outcome != "postponed":
            new.feeds[feed.feed_url] = next_feed_row(
                feed,
                new.feeds.get(feed.feed_url),
                polling,
                news=feed.feed_url in news,
                read_again=feed.feed_url in retry,
            )
    for answer in [*state.robots.values(), *sorted(robots, key=lambda r: r.fetched_us)]:
        if now - DAY_US < answer.fetched_us <= now:
            new.robots[answer.origin] = answer
    oldest = now - keep_us
    new.entries = {k: r for k, r in new.entries.items() if r.listed_us >= oldest}
    new.records = {k: r for k, r in new.records.items() if r.touched_us >= oldest}
    new.feeds = {k: r for k, r in new.feeds.items() if r.visited_us >= oldest}
    new.pending = {k: r for k, r in new.pending.items() if r.since_us >= oldest}
    return new


def next_feed_row(
    visit: FeedVisit, known: FeedRow | None, polling: PollLimits, *, news: bool, read_again: bool = False
) -> FeedRow:
    """The row of a feed after a visit; `read_again` makes the next request one that brings the feed whole."""
    failed = visit.outcome not in ("read", "not_modified")
    poll = Poll(
        news=news,
        failed=failed,
        gone=visit.outcome in PERMANENT_REASONS,
        wish_s=visit.wish_s,
        retry_after_s=visit.retry_after_s,
    )
    interval_s = next_interval(known.interval_s if known else 0.0, poll, polling)
    validators = visit.etag, visit.last_modified, visit.body_hash
    if known and failed:
        validators = known.etag, known.last_modified, known.body_hash
    if read_again:
        validators = None, None, ""
    return FeedRow(
        visit.feed_url,
        *validators,
        visited_us=visit.visited_us,
        read_us=visit.read_us or (known.read_us if known else 0),
        outcome=visit.outcome,
        interval_s=interval_s,
        next_us=visit.visited_us + int(interval_s * 1_000_000),
    )


def _apply_entry(state: State, visit: EntryVisit) -> None:
    key = url_key(visit.entry_url)
    if visit.outcome != "listed":
        state.pending.pop(key, None)
    old = state.entries.get(key)
    row = EntryRow(key, visit.visited_us, None, 0, False, {}) if old is None else dataclasses.replace(old)
    row.listed_us = max(row.listed_us, visit.visited_us)
    if visit.outcome == "failed_soft":
        row.failures += 1
    elif visit.outcome != "listed":
        row.done, row.failures = True, 0
    if visit.outcome != "failed_soft" or not row.done:  # a correction that could not be fetched stays a correction
        row.fingerprints = {**row.fingerprints, url_key(visit.feed_url): visit.fingerprint}
    if visit.record_id:
        row.record_id = visit.record_id
    if visit.record_id and visit.revision:
        state.records[visit.record_id] = RecordRow(
            visit.record_id, visit.visited_us, visit.revision, visit.content_hash
        )
    state.entries[key] = row
    record = state.records.get(row.record_id or "")
    if record is not None and record.touched_us < row.listed_us:
        state.records[record.id] = dataclasses.replace(record, touched_us=row.listed_us)


def _take_back(new: State, old: State, visit: EntryVisit) -> None:
    """Undoes what `new` says of what a sink refused: its entry has failed once more than in `old`."""
    key = url_key(visit.entry_url)
    known = old.entries.get(key)
    row = new.entries.get(key) or EntryRow(key, visit.visited_us, None, 0, False, {})
    new.entries[key] = dataclasses.replace(row, done=False, failures=(known.failures if known else 0) + 1)
    record = old.records.get(visit.record_id or "")
    if record is None:
        new.records.pop(visit.record_id or "", None)
    else:
        new.records[record.id] = dataclasses.replace(record, touched_us=max(record.touched_us, visit.visited_us))
