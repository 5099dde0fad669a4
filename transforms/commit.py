"""How a run's files appear: all of them, with the state that belongs to them, or none.

A run writes complete files under `<sink folder>/.staging/<run>/`. To commit, it writes a journal (atomically) that
names every rename to come, the new state's among them, then does the renames, the state's last, deletes what they
replace, and deletes the journal. A run that dies before the journal stands leaves nothing that a reader sees; one that
dies after it is carried through by whoever comes next, since each step may be done again. The state folder holds
    state.jsonl.gz   the state (see state_file.py)
    run.json         the run under way and its staging folders; only the run that it names may commit
    journal.json     the renames of a run that is committing
    texts/           the texts that new ones are compared with (see known_texts.py)
"""

from __future__ import annotations

import json
import posixpath
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from transforms import files
from transforms.errors import InputError
from transforms.state import State
from transforms.state_file import parse_state

STAGING = ".staging"
STALE_S = 24 * 3600.0


@dataclass(frozen=True)
class StatePaths:
    """The files of one state folder."""

    folder: str

    @property
    def state(self) -> str:
        return files.join(self.folder, "state.jsonl.gz")

    @property
    def run(self) -> str:
        return files.join(self.folder, "run.json")

    @property
    def journal(self) -> str:
        return files.join(self.folder, "journal.json")


def staging_folder(sink_folder: str, run_id: str) -> str:
    return files.join(sink_folder, STAGING, run_id)


def clear_stale_staging(sink_folder: str, now: float) -> int:
    """Deletes the staging folders of a sink in which nothing has changed for STALE_S; returns how many files were left.

    For flows without a commit, whose killed workers leave what they were writing. A younger file may be another job's,
    so its whole folder stays, as does one of a filesystem that tells no times.
    """
    root = files.join(sink_folder, STAGING)
    newest: dict[str, float] = {}
    counts: Counter[str] = Counter()
    for path, changed in files.match_times(files.join(root, "*", "*")).items():
        folder = posixpath.dirname(path)
        newest[folder] = max(newest.get(folder, 0.0), changed or now)
        counts[folder] += 1
    stale = [folder for folder, changed in newest.items() if changed < now - STALE_S]
    files.delete(stale)
    return sum(counts[folder] for folder in stale)


def load_state(folder: str) -> State:
    """The state of the last committed run; an empty one where there was none."""
    path = StatePaths(folder).state
    return parse_state(files.read_bytes(path), path) if files.exists(path) else State()


def begin_run(folder: str, run_id: str, staging_folders: Sequence[str], *, detached_until: float = 0.0) -> None:
    """Notes which folders a run writes to, so that the next one can clear them if this one dies.

    A run that nobody waits for is detached: until that time (seconds since the epoch) it counts as alive. Raises
    InputError, naming the folder, where one cannot be written: before anything is asked.
    """
    note = {"run_id": run_id, "staging_folders": list(staging_folders), "detached_until": detached_until}
    files.write_atomically(StatePaths(folder).run, json.dumps(note).encode())
    for staging in staging_folders:
        try:
            files.write_atomically(files.join(staging, "begun"), b"")
        except OSError as error:
            raise InputError(f"cannot be written: {error}", file=staging) from error


def detached_run(folder: str, now: float) -> str | None:
    """The detached run that may still be at work; None where there is none, or where it has committed."""
    paths = StatePaths(folder)
    note = _read_json(paths.run) if files.exists(paths.run) else {}
    if note.get("detached_until", 0.0) <= now or load_state(folder).run_id == note["run_id"]:
        return None
    return str(note["run_id"])


def commit_run(
    folder: str, run_id: str, renames: Sequence[tuple[str, str]], state: bytes, deletes: Sequence[str] = ()
) -> None:
    """Makes a run's files and state visible, then deletes files that they replace. May be called again by a retry: what
    is done stays done.

    Raises RuntimeError where the run was given up or another one began, which has cleared what this one staged.
    """
    paths = StatePaths(folder)
    owner = _read_json(paths.run)["run_id"] if files.exists(paths.run) else "none"
    if owner != run_id:
        raise RuntimeError(f"{run_id} was given up, it may not commit; the run under way: {owner}")
    staged_state = f"{paths.state}.{run_id}.part"
    if not files.exists(paths.journal):
        files.write_atomically(staged_state, state)
        for staged, _ in renames:
            files.sync(staged)
        renames = [*renames, (staged_state, paths.state)]
        journal = {"run_id": run_id, "renames": renames, "deletes": list(deletes)}
        files.write_atomically(paths.journal, json.dumps(journal, ensure_ascii=False).encode())
    _carry_through(paths)


def recover(folder: str) -> str | None:
    """Ends what a dead run left: carries a commit through, or clears its staging. Returns that run's id."""
    paths = StatePaths(folder)
    dead = None
    if files.exists(paths.journal):
        dead = _carry_through(paths)
    if files.exists(paths.run):
        dead = end_run(folder) or dead
    return dead


def end_run(folder: str) -> str:
    """Clears a run's staging folders, and the note of it."""
    paths = StatePaths(folder)
    note = _read_json(paths.run)
    files.delete(note["staging_folders"])
    files.remove_empty_parents(note["staging_folders"], levels=2)
    files.delete([paths.run])
    return str(note["run_id"])


def _carry_through(paths: StatePaths) -> str:
    journal = _read_json(paths.journal)
    for staged, final in journal["renames"]:
        files.rename(staged, final)
    files.delete(journal.get("deletes", []))
    files.delete([paths.journal])
    return str(journal["run_id"])


def _read_json(path: str) -> dict[str, Any]:
    try:
        return json.loads(files.read_bytes(path))  # type: ignore[no-any-return]
    except ValueError as error:
        raise InputError(f"damaged ({error}); no run writes such a file, move it away", file=path) from error
