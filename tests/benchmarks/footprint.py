"""What a run costs: CPU seconds, memory and bytes, a thousand pages. The figures of deploy/README.md.

    footprint.py [--hosts 40] [--items 25]

Needs the shared material (RASID_SHARED, or ../shared beside the project). `rasid run --host_pause 0` reads a world of
sites on loopback, then reads it again with nothing new. CPU seconds are those of all its processes (the server's are not
in them), and hardly depend on what else the machine does; the seconds of the clock do. Memory is the largest sum over its
processes of the memory that each shares fairly (PSS), sampled twice a second.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.newsworld import ALLOW, last_summary, start_world  # noqa: E402

TICK = os.sysconf("SC_CLK_TCK")


def processes_of(session: int) -> dict[int, tuple[float, float]]:
    """CPU seconds and MB (PSS) of every process of a session."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError, StopIteration):
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            if int(fields[3]) == session:
                cpu = (int(fields[11]) + int(fields[12])) / TICK
                lines = (entry / "smaps_rollup").read_text().splitlines()
                found[int(entry.name)] = (cpu, int(next(x for x in lines if x.startswith("Pss:")).split()[1]) / 1024)
    return found


def measure(command: list[str]) -> tuple[float, float, float]:
    """CPU seconds, peak MB and seconds of the clock of a command with all its processes."""
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, start_new_session=True, stderr=subprocess.DEVNULL)
    cpu: dict[int, float] = {}
    peak = 0.0
    while process.poll() is None:
        now = processes_of(process.pid)
        cpu |= {pid: seconds for pid, (seconds, _) in now.items()}
        peak = max(peak, sum(mb for _, mb in now.values()))
        time.sleep(0.5)
    if process.returncode:
        raise SystemExit(f"{command}: exit code {process.returncode}")
    return sum(cpu.values()), peak, time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=40)
    parser.add_argument("--items", type=int, default=25)
    args = parser.parse_args()
    shared = Path(os.environ.get("RASID_SHARED", ROOT.parent / "shared"))
    if not shared.is_dir():
        raise SystemExit(f"footprint: no shared material at {shared}; set RASID_SHARED")
    with (
        tempfile.TemporaryDirectory() as folder,
        start_world(shared, "--hosts", args.hosts, "--items", args.items) as world,
    ):
        command = [sys.executable, "-m", "pipeline", "run", "--feeds", world.feeds, "--output", folder, *ALLOW]
        for name in ("first run", "second run, nothing new"):
            cpu, peak, seconds = measure([*command, "--host_pause", "0"])
            pages = last_summary(folder)["stages"].get("fetch_pages", {}).get("out", 0)
            print(f"{name}: {pages} pages, {cpu:.1f} CPU seconds, {peak:.0f} MB at most, {seconds:.1f} s")
        for kind in ("records", "state"):
            size = sum(p.stat().st_size for p in Path(folder, kind).rglob("*") if p.is_file())
            print(f"{kind}: {size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
