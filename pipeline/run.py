"""`rasid run`: feeds and documents in, enriched records out, once."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import gc
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from apache_beam.options.pipeline_options import PipelineOptions

from pipeline.addresses import absolute_path
from pipeline.display import show_progress, show_summary
from pipeline.engine import beam_options, runs_here
from pipeline.feed_list import FeedList
from pipeline.feeds import load_feeds
from pipeline.inbox import Inbox
from pipeline.launch import begin, new_run_id, read_summary, run_graph, stop_on_signals, tell_lost_elements
from pipeline.options import HelpFormatter, IngestConfig, add_arguments, default_feed_list, make_config
from pipeline.reading import read_address
from pipeline.remote import check_remote, is_template, on_dataflow
from pipeline.sources import Sources
from pipeline.stream import stream
from pipeline.submit import submit_stream
from transforms import files
from transforms.commit import recover
from transforms.elements import Entry, Feed
from transforms.errors import IngestError, InputError
from transforms.lexicons import check_lexicons
from transforms.metrics import PROGRESS
from transforms.warc_format import check_archive
from transforms.work import document_entry, read_document

LOG = logging.getLogger(__name__)
OK, NOTHING_READ = 0, 1


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="rasid run",
        description="Reads feeds once and writes what is new as records; run it again, by hand or by a scheduler, "
        "for more.",
        epilog="Beam's own options (--runner, --temp_location, ...) pass through. Exit code: 0 done; 1 nothing could "
        "be read, or something failed unexpectedly; 2 a bad option, list, document or lexicon, or another run has the "
        "state.",
        formatter_class=HelpFormatter,
        allow_abbrev=False,
    )
    add_arguments(parser)
    return parser


def main(argv: Sequence[str]) -> int:
    parser = make_parser()
    args, rest = parser.parse_known_args(argv)
    options = beam_options(rest, parser)
    config = make_config(args)
    check_remote(options, config, documents=args.documents or "", feeds=args.feeds or "", warcs=args.warc)
    check_lexicons()
    gc.freeze()  # 220,000 imported objects are not looked through again; done again, it would keep garbage
    if config.streaming and not runs_here(options):
        if config.archive:
            raise InputError(
                "--archive: not with the streaming graph; a scheduled run, or --streaming here, keeps pages"
            )
        return submit_stream(config, args.feeds or (None if args.source else ""), options)
    if config.streaming:
        address = args.feeds or ("" if args.source else default_feed_list())
        return stream(config, FeedList(address, feed_loader(config)), options)
    sources = find_sources(args, config)
    if config.source is None:
        return execute(config, sources, options)
    with Inbox(config.source) as inbox:
        messages = inbox.take(config.max_messages, config.source_wait)
        code = execute(config, dataclasses.replace(sources, messages=messages), options)
        inbox.settle(config.state)
    return code


def feed_loader(config: IngestConfig) -> Callable[[str], tuple[Feed, ...]]:
    """Reads the feed list at an address."""
    return lambda address: load_feeds(address, lambda path: read_address(path, config.http))


def find_sources(args: argparse.Namespace, config: IngestConfig) -> Sources:
    """The feeds, documents and archives that the options name, checked. Raises InputError."""
    documents: tuple[Entry, ...] = ()
    if args.documents:
        paths = files.match(args.documents)
        if not paths:
            raise InputError("no such document", file=args.documents)
        documents = tuple(document_entry(path if "://" in path else str(Path(path).absolute())) for path in paths)
        for entry in documents:
            try:
                read_document(entry, files.read_bytes(entry.link))
            except IngestError as error:
                raise InputError(error.detail) from error
    archives = tuple(document_entry(absolute_path(path)) for path in args.warc)
    for archive in archives:
        try:
            with files.open_binary(archive.link) as file:
                check_archive(file)
        except OSError as error:
            raise InputError(f"cannot be read: {error}", file=archive.link) from error
        except IngestError as error:
            raise InputError(error.detail, file=archive.link) from error
    address = args.feeds or ("" if args.documents or args.warc or args.source else default_feed_list())
    feeds = feed_loader(config)(address) if address else ()
    return Sources(feeds=feeds, documents=documents, archives=archives)


def execute(config: IngestConfig, sources: Sources, options: PipelineOptions, **graph: Any) -> int:
    """Runs the pipeline once under the state's lock, or describes it for Dataflow; returns the exit code.

    `graph` as for run_graph.
    """
    run_id = new_run_id()
    with begin(config, run_id):
        PROGRESS.clear()
        # What runs elsewhere counts elsewhere.
        progress = contextlib.nullcontext() if on_dataflow(options) else show_progress(lambda: len(sources.feeds))
        try:
            with stop_on_signals(), progress:
                run_graph(config, sources, options, run_id, **graph)
        except BaseException:
            recover(config.state)
            raise
    if is_template(options):
        print(f"rasid: run {run_id} is described; it works on {config.state} once Dataflow starts it", file=sys.stderr)
        return OK
    summary = read_summary(config, run_id)
    show_summary(summary, config.output)
    return exit_code(summary, sources)


def exit_code(summary: dict[str, Any], sources: Sources) -> int:
    """1 where nothing asked for could be read, where anything failed unexpectedly, or where elements are lost."""
    lost = tell_lost_elements(summary)
    stages = summary["stages"]
    unexpected = any("dead_lettered_unexpected" in counts for counts in stages.values())
    feeds = stages.get("read_feeds", {})
    came_back = ("dropped_", "dead_lettered_damaged")
    read = sum(n for outcome, n in feeds.items() if outcome == "out" or outcome.startswith(came_back))
    others = any(stages.get(stage, {}).get("out") for stage in ("read_documents", "tag_articles", "fetch_pages"))
    nothing = bool(sources.feeds) and not read and not others
    return NOTHING_READ if nothing or unexpected or lost else OK
