"""The pipeline: one expression, for every mode."""

from __future__ import annotations

from typing import Any

import apache_beam as beam

from pipeline.options import IngestConfig
from pipeline.sources import Sources
from transforms import (
    coders,  # noqa: F401 - registers the elements' coders
    files,
)
from transforms.commit_run import CommitRun
from transforms.drop_seen import DropSeen
from transforms.elements import Article, Entry, Feed, Message, Record
from transforms.extract_articles import ExtractArticles
from transforms.fetch_pages import FetchPages
from transforms.keep_new_records import KeepNewRecords
from transforms.message_format import Topic
from transforms.publish_records import PublishRecords
from transforms.read_documents import ReadDocuments
from transforms.read_feeds import ReadFeeds
from transforms.read_messages import ReadMessages
from transforms.steps import DEAD_LETTERS, Outcomes
from transforms.tag_articles import TagArticles
from transforms.web_steps import Patience
from transforms.write_records import WriteDeadLetters, WriteRecords


def build(
    pipeline: beam.Pipeline,
    config: IngestConfig,
    sources: Sources,
    run_id: str,
    *,
    summary: str = "",
    patience: Patience | None = None,
) -> None:
    """Adds the whole flow to the pipeline; elements of `sources` join it where they fit.

    `summary` names the summary that the run adds to, by default its own; `patience` as for FetchPages.
    """
    outcomes = Outcomes()
    run: dict[str, Any] = {"state": config.state, "run_id": run_id, "outcomes": outcomes}
    cpu: dict[str, Any] = {"processes": config.workers, "outcomes": outcomes}

    listed = _create(pipeline, "Feeds", sources.feeds, Feed) | ReadFeeds(
        http=config.http,
        patience=patience,
        since_us=config.since_us,
        max_items=config.max_items_per_feed,
        processes=config.workers,
        deadline=config.page_deadline,
        **run,
    )
    if sources.messages:
        pushed = _create(pipeline, "Messages", sources.messages, Message) | ReadMessages(outcomes=outcomes)
        listed = (listed, pushed) | "JoinMessages" >> beam.Flatten()
    entries = listed | DropSeen(**run)
    articles = (
        _join(pipeline, "Entries", entries, sources.entries, Entry)
        | FetchPages(http=config.http, patience=patience, **run)
        | ExtractArticles(languages=config.languages, deadline=config.page_deadline, **cpu)
    )
    if sources.documents:  # a Flatten breaks fusion, so there is none where there is nothing to join
        documents = _create(pipeline, "Documents", sources.documents, Entry) | ReadDocuments(
            languages=config.languages, outcomes=outcomes
        )
        articles = (articles, documents) | "JoinDocuments" >> beam.Flatten()
    records = (
        _join(pipeline, "Articles", articles, sources.articles, Article)
        | TagArticles(deadline=config.page_deadline, **cpu)
        | KeepNewRecords(**run)
    )
    records = _join(pipeline, "Records", records, sources.records, Record)
    staged = []
    for i, sink in enumerate(config.sinks):
        if isinstance(sink, Topic):
            _ = records | f"PublishRecords{i}" >> PublishRecords(topic=sink, outcomes=outcomes)
        else:
            staged.append(
                records | f"WriteRecords{i}" >> WriteRecords(sink=sink, run_id=run_id, file_bytes=config.file_bytes)
            )
    staged.append(
        outcomes.all_of(DEAD_LETTERS, "AllDeadLetters")
        | WriteDeadLetters(
            folder=files.join(config.output, "dead_letters"), run_id=run_id, file_bytes=config.file_bytes
        )
    )
    _ = (
        staged
        | "AllStagedFiles" >> beam.Flatten()
        | CommitRun(
            output=config.output,
            state=config.state,
            run_id=run_id,
            summary=summary or run_id,
            keep_us=config.state_keep_us,
            polling=config.polling,
            outcomes=outcomes,
        )
    )


def _create(pipeline: beam.Pipeline, label: str, elements: Any, kind: type) -> Any:
    return pipeline | f"Create{label}" >> beam.Create(list(elements), reshuffle=False).with_output_types(kind)


def _join(pipeline: beam.Pipeline, label: str, flow: Any, elements: Any, kind: type) -> Any:
    """The flow, with the given elements (of a replay, say) joined where there are any."""
    if not elements:
        return flow
    return (flow, _create(pipeline, label, elements, kind)) | f"Join{label}" >> beam.Flatten()
