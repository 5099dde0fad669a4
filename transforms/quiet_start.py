"""Loaded by the fork server alone: a process whose parent goes while it starts has nothing to tell.

Ctrl-C may come between the server's being asked for a process and that process's having read what it is for; its
semaphores or its pipe are gone then. What fails later is told by the pool, and never comes here.
"""

from __future__ import annotations

import sys
from types import TracebackType


def tell_other_errors(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Python's own hook, but for errors that say that the parent has gone."""
    if not issubclass(kind, (EOFError, FileNotFoundError, ConnectionError)):
        sys.__excepthook__(kind, error, trace)


sys.excepthook = tell_other_errors
