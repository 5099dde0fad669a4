"""A Flink session cluster on loopback: JobManager, TaskManagers, Beam's job server and a pool of Python workers.

Flink comes from PyPI's apache-flink-libraries, the job server by Maven (job_server/pom.xml). The versions are the newest
that were found to work together; the job server is older than the Python SDK that talks to it.
"""

import contextlib
import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
from pathlib import Path

from tests.servers.support import BUILT, ROOT, Server, appears_whole, free_ports, listens, need_built, need_tools

FLINK = "1.19.3"
POM = Path(__file__).with_name("job_server") / "pom.xml"
JOB_SERVER = re.search(r"<beam.version>(.+)</beam.version>", POM.read_text(encoding="utf-8"))[1]
FLINK_LIB = BUILT / f"flink-{FLINK}"
JOB_SERVER_LIB = BUILT / f"job-server-{JOB_SERVER}"
NEEDED_OF_FLINK = ("flink-dist-", "log4j-")
PROVIDED_BY_FLINK = ("flink-", "slf4j-")
# What Flink's and Beam's serialisers reach into on Java 17.
OPENED = ("java.lang", "java.lang.reflect", "java.util", "java.util.concurrent", "java.util.concurrent.atomic",
          "java.util.concurrent.locks", "java.net", "java.io", "java.nio", "sun.nio.ch", "java.text", "java.time")  # fmt: skip
LOG4J = Path(__file__).with_name("log4j.properties")
ENTRY = "org.apache.flink.runtime"


def build():
    """Half a minute of downloads; nothing where it is built already."""
    if not FLINK_LIB.exists():
        need_tools("Flink", "java", "mvn")
        _download_flink()
    if not JOB_SERVER_LIB.exists():
        need_tools("Flink", "java", "mvn")
        with appears_whole(JOB_SERVER_LIB) as folder:
            goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={folder}"]
            subprocess.run(["mvn", "--batch-mode", "--quiet", "-Dstyle.color=never", "-f", str(POM), *goal], check=True)


def _download_flink():
    with tempfile.TemporaryDirectory() as scratch:
        pip = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--no-binary",
            ":all:",
            "--dest",
            scratch,
        ]
        subprocess.run([*pip, f"apache-flink-libraries=={FLINK}"], check=True)
        (sdist,) = Path(scratch).glob("*.tar.gz")
        with appears_whole(FLINK_LIB) as folder, tarfile.open(sdist) as archive:
            for member in archive:
                name = Path(member.name).name
                if "/deps/lib/" in member.name and name.startswith(NEEDED_OF_FLINK):
                    (folder / name).write_bytes(archive.extractfile(member).read())


def configuration(folder, rpc_port, rest_port, slots):
    """The cluster's flink-conf.yaml, which Flink's shell scripts would complete with sizes of memory."""
    return {
        "jobmanager.rpc.address": "127.0.0.1",
        "jobmanager.rpc.port": rpc_port,
        "jobmanager.bind-host": "127.0.0.1",
        "rest.address": "127.0.0.1",
        "rest.bind-address": "127.0.0.1",
        "rest.port": rest_port,
        "taskmanager.host": "127.0.0.1",
        "taskmanager.bind-host": "127.0.0.1",
        "taskmanager.numberOfTaskSlots": slots,
        "taskmanager.cpu.cores": slots,
        "taskmanager.memory.framework.heap.size": "128m",
        "taskmanager.memory.framework.off-heap.size": "128m",
        "taskmanager.memory.task.heap.size": "384m",
        "taskmanager.memory.task.off-heap.size": "0m",
        "taskmanager.memory.network.min": "256m",
        "taskmanager.memory.network.max": "256m",
        "taskmanager.memory.managed.size": "128m",
        "taskmanager.memory.jvm-metaspace.size": "256m",
        "taskmanager.memory.jvm-overhead.min": "192m",
        "taskmanager.memory.jvm-overhead.max": "192m",
        # A TaskManager that was killed is missed after two heartbeats, since nothing answers at its port any more; a slow
        # one is given the time that a busy machine needs. One kill can cost two restarts.
        "heartbeat.interval": 1000,
        "heartbeat.timeout": 60000,
        "restart-strategy.type": "fixed-delay",
        "restart-strategy.fixed-delay.attempts": 6,
        "restart-strategy.fixed-delay.delay": "1s",
        "execution.checkpointing.interval": "3s",
        "state.checkpoints.dir": f"file://{folder}/checkpoints",
        "state.savepoints.dir": f"file://{folder}/savepoints",
        "io.tmp.dirs": f"{folder}/tmp",
        "blob.storage.directory": f"{folder}/blobs",
        # A job brings jars that the cluster has already: the cluster's own are the ones to use.
        "classloader.resolve-order": "parent-first",
    }


class FlinkCluster:
    """A running cluster; `endpoint` is the job server's address, `worker_pool` the pool's, `rest` Flink's own."""

    def __init__(self, folder, *, slots=2):
        self._folder, self._slots = Path(folder), slots
        rpc_port, self._rest_port, self._job_port, self._pool_port = free_ports(4)
        self.rest = f"http://127.0.0.1:{self._rest_port}"
        self.endpoint = f"127.0.0.1:{self._job_port}"
        self.worker_pool = f"127.0.0.1:{self._pool_port}"
        for name in ("tmp", "blobs", "logs"):
            (self._folder / name).mkdir(parents=True)
        settings = configuration(self._folder, rpc_port, self._rest_port, slots)
        lines = [f"{name}: {value}\n" for name, value in settings.items()]
        (self._folder / "flink-conf.yaml").write_text("".join(lines), encoding="utf-8")
        self._servers = []
        self._task_managers = []

    def start(self, task_managers=1):
        main = f"{ENTRY}.entrypoint.StandaloneSessionClusterEntrypoint"
        job_manager = self._java("jobmanager", 512, _cluster_jars(), main, "--configDir", self._folder)
        self._servers.append(job_manager)
        pool = [sys.executable, "-m", "tests.servers.worker_pool", self._pool_port]
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
        workers = self._server("workers", pool, env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)}, cwd=ROOT)
        self._servers.append(workers)
        for _ in range(task_managers):
            self.start_task_manager()
        job_server = self._java(
            "job-server", 512, _job_server_jars(), "org.apache.beam.runners.flink.FlinkJobServerDriver",
            f"--flink-master=127.0.0.1:{self._rest_port}", f"--flink-conf-dir={self._folder}",
            "--job-host=127.0.0.1", f"--job-port={self._job_port}", "--artifact-port=0", "--expansion-port=0",
            f"--artifacts-dir={self._folder}/artifacts",
        )  # fmt: skip
        self._servers.append(job_server)
        job_manager.wait_until(lambda: self._slots_there() >= self._slots * task_managers, 60)
        workers.wait_until(lambda: listens(self._pool_port), 30)
        job_server.wait_until(lambda: listens(self._job_port), 60)

    def stop(self):
        for server in reversed([*self._servers, *self._task_managers]):
            server.stop()
        self._servers, self._task_managers = [], []

    def start_task_manager(self):
        name = f"taskmanager-{len(self._task_managers)}"
        main = f"{ENTRY}.taskexecutor.TaskManagerRunner"
        self._task_managers.append(self._java(name, 640, _cluster_jars(), main, "--configDir", self._folder))

    def kill_task_managers(self):
        """kill -9 for all of them."""
        for server in self._task_managers:
            server.kill()

    def ask(self, path):
        """The answer of Flink's REST API."""
        with urllib.request.urlopen(self.rest + path, timeout=10) as answer:
            return json.load(answer)

    def cancel_jobs(self):
        """Ends what launchers that have gone left on the cluster."""
        for job in self.ask("/jobs/overview")["jobs"]:
            if job["state"] not in ("FINISHED", "CANCELED", "FAILED"):
                request = urllib.request.Request(f"{self.rest}/jobs/{job['jid']}?mode=cancel", method="PATCH")
                urllib.request.urlopen(request, timeout=30).close()

    def _slots_there(self):
        with contextlib.suppress(OSError):
            return self.ask("/overview")["slots-total"]
        return 0

    def _java(self, name, megabytes, jars, main, *arguments):
        opened = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in OPENED]
        log4j = f"-Dlog4j.configurationFile={LOG4J}"
        classpath = os.pathsep.join(map(str, jars))
        return self._server(name, ["java", f"-Xmx{megabytes}m", *opened, log4j, "-cp", classpath, main, *arguments])

    def _server(self, name, command, **kwargs):
        return Server(name, command, self._folder / "logs" / f"{name}.log", **kwargs)


def _cluster_jars():
    """Flink, and Beam beside it: what a job sends along is then loaded once and not by every job anew."""
    beam = [jar for jar in JOB_SERVER_LIB.glob("*.jar") if not jar.name.startswith(PROVIDED_BY_FLINK)]
    return [*FLINK_LIB.glob("*.jar"), *beam]


def _job_server_jars():
    """Every job uploads these, so they are as few as will do: the parts of Flink that Beam names, not all of it."""
    return [*JOB_SERVER_LIB.glob("*.jar"), *FLINK_LIB.glob("log4j-*.jar")]


def need():
    """Raises MissingServerError where no cluster can be started here."""
    need_tools("Flink", "java")
    for built in (FLINK_LIB, JOB_SERVER_LIB):
        need_built("Flink", built)


@contextlib.contextmanager
def start(folder, **kwargs):
    """A cluster for as long as the body lasts."""
    cluster = FlinkCluster(folder, **kwargs)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()
