"""`rasid run --streaming` on one machine: bounded runs (rounds) without end, each over the feeds that are due.

The reasons for rounds instead of a streaming engine are in deploy/decisions/.
"""

from __future__ import annotations

import logging
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime

from apache_beam.options.pipeline_options import PipelineOptions

from pipeline.display import show_progress, show_totals
from pipeline.feed_list import FeedList
from pipeline.inbox import Inbox
from pipeline.launch import begin, new_run_id, read_summary, run_graph, tell_lost_elements
from pipeline.options import IngestConfig
from pipeline.rounds import choose_due, choose_pending, next_due_us
from pipeline.sources import Sources
from transforms.commit import recover
from transforms.metrics import PROGRESS
from transforms.pool import acquire_pool
from transforms.shared_state import hold_state, read_state
from transforms.steps import now_us
from transforms.web.text import printable
from transforms.web_steps import STOPPING, Patience, acquire_client

LOG = logging.getLogger(__name__)
MAX_FAILED_ROUNDS = 5
LONGEST_WAIT_S = 300.0
LOOK_AT_LIST_S = 1.0
LOOK_FOR_MESSAGES_S = 0.5
MESSAGES_A_ROUND = 1_000


def stream(config: IngestConfig, feed_list: FeedList, options: PipelineOptions) -> int:
    """Runs rounds until SIGINT or SIGTERM, then writes what is fetched and returns 0; raises what five rounds in a row
    failed with."""
    first_id = new_run_id()
    with ExitStack() as stack:
        inbox = stack.enter_context(Inbox(config.source)) if config.source else None
        stack.enter_context(begin(config, first_id))
        stack.enter_context(hold_state(config.state))
        stack.enter_context(stop_after_round())
        robots = read_state(config.state).robots.values()
        held = acquire_client(config.http, robots), acquire_pool(config.workers)  # otherwise every round starts its own
        with show_progress(lambda: len(feed_list.feeds)):
            for sources in _rounds(config, feed_list, inbox):
                _run_patiently(config, sources, options, first_id)
                if inbox:
                    inbox.settle(config.state)
        del held
    show_totals(PROGRESS.snapshot(), config.output)
    return 0


def _rounds(config: IngestConfig, feed_list: FeedList, inbox: Inbox | None) -> Iterator[Sources]:
    """What each round reads, when it is time for it; a round begins `file_seconds` after the last began."""
    while not STOPPING.is_set():
        began = time.monotonic()
        feeds, state = feed_list.read(), read_state(config.state)
        due = choose_due(feeds, state, now_us())
        pending = choose_pending(state, _most_per_host(config))
        messages = (
            inbox.take(min(config.max_messages, MESSAGES_A_ROUND), LOOK_FOR_MESSAGES_S, config.file_seconds)
            if inbox
            else ()
        )
        if due or pending or messages:
            yield Sources(feeds=due, entries=pending, messages=messages)
            STOPPING.wait(max(0.0, config.file_seconds - (time.monotonic() - began)))
        else:
            wait = (next_due_us(feeds, state) - now_us()) / 1e6 if feeds else LOOK_AT_LIST_S
            STOPPING.wait(min(max(0.0, wait), LOOK_AT_LIST_S))


def _most_per_host(config: IngestConfig) -> int:
    """As many pages as a host's limits allow within a round, and a few that may come sooner."""
    pause = max(config.http.host_pause, 0.02)
    return int(config.file_seconds / pause) + 8


def _run_patiently(config: IngestConfig, sources: Sources, options: PipelineOptions, first_id: str) -> None:
    """One round, tried again later where it fails: nothing is lost, since nothing of it was committed."""
    for failed in range(1, MAX_FAILED_ROUNDS + 1):
        summary = f"{first_id}-{datetime.now(UTC):%Y%m%dT%H}"
        try:
            run_graph(
                config, sources, options, new_run_id(), summary=summary, patience=Patience(total_s=config.file_seconds)
            )
            tell_lost_elements(read_summary(config, summary))
            return
        except Exception as error:
            recover(config.state)
            if failed == MAX_FAILED_ROUNDS:
                raise
            wait = min(LONGEST_WAIT_S, config.file_seconds * 2**failed)
            LOG.debug("round failed", exc_info=True)
            print(
                f"rasid: a round failed, the next tries again in {wait:.0f} s: {printable(str(error))}", file=sys.stderr
            )
            if STOPPING.wait(wait):
                raise


@contextmanager
def stop_after_round() -> Iterator[None]:
    """The first SIGINT or SIGTERM ends the waiting for the web, the second ends at once."""

    def stop(_number: int, _frame: object) -> None:
        if STOPPING.is_set():
            raise KeyboardInterrupt
        STOPPING.set()
        print("rasid: stopping once what is fetched is written; Ctrl-C again ends at once", file=sys.stderr)

    old = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        STOPPING.clear()
        for number, handler in old.items():
            signal.signal(number, handler)
