"""One run at a time on a state."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from transforms import files
from transforms.errors import InputError

LEASE_S = 300.0
RENEW_S = 60.0


class StateBusyError(InputError):
    """Another run works on the state."""


@contextlib.contextmanager
def lock_state(folder: str, run_id: str) -> Iterator[None]:
    """Holds the state's lock. Raises StateBusyError where another run does.

    On a local disk the lock is the operating system's and ends with the process, however it dies. In a bucket it is a
    lease of LEASE_S seconds, renewed while the run lasts: a dead run's lease runs out. Two launchers that begin in the
    same moment there are told apart by reading the lease back, which is not proof against every race: schedule one.
    """
    path = files.join(folder, "lock")
    if _is_remote(folder):
        with _lease(path, run_id):
            yield
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    with open(path, "a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise StateBusyError(
                f"another run works on this state ({file.read().strip() or 'unnamed'})", file=folder
            ) from None
        file.truncate(0)
        file.write(f"{run_id} on {socket.gethostname()}, process {os.getpid()}\n")
        file.flush()
        yield


def _is_remote(folder: str) -> bool:
    return "://" in folder


@contextlib.contextmanager
def _lease(path: str, run_id: str) -> Iterator[None]:
    if files.exists(path):
        held = json.loads(files.read_bytes(path))
        if held["until"] > time.time():
            raise StateBusyError(f"another run works on this state ({held['run_id']})", file=path)
    ended = threading.Event()

    def write_lease() -> None:
        files.write_atomically(path, json.dumps({"run_id": run_id, "until": time.time() + LEASE_S}).encode())

    def renew() -> None:
        while not ended.wait(RENEW_S):
            write_lease()

    write_lease()
    if json.loads(files.read_bytes(path))["run_id"] != run_id:
        raise StateBusyError("another run began in the same moment", file=path)
    threading.Thread(target=renew, daemon=True, name="lease").start()
    try:
        yield
    finally:
        ended.set()
        files.delete([path])
