"""`rasid run --streaming --runner=...`: hands the streaming graph to an engine with state and timers."""

from __future__ import annotations

import functools
import logging
import sys
import time

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions, SetupOptions, StandardOptions

from pipeline.addresses import absolute_path
from pipeline.build_stream import build_stream
from pipeline.engine import choose_runner
from pipeline.feeds import load_feeds
from pipeline.launch import new_run_id, stop_on_signals
from pipeline.options import IngestConfig, default_feed_list
from pipeline.reading import read_address
from pipeline.record_sinks import check_sink
from pipeline.remote import is_template
from transforms import files
from transforms.commit import clear_stale_staging
from transforms.elements import Feed
from transforms.file_formats import FileSink
from transforms.web.messages import HttpSettings

LOG = logging.getLogger(__name__)


def submit_stream(config: IngestConfig, address: str | None, options: PipelineOptions) -> int:
    """Runs the streaming graph until the engine ends it. Raises InputError where a list or a sink cannot be had here.

    `address` is the feed list's; empty: the package's own; None: no feeds, since there is another source.

    SIGINT and SIGTERM end this process, not a job that runs elsewhere; what runs in this process (Prism, workers with
    LOOPBACK) ends with it, without writing what it has not written yet.
    """
    load = None
    if address is not None:
        load = functools.partial(load_feed_list, absolute_path(address) if address else "", config.http)
        load()
    for sink in config.sinks:
        check_sink(sink)
    options.view_as(SetupOptions).save_main_session = False
    options.view_as(StandardOptions).streaming = True
    pipeline = beam.Pipeline(runner=choose_runner(options), options=options)
    run_id = new_run_id()
    _clear_staging(config)
    build_stream(pipeline, config, load, run_id)
    LOG.info("run %s", run_id)
    try:
        with stop_on_signals():
            result = pipeline.run()
            if is_template(options):
                print(f"rasid: run {run_id} is described; Dataflow starts it from its template", file=sys.stderr)
            else:
                result.wait_until_finish()
    except KeyboardInterrupt:
        print("rasid: stopped here; a job on Flink or Dataflow goes on until it is stopped there", file=sys.stderr)
    return 0


def _clear_staging(config: IngestConfig) -> None:
    """What workers of earlier jobs left when they were killed; a folder that cannot be looked at stops no job."""
    sinks = [sink.folder for sink in config.sinks if isinstance(sink, FileSink)]
    for folder in (*sinks, files.join(config.output, "dead_letters")):
        try:
            left = clear_stale_staging(folder, time.time())
        except OSError as error:
            LOG.warning("%s: what dead workers left is not removed: %s", folder, error)
            continue
        if left:
            LOG.info("%s: removed %d files that dead workers had left for more than a day", folder, left)


def load_feed_list(address: str, http: HttpSettings) -> tuple[Feed, ...]:
    """The feeds of a list as a worker reads it; of the package's own where the address is empty."""
    return load_feeds(address or default_feed_list(), lambda path: read_address(path, http))
