"""PullMessages on Prism: a source without end that acknowledges what a bundle has committed."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]

# Messages to lines of files, one a bundle, with no shuffle between them: what Prism keeps in memory is lost with it.
JOB = """
import os, sys, uuid
import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from transforms import coders
from transforms.message_format import Subscription
from transforms.pull_messages import PullMessages

subscription, folder, *flags = sys.argv[1:]


class WriteFn(beam.DoFn):
    def start_bundle(self):
        self.lines = []

    def process(self, message):
        self.lines.append(message.data + "\\n")

    def finish_bundle(self):
        if self.lines:
            path = os.path.join(folder, uuid.uuid4().hex)
            with open(path + ".part", "w") as file:
                file.writelines(self.lines)
            os.rename(path + ".part", path)


options = PipelineOptions([*flags, "--streaming"])
with beam.Pipeline(options=options) as pipeline:
    pipeline | PullMessages(Subscription(subscription), lease_s=2) | beam.ParDo(WriteFn())
"""


class Job:
    """The job in a process group of its own, with Prism in it."""

    def __init__(self, prism, subscription, folder):
        flags = ["--runner=PrismRunner", f"--prism_location={prism}", "--environment_type=LOOPBACK"]
        self._process = subprocess.Popen(
            [sys.executable, "-c", JOB, subscription, str(folder), *flags],
            cwd=ROOT,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=open(folder.parent / "log", "ab"),  # noqa: SIM115 - the process's, as long as it lives
        )

    def brings(self, condition, seconds=60):
        """Whether the condition comes true before the job ends."""
        deadline = time.monotonic() + seconds
        while not condition() and self._process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.1)
        return condition()

    def kill(self):
        os.killpg(self._process.pid, 9)
        self._process.wait()


def lines(folder):
    return [line for path in folder.iterdir() if not path.suffix for line in path.read_text().splitlines()]


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "out"
    made.mkdir()
    return made


def test_messages_arrive_once_and_are_acknowledged(pubsub_server, prism, folder):
    topic, subscription = pubsub_server.make()
    pubsub_server.publish(topic, *(str(n) for n in range(150)))
    job = Job(prism, subscription, folder)
    try:
        assert job.brings(lambda: len(lines(folder)) >= 150), (folder.parent / "log").read_text()[-3000:]
        pubsub_server.publish(topic, *(str(n) for n in range(150, 200)))
        assert job.brings(lambda: len(lines(folder)) >= 200)
        time.sleep(5)  # longer than a lease: what was not acknowledged would come again
    finally:
        job.kill()
    assert sorted(map(int, lines(folder))) == list(range(200))
    assert pubsub_server.drain(subscription, 12) == []


def test_a_killed_job_loses_nothing(pubsub_server, prism, folder):
    topic, subscription = pubsub_server.make()
    for patience in (1, 60, 120):
        pubsub_server.publish(topic, *(str(n) for n in range(patience, patience + 60)))
        job = Job(prism, subscription, folder)
        try:
            assert job.brings(lambda seen=patience: len(lines(folder)) >= seen), (folder.parent / "log").read_text()[
                -3000:
            ]
        finally:
            job.kill()
    left = {int(message.data) for message in pubsub_server.drain(subscription, 12)}
    assert {*map(int, lines(folder)), *left} == set(range(1, 180))
