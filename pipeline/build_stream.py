"""The pipeline that runs for ever on an engine with state and timers: the same line as build.py's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import apache_beam as beam

from pipeline.options import IngestConfig
from pipeline.record_sinks import storing
from transforms import (
    coders,  # noqa: F401 - registers the elements' coders
    files,
)
from transforms.elements import Feed
from transforms.extract_articles import ExtractArticles
from transforms.file_formats import FileSink
from transforms.pull_messages import PullMessages
from transforms.read_messages import ReadMessages
from transforms.steps import DEAD_LETTERS, Outcomes
from transforms.streaming.drop_seen import DropSeen
from transforms.streaming.fetch_pages import FetchPages
from transforms.streaming.keep_new_records import KeepNewRecords
from transforms.streaming.list_feeds import ListFeeds
from transforms.streaming.mark_duplicates import MarkDuplicates
from transforms.streaming.poll_feeds import PollFeeds
from transforms.streaming.write_records import WriteDeadLetters, WriteRecords
from transforms.streaming.write_summaries import WriteSummaries
from transforms.tag_articles import TagArticles

LIST_EVERY_S = 30.0
FILES_A_SUMMARY = 6


def build_stream(
    pipeline: beam.Pipeline, config: IngestConfig, load_feeds: Callable[[], Sequence[Feed]] | None, run_id: str
) -> None:
    """Adds the whole flow to the pipeline; `load_feeds` as for ListFeeds, None where --source is all there is.

    A summary covers the time of FILES_A_SUMMARY files. `config.state` is not used: the engine keeps the state.
    """
    outcomes = Outcomes()
    cpu: dict[str, Any] = {"processes": config.workers, "deadline": config.page_deadline, "outcomes": outcomes}
    web: dict[str, Any] = {"http": config.http, "outcomes": outcomes}
    memory: dict[str, Any] = {"keep_us": config.state_keep_us, "outcomes": outcomes}
    closing: dict[str, Any] = {"run_id": run_id, "seconds": config.file_seconds, "file_bytes": config.file_bytes}

    entries = []
    if load_feeds is not None:
        feeds = pipeline | ListFeeds(load=load_feeds, seconds=min(LIST_EVERY_S, config.polling.shortest_s))
        listing: dict[str, Any] = {"since_us": config.since_us, "max_items": config.max_items_per_feed}
        entries.append(feeds | PollFeeds(http=config.http, polling=config.polling, **listing, **cpu))
    if config.source is not None:
        entries.append(pipeline | PullMessages(config.source) | ReadMessages(outcomes=outcomes))
    records = (
        entries
        | "AllEntries" >> beam.Flatten()
        | DropSeen(**memory)
        | FetchPages(retry_s=config.polling.shortest_s, **web)
        | ExtractArticles(languages=config.languages, **cpu)
        | TagArticles(sign=bool(config.duplicate_us), **cpu)
        | KeepNewRecords(**memory)
    )
    if config.duplicate_us:
        records = records | MarkDuplicates(window_us=config.duplicate_us, outcomes=outcomes)
    written = []
    for i, sink in enumerate(config.sinks):
        if isinstance(sink, FileSink):
            written.append(records | f"WriteRecords{i}" >> WriteRecords(sink=sink, **closing))
        else:
            step = storing(sink, config, run_id, outcomes)
            _ = records | f"{step.label}{i}" >> step
    dead_letters = outcomes.all_of(DEAD_LETTERS, "AllDeadLetters")
    written.append(dead_letters | WriteDeadLetters(folder=files.join(config.output, "dead_letters"), **closing))
    _ = (
        written
        | "AllFiles" >> beam.Flatten()
        | WriteSummaries(
            output=config.output, run_id=run_id, seconds=FILES_A_SUMMARY * config.file_seconds, outcomes=outcomes
        )
    )
