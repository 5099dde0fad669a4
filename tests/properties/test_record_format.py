"""Whatever a record, element or dead letter holds comes back whole; whatever bytes come in end in a value or a named error."""

import io
import json
from collections.abc import Callable
from typing import Any

import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from pipeline.feeds import parse_feeds
from transforms.elements import Article, CeasefireMention, DeadLetter, Entry, Feed, Record, Span, Statement
from transforms.errors import IngestError, InputError
from transforms.json_values import format_time, parse_time
from transforms.parquet_format import records_to_table
from transforms.record_format import (
    dead_letter_from_json,
    dead_letter_to_json,
    element_from_json,
    element_to_json,
    element_type,
    load_schema,
    record_from_json,
    record_to_json,
    validate_record,
)

TEXT = st.text(max_size=20) | st.text('ابتهدنة قال\n\u2028\x00"\\🙂', max_size=40)
NAME = st.text(min_size=1, max_size=10)
TIME = st.datetimes().map(lambda moment: parse_time(moment.isoformat() + "Z"))
INTEGER = st.integers(-(2**63), 2**63 - 1)
SCORE = st.floats(0, 1)


def words_of(key: str, tag: str) -> st.SearchStrategy[Any]:
    return st.sampled_from(load_schema()["$defs"][tag]["properties"][key]["enum"])


@st.composite
def spans(draw: st.DrawFn, text: str) -> Span:
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, len(text)))
    return Span(start, end, text[start:end])


@st.composite
def statements(draw: st.DrawFn, title: str, body: str, before: int) -> Statement:
    field = draw(st.sampled_from(["title", "body"]))
    span = spans(title if field == "title" else body)
    return draw(
        st.builds(
            Statement,
            field=st.just(field),
            cue=st.none() | span,
            speaker=st.none() | span,
            speaker_ref=st.none() | TEXT,
            content=span,
            quote=words_of("quote", "statement"),
            cue_class=words_of("cue_class", "statement"),
            speaker_kind=words_of("speaker_kind", "statement"),
            anonymous=st.booleans(),
            parent=st.none() | st.integers(0, before - 1) if before else st.none(),
            rule=TEXT,
        )
    )


@st.composite
def mentions(draw: st.DrawFn, title: str, body: str, count: int) -> CeasefireMention:
    field = draw(st.sampled_from(["title", "body"]))
    span = spans(title if field == "title" else body)
    return draw(
        st.builds(
            CeasefireMention,
            field=st.just(field),
            term=span,
            act=words_of("act", "ceasefire_mention"),
            negated=st.booleans(),
            conditional=st.booleans(),
            actor=st.none() | span,
            condition=st.none() | span,
            parties=st.lists(span, max_size=2).map(tuple),
            statement=st.none() | st.integers(0, count - 1) if count else st.none(),
            cameo=st.sampled_from([None, "0871", "057"]),
            plover=st.sampled_from([None, "RETREAT, ceasefire", "AGREE"]),
            rule=TEXT,
        )
    )


@st.composite
def records(draw: st.DrawFn) -> Record:
    title, body = draw(TEXT), draw(TEXT)
    tags = tuple(draw(statements(title, body, n)) for n in range(draw(st.integers(0, 2))))
    published = draw(st.none() | TIME)
    return draw(
        st.builds(
            Record,
            record_id=NAME,
            revision=st.integers(1, 2**63 - 1),
            url=NAME,
            canonical_url=NAME,
            feed_url=TEXT,
            source=TEXT,
            title=st.just(title),
            body=st.just(body),
            summary=st.none() | TEXT,
            authors=st.lists(TEXT, max_size=2).map(tuple),
            language=NAME,
            language_score=SCORE,
            published_us=st.just(published),
            published_from=st.none() if published is None else st.sampled_from(["feed", "page", "url"]),
            fetched_us=TIME,
            content_hash=NAME,
            duplicate_of=st.none() | TEXT,
            statements=st.just(tags),
            ceasefire_mentions=st.lists(mentions(title, body, len(tags)), max_size=2).map(tuple),
            tagger_version=TEXT,
            lexicon_version=st.none() | TEXT,
            pipeline_version=st.none() | TEXT,
            tags_revision=st.integers(1, 2**63 - 1),
            entry_url=TEXT,
            fingerprint=TEXT,
        )
    )


FEEDS = st.builds(Feed, TEXT, TEXT, TEXT)
ENTRIES = st.builds(
    Entry, TEXT, TEXT, TEXT, TEXT, st.none() | TEXT, st.none() | TEXT, st.none() | TIME, st.lists(TEXT).map(tuple), TEXT
)
ARTICLES = st.builds(
    Article, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, st.none() | TEXT, st.lists(TEXT).map(tuple), TEXT, SCORE,
    st.none() | TIME, st.none() | TEXT, TIME, TEXT, TEXT,
)  # fmt: skip
ELEMENTS = FEEDS | ENTRIES | ARTICLES | records()


@given(records())
def test_a_record_comes_back_from_its_line(record: Record) -> None:
    line = record_to_json(record)
    assert len(line.splitlines()) == 1
    assert validate_record(json.loads(line)) == []
    again = record_from_json(line.encode())
    assert element_to_json(again) == element_to_json(record_from_json(record_to_json(again)))
    assert again == Record(**{**vars(record), "entry_url": "", "fingerprint": ""})


@given(st.lists(records(), max_size=3))
def test_records_come_back_from_parquet(batch: list[Record]) -> None:
    file = io.BytesIO()
    pq.write_table(records_to_table(batch), file)
    rows = pq.read_table(file).to_pylist()
    expected = [json.loads(record_to_json(record)) for record in batch]
    for row in rows:
        for key in ("published_at", "fetched_at"):
            moment = row[key]
            row[key] = None if moment is None else format_time(parse_time(moment.isoformat().replace("+00:00", "Z")))
    assert rows == expected


@given(ELEMENTS)
def test_an_element_comes_back(element: Feed | Entry | Article | Record) -> None:
    assert element_from_json(element_type(element), element_to_json(element)) == element


@given(ELEMENTS, TEXT, TEXT, INTEGER, TIME)
def test_a_dead_letter_comes_back(
    element: Feed | Entry | Article | Record, reason: str, message: str, attempts: int, failed_us: int
) -> None:
    letter = DeadLetter(
        "s", reason, message, element_type(element), element_to_json(element), "f", "u", attempts, failed_us
    )
    assert dead_letter_from_json(dead_letter_to_json(letter)) == letter


def attempt(work: Callable[[], Any]) -> Any:
    """What the work returns, or the named error that it ends in."""
    try:
        return work()
    except (IngestError, InputError) as error:
        return error


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=()), max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KEYS = list(json.loads(dead_letter_to_json(DeadLetter("", "", "", "", "", "", "", 1, 0))))


@given(st.binary() | st.fixed_dictionaries(dict.fromkeys(KEYS, JSON)).map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_a_dead_letter_or_a_named_error(line: bytes) -> None:
    outcome = attempt(lambda: dead_letter_from_json(line))
    if isinstance(outcome, IngestError):
        assert outcome.reason == "bad_element"
        assert len(outcome.detail) < 400
    else:
        assert dead_letter_from_json(dead_letter_to_json(outcome)) == outcome


@given(st.data())
def test_a_record_with_a_damaged_part_is_read_or_named(data: st.DataObject) -> None:
    value = json.loads(record_to_json(data.draw(records())))
    place: Any = value
    while True:
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if not isinstance(place[key], dict | list) or not place[key] or data.draw(st.booleans()):
            break
        place = place[key]
    place[key] = data.draw(JSON)
    outcome = attempt(lambda: element_from_json("Record", json.dumps(value)))
    if isinstance(outcome, IngestError):
        assert outcome.reason == "bad_element"
    else:
        assert element_from_json("Record", element_to_json(outcome)) == outcome


LISTS = st.sampled_from([
    b'[[feeds]]\nurl = "https://a.example"\n', b'<opml><outline xmlUrl="https://a.example"/></opml>', b"https://a.example\n"
])  # fmt: skip


@given(
    st.sampled_from(["f.toml", "f.opml", "f.txt", "f"]),
    st.lists(LISTS | st.binary(max_size=8), max_size=4).map(b"".join),
)
def test_any_bytes_are_a_feed_list_or_a_named_error(name: str, content: bytes) -> None:
    outcome = attempt(lambda: parse_feeds(content, name))
    if isinstance(outcome, InputError):
        assert str(outcome).startswith(name)
    else:
        assert outcome
        assert all(feed.url.lower().startswith(("http://", "https://")) for feed in outcome)
