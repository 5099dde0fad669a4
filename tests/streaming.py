"""A run without end in a process of its own, and when each record came to stand in a closed file."""

import contextlib
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.newsworld import ALLOW


class Streaming:
    """A running `rasid run --streaming`; `arrivals` maps each record's URL to the times it was first seen at."""

    def __init__(self, process, output):
        self.process, self.output = process, Path(output)
        self.arrivals = {}
        self._read = set()

    def look(self):
        """Reads the files that are new, each whole."""
        for path in sorted((self.output / "records").glob("*/*.jsonl")):
            if path in self._read:
                continue
            self._read.add(path)
            text = path.read_text(encoding="utf-8")
            assert text.endswith("\n"), f"{path} ends in half a line"
            for line in text.splitlines():
                self.arrivals.setdefault(json.loads(line)["url"], []).append(time.time())

    def wait_for(self, urls, seconds):
        """Until all of the URLs are in files."""
        until = time.monotonic() + seconds
        missing = set(urls)
        while missing and time.monotonic() < until:
            time.sleep(0.2)
            self.look()
            missing -= set(self.arrivals)
            assert self.process.poll() is None, self.process.stderr.read()
        assert not missing, f"{len(missing)} did not arrive within {seconds} s: {sorted(missing)[:3]}"

    def stop(self, number=signal.SIGTERM):
        """Ends the run as a user or a scheduler does; its exit code, and what it said."""
        self.process.send_signal(number)
        _, said = self.process.communicate(timeout=120)
        self.look()
        return self.process.returncode, said


@contextlib.contextmanager
def start_streaming(feeds, output, *arguments):
    command = [sys.executable, "-m", "pipeline", "run", "--streaming", "--feeds", str(feeds), "--output", str(output)]
    command += [*ALLOW, *map(str, arguments)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        yield Streaming(process, output)
    finally:
        process.kill()
        process.communicate()
