"""Pub/Sub's messages: what they hold, how large they may be, where they come from and go to. No Beam.

A message that comes in holds an entry as a JSON object, or a bare URL:
    {"url", "link", "feed_url", "source", "title", "summary", "published_at", "authors", "fingerprint", ...}
All keys but `url` may be missing or null; times are RFC 3339. `fingerprint` is any text that changes when the article
is corrected: with another one the same URL is read again. Unknown keys are ignored.
A message that goes out holds a record's JSON line, or an entry as above.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from transforms.elements import Entry, Record
from transforms.errors import IngestError
from transforms.json_values import decode_json, encode_json, format_time, make_decoder, to_json_object
from transforms.record_format import SCHEMA_VERSION, record_to_json
from transforms.web.text import plain_line, strip_controls
from transforms.web.urls import clean_url, resolve_url

# The service's limits: https://cloud.google.com/pubsub/quotas#resource_limits
MAX_DATA_BYTES: Final = 10_000_000
MAX_ATTRIBUTE_BYTES: Final = 1024
MAX_ORDERING_KEY_BYTES: Final = 1024
ORDERING_KEYS: Final = ("record_id", "feed_url")

_BARE_URL: Final = re.compile(r"https?://[^\s\\]+", re.IGNORECASE)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Subscription:
    """Where messages come from: `projects/P/subscriptions/S`."""

    name: str

    @property
    def address(self) -> str:
        return f"pubsub:{self.name}"


@dataclass(frozen=True)
class Topic:
    """Where messages go: `projects/P/topics/T`; `ordering_key` is one of ORDERING_KEYS, or empty for none."""

    name: str
    ordering_key: str = ""


@dataclass(frozen=True)
class OutgoingMessage:
    """A message to publish; an empty ordering key is none."""

    data: bytes
    attributes: Mapping[str, str] = field(default_factory=dict)
    ordering_key: str = ""


def parse_entry_message(data: str, feed_url: str) -> Entry:
    """The entry that a message holds; `feed_url` is that of one that names none. Raises IngestError("bad_element")."""
    text = data.strip()
    value = decode_json(text) if text.startswith("{") else {"url": text}
    if not text.startswith("{") and not _BARE_URL.fullmatch(text):
        raise IngestError("bad_element", f"message: neither a JSON object nor a bare URL: {text[:80]!r}")
    given = {key: each for key, each in value.items() if each is not None}
    if isinstance(given.get("published_at"), str):
        given["published_at"] = _normalise_time(given["published_at"])
    defaults = {"link": given.get("url"), "feed_url": feed_url}
    entry: Entry = make_decoder(Entry)({**defaults, **given}, "message")
    try:
        link = resolve_url(entry.link)
        url = clean_url(link)
        if clean_url(entry.url) != url:
            raise IngestError("bad_url", "url and link lead to different pages")
        if "feed_url" in given:
            resolve_url(entry.feed_url)
    except IngestError as error:
        raise IngestError("bad_element", f"message: {error.detail}") from error
    return dataclasses.replace(
        entry,
        url=url,
        link=link,
        source=plain_line(entry.source),
        title=plain_line(entry.title or "") or None,
        summary=strip_controls(entry.summary or "").strip() or None,
        authors=tuple(name for each in entry.authors if (name := plain_line(each))),
    )


def entry_to_message(entry: Entry, topic: Topic) -> OutgoingMessage:
    """The message that `parse_entry_message` reads. Raises IngestError("too_large")."""
    given = {key: value for key, value in to_json_object(entry).items() if value not in (None, "", ())}
    key = entry.feed_url if topic.ordering_key == "feed_url" else ""
    return _check_size(OutgoingMessage(encode_json(given).encode(), ordering_key=key))


def record_to_message(record: Record, topic: Topic) -> OutgoingMessage:
    """The record's JSON line, with what a subscription's filter can ask for. Raises IngestError("too_large")."""
    attributes = {
        "record_id": record.record_id,
        "schema_version": SCHEMA_VERSION,
        "language": record.language,
        "has_ceasefire": "true" if record.ceasefire_mentions else "false",
    }
    key = str(getattr(record, topic.ordering_key)) if topic.ordering_key else ""
    return _check_size(OutgoingMessage(record_to_json(record).encode(), attributes, key))


def _check_size(message: OutgoingMessage) -> OutgoingMessage:
    if len(message.data) > MAX_DATA_BYTES:
        raise IngestError("too_large", f"{len(message.data)} bytes; Pub/Sub takes {MAX_DATA_BYTES}")
    for name, value in message.attributes.items():
        if len(value.encode()) > MAX_ATTRIBUTE_BYTES:
            raise IngestError("too_large", f"the attribute {name} has more than {MAX_ATTRIBUTE_BYTES} bytes")
    if len(message.ordering_key.encode()) > MAX_ORDERING_KEY_BYTES:
        raise IngestError("too_large", f"the ordering key has more than {MAX_ORDERING_KEY_BYTES} bytes")
    return message


def _normalise_time(text: str) -> Any:
    """An RFC 3339 time in UTC, as records have it; what is none is left to the decoder, which refuses it."""
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            return text
        return format_time((moment - _EPOCH) // timedelta(microseconds=1))
    except (ValueError, OverflowError):
        return text
