"""Which transforms the sinks of a configuration become, in both graphs."""

import logging
import os
import time

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.pipeline import PipelineVisitor

from pipeline import submit
from pipeline.build import build
from pipeline.build_stream import build_stream
from pipeline.options import make_config
from pipeline.run import make_parser
from pipeline.sources import Sources
from transforms.errors import InputError

pytestmark = pytest.mark.slow
SINKS = [
    "--sink",
    "postgresql://me@db.example/news",
    "--sink",
    "bigquery:news-123.arabic.records",
    "--sink",
    "jsonl:out/r",
]


class Labels(PipelineVisitor):
    def __init__(self):
        self.found = set()

    def enter_composite_transform(self, node):
        self.found.add(node.full_label)

    def visit_transform(self, node):
        self.found.add(node.full_label)


def labels(pipeline):
    visitor = Labels()
    pipeline.visit(visitor)
    return visitor.found


def configure(folder, *flags):
    return make_config(make_parser().parse_args(["--output", str(folder), *flags]))


def test_a_bounded_run_loads_what_has_come_together(tmp_path):
    pipeline = beam.Pipeline(options=PipelineOptions([]))
    build(pipeline, configure(tmp_path, *SINKS), Sources(), "run")
    found = labels(pipeline)
    assert {"UpsertRecords0/UpsertRecords", "LoadRecords1/LoadRecords", "WriteRecords2"} <= found
    assert "LoadRecords1/BringTogether" in found


def test_the_graph_that_runs_for_ever_inserts(tmp_path):
    pipeline = beam.Pipeline(options=PipelineOptions(["--streaming"]))
    build_stream(pipeline, configure(tmp_path, "--streaming", *SINKS), tuple, "run")
    found = labels(pipeline)
    assert {"UpsertRecords0/UpsertRecords", "LoadRecords1/LoadRecords", "WriteRecords2"} <= found
    assert "LoadRecords1/BringTogether" not in found


def test_a_sink_that_cannot_be_reached_starts_no_streaming_job(tmp_path):
    config = configure(tmp_path, "--streaming", "--sink", "postgresql://me@127.0.0.1:9/news")
    with pytest.raises(InputError, match=r"postgresql://me@127\.0\.0\.1:9/news table records"):
        submit.submit_stream(config, None, PipelineOptions([]))


def test_a_submission_removes_what_dead_workers_left(tmp_path, monkeypatch, caplog):
    """Before the job is there, so that nothing of its own is looked at; another job's young files stay."""
    old = tmp_path / "r" / ".staging" / "earlier" / "a.jsonl.part"
    dead = tmp_path / "out" / "dead_letters" / ".staging" / "earlier" / "b.jsonl.part"
    young = tmp_path / "r" / ".staging" / "running" / "c.jsonl.part"
    for path in (old, dead, young):
        path.parent.mkdir(parents=True)
        path.write_bytes(b"half")
        if path is not young:
            os.utime(path, (time.time() - 25 * 3600,) * 2)

    def stop(*_):
        raise InputError("enough")

    monkeypatch.setattr(submit, "build_stream", stop)
    config = configure(tmp_path / "out", "--streaming", "--sink", f"jsonl:{tmp_path}/r")
    with caplog.at_level(logging.INFO), pytest.raises(InputError, match="enough"):
        submit.submit_stream(config, None, PipelineOptions([]))
    assert [path.exists() for path in (old, dead, young)] == [False, False, True]
    said = [record.getMessage() for record in caplog.records if "dead workers" in record.getMessage()]
    assert [message.split(":")[0] for message in said] == [f"{tmp_path}/r", f"{tmp_path}/out/dead_letters"]
    assert all("removed 1 files" in message for message in said)
