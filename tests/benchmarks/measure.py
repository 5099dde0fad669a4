"""Runs a command and says what it and every process that came of it cost.

    measure(["rasid", "run", ...])    or measure.py RESULT.json memory|- COMMAND...

The CPU seconds are the kernel's (wait4): this program is made the reaper of its descendants, so that also those count whose
parent ended first, such as a fork server and what it forked. They hardly depend on what else the machine does.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PR_SET_CHILD_SUBREAPER = 36
SAMPLE_S = 0.5


@dataclass(frozen=True)
class Usage:
    """`main_s` are the CPU seconds of the command's own process, `others_s` those of its descendants. `peak_mb` is the largest
    sum of what the processes share fairly (PSS), sampled twice a second; 0 where memory was not asked for.
    """

    wall_s: float
    main_s: float
    others_s: float
    peak_mb: float
    load: float

    @property
    def cpu_s(self) -> float:
        return self.main_s + self.others_s


def measure(
    command: Sequence[object], *, memory: bool = False, env: dict[str, str] | None = None, cwd: Path = ROOT
) -> tuple[Usage, str]:
    """What a command cost, and its standard output. Ends the program where the command fails."""
    with tempfile.NamedTemporaryFile("r") as result:
        flags = [result.name, "memory" if memory else "-", *map(str, command)]
        done = subprocess.run(
            [sys.executable, __file__, *flags], cwd=cwd, env=env, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(map(str, command))}: exit code {done.returncode}\n{done.stderr[-2000:]}")
        return Usage(**json.load(result)), done.stdout


def _descendants(pid: int) -> Iterator[int]:
    with contextlib.suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):
            for child in Path(f"/proc/{pid}/task/{task}/children").read_text().split():
                yield int(child)
                yield from _descendants(int(child))


def _memory_mb(pid: int) -> float:
    with contextlib.suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("Pss:")).split()[1]) / 1024
    return 0.0


def _watch(peaks: list[float], ended: threading.Event) -> None:
    while not ended.wait(SAMPLE_S):
        peaks.append(sum(map(_memory_mb, _descendants(os.getpid()))))


def _run(command: Sequence[str], memory: bool) -> tuple[int, Usage]:
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    load = os.getloadavg()[0]
    peaks, ended = [0.0], threading.Event()
    if memory:
        threading.Thread(target=_watch, args=(peaks, ended), daemon=True).start()
    began = time.perf_counter()
    main = os.posix_spawnp(command[0], command, os.environ)
    _, status, usage = os.wait4(main, 0)
    wall = time.perf_counter() - began
    others = 0.0
    with contextlib.suppress(ChildProcessError):
        while True:
            _, _, left = os.wait4(-1, 0)
            others += left.ru_utime + left.ru_stime
    ended.set()
    return os.waitstatus_to_exitcode(status), Usage(wall, usage.ru_utime + usage.ru_stime, others, max(peaks), load)


def main() -> None:
    result, memory, *command = sys.argv[1:]
    code, usage = _run(command, memory == "memory")
    Path(result).write_text(json.dumps(asdict(usage)), encoding="utf-8")
    sys.exit(code if code >= 0 else 128 - code)


if __name__ == "__main__":
    main()
