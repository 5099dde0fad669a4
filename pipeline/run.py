"""`rasid run`: feeds and documents in, enriched records out, once."""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import secrets
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions, SetupOptions

from pipeline.build import build
from pipeline.dataflow import check_dataflow, is_template, on_dataflow
from pipeline.display import show_progress, show_summary
from pipeline.engine import beam_options, choose_runner
from pipeline.feeds import load_feeds
from pipeline.lock import StateBusyError, lock_state
from pipeline.options import HelpFormatter, IngestConfig, add_arguments, default_feed_list, make_config
from pipeline.reading import read_address
from pipeline.sources import Sources
from transforms import files
from transforms.commit import begin_run, detached_run, load_state, recover, staging_folder
from transforms.elements import Entry
from transforms.errors import IngestError, InputError
from transforms.lexicons import check_lexicons
from transforms.metrics import PROGRESS
from transforms.summary import unbalanced_stages
from transforms.work import document_entry, read_document

LOG = logging.getLogger(__name__)
OK, NOTHING_READ = 0, 1
DETACHED_S = 3 * 3600.0  # a job that nobody waits for is taken for dead after this


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
    check_lexicons()
    return execute(config, find_sources(args, config), options)


def find_sources(args: argparse.Namespace, config: IngestConfig) -> Sources:
    """The feeds and documents that the options name, checked. Raises InputError."""
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
    address = args.feeds or ("" if args.documents else default_feed_list())
    feeds = load_feeds(address, lambda path: read_address(path, config.http)) if address else ()
    return Sources(feeds=feeds, documents=documents)


def new_run_id() -> str:
    """Sorts by time; two runs never share one."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"


def execute(config: IngestConfig, sources: Sources, options: PipelineOptions) -> int:
    """Runs the pipeline under the state's lock; returns the exit code.

    Of a Dataflow template it only describes the job, which then runs detached: it holds the state for DETACHED_S.
    """
    check_dataflow(options, config, sources)
    run_id = new_run_id()
    template = is_template(options)
    with lock_state(config.state, run_id):
        if alive := detached_run(config.state, time.time()):
            raise StateBusyError(f"the job of run {alive} may still be at work on this state", file=config.state)
        dead = recover(config.state)
        if dead:
            LOG.info("the run %s had died; what it had committed is in place, the rest is read again", dead)
        load_state(config.state)  # a damaged state ends the run before anything is asked
        folders = [*(sink.folder for sink in config.sinks), files.join(config.output, "dead_letters"), config.output]
        staging = [staging_folder(folder, run_id) for folder in folders]
        begin_run(config.state, run_id, staging, detached_until=time.time() + DETACHED_S if template else 0.0)
        PROGRESS.clear()
        options.view_as(SetupOptions).save_main_session = False
        started = False
        try:
            pipeline = beam.Pipeline(runner=choose_runner(options), options=options)
            build(pipeline, config, sources, run_id)
            _run_and_wait(pipeline, options, len(sources.feeds))
            started = True
        finally:
            if not (template and started):
                recover(config.state)
    if template:
        print(f"rasid: run {run_id} is described; it works on {config.state} once Dataflow starts it", file=sys.stderr)
        return OK
    summary = json.loads(files.read_bytes(files.join(config.output, "summary", f"{run_id}.json")))
    show_summary(summary, config.output)
    return exit_code(summary, sources)


def _run_and_wait(pipeline: beam.Pipeline, options: PipelineOptions, feeds: int) -> None:
    """Waits for the job's end; a job elsewhere is cancelled where this process is told to stop, lest it goes on."""
    elsewhere = on_dataflow(options)
    with stop_on_signals(), contextlib.nullcontext() if elsewhere else show_progress(feeds):
        result = pipeline.run()
        try:
            result.wait_until_finish()
        except KeyboardInterrupt:
            if elsewhere:
                result.cancel()
            raise


@contextlib.contextmanager
def stop_on_signals() -> Iterator[None]:
    """Turns SIGINT and SIGTERM into KeyboardInterrupt, also where Beam wraps it in an error of its own."""
    asked = []

    def stop(number: int, _: object) -> None:
        asked.append(number)
        raise KeyboardInterrupt

    old = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    except Exception as error:
        if asked:
            raise KeyboardInterrupt from error
        raise
    finally:
        for number, handler in old.items():
            signal.signal(number, handler)


def exit_code(summary: dict[str, Any], sources: Sources) -> int:
    """1 where nothing asked for could be read, where anything failed unexpectedly, or where elements are lost."""
    lost = unbalanced_stages(summary)
    for fault in lost:
        print(f"rasid: lost elements: {fault}", file=sys.stderr)
    stages = summary["stages"]
    unexpected = any("dead_lettered_unexpected" in counts for counts in stages.values())
    feeds = stages.get("read_feeds", {})
    came_back = ("dropped_", "dead_lettered_damaged")
    read = sum(n for outcome, n in feeds.items() if outcome == "out" or outcome.startswith(came_back))
    others = any(stages.get(stage, {}).get("out") for stage in ("read_documents", "tag_articles", "fetch_pages"))
    nothing = bool(sources.feeds) and not read and not others
    return NOTHING_READ if nothing or unexpected or lost else OK
