"""The state as workers read it: loaded once a process and run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from apache_beam.utils.shared import Shared

from transforms.commit import load_state
from transforms.known_texts import KnownTexts
from transforms.state import State

_SHARED = Shared()
_SHARED_TEXTS = Shared()
_HELD: dict[str, State | None] = {}


@dataclass
class SharedState:
    """Beam's Shared keeps weak references, which plain containers refuse."""

    state: State


def acquire_state(folder: str, run_id: str) -> SharedState:
    """The state that was committed before the run; keep the result for as long as it is needed."""
    return _SHARED.acquire(lambda: SharedState(read_state(folder)), tag=(folder, run_id))  # type: ignore[no-any-return]


@contextmanager
def hold_state(folder: str) -> Iterator[None]:
    """While it is held, this process is the only one that commits to a state, and keeps it in memory.

    Holding what is held already changes nothing.
    """
    if folder in _HELD:
        yield
        return
    _HELD[folder] = None
    try:
        yield
    finally:
        del _HELD[folder]


def read_state(folder: str) -> State:
    """The state of the last committed run."""
    state = _HELD.get(folder)
    if state is None:
        state = load_state(folder)
        note_state(folder, state)
    return state


def note_state(folder: str, state: State | None) -> None:
    """What a process that holds a state has committed; None where it cannot be sure, and reads it again."""
    if folder in _HELD:
        _HELD[folder] = state


def acquire_texts(folder: str) -> KnownTexts:
    """The texts of a state folder, to be refreshed; in memory for as long as somebody keeps the result."""
    return _SHARED_TEXTS.acquire(lambda: KnownTexts(folder), tag=folder)  # type: ignore[no-any-return]
