"""`rasid poll`: feeds in, their new entries out as messages: the small scheduled job that feeds other runs."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import apache_beam as beam

from pipeline.engine import beam_options
from pipeline.feeds import load_feeds
from pipeline.options import (
    HelpFormatter,
    IngestConfig,
    add_feed_arguments,
    add_output_arguments,
    add_web_arguments,
    add_work_arguments,
    default_feed_list,
    make_config,
    with_defaults,
)
from pipeline.reading import read_address
from pipeline.run import execute
from pipeline.sources import Sources
from transforms import (
    coders,  # noqa: F401 - registers the elements' coders
    files,
)
from transforms.commit_run import CommitRun
from transforms.drop_seen import DropSeen
from transforms.elements import Feed
from transforms.errors import InputError
from transforms.message_format import Topic
from transforms.publish_entries import PublishEntries
from transforms.read_feeds import ReadFeeds
from transforms.steps import DEAD_LETTERS, Outcomes
from transforms.write_records import WriteDeadLetters


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="rasid poll",
        description="Reads feeds once and publishes the entries that are new, each as a message that `rasid run "
        "--source` reads. It has a state of its own, OUTPUT/poll_state, since what it has published is still to be "
        "read. A poll that is killed publishes again what it had not committed.",
        formatter_class=HelpFormatter,
        allow_abbrev=False,
    )
    add_feed_arguments(parser.add_argument_group("what to read"))
    add_output_arguments(
        parser,
        state="OUTPUT/poll_state",
        sink="where entries go: pubsub:projects/P/topics/T[?ordering_key=feed_url]; needed, may be repeated",
        pages=False,
    )
    add_web_arguments(parser)
    add_work_arguments(parser)
    args, rest = parser.parse_known_args(argv)
    options = beam_options(rest, parser)
    args.state = args.state or f"{args.output.rstrip('/')}/poll_state"
    config = make_config(with_defaults(args))
    check_sinks(config, args.sink)
    feeds = load_feeds(args.feeds or default_feed_list(), lambda path: read_address(path, config.http))
    return execute(config, Sources(feeds=feeds), options, add_transforms=build_poll)


def check_sinks(config: IngestConfig, addresses: Sequence[str]) -> None:
    """Raises InputError for a sink that takes no entries, or where none is named."""
    if not addresses:
        raise InputError("--sink: name the topic, as in --sink pubsub:projects/P/topics/T")
    for address, sink in zip(addresses, config.sinks, strict=True):
        if not isinstance(sink, Topic):
            raise InputError(f"--sink {address!r}: entries go to pubsub:projects/P/topics/T")
        if sink.ordering_key == "record_id":
            raise InputError(f"--sink {address!r}: an entry has no record_id yet; ?ordering_key=feed_url")


def build_poll(pipeline: beam.Pipeline, config: IngestConfig, sources: Sources, run_id: str) -> None:
    """ReadFeeds, DropSeen, PublishEntries; entries count as seen once they are published."""
    outcomes = Outcomes()
    feeds = pipeline | "CreateFeeds" >> beam.Create(list(sources.feeds), reshuffle=False).with_output_types(Feed)
    entries = (
        feeds
        | ReadFeeds(
            http=config.http,
            state=config.state,
            run_id=run_id,
            since_us=config.since_us,
            max_items=config.max_items_per_feed,
            processes=config.workers,
            deadline=config.page_deadline,
            outcomes=outcomes,
        )
        | DropSeen(state=config.state, run_id=run_id, outcomes=outcomes)
    )
    for i, sink in enumerate(config.sinks):
        if isinstance(sink, Topic):
            _ = entries | f"PublishEntries{i}" >> PublishEntries(topic=sink, outcomes=outcomes)
    dead_letters = outcomes.all_of(DEAD_LETTERS, "AllDeadLetters") | WriteDeadLetters(
        folder=files.join(config.output, "dead_letters"), run_id=run_id, file_bytes=config.file_bytes
    )
    _ = dead_letters | CommitRun(
        output=config.output,
        state=config.state,
        run_id=run_id,
        summary=run_id,
        keep_us=config.state_keep_us,
        polling=config.polling,
        outcomes=outcomes,
    )
