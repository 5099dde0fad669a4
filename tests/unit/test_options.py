"""Options become a configuration, or one message that names every fault."""

import argparse
from datetime import UTC, datetime

import pytest

from pipeline.engine import beam_options
from pipeline.options import make_config, parse_since
from pipeline.run import make_parser
from transforms.errors import InputError
from transforms.file_formats import FileSink

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def config(*flags):
    return make_config(make_parser().parse_args(flags), now=NOW)


def test_defaults_are_those_of_the_help():
    made = config()
    assert made.http.host_concurrency == 2
    assert made.http.host_pause == 0.5
    assert made.http.request_deadline == 30
    assert made.http.max_bytes == 10 * 1024 * 1024
    assert made.http.allow_networks == ()
    assert made.languages == ("ar",)
    assert made.state == made.output + "/state"
    assert made.sinks == (FileSink("jsonl", made.output + "/records"),)


def test_addresses_with_a_scheme_stay_as_they_are():
    made = config("--output", "gs://bucket/news", "--sink", "parquet:gs://bucket/table")
    assert made.output == "gs://bucket/news"
    assert made.state == "gs://bucket/news/state"
    assert made.sinks == (FileSink("parquet", "gs://bucket/table"),)


@pytest.mark.parametrize(
    "flags",
    [
        ["--since", "yesterday"],
        ["--languages", "arabic!"],
        ["--languages", " , "],
        ["--sink", "kafka:topic"],
        ["--sink", "jsonl:"],
        ["--sink", "jsonl:a", "--sink", "jsonl:a"],
        ["--sink", "pubsub:projects/news/topics/t"],
        ["--source", "pubsub:projects/news/topics/records"],
        ["--max_messages", "0"],
        ["--source_wait", "0"],
        ["--allow_networks", "127.0.0.1/4"],
        ["--host_concurrency", "0"],
        ["--host_pause", "-1"],
        ["--request_deadline", "0"],
        ["--request_deadline", "nan"],
        ["--max_bytes", "0"],
        ["--workers", "-1"],
        ["--page_deadline", "-3"],
        ["--state_days", "0"],
        ["--user_agent", "a\nb"],
        ["--output", ""],
    ],
)
def test_a_fault_is_named(flags):
    with pytest.raises(InputError, match=flags[0]):
        config(*flags)


def test_all_faults_are_named_at_once():
    with pytest.raises(InputError) as caught:
        config("--since", "x", "--sink", "y", "--max_bytes", "-1")
    assert all(name in str(caught.value) for name in ("--since", "--sink", "--max_bytes"))


def test_since_takes_dates_times_and_ages():
    day = 86_400_000_000
    now = int(NOW.timestamp() * 1e6)
    assert parse_since("7d", NOW) == now - 7 * day
    assert parse_since("12h", NOW) == now - day // 2
    assert parse_since("2026-02-28", NOW) == now - day
    assert parse_since("2026-02-28T03:00:00+03:00", NOW) == now - day


def test_flags_that_nobody_knows_are_refused_and_beams_own_pass():
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--feeds")
    options = beam_options(["--runner=FnApiRunner", "--job_name=news"], parser)
    assert options.get_all_options()["job_name"] == "news"
    with pytest.raises(InputError, match="--feed: no such option; did you mean --feeds"):
        beam_options(["--feed"], parser)
