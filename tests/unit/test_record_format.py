"""Records, tags, elements and dead letters as JSON, and the contract that the schema is."""

import copy
import dataclasses
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import transforms
from transforms.elements import (
    Article,
    CeasefireMention,
    DeadLetter,
    Entry,
    Feed,
    FetchedFeed,
    Page,
    Record,
    Span,
    Statement,
)
from transforms.errors import IngestError
from transforms.json_values import format_time, parse_time
from transforms.parquet_format import arrow_schema, records_to_table
from transforms.record_format import (
    SCHEMA_VERSION,
    dead_letter_from_json,
    dead_letter_to_json,
    element_from_json,
    element_to_json,
    element_type,
    load_schema,
    record_from_json,
    record_to_json,
    tags_to_json,
    validate_record,
)

TITLE = "الوزير: الهدنة صامدة"
BODY = "قال الوزير إن الهدنة صامدة.\nوغادر القاعة."


def span(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words), words)


RECORD = Record(
    record_id="a1b2",
    revision=1,
    url="https://mina.example/n/1",
    canonical_url="https://mina.example/n/1",
    feed_url="https://mina.example/feed",
    source="صحيفة الميناء",
    title=TITLE,
    body=BODY,
    summary=None,
    authors=("سالم",),
    language="ar",
    language_score=0.99,
    published_us=1578907800_000000,
    published_from="feed",
    fetched_us=1578911400_250000,
    content_hash="c3d4",
    duplicate_of=None,
    statements=(
        Statement("title", None, span(TITLE, "الوزير"), None, span(TITLE, "الهدنة صامدة"), "headline"),
        Statement("body", span(BODY, "قال"), span(BODY, "الوزير"), None, span(BODY, "الهدنة صامدة"), "indirect", rule="verb"),
    ),
    ceasefire_mentions=(
        CeasefireMention("body", span(BODY, "الهدنة"), "hold", False, False, None, parties=(span(BODY, "الوزير"),), statement=1, cameo="0871", plover="RETREAT, ceasefire"),
    ),
    tagger_version="1",
    entry_url="https://mina.example/?p=1",
    fingerprint="f",
)  # fmt: skip

# What readers of each version saw: a record and its schema. Never edited: later versions add, and go on reading these.
CONTRACT = Path(__file__).resolve().parents[1] / "contract"
VERSIONS = sorted(path.name.removeprefix("record-").removesuffix(".jsonl") for path in CONTRACT.glob("*.jsonl"))


def line_of(version: str) -> str:
    return (CONTRACT / f"record-{version}.jsonl").read_text(encoding="utf-8").rstrip("\n")


def schema_of(version: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((CONTRACT / f"record-{version}.schema.json").read_text(encoding="utf-8"))
    return schema


LINE_OF_1_0 = line_of("1.0")
FIRST_VERSION = dataclasses.replace(RECORD, entry_url="", fingerprint="")


def test_a_record_of_1_0_reads_and_is_valid_in_this_version() -> None:
    assert record_from_json(LINE_OF_1_0) == FIRST_VERSION
    assert validate_record(json.loads(LINE_OF_1_0)) == []


def test_this_version_is_kept_too() -> None:
    """The next one must be shown to read it: put the schema and a record of your own into tests/contract."""
    assert VERSIONS[-1] == SCHEMA_VERSION
    assert schema_of(SCHEMA_VERSION) == load_schema()


@pytest.mark.parametrize("version", VERSIONS)
def test_a_record_of_every_version_reads_and_is_valid(version: str) -> None:
    given = json.loads(line_of(version))
    assert given["schema_version"] == version
    assert validate_record(given) == []
    record = record_from_json(line_of(version))
    again = json.loads(record_to_json(record))
    assert {key: again[key] for key in given} == given | {"schema_version": SCHEMA_VERSION}
    assert validate_record(again) == []
    assert records_to_table([record]).num_rows == 1


def growth_faults(old: Any, new: Any, path: str = "$") -> list[str]:
    """Where a schema is not the older one with something added."""
    if isinstance(old, dict) and isinstance(new, dict):
        faults = [f"{path}.{key} is gone" for key in old.keys() - new.keys()]
        if not path.endswith((".properties", ".$defs")):
            faults += [f"{path}.{key} is new" for key in new.keys() - old.keys()]
        common = (key for key in old if key in new and key not in ("description", "$comment"))
        return faults + [fault for key in common for fault in growth_faults(old[key], new[key], f"{path}.{key}")]
    if path.endswith(".enum"):
        return [f"{path}: {word} is gone" for word in old if word not in new]
    return [] if old == new else [f"{path}: {old} became {new}"]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_schema_only_grew(version: str) -> None:
    assert growth_faults(schema_of(version), load_schema()) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s["properties"].pop("summary"),
        lambda s: s["properties"]["revision"].update(type="string"),
        lambda s: s["required"].append("tags_revision"),
        lambda s: s["$defs"]["statement"]["properties"]["quote"]["enum"].remove("mixed"),
        lambda s: s["properties"]["title"].update(maxLength=10),
    ],
)
def test_what_is_no_growth_is_found(change: Any) -> None:
    schema = copy.deepcopy(load_schema())
    change(schema)
    assert len(growth_faults(load_schema(), schema)) == 1


def test_what_a_schema_adds_arrow_lets_be_absent() -> None:
    added = set(load_schema()["properties"]) - set(schema_of("1.0")["properties"])
    assert added == {"lexicon_version", "pipeline_version", "tags_revision"}
    assert all(arrow_schema().field(name).nullable for name in added)


def test_this_version_still_writes_every_key_of_1_0() -> None:
    def keeps(old: Any, new: Any) -> bool:
        if isinstance(old, dict):
            return all(key in new and keeps(value, new[key]) for key, value in old.items())
        if isinstance(old, list):
            return len(old) == len(new) and all(map(keeps, old, new))
        return bool(old == new)

    first = json.loads(LINE_OF_1_0) | {"schema_version": SCHEMA_VERSION}
    assert keeps(first, json.loads(record_to_json(RECORD)))


def test_a_record_of_a_later_minor_version_reads_and_is_valid() -> None:
    later = json.loads(LINE_OF_1_0) | {"schema_version": "1.7", "places": ["طرابلس"]}
    later["statements"][0]["certainty"] = 0.5
    assert validate_record(later) == []
    assert record_from_json(json.dumps(later)) == FIRST_VERSION


def test_a_record_of_another_major_version_is_refused() -> None:
    other = json.loads(LINE_OF_1_0) | {"schema_version": "2.0"}
    assert validate_record(other) != []
    with pytest.raises(IngestError, match=r"schema_version must be 1\.x"):
        record_from_json(json.dumps(other))


def test_keys_are_those_of_the_schema_in_its_order() -> None:
    schema, record = load_schema(), json.loads(record_to_json(RECORD))
    definitions = schema["$defs"]
    assert list(record) == list(schema["properties"])
    assert list(record["statements"][0]) == list(definitions["statement"]["properties"])
    assert list(record["ceasefire_mentions"][0]) == list(definitions["ceasefire_mention"]["properties"])
    assert list(record["statements"][0]["content"]) == list(definitions["span"]["properties"])


def test_everything_in_the_schema_is_described() -> None:
    schema = load_schema()
    objects = [schema, *schema["$defs"].values()]
    assert [each for each in objects if not each["description"]] == []
    bare = [
        key for each in objects for key, value in each["properties"].items() if len(value.get("description", "")) < 10
    ]
    assert bare == []


@pytest.mark.parametrize(
    ("file", "table", "key", "field"),
    [("cues.toml", "cue", "cue_class", "cue_class"), ("nouns.toml", "nouns", "kind", "speaker_kind")],
)
def test_the_words_of_the_lexicons_are_in_the_schema(file: str, table: str, key: str, field: str) -> None:
    lexicon = tomllib.loads((Path(transforms.__file__).parent / "lexicon" / file).read_text(encoding="utf-8"))
    used = {entry[key] for entry in lexicon[table]}
    assert used - set(load_schema()["$defs"]["statement"]["properties"][field]["enum"]) == set()


def test_arabic_is_unescaped_and_a_record_is_one_line_for_any_reader() -> None:
    record = dataclasses.replace(
        RECORD, body="سطر\u2028سطر\u0085سطر\u2029سطر\r\n\x0bسطر\x00", statements=(), ceasefire_mentions=()
    )
    line = record_to_json(record)
    assert len(line.splitlines()) == 1
    assert "سطر" in line
    assert record_from_json(line).body == record.body


def test_a_lone_surrogate_becomes_a_replacement_character_and_offsets_stay_right() -> None:
    body = "\ud83d قال الوزير"
    statement = Statement("body", None, span(body, "قال"), None, Span(0, 1, "\ud83d"), "direct")
    record = dataclasses.replace(RECORD, body=body, statements=(statement,), ceasefire_mentions=())
    line = record_to_json(record)
    assert json.loads(line.encode())["body"] == "\ufffd قال الوزير"
    assert validate_record(json.loads(line)) == []
    assert records_to_table([record])["body"].to_pylist() == ["\ufffd قال الوزير"]
    assert element_from_json("Feed", '{"url": "\\ud83d"}') == Feed("\ufffd")


def test_tags_have_the_keys_of_a_record() -> None:
    tags = json.loads(tags_to_json(7, RECORD.statements, RECORD.ceasefire_mentions))
    record = json.loads(record_to_json(RECORD))
    assert tags == {"id": 7, "statements": record["statements"], "ceasefire_mentions": record["ceasefire_mentions"]}


def change(path: str, value: Any) -> dict[str, Any]:
    """The record with what stands at a path of keys and indices replaced; "delete" takes it out."""
    record = copy.deepcopy(json.loads(LINE_OF_1_0))
    *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    place: Any = record
    for part in parents:
        place = place[part]
    if value == "delete":
        del place[last]
    else:
        place[last] = value
    return record


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        ("title", "delete", "$: 'title' is a required"),
        ("title", None, "$.title: None is not of type"),
        ("revision", 0, "$.revision: "),
        ("language_score", 1.5, "$.language_score: "),
        ("published_from", "guess", "$.published_from: "),
        ("published_from", None, "$.published_from: must be null exactly"),
        ("published_at", "2020-01-13T09:30:00+00:00", "$.published_at: "),
        ("published_at", "2020-02-30T09:30:00Z", "$.published_at: "),
        ("fetched_at", None, "$.fetched_at: "),
        ("statements.0.quote", "spoken", "$.statements[0].quote: "),
        ("statements.1.cue", "قال", "$.statements[1].cue: "),
        ("statements.1.cue.start", 1, "$.statements[1].cue: the span is not"),
        ("statements.1.content.end", 400, "$.statements[1].content: the span is not"),
        ("statements.1.parent", 2, "$.statements[1].parent: 2 is no other"),
        ("statements.1.parent", 1, "$.statements[1].parent: 1 is no other"),
        ("ceasefire_mentions.0.act", "stop", "$.ceasefire_mentions[0].act: "),
        ("ceasefire_mentions.0.statement", 2, "$.ceasefire_mentions[0].statement: 2 is no other"),
        ("ceasefire_mentions.0.parties.0.text", "x", "$.ceasefire_mentions[0].parties[0]: the span is not"),
    ],
)
def test_validation_names_the_place_of_a_fault(path: str, value: Any, place: str) -> None:
    faults = validate_record(change(path, value))
    assert faults
    assert faults[0].startswith(place)


@pytest.mark.parametrize(
    ("us", "text"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (1578907800_000000, "2020-01-13T09:30:00Z"),
        (1578907800_000001, "2020-01-13T09:30:00.000001Z"),
        (-1, "1969-12-31T23:59:59.999999Z"),
        (-62135596800_000000, "0001-01-01T00:00:00Z"),
    ],
)
def test_times(us: int, text: str) -> None:
    assert format_time(us) == text
    assert parse_time(text) == us


def test_a_short_fraction_of_a_second_reads() -> None:
    assert parse_time("1970-01-01T00:00:01.5Z") == 1_500_000


@pytest.mark.parametrize(
    "text",
    ["", "2020-01-13", "2020-01-13T09:30:00", "2020-01-13T25:30:00Z", "2020-01-13T09:30:00Z\n", "٢٠٢٠-01-13T09:30:00Z"],
)
def test_other_times_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"time|hour"):
        parse_time(text)


ENTRY = Entry(
    "https://a.example/1",
    "https://a.example/1?utm_source=x",
    "https://a.example/feed",
    title="خبر",
    published_us=5,
    authors=("س",),
)
ARTICLE = Article("u", "c", "f", "e", "s", "t", "b", None, (), "ar", 1.0, None, None, 9, "h", "p")


@pytest.mark.parametrize("element", [Feed("https://a.example/feed", "ا", "LY"), ENTRY, ARTICLE, RECORD])
def test_elements_come_back_whole(element: Feed | Entry | Article | Record) -> None:
    assert element_from_json(element_type(element), element_to_json(element)) == element


def test_bytes_are_held_by_where_they_came_from() -> None:
    page = Page(ENTRY, "https://a.example/1", "text/html", b"<p>", 7)
    fetched = FetchedFeed(
        Feed("https://a.example/feed"), "https://a.example/feed", "text/xml", b"<rss>", None, None, "h"
    )
    assert element_from_json(element_type(page), element_to_json(page)) == ENTRY
    assert element_from_json(element_type(fetched), element_to_json(fetched)) == fetched.feed


def test_an_entry_may_be_written_by_hand() -> None:
    text = '{"url": "u", "link": "l", "feed_url": "f", "published_at": "1970-01-01T00:00:01Z", "comment": 1}'
    assert element_from_json("Entry", text) == Entry("u", "l", "f", published_us=1_000_000)


@pytest.mark.parametrize(
    ("kind", "text", "message"),
    [
        ("Page", "{}", "unknown element type 'Page'; known are Feed, Message, Entry, Article, Record"),
        ("Feed", "{", "not JSON: "),
        ("Feed", "[" * 100_000, "not JSON: "),
        ("Feed", "9" * 10_000, "not JSON: "),
        ("Feed", b"\xff\xfe\x00\xd8", "not JSON: "),
        ("Feed", "[]", "Feed must be an object, not array"),
        ("Feed", "{}", "Feed.url is missing"),
        ("Feed", '{"url": null}', "Feed.url must be a string, not null"),
        ("Entry", '{"url":"u","link":"l","feed_url":"f","authors":"x"}', "Entry.authors must be an array, not string"),
        ("Entry", '{"url":"u","link":"l","feed_url":"f","authors":["x",{}]}', "Entry.authors[1] must be a string, not object"),
        ("Entry", '{"url":"u","link":"l","feed_url":"f","published_at":"soon"}', "Entry.published_at: not a time"),
        ("Article", element_to_json(ARTICLE).replace("1.0", "true"), "Article.language_score must be a finite number, not boolean"),
        ("Article", element_to_json(ARTICLE).replace("1.0", "1e999"), "Article.language_score must be a finite number, not this number"),
        ("Article", element_to_json(ARTICLE).replace("1.0", "NaN"), "not JSON: NaN is no JSON"),
        ("Record", json.dumps(change("statements.1.cue.start", 2**63)), "record.statements[1].cue.start must be a 64-bit integer"),
        ("Record", json.dumps(change("statements.1.anonymous", 0)), "record.statements[1].anonymous must be true or false"),
        ("Record", json.dumps(change("schema_version", "delete")), "record.schema_version must be 1.x"),
    ],
)  # fmt: skip
def test_a_damaged_element_is_named(kind: str, text: str | bytes, message: str) -> None:
    with pytest.raises(IngestError, match="^" + re.escape(f"bad_element: {message}")):
        element_from_json(kind, text)


LETTER = DeadLetter(
    "fetch_pages",
    "dns",
    "no such host",
    "Entry",
    element_to_json(ENTRY),
    ENTRY.feed_url,
    ENTRY.url,
    3,
    1578907800_000000,
)


def test_a_dead_letter_holds_its_element_as_an_object() -> None:
    line = dead_letter_to_json(LETTER)
    value = json.loads(line)
    assert list(value) == ["stage", "reason", "message", "element_type", "element", "feed", "url", "attempts", "time"]
    assert value["element"]["title"] == "خبر"
    assert value["time"] == "2020-01-13T09:30:00Z"
    assert dead_letter_from_json(line) == LETTER


@pytest.mark.parametrize("element", ["", "not JSON", "[1]", '"text"', '{"a": 1e999}', '{"a": NaN}', "{" * 100_000])
def test_an_element_that_is_no_json_object_is_kept_as_it_came(element: str) -> None:
    letter = dataclasses.replace(LETTER, element=element)
    assert dead_letter_from_json(dead_letter_to_json(letter)) == letter


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("[]", "a dead letter must be an object"),
        ('{"stage": "x"}', "a dead letter must have reason, message, element_type, element, feed, url, attempts, time"),
        (
            dead_letter_to_json(LETTER).replace(":3,", ':"3",'),
            "dead letter.attempts must be a 64-bit integer, not string",
        ),
        (dead_letter_to_json(LETTER).replace('{"url"', '{"x":1e999,"url"'), "dead letter.element: "),
    ],
)
def test_a_damaged_dead_letter_is_named(line: str, message: str) -> None:
    with pytest.raises(IngestError, match="^" + re.escape(f"bad_element: {message}")):
        dead_letter_from_json(line)


def test_the_arrow_schema_is_nested() -> None:
    schema = arrow_schema()
    assert schema.names == list(load_schema()["properties"])
    assert schema.field("published_at").type == pa.timestamp("us", tz="UTC")
    assert schema.field("published_at").nullable
    assert not schema.field("fetched_at").nullable
    assert schema.field("authors").type == pa.list_(pa.field("element", pa.string(), nullable=False))
    statement = schema.field("statements").type.value_type
    assert statement.field("cue").type.field("start").type == pa.int64()
    assert statement.field("cue").nullable
    assert not statement.field("content").nullable
    assert statement.field("anonymous").type == pa.bool_()
    assert schema.field("language_score").type == pa.float64()


def test_a_table_of_no_records_has_the_schema() -> None:
    assert records_to_table([]).schema == arrow_schema()
