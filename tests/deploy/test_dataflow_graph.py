"""The job that Dataflow would be given, built against a bucket on loopback; and a whole run whose files are in one."""

import importlib.util
import json
import os
import secrets
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from apache_beam.io.gcp import gcsio  # noqa: F401 - without the extra gcp these tests fail at once, by name
from apache_beam.portability.api import beam_runner_api_pb2

from tests.deploy.gcs import make_bucket, read_object, start_gcs, write_object
from tests.newsworld import ALLOW
from tests.site import serve

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
IMAGE = "registry.example/rasid:0.1.0"


def dataflow(bucket):
    return [
        "--runner=DataflowRunner",
        "--project=test-proj",
        "--region=us-central1",
        "--job_name=rasid",
        f"--temp_location=gs://{bucket}/tmp",
        f"--staging_location=gs://{bucket}/stg",
        f"--template_location=gs://{bucket}/tpl/job",
        f"--sdk_container_image={IMAGE}",
    ]


def addresses(bucket):
    return ["--output", f"gs://{bucket}/out", "--sink", f"jsonl:gs://{bucket}/r", "--sink", f"parquet:gs://{bucket}/p"]


STAGES = {"DropSeen", "FetchPages", "ExtractArticles", "TagArticles", "KeepNewRecords"}
WRITES = {"WriteRecords0", "WriteRecords1", "WriteDeadLetters"}


@dataclass(frozen=True)
class Mode:
    """A graph: what makes it, where elements come from, and what is in it beside STAGES and WRITES."""

    flags: tuple
    job: str
    sources: set
    stages: set


BATCH = Mode((), "JOB_TYPE_BATCH", {"CreateFeeds", "CommitRun"}, {"ReadFeeds", "CommitRun"})
STREAMING = Mode(("--streaming",), "JOB_TYPE_STREAMING", {"ListFeeds"}, {"ListFeeds", "PollFeeds", "WriteSummaries"})
HAS_STREAMING = importlib.util.find_spec("pipeline.build_stream") is not None
MODES = [
    pytest.param(BATCH, id="batch"),
    pytest.param(
        STREAMING, id="streaming", marks=pytest.mark.skipif(not HAS_STREAMING, reason="needs pipeline/build_stream.py")
    ),
]


@pytest.fixture(scope="module")
def gcs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gcs")
    with start_gcs(folder) as environment:
        yield folder, environment


@pytest.fixture
def bucket(gcs):
    """An empty bucket: its name, its folder, and the environment that leads to it."""
    folder, environment = gcs
    name = f"news-{secrets.token_hex(4)}"
    make_bucket(environment, name)
    return name, folder / ".cloudstorage" / name, environment


def rasid(environment, *arguments, command="run"):
    whole = [sys.executable, "-m", "pipeline", command, *map(str, arguments)]
    return subprocess.run(whole, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture
def launch(bucket):
    """Describes a job, as the launcher of a Flex Template does."""
    name, _, environment = bucket
    feeds = f"gs://{name}/feeds.txt"
    write_object(environment, feeds, "https://news.example/rss.xml\nhttps://other.example/rss.xml\n")
    return lambda *flags: rasid(environment, "--feeds", feeds, *addresses(name), *dataflow(name), *flags)


@pytest.mark.parametrize("mode", MODES)
def test_the_job_that_dataflow_is_given(launch, bucket, mode):
    done = launch(*mode.flags)
    assert done.returncode == 0, done.stderr
    folder = bucket[1]
    job = json.loads((folder / "tpl" / "job").read_text())
    [proto] = folder.rglob("pipeline.pb")
    pipeline = beam_runner_api_pb2.Pipeline.FromString(proto.read_bytes())
    transforms = pipeline.components.transforms.values()
    tops = {transform.unique_name.split("/")[0] for transform in transforms}
    assert STAGES | WRITES | mode.stages <= tops
    assert job["type"] == mode.job

    leaves = [transform for transform in transforms if not transform.subtransforms]
    reads = {leaf.unique_name.split("/")[0] for leaf in leaves if leaf.spec.urn == "beam:transform:impulse:v1"}
    assert reads == mode.sources
    writes = {leaf.unique_name.split("/")[0] for leaf in leaves if leaf.unique_name.startswith("Write")}
    assert writes - {"WriteSummaries"} == WRITES

    environments = pipeline.components.environments.values()
    docker = [e for e in environments if e.urn == "beam:env:docker:v1"]
    assert {beam_runner_api_pb2.DockerPayload.FromString(e.payload).container_image for e in docker} == {IMAGE}
    staged = {
        beam_runner_api_pb2.ArtifactStagingToRolePayload.FromString(a.role_payload).staged_name
        for e in environments
        for a in e.dependencies
    }
    # What is installed in the image is all that a worker runs: no code and no pickled session comes with the job.
    assert staged <= {"submission_environment_dependencies.txt"}
    assert {path.name for path in (folder / "stg").rglob("*") if path.is_file()} == {"pipeline.pb", *staged}


def test_a_described_job_holds_the_state_until_its_time_is_over(launch, bucket):
    name, _, environment = bucket
    assert launch().returncode == 0
    run = f"gs://{name}/out/state/run.json"
    note = json.loads(read_object(environment, run))
    again = launch()
    assert again.returncode == 2
    assert f"the job of run {note['run_id']} may still be at work" in again.stderr
    write_object(environment, run, json.dumps({**note, "detached_until": 1.0}))
    assert launch().returncode == 0


def test_a_run_here_with_all_its_files_in_a_bucket(bucket, tmp_path):
    name, folder, environment = bucket
    with serve() as site:
        for n in range(3):
            site.add(n)
        (tmp_path / "feeds.txt").write_text(f"{site.address}/rss.xml\n")
        flags = ["--feeds", tmp_path / "feeds.txt", "--output", f"gs://{name}/out", *ALLOW, "--host_pause", "0"]
        done = rasid(environment, *flags)
        assert done.returncode == 0, done.stderr
        lines = [line for path in (folder / "out" / "records").rglob("*.jsonl") for line in path.open(encoding="utf-8")]
        assert len(lines) == 3
        assert not [p for p in (folder / "out").rglob("*.part") if p.is_file()]
        state = folder / "out" / "state"
        assert {p.relative_to(state).parts[0] for p in state.rglob("*") if p.is_file()} == {"state.jsonl.gz", "texts"}
        assert len(list((folder / "out" / "state" / "texts").iterdir())) == 1
        again = rasid(environment, *flags)
        assert again.returncode == 0, again.stderr
        assert "0 new records" in again.stderr


def test_parquet_state_and_replay_in_a_bucket(bucket, tmp_path):
    name, folder, environment = bucket
    sinks = ["--sink", f"parquet:gs://{name}/table", "--sink", f"jsonl:gs://{name}/lines"]
    places = ["--output", f"gs://{name}/out", "--state", f"gs://{name}/memory"]
    flags = [*places, *sinks, *ALLOW, "--host_pause", "0"]
    with serve() as site:
        for n in range(3):
            site.add(n)
        page = site.pages["/news/1.html"]
        site.pages["/news/1.html"] = (404, {}, b"")
        (tmp_path / "feeds.txt").write_text(f"{site.address}/rss.xml\n")
        done = rasid(environment, "--feeds", tmp_path / "feeds.txt", *flags)
        assert done.returncode == 0, done.stderr
        assert len(rows_of(folder / "table")) == len(rows_of(folder / "lines")) == 2
        site.pages["/news/1.html"] = page
        done = rasid(environment, f"gs://{name}/out/dead_letters", *flags, command="replay")
        assert done.returncode == 0, done.stderr
        parquet, lines = rows_of(folder / "table"), rows_of(folder / "lines")
        assert parquet.keys() == lines.keys()
        assert len(lines) == 3
        assert [row["statements"] for row in parquet.values()] == [row["statements"] for row in lines.values()]
        again = rasid(environment, "--feeds", tmp_path / "feeds.txt", *flags)
        assert again.returncode == 0, again.stderr
        assert "0 new records" in again.stderr
    memory = folder / "memory"
    kept = {p.relative_to(memory).parts[0] for p in memory.rglob("*") if p.is_file()}
    assert kept == {"state.jsonl.gz", "texts"}
    assert not [p for p in folder.rglob("*.part") if p.is_file()]


def rows_of(folder):
    """All rows below a folder, JSON lines or Parquet, by record_id."""
    rows = [row for path in folder.rglob("*.parquet") for row in pq.read_table(path).to_pylist()]
    rows += [json.loads(line) for path in folder.rglob("*.jsonl") for line in path.open(encoding="utf-8")]
    return {row["record_id"]: row for row in sorted(rows, key=lambda row: row["record_id"])}


def refused(*arguments):
    """Standard error of a command that is refused before anything is asked: no service is in its reach."""
    environment = {**os.environ, "GCE_METADATA_HOST": "127.0.0.1:1", "STORAGE_EMULATOR_HOST": "http://127.0.0.1:1"}
    done = rasid(environment, *arguments)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def test_what_cannot_work_on_dataflow_is_refused_and_nothing_is_touched(tmp_path):
    said = refused("--output", tmp_path / "out", "--sink", f"parquet:{tmp_path}/p", "--runner=DataflowRunner")
    for name in ("--output", "--state", "--sink parquet:", "--sdk_container_image", "--temp_location"):
        assert f"rasid: {name}" in said
    assert not list(tmp_path.iterdir())
    (tmp_path / "a.txt").write_text("عنوان\n\nقال الوزير إن الطريق سيفتح غدا.", encoding="utf-8")
    said = refused("--documents", tmp_path / "a.txt", *addresses("news"), *dataflow("news"))
    assert [line.split()[1] for line in said.splitlines()] == ["--documents"]


def test_beams_own_faults_are_named_before_the_state_is_touched(launch, bucket):
    done = launch("--job_name=Not_A_Name")
    assert done.returncode == 2, done.stderr
    assert "Not_A_Name" in done.stderr
    assert not (bucket[1] / "out").exists()
