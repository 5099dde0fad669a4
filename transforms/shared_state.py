"""The state as workers read it: loaded once a process and run."""

from __future__ import annotations

from dataclasses import dataclass

from apache_beam.utils.shared import Shared

from transforms.commit import load_state
from transforms.state import State

_SHARED = Shared()


@dataclass
class SharedState:
    """Beam's Shared keeps weak references, which plain containers refuse."""

    state: State


def acquire_state(folder: str, run_id: str) -> SharedState:
    """The state that was committed before the run; keep the result for as long as it is needed."""
    return _SHARED.acquire(lambda: SharedState(load_state(folder)), tag=(folder, run_id))  # type: ignore[no-any-return]
