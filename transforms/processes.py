"""The server that the pool's processes are forked from. No Beam.

A fork of the launching process would copy the threads of the event loop and of gRPC in an unknown state; the server has
no threads, and has what the work needs loaded already.
"""

from __future__ import annotations

import multiprocessing
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext


def fork_context() -> ForkServerContext:
    """The context to make processes with."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["transforms.work", "datasketch"])
    return context


def start_fork_server() -> None:
    """Starts the server ahead of its first use: it loads what it needs while the caller does other things."""
    fork_context()
    forkserver.ensure_running()
