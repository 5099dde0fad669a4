"""What a run needs whose workers are elsewhere: on Dataflow, or in containers."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator

from apache_beam.options.pipeline_options import (
    FlinkRunnerOptions,
    GoogleCloudOptions,
    PipelineOptions,
    PortableOptions,
    SetupOptions,
    WorkerOptions,
)
from apache_beam.options.pipeline_options_validator import PipelineOptionsValidator
from apache_beam.runners.portability.flink_runner import MAGIC_HOST_NAMES
from apache_beam.runners.runner import create_runner

from pipeline.options import IngestConfig
from transforms.errors import InputError
from transforms.file_formats import FileSink


def on_dataflow(options: PipelineOptions) -> bool:
    """Whether the options name Dataflow, by its short name or its full one."""
    return _runner(options) == "dataflowrunner"


def in_containers(options: PipelineOptions) -> bool:
    """Whether Beam starts the workers as containers: as told, or because nothing else was said."""
    told = options.view_as(PortableOptions).environment_type
    if told:
        return bool(told.upper() == "DOCKER")
    if _runner(options) == "flinkrunner":
        return options.view_as(FlinkRunnerOptions).flink_master not in MAGIC_HOST_NAMES
    return _runner(options) == "portablerunner"


def _runner(options: PipelineOptions) -> str:
    return str(options.get_all_options().get("runner") or "").rpartition(".")[2].lower()


def is_template(options: PipelineOptions) -> bool:
    """Whether the job is only described, for Dataflow to start: then nobody here can wait for it."""
    return on_dataflow(options) and bool(options.view_as(GoogleCloudOptions).template_location)


def check_remote(options: PipelineOptions, config: IngestConfig, *, documents: str = "", feeds: str = "") -> None:
    """Refuses what workers elsewhere cannot do, before anything is touched. Raises InputError that names every fault.

    `documents` and `feeds` are addresses as the options give them, empty where they don't.
    """
    dataflow = on_dataflow(options)
    if not (dataflow or in_containers(options)):
        return
    who = "Dataflow's workers don't" if dataflow else "Workers in containers (--environment_type=DOCKER) don't"
    faults = [
        f"{name} {address}: {who} see this machine's files; name a bucket: gs://BUCKET/..."
        for name, address in _addresses(config, documents, feeds)
        if "://" not in address
    ]
    if dataflow:
        faults += _dataflow_faults(options)
        faults = faults or PipelineOptionsValidator(options, create_runner("DataflowRunner")).validate()
    if faults:
        raise InputError("\n".join(faults))


def _dataflow_faults(options: PipelineOptions) -> Iterator[str]:
    if importlib.util.find_spec("apitools") is None:
        yield "--runner=DataflowRunner: needs the extra gcp: pip install 'rasid[gcp]'"
    setup = options.view_as(SetupOptions)
    if not (options.view_as(WorkerOptions).sdk_container_image or setup.setup_file or setup.extra_packages):
        yield "--sdk_container_image: needed on Dataflow; the image of deploy/Dockerfile has rasid in it"
    if not options.view_as(GoogleCloudOptions).temp_location:  # Beam would make a bucket of its own accord
        yield "--temp_location: needed on Dataflow: gs://BUCKET/..."


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
