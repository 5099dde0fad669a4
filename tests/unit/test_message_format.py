"""Messages: what an entry's may say, what a record's holds, and what is too large."""

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.records import make_record
from transforms.elements import Entry
from transforms.errors import IngestError
from transforms.json_values import parse_time
from transforms.message_format import (
    MAX_DATA_BYTES,
    Topic,
    entry_to_message,
    parse_entry_message,
    record_to_message,
)
from transforms.record_format import SCHEMA_VERSION, record_to_json

FEED = "pubsub:projects/news-123/subscriptions/entries"
TOPIC = Topic("projects/news-123/topics/t-1")
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp", "Cf", "Cn", "Co"]), min_size=1)


def read(value):
    return parse_entry_message(value if isinstance(value, str) else json.dumps(value), FEED)


def test_a_bare_url():
    url = "https://news.example/ar/1"
    assert read(f"  {url}?utm_source=x\n") == Entry(url=url, link=f"{url}?utm_source=x", feed_url=FEED)


def test_an_entry_as_others_write_it():
    entry = read({
        "url": "https://NEWS.example/ar/1#top",
        "feed_url": "https://news.example/rss",
        "title": " عنوان \n الخبر ",
        "published_at": "2026-01-31T11:00:00+03:00",
        "priority": 3,
    })  # fmt: skip
    assert entry == Entry(
        url="https://news.example/ar/1",
        link="https://NEWS.example/ar/1#top",
        feed_url="https://news.example/rss",
        title="عنوان الخبر",
        published_us=parse_time("2026-01-31T08:00:00Z"),
    )


def test_nulls_are_as_if_left_out():
    given = dict.fromkeys(("feed_url", "title", "published_at", "summary", "authors", "link", "fingerprint"))
    assert read({"url": "http://a.example/1", **given}) == read("http://a.example/1")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "hello",
        "ftp://a.example/x",
        "http://a.example/1 http://a.example/2",
        "http://a.example/\\xff",
        "[]",
        '"http://a.example/1"',
        "{",
        "{}",
        '{"url": null}',
        '{"url": 3}',
        '{"url": "no url"}',
        '{"url": "http://a.example/1", "title": 3}',
        '{"url": "http://a.example/1", "published_at": "yesterday"}',
        '{"url": "http://a.example/1", "published_at": "2026-01-31T08:00:00"}',
        '{"url": "http://a.example/1", "published_at": 1700000000}',
        '{"url": "http://a.example/1", "feed_url": "feed"}',
        '{"url": "http://a.example/1", "link": "http://a.example/2"}',
        '{"url": "http://a.example/1", "authors": "x"}',
        "{" * 100_000,
    ],
)
def test_what_holds_no_entry(text):
    with pytest.raises(IngestError) as caught:
        read(text)
    assert caught.value.reason == "bad_element"
    assert caught.value.detail


@given(st.text(max_size=60) | st.from_regex(r'\{"url": "http.{0,30}"\}'))
def test_any_text_is_an_entry_or_refused(text):
    reason = ""
    try:
        reason = "" if parse_entry_message(text, FEED).url.startswith("http") else "no web page"
    except IngestError as error:
        reason = error.reason
    assert reason in ("", "bad_element")


@given(
    st.builds(
        Entry,
        url=st.just("https://news.example/ar/1?a=1"),
        link=st.sampled_from(["https://news.example/ar/1?a=1", "https://news.example/ar/1?a=1&utm_medium=rss#x"]),
        feed_url=st.just("https://news.example/rss"),
        source=TEXTS | st.just(""),
        title=st.none() | TEXTS,
        summary=st.none() | TEXTS,
        published_us=st.none() | st.integers(0, 2**51),
        authors=st.lists(TEXTS, max_size=2),
        fingerprint=st.text("0123456789abcdef", max_size=32),
        earliest_us=st.none() | st.integers(0, 2**51),
        latest_us=st.none() | st.integers(0, 2**51),
    )
)
def test_an_entry_comes_back_whole(entry):
    message = entry_to_message(entry, TOPIC)
    assert parse_entry_message(message.data.decode(), FEED) == entry
    assert message.ordering_key == ""
    assert entry_to_message(entry, dataclasses.replace(TOPIC, ordering_key="feed_url")).ordering_key == entry.feed_url


def test_a_record_as_a_message():
    record = make_record("قال الوزير سالم إن الحكومة ترفض هدنة جديدة.")
    message = record_to_message(record, TOPIC)
    assert message.data.decode() == record_to_json(record)
    assert message.ordering_key == ""
    assert message.attributes == {
        "record_id": record.record_id,
        "schema_version": SCHEMA_VERSION,
        "language": "ar",
        "has_ceasefire": "true",
    }
    assert record_to_message(make_record("كلام"), TOPIC).attributes["has_ceasefire"] == "false"
    for key in ("record_id", "feed_url"):
        keyed = record_to_message(record, dataclasses.replace(TOPIC, ordering_key=key))
        assert keyed.ordering_key == getattr(record, key)


def test_what_is_too_large():
    record = make_record("كلام")
    data = len(record_to_json(record).encode())
    fits = dataclasses.replace(record, body=record.body + "x" * (MAX_DATA_BYTES - data))
    assert len(record_to_message(fits, TOPIC).data) == MAX_DATA_BYTES
    by_feed = dataclasses.replace(TOPIC, ordering_key="feed_url")
    for larger, topic in (
        (dataclasses.replace(fits, body=fits.body + "x"), TOPIC),
        (dataclasses.replace(record, language="x" * 1025), TOPIC),
        (dataclasses.replace(record, feed_url="https://a.example/" + "x" * 1024), by_feed),
    ):
        with pytest.raises(IngestError) as caught:
            record_to_message(larger, topic)
        assert caught.value.reason == "too_large"
