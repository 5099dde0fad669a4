"""The server that the pool's processes are forked from. No Beam.

A fork of the launching process would copy the threads of the event loop and of gRPC in an unknown state; the server has
no threads, and has what the work needs loaded already.
"""

from __future__ import annotations

import multiprocessing
import signal
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext


def fork_context() -> ForkServerContext:
    """The context to make processes with."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["transforms.quiet_start", "transforms.work", "datasketch"])
    return context


def start_fork_server() -> None:
    """Starts the server ahead of its first use: it loads what it needs while the caller does other things.

    It and its children never see SIGINT: Ctrl-C reaches the whole process group, and would end it in its imports.
    """
    fork_context()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
