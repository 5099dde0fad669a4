"""What every run does around the pipeline: lock, recover, build, run, read the summary."""

from __future__ import annotations

import contextlib
import json
import logging
import secrets
import signal
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions, SetupOptions

from pipeline.build import build
from pipeline.engine import choose_runner
from pipeline.lock import StateBusyError, lock_state
from pipeline.options import IngestConfig
from pipeline.record_sinks import check_sink
from pipeline.remote import is_template, on_dataflow
from pipeline.sources import Sources
from transforms import files
from transforms.commit import begin_run, detached_run, end_run, recover, staging_folder
from transforms.file_formats import FileSink
from transforms.known_texts import check_texts
from transforms.shared_state import hold_state, read_state
from transforms.summary import unbalanced_stages

LOG = logging.getLogger(__name__)
DETACHED_S = 3 * 3600.0  # a job that nobody waits for is taken for dead after this


def new_run_id() -> str:
    """Sorts by time, to 15 microseconds (the fraction of the second in 65,536ths); two runs never share one."""
    now = datetime.now(UTC)
    return f"{now:%Y%m%dT%H%M%SZ}-{now.microsecond * 65_536 // 1_000_000:04x}{secrets.token_hex(2)}"


@contextlib.contextmanager
def begin(config: IngestConfig, run_id: str) -> Iterator[None]:
    """Holds the state's lock, with all that a dead run left put in order. Raises InputError."""
    for sink in config.sinks:
        check_sink(sink)
    with lock_state(config.state, run_id):
        if alive := detached_run(config.state, time.time()):
            raise StateBusyError(f"the job of run {alive} may still be at work on this state", file=config.state)
        dead = recover(config.state)
        if dead:
            LOG.info("the run %s had died; what it had committed is in place, the rest is read again", dead)
        with hold_state(config.state):  # read once a run: 100,000 entries take a second
            read_state(config.state)  # a damaged state ends the run before anything is asked
            check_texts(config.state)
            yield


def run_graph(
    config: IngestConfig,
    sources: Sources,
    options: PipelineOptions,
    run_id: str,
    *,
    add_transforms: Callable[..., None] = build,
    **graph: Any,
) -> None:
    """Runs the pipeline that `add_transforms` makes to its end and clears its staging folders; `graph` as for build.

    A Dataflow template is only described here: its job runs detached, and holds the state for DETACHED_S.
    """
    template = is_template(options)
    file_sinks = [sink.folder for sink in config.sinks if isinstance(sink, FileSink)]
    folders = [*file_sinks, files.join(config.output, "dead_letters"), config.output, config.state]
    folders += [config.archive] if config.archive else []
    staging = [staging_folder(folder, run_id) for folder in folders]
    begin_run(config.state, run_id, staging, detached_until=time.time() + DETACHED_S if template else 0.0)
    options.view_as(SetupOptions).save_main_session = False
    pipeline = beam.Pipeline(runner=choose_runner(options), options=options)
    add_transforms(pipeline, config, sources, run_id, **graph)
    _wait(pipeline.run(), options)
    if not template:
        end_run(config.state)


def _wait(result: Any, options: PipelineOptions) -> None:
    """Waits for the job's end; a job elsewhere is cancelled where this process is told to stop, lest it goes on."""
    try:
        result.wait_until_finish()
    except KeyboardInterrupt:
        if on_dataflow(options):
            result.cancel()
        raise


def read_summary(config: IngestConfig, name: str) -> dict[str, Any]:
    """A run's summary."""
    summary: dict[str, Any] = json.loads(files.read_bytes(files.join(config.output, "summary", f"{name}.json")))
    return summary


def tell_lost_elements(summary: dict[str, Any]) -> bool:
    """Whether elements are lost; says which."""
    lost = unbalanced_stages(summary)
    for fault in lost:
        print(f"rasid: lost elements: {fault}", file=sys.stderr)
    return bool(lost)


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
