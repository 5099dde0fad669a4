"""Records, tags, elements and dead letters as JSON. `record.schema.json` is the definition. No Beam."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft202012Validator

from transforms.elements import (
    Article,
    CeasefireMention,
    DeadLetter,
    Entry,
    Feed,
    FetchedFeed,
    Message,
    Page,
    Record,
    Statement,
)
from transforms.errors import IngestError
from transforms.json_values import decode_json, encode_json, make_decoder, parse_time, to_json_object

SCHEMA_VERSION: Final = "1.1"
_MAJOR: Final = SCHEMA_VERSION.split(".")[0] + "."
_INTERNAL: Final = ("entry_url", "fingerprint")  # of a Record: for the state, not for readers
_IN_FLIGHT: Final = ("text_signature",)  # of a Record: between two stages only
_ELEMENT_TYPES: Final[dict[str, type]] = {cls.__name__: cls for cls in (Feed, Message, Entry, Article, Record)}

# The keys of a dead letter in JSON, and of its fields.
_LETTER_KEYS: Final = {
    "stage": "stage", "reason": "reason", "message": "message", "element_type": "element_type", "element": "element",
    "feed": "feed_url", "url": "url", "attempts": "attempts", "time": "failed_at",
}  # fmt: skip

Held = Feed | Message | Entry | Article | Record
Element = Held | FetchedFeed | Page


@cache
def load_schema() -> dict[str, Any]:
    """The JSON Schema of a record."""
    schema: dict[str, Any] = json.loads(Path(__file__).with_name("record.schema.json").read_text(encoding="utf-8"))
    return schema


def record_to_json(record: Record) -> str:
    """The record as readers get it: one line, keys in the order of the schema."""
    return encode_json(_record_object(record))


def record_from_json(line: str | bytes) -> Record:
    """The record that a line holds, written by this or an earlier version. Raises IngestError("bad_element")."""
    return _decode_record(decode_json(line))


def tags_to_json(
    article_id: Any, statements: Sequence[Statement], ceasefire_mentions: Sequence[CeasefireMention]
) -> str:
    """The tags of a text as one line, under the keys that a record has; `article_id` is any JSON value."""
    return encode_json({"id": article_id, "statements": statements, "ceasefire_mentions": ceasefire_mentions})


def validate_record(record: dict[str, Any]) -> list[str]:
    """The faults of a record as read from JSON, each with its place; empty where it keeps the contract.

    Beyond the schema it checks what a schema cannot say: that times exist and that spans and indices point right.
    """
    faults = [
        f"{error.json_path}: {error.message[:200]}" for error in _validator().iter_errors(record)
    ]  # json_path names the place, the message repeats the value, which may be a whole body
    return faults or [*_time_faults(record), *_tag_faults(record)]


def element_type(element: Element) -> str:
    """The type's name under which `element_to_json` holds an element."""
    return type(_held(element)).__name__


def element_to_json(element: Element) -> str:
    """An element as one line of JSON, times as in records. A page is held as its entry, a feed's answer as its feed:
    bytes are asked for again.
    """
    held = _held(element)
    if isinstance(held, Record):
        return encode_json(_record_object(held) | {name: getattr(held, name) for name in _INTERNAL})
    return encode_json(to_json_object(held))


def element_from_json(element_type: str, text: str | bytes) -> Held:
    """The element that a dead letter or a message holds. Raises IngestError("bad_element")."""
    cls = _ELEMENT_TYPES.get(element_type)
    if cls is None:
        known = ", ".join(_ELEMENT_TYPES)
        raise IngestError("bad_element", f"unknown element type {element_type[:40]!r}; known are {known}")
    value = decode_json(text)
    element: Held = _decode_record(value) if cls is Record else make_decoder(cls)(value, element_type)
    return element


def dead_letter_to_json(letter: DeadLetter) -> str:
    """The dead letter as one line. Its element is an object; text that is no JSON object stays a string."""
    values = to_json_object(letter)
    values["element"] = _embed(letter.element)
    return encode_json({key: values[name] for key, name in _LETTER_KEYS.items()})


def dead_letter_from_json(line: str | bytes) -> DeadLetter:
    """The dead letter that a line holds. Raises IngestError("bad_element")."""
    value = decode_json(line)
    if not isinstance(value, dict):
        raise IngestError("bad_element", "a dead letter must be an object")
    missing = [key for key in _LETTER_KEYS if key not in value]
    if missing:
        raise IngestError("bad_element", f"a dead letter must have {', '.join(missing)}")
    renamed = {attribute: value[key] for key, attribute in _LETTER_KEYS.items()}
    if isinstance(renamed["element"], dict):
        renamed["element"] = _encode_decoded(renamed["element"])
    letter: DeadLetter = make_decoder(DeadLetter)(renamed, "dead letter")
    return letter


def _record_object(record: Record) -> dict[str, Any]:
    values = to_json_object(record)
    for name in (*_INTERNAL, *_IN_FLIGHT):
        del values[name]
    return {"schema_version": SCHEMA_VERSION, **values}


def _decode_record(value: Any) -> Record:
    record: Record = make_decoder(Record)(value, "record")
    version = value.get("schema_version")
    if not isinstance(version, str) or not version.startswith(_MAJOR):
        raise IngestError("bad_element", f"record.schema_version must be {_MAJOR}x")
    return record


def _held(element: Element) -> Held:
    if isinstance(element, Page):
        return element.entry
    if isinstance(element, FetchedFeed):
        return element.feed
    return element


def _embed(element: str) -> Any:
    try:
        value = decode_json(element)
        if isinstance(value, dict):
            _encode_decoded(value)
            return value
    except IngestError:
        pass  # a message that could not be read is kept as it came
    return element


def _encode_decoded(value: Any) -> str:
    try:
        return encode_json(value)
    except (ValueError, RecursionError) as error:  # 1e999 decodes, but encodes to no JSON
        raise IngestError("bad_element", f"dead letter.element: {error}"[:200]) from None


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(load_schema())


def _time_faults(record: dict[str, Any]) -> list[str]:
    faults = []
    for key in ("published_at", "fetched_at"):
        try:
            if record[key] is not None:
                parse_time(record[key])
        except ValueError as error:
            faults.append(f"$.{key}: {error}")
    if (record["published_at"] is None) != (record["published_from"] is None):
        faults.append("$.published_from: must be null exactly where published_at is")
    return faults


def _tag_faults(record: dict[str, Any]) -> list[str]:
    faults = []
    count = len(record["statements"])
    for group, link in (("statements", "parent"), ("ceasefire_mentions", "statement")):
        for i, tag in enumerate(record[group]):
            path = f"$.{group}[{i}]"
            if tag[link] is not None and (tag[link] >= count or (link == "parent" and tag[link] == i)):
                faults.append(f"{path}.{link}: {tag[link]} is no other statement's index")
            text = record[tag["field"]]
            spans = {key: value for key, value in tag.items() if isinstance(value, dict)}
            spans |= {f"parties[{n}]": span for n, span in enumerate(tag.get("parties", ()))}
            faults += [
                f"{path}.{key}: the span is not what stands there"
                for key, span in spans.items()
                if text[span["start"] : span["end"]] != span["text"] or span["start"] > span["end"]
            ]
    return faults
