"""What the report shows, from records, summaries and dead letters: plain values for its page. No Beam."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from pipeline.records_input import latest_revisions, read_records, require_record_files
from transforms.arabic.clitics import WAW
from transforms.arabic.normalize import fold_text
from transforms.arabic.places import find_places, load_places, with_surroundings
from transforms.elements import CeasefireMention, DeadLetter, Record, Span, Statement
from transforms.errors import IngestError, InputError
from transforms.json_values import format_time
from transforms.record_format import dead_letter_from_json

_DATELINE: Final = re.compile(r"^.{1,60}?\(.{1,30}?\)\s*[-\u2013\u2014:]+")  # place (agency) -
_RIGHT_TO_LEFT: Final = frozenset({"ar", "ckb", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
DROPPED: Final = "dropped_"  # as in metrics.py, which needs Beam


def read_report(folder: str) -> dict[str, Any]:
    """All that the page of an output folder shows. Raises InputError naming the file that is damaged."""
    records = latest_revisions(record for path in require_record_files(folder) for record in read_records(path))
    root = Path(folder)
    summaries = [read_summary(path) for path in sorted(root.glob("summary/*.json"))]
    letters = [letter for path in sorted(root.glob("dead_letters/**/*.jsonl")) for letter in read_letters(path)]
    return {**describe_records(records), "health": describe_health(records, summaries, letters)}


def read_summary(path: Path) -> dict[str, Any]:
    try:
        summary: dict[str, Any] = json.loads(path.read_bytes())
        for feed in summary["feeds"].values():
            dict(feed["stages"]), str(feed["outcome"]), int(feed["entries"])
        str(summary["ended_at"])
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise InputError(f"not the summary of a run ({error!r})"[:300], file=str(path)) from error
    return summary


def read_letters(path: Path) -> Iterator[DeadLetter]:
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield dead_letter_from_json(line)
            except IngestError as error:
                raise InputError(f"not a dead letter: {error.detail}", file=str(path), line=number) from error


class Names:
    """A numbered list of names, in which spellings that differ in hamza, diacritics or spaces are one, and so are a
    name of `all_names` with and without `and` written before it."""

    def __init__(self, all_names: Iterable[str] = ()) -> None:
        self._known = set(map(_name_key, all_names))
        self._numbers: dict[str, int] = {}
        self._spellings: list[Counter[str]] = []

    def number(self, name: str) -> int:
        """The name's place in `spelled`."""
        key = _name_key(name)
        if key.startswith(WAW) and key[1:] in self._known:
            key, name = key[1:], name.lstrip()[1:]
        number = self._numbers.setdefault(key, len(self._numbers))
        if number == len(self._spellings):
            self._spellings.append(Counter())
        self._spellings[number][" ".join(name.split())] += 1
        return number

    def spelled(self) -> list[str]:
        """Each name as it is spelled most often."""
        return [spellings.most_common(1)[0][0] for spellings in self._spellings]


def _name_key(name: str) -> str:
    return " ".join(fold_text(name).split())


def describe_records(records: Sequence[Record]) -> dict[str, Any]:
    """The articles, newest first, with their names and places numbered. Spans are [start, end] in UTF-16 units, which
    is how a browser counts."""
    sides = (side.text for record in records for mention in record.ceasefire_mentions for side in sides_of(mention))
    speakers, parties, sources = Names(), Names(sides), Names()
    places: dict[str, int] = {}
    articles = []
    for record in sorted(records, key=lambda r: (-_shown_us(r), r.record_id)):
        named = [places.setdefault(name, len(places)) for name in places_of(record)]
        offsets = {"title": Utf16(record.title), "body": Utf16(record.body)}
        articles.append(
            {
                "id": record.record_id,
                "url": web_link(record.url),
                "title": record.title,
                "body": record.body,
                "language": record.language,
                "rtl": record.language in _RIGHT_TO_LEFT,
                "source": sources.number(record.source or record.feed_url),
                "time": format_time(_shown_us(record)),
                "published": record.published_us is not None,
                "copy": record.duplicate_of is not None,
                "places": named,
                "statements": [_statement(s, offsets[s.field], speakers) for s in record.statements],
                "mentions": [_mention(m, offsets[m.field], parties) for m in record.ceasefire_mentions],
            }
        )
    known = load_places()
    return {
        "articles": articles,
        "speakers": speakers.spelled(),
        "parties": parties.spelled(),
        "sources": sources.spelled(),
        "places": [{"ar": known[name].names[0], "en": name} for name in places],
    }


def _shown_us(record: Record) -> int:
    return record.fetched_us if record.published_us is None else record.published_us


def places_of(record: Record) -> list[str]:
    """The places that the headline, the first paragraph or a paragraph that names a ceasefire names, and what they lie
    within. A dateline says where the report was filed, so what it names does not count."""
    starts = [0, *(i + 1 for i, char in enumerate(record.body) if char == "\n")]
    paragraphs = record.body.split("\n")
    paragraphs[0] = _DATELINE.sub("", paragraphs[0])
    chosen = {0} | {bisect_left(starts, m.term.start + 1) - 1 for m in record.ceasefire_mentions if m.field == "body"}
    texts = [record.title, *(paragraphs[n] for n in sorted(chosen))]
    return with_surroundings(name for text in texts for name in find_places(text))


def web_link(url: str) -> str:
    """The address where a browser may be sent to; empty for any other, such as a file's or a script's."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc else ""


class Utf16:
    """Turns spans in code points into spans in UTF-16 units."""

    def __init__(self, text: str) -> None:
        self._wide = [i for i, char in enumerate(text) if ord(char) > 0xFFFF]

    def span(self, span: Span | None) -> list[int] | None:
        if span is None:
            return None
        return [at + bisect_left(self._wide, at) for at in (span.start, span.end)]


def _statement(statement: Statement, offsets: Utf16, speakers: Names) -> dict[str, Any]:
    name = statement.speaker_ref or (statement.speaker.text if statement.speaker else "")
    return {
        "field": statement.field,
        "cue": offsets.span(statement.cue),
        "speaker": offsets.span(statement.speaker),
        "content": offsets.span(statement.content),
        "who": speakers.number(name) if name.strip() else None,
        "class": statement.cue_class,
        "kind": statement.speaker_kind,
        "quote": statement.quote,
        "anonymous": statement.anonymous,
        "parent": statement.parent,
    }


def sides_of(mention: CeasefireMention) -> list[Span]:
    """Who has a part in it: the parties of the ceasefire, and who does the act."""
    return [side for side in (*mention.parties, mention.actor) if side is not None and side.text.strip()]


def _mention(mention: CeasefireMention, offsets: Utf16, parties: Names) -> dict[str, Any]:
    return {
        "field": mention.field,
        "term": offsets.span(mention.term),
        "act": mention.act,
        "negated": mention.negated,
        "conditional": mention.conditional,
        "actor": offsets.span(mention.actor),
        "condition": offsets.span(mention.condition),
        "parties": list(dict.fromkeys(parties.number(side.text) for side in sides_of(mention))),
        "statement": mention.statement,
    }


def describe_health(
    records: Iterable[Record], summaries: Iterable[dict[str, Any]], letters: Iterable[DeadLetter]
) -> dict[str, Any]:
    """Per feed what its last run said, and over all runs what was left out and what failed, by reason."""
    names: dict[str, Counter[str]] = defaultdict(Counter)
    for record in records:
        names[record.feed_url][record.source] += 1
    feeds: dict[str, dict[str, Any]] = defaultdict(_new_feed)
    runs = sorted(summaries, key=lambda summary: str(summary["ended_at"]))
    for run in runs:
        for url, told in run["feeds"].items():
            _add_run(feeds[url], told, run["ended_at"])
    for letter in letters:
        feed = feeds[letter.feed_url or letter.url]
        feed["failed"][letter.reason] = feed["failed"].get(letter.reason, 0) + 1
        if letter.failed_us >= feed["failure_us"]:
            feed["failure"], feed["failure_us"] = letter.message, letter.failed_us
    for url, counts in names.items():
        feeds[url]["records"] = counts.total()
        feeds[url]["name"] = counts.most_common(1)[0][0]
    shown = [{"url": url, **{k: v for k, v in feed.items() if k != "failure_us"}} for url, feed in feeds.items()]
    return {
        "runs": len(runs),
        "last_run": runs[-1]["ended_at"] if runs else "",
        "feeds": sorted(shown, key=lambda feed: (-sum(feed["failed"].values()), feed["records"], feed["url"])),
    }


def _new_feed() -> dict[str, Any]:
    return {
        "name": "",
        "runs": 0,
        "asked": "",
        "outcome": "",
        "message": "",
        "entries": 0,
        "records": 0,
        "dropped": {},
        "failed": {},
        "failure": "",
        "failure_us": 0,
    }


def _add_run(feed: dict[str, Any], told: dict[str, Any], ended_at: str) -> None:
    feed["runs"] += 1
    if told["outcome"]:  # a feed whose left-over entries were dealt with was not asked
        feed |= {"asked": ended_at, "outcome": told["outcome"], "message": told["message"], "entries": told["entries"]}
    for counts in told["stages"].values():
        for outcome, n in counts.items():
            if outcome.startswith(DROPPED):
                reason = outcome.removeprefix(DROPPED)
                feed["dropped"][reason] = feed["dropped"].get(reason, 0) + n
