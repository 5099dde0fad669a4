"""What a run on Dataflow needs that a run on this machine doesn't."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator

from apache_beam.options.pipeline_options import GoogleCloudOptions, PipelineOptions, SetupOptions, WorkerOptions
from apache_beam.options.pipeline_options_validator import PipelineOptionsValidator
from apache_beam.runners.runner import create_runner

from pipeline.options import IngestConfig
from transforms.errors import InputError
from transforms.write_records import FileSink


def on_dataflow(options: PipelineOptions) -> bool:
    """Whether the options name Dataflow, by its short name or its full one."""
    name = options.get_all_options().get("runner") or ""
    return str(name).rpartition(".")[2].lower() == "dataflowrunner"


def is_template(options: PipelineOptions) -> bool:
    """Whether the job is only described, for Dataflow to start: then nobody here can wait for it."""
    return on_dataflow(options) and bool(options.view_as(GoogleCloudOptions).template_location)


def check_dataflow(options: PipelineOptions, config: IngestConfig, *, documents: str = "", feeds: str = "") -> None:
    """Refuses what cannot work on Dataflow before anything is touched. Raises InputError that names every fault.

    `documents` and `feeds` are addresses as the options give them, empty where they don't.
    """
    if not on_dataflow(options):
        return
    if importlib.util.find_spec("apitools") is None:
        raise InputError("--runner=DataflowRunner: needs the extra gcp: pip install 'rasid[gcp]'")
    faults = [
        f"{name} {address}: Dataflow's workers don't see this machine's files; name a bucket: gs://BUCKET/..."
        for name, address in _addresses(config, documents, feeds)
        if "://" not in address
    ]
    setup = options.view_as(SetupOptions)
    if not (options.view_as(WorkerOptions).sdk_container_image or setup.setup_file or setup.extra_packages):
        faults.append("--sdk_container_image: needed on Dataflow; the image of deploy/Dockerfile has rasid in it")
    if not options.view_as(GoogleCloudOptions).temp_location:  # Beam would make a bucket of its own accord
        faults.append("--temp_location: needed on Dataflow: gs://BUCKET/...")
    faults = faults or PipelineOptionsValidator(options, create_runner("DataflowRunner")).validate()
    if faults:
        raise InputError("\n".join(faults))


def _addresses(config: IngestConfig, documents: str, feeds: str) -> Iterator[tuple[str, str]]:
    """What the workers read or write, with the option that names it."""
    yield "--output", config.output
    yield "--state", config.state
    for sink in config.sinks:
        if isinstance(sink, FileSink):
            yield f"--sink {sink.format}:", sink.folder
    if documents:
        yield "--documents", documents
    if feeds and config.streaming:  # a worker reads the list again and again; a bounded run's is read here
        yield "--feeds", feeds
