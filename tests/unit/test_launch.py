"""Waiting for a job: one that runs elsewhere is cancelled where the wait is broken off."""

import argparse
import time

import pytest
from apache_beam.options.pipeline_options import PipelineOptions

from pipeline.launch import _wait, new_run_id
from pipeline.options import make_config, with_defaults
from pipeline.remote import check_remote, in_containers, is_template, on_dataflow
from transforms.errors import InputError


class Job:
    def __init__(self, error=None):
        self.error, self.calls = error, []

    def wait_until_finish(self):
        self.calls.append("wait")
        if self.error:
            raise self.error

    def cancel(self):
        self.calls.append("cancel")


@pytest.mark.parametrize(
    ("runner", "error", "calls"),
    [
        ("DataflowRunner", None, ["wait"]),
        ("DataflowRunner", KeyboardInterrupt(), ["wait", "cancel"]),
        ("DataflowRunner", RuntimeError("failed"), ["wait"]),
        ("FnApiRunner", KeyboardInterrupt(), ["wait"]),
    ],
)
def test_who_is_cancelled(runner, error, calls):
    job, options = Job(error), PipelineOptions([f"--runner={runner}"])
    if error is None:
        _wait(job, options)
    else:
        with pytest.raises(type(error)):
            _wait(job, options)
    assert job.calls == calls


def test_dataflow_by_each_of_its_names():
    for name in ("DataflowRunner", "dataflowrunner", "apache_beam.runners.dataflow.dataflow_runner.DataflowRunner"):
        assert on_dataflow(PipelineOptions([f"--runner={name}"]))
    for flags in ([], ["--runner=FnApiRunner"], ["--runner=PortableRunner"]):
        assert not on_dataflow(PipelineOptions(flags))


def test_a_template_is_dataflows_only():
    assert is_template(PipelineOptions(["--runner=DataflowRunner", "--template_location=gs://b/t"]))
    assert not is_template(PipelineOptions(["--runner=DataflowRunner"]))
    assert not is_template(PipelineOptions(["--template_location=gs://b/t"]))


@pytest.mark.parametrize(
    ("flags", "containers"),
    [
        ([], False),
        (["--runner=PrismRunner"], False),
        (["--runner=PortableRunner", "--job_endpoint=localhost:1"], True),
        (["--runner=PortableRunner", "--job_endpoint=localhost:1", "--environment_type=LOOPBACK"], False),
        (["--runner=PrismRunner", "--environment_type=DOCKER"], True),
        (["--runner=FlinkRunner"], False),
        (["--runner=FlinkRunner", "--flink_master=flink:8081"], True),
        (["--runner=FlinkRunner", "--flink_master=flink:8081", "--environment_type=EXTERNAL"], False),
    ],
)
def test_containers_see_no_folder_of_this_machine(tmp_path, flags, containers):
    options = PipelineOptions(flags)
    assert in_containers(options) == containers
    here = make_config(with_defaults(argparse.Namespace(output=str(tmp_path))))
    bucket = make_config(with_defaults(argparse.Namespace(output="gs://bucket/out")))
    check_remote(options, bucket)
    if containers:
        with pytest.raises(
            InputError, match=r"(?s)--output .*--state .*--sink jsonl: .*--documents a\.txt: Workers in"
        ):
            check_remote(options, here, documents="a.txt", feeds="feeds.txt")
    else:
        check_remote(options, here, documents="a.txt", feeds="feeds.txt")


def test_ids_of_runs_sort_by_time_within_a_second_too():
    ids = []
    for _ in range(20):
        ids.append(new_run_id())
        time.sleep(0.001)
    assert ids == sorted(set(ids))
