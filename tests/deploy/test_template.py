"""The Flex Template and the Terraform files say what the options say."""

import argparse
import functools
import json
import re
import shutil
import subprocess
from pathlib import Path

import hcl2
import pytest
from apache_beam.options.pipeline_options import PipelineOptions

from pipeline.addresses import parse_sink
from pipeline.engine import _subclasses, _Tolerant
from pipeline.options import add_arguments

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
TERRAFORM = sorted((DEPLOY / "terraform").glob("*.tf"))
METADATA = json.loads((DEPLOY / "dataflow" / "metadata.json").read_text(encoding="utf-8"))
PARAMETERS = {parameter["name"]: parameter for parameter in METADATA["parameters"]}
# Read by workers, which see no file that a person has; and never for what the public may launch.
LEFT_OUT = {"help", "documents", "warc", "allow_networks"}


def own_options():
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return {action.dest: action for action in parser._actions}


def beams_options():
    parser = argparse.ArgumentParser()
    for kind in _subclasses(PipelineOptions):
        kind._add_argparse_args(_Tolerant(parser))
    return {action.dest for action in parser._actions}


def test_each_parameter_is_an_option_and_each_option_a_parameter():
    own = own_options()
    assert set(own) - LEFT_OUT <= set(PARAMETERS), "an option of rasid run that the template does not offer"
    others = set(PARAMETERS) - set(own)
    assert others == {"sdk_container_image"}
    assert others <= beams_options()


def test_the_regexes_accept_the_defaults_and_refuse_something():
    for name, action in own_options().items():
        if name in LEFT_OUT or action.default in (None, []):
            continue
        default = str(action.default).lower() if action.default is False else str(action.default)
        for regex in PARAMETERS[name].get("regexes", []):
            if name == "output":
                assert not re.fullmatch(regex, default)  # a folder of this machine
                default = "gs://bucket/out"
            assert re.fullmatch(regex, default), (name, default)
            assert not re.fullmatch(regex, ""), name
    assert re.fullmatch(PARAMETERS["since"]["regexes"][0], "7d")


@pytest.mark.parametrize(
    ("address", "fits"),
    [
        ("parquet:gs://bucket/parquet", True),
        ("pubsub:projects/news-123/topics/records?ordering_key=record_id", True),
        ("bigquery:news-123.arabic.records", True),
        ("postgresql://me@db.example:5432/news?table=records", True),
        ("postgresql://me@[fd00::1]:5432/news?sslmode=require", True),
        ("postgresql://me:secret@db.example/news", False),
        ("postgresql:news", False),
        ("bigquery:records", False),
        ("jsonl:/data/out", False),
        ("kafka:records", False),
    ],
)
def test_a_sink_is_checked_where_the_job_is_launched(address, fits):
    regex = PARAMETERS["sink"]["regexes"][0]
    assert bool(re.fullmatch(regex, address)) == fits
    if fits:
        parse_sink(address)


def test_what_is_required_has_no_default():
    required = {name for name, parameter in PARAMETERS.items() if not parameter["isOptional"]}
    assert required == {"output", "sdk_container_image"}
    assert all(p["label"] and p["helpText"].endswith(".") for p in PARAMETERS.values())


@functools.cache
def terraform():
    """All files, parsed."""
    return [hcl2.loads(path.read_text(encoding="utf-8")) for path in TERRAFORM]


def labels(kind):
    """The addresses of the blocks of a kind: type.name, or the name alone."""
    found = set()
    for file in terraform():
        for block in file.get(kind, []):
            [(first, body)] = block.items()
            [second, *others] = body
            resource = not others and second.startswith('"')
            found.add((f"{first}.{second}" if resource else first).replace('"', ""))
    return found


@pytest.mark.skipif(not shutil.which("terraform"), reason="needs terraform; its syntax is checked all the same")
def test_terraform_would_format_nothing():
    done = subprocess.run(["terraform", "fmt", "-check", DEPLOY / "terraform"], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout


def test_terraform_names_what_it_declares():
    text = "\n".join(path.read_text(encoding="utf-8") for path in TERRAFORM)
    text = re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE)
    assert set(re.findall(r"\bvar\.(\w+)", text)) == labels("variable")
    resources = labels("resource")
    assert len(resources) > 15
    assert set(re.findall(r"(?<![\w\".])(google_\w+\.\w+)", text)) <= resources
    assert {
        "google_storage_bucket.news",
        "google_cloud_scheduler_job.batch",
        "google_pubsub_topic.records",
    } <= resources
    names = {name for file in terraform() for group in file.get("locals", []) for name in group}
    assert set(re.findall(r"\blocal\.(\w+)", text)) == {name for name in names if not name.startswith("_")}


def test_the_scheduler_launches_the_template_with_its_parameters():
    text = (DEPLOY / "terraform" / "main.tf").read_text(encoding="utf-8")
    [block] = re.findall(r"parameters = merge\((.*?)\n  \)", text, re.DOTALL)
    named = set(re.findall(r"(\w+)\s+= ", block))
    assert {"output", "sdk_container_image", "feeds"} == named
    assert {name for name, p in PARAMETERS.items() if not p["isOptional"]} <= named
    # Dataflow starts no second job of a name that is at work; and one process a worker has the pool of all its cores.
    assert re.search(r'jobName\s+= "rasid-batch"', text)
    assert "no_use_multiple_sdk_containers" in text
