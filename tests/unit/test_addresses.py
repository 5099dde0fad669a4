"""Addresses of sources and sinks: what they name, and what is said of one that names nothing."""

import pytest

from pipeline.addresses import parse_sink, parse_source
from pipeline.options import make_config, with_defaults
from pipeline.poll import check_sinks
from pipeline.run import make_parser
from transforms.errors import InputError
from transforms.file_formats import FileSink
from transforms.message_format import Subscription, Topic

TOPIC = "projects/news-123/topics/records"


@pytest.mark.parametrize(
    ("address", "sink"),
    [
        ("jsonl:/data/out", FileSink("jsonl", "/data/out")),
        ("parquet:gs://bucket/table", FileSink("parquet", "gs://bucket/table")),
        (f"pubsub:{TOPIC}", Topic(TOPIC)),
        (f"pubsub:{TOPIC}?ordering_key=feed_url", Topic(TOPIC, "feed_url")),
        (f"pubsub:{TOPIC}?ordering_key=record_id", Topic(TOPIC, "record_id")),
        ("pubsub:projects/example.com:news/topics/a.b_c", Topic("projects/example.com:news/topics/a.b_c")),
    ],
)
def test_sinks(address, sink):
    assert parse_sink(address) == sink


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("kafka:topic", "jsonl:DIR or parquet:DIR or pubsub:projects/P/topics/T"),
        ("jsonl:", "jsonl:DIR"),
        ("pubsub", "pubsub:projects/P/topics/T"),
        ("pubsub:records", "pubsub:projects/P/topics/T"),
        ("pubsub:projects/news-123/subscriptions/s-1", "pubsub:projects/P/topics/T"),
        (f"pubsub:{TOPIC}/more", "pubsub:projects/P/topics/T"),
        (f"pubsub:{TOPIC} ", "pubsub:projects/P/topics/T"),
        (f"pubsub:{TOPIC}?ordering_key=title", "record_id or feed_url"),
        (f"pubsub:{TOPIC}?order=feed_url", "ordering_key"),
    ],
)
def test_what_is_no_sink(address, said):
    with pytest.raises(ValueError, match=said.replace("?", r"\?")):
        parse_sink(address)


def test_sources():
    name = "projects/news-123/subscriptions/entries"
    source = parse_source(f"pubsub:{name}")
    assert source == Subscription(name)
    assert source.address == f"pubsub:{name}"
    for wrong in (name, f"pubsub:{TOPIC}", "pubsub:", f"jsonl:{name}"):
        with pytest.raises(ValueError, match="projects/P/subscriptions/S"):
            parse_source(wrong)


@pytest.mark.parametrize(
    "addresses", [[], ["jsonl:out"], [f"pubsub:{TOPIC}", "parquet:out"], [f"pubsub:{TOPIC}?ordering_key=record_id"]]
)
def test_entries_go_to_topics_alone(addresses):
    config = make_config(with_defaults(make_parser().parse_args([f"--sink={each}" for each in addresses])))
    with pytest.raises(InputError, match="--sink"):
        check_sinks(config, addresses)
