"""CPU-bound stages: a pool of processes inside the worker, with a deadline a task.

Processes use all cores on every runner, bound a page's time, and survive a crash in a C library: the page that caused
it becomes a dead letter, the pool goes on.
"""

from __future__ import annotations

import atexit
import concurrent.futures
import contextlib
import os
import sys
import threading
import weakref
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import FIRST_COMPLETED
from concurrent.futures.process import BrokenProcessPool
from typing import Any

import apache_beam as beam
from apache_beam.utils.shared import Shared
from pebble import ProcessExpired, ProcessPool

from transforms import metrics
from transforms.errors import IngestError
from transforms.processes import fork_context
from transforms.steps import OverlappedStepFn, addresses_of
from transforms.work import prepare_process

# Enough to keep every process busy while this one hands out work; small, since each task may hold a page.
TASKS_PER_PROCESS = 4
_MAX_TRIES = 3
# A process is replaced after so many, whatever its libraries have kept.
PROCESS_LIFE_TASKS = 2_000
_SHARED = Shared()
_POOLS: weakref.WeakSet[_Pool] = weakref.WeakSet()
_JOIN_S = 5.0
_LOOK_S = 1.0


class _Pool:
    """A Pebble pool; weakly referenced by Beam's Shared, so that one serves all stages of a process.

    Pebble gives a pool up when somebody kills a process of it that is idle (the system does when memory is short): then
    another pool takes its place. What it has not handed to a process by then stays undone, which Pebble does not say.
    """

    def __init__(self, processes: int) -> None:
        self.processes = processes
        self._lock = threading.Lock()
        self._stopped = False
        self._pool_of: weakref.WeakKeyDictionary[Any, ProcessPool] = weakref.WeakKeyDictionary()
        self.pool = self._start()
        _POOLS.add(self)

    def _start(self) -> ProcessPool:
        return ProcessPool(
            max_workers=self.processes,
            max_tasks=PROCESS_LIFE_TASKS,
            context=fork_context(),
            initializer=prepare_process,
        )

    def schedule(self, work: Callable[..., Any], arguments: tuple[Any, ...], deadline: float) -> Any:
        """A future of `work`; `deadline` is in seconds."""
        with self._lock:
            if self._stopped:
                raise concurrent.futures.CancelledError("the pool has ended")
            for tries in range(1, _MAX_TRIES + 1):
                try:
                    future = self.pool.schedule(work, args=arguments, timeout=deadline)
                    break
                except RuntimeError:  # broken, and noticed already
                    if tries == _MAX_TRIES:
                        raise
                    _end(self.pool)
                    self.pool = self._start()
            self._pool_of[future] = self.pool
            return future

    def wait(self, futures: Collection[Any]) -> set[Any]:
        """Those of the futures that are done, one at least; those that a broken pool forgot fail."""
        while True:
            done, waiting = concurrent.futures.wait(futures, timeout=_LOOK_S, return_when=FIRST_COMPLETED)
            if done:
                return done
            with self._lock:
                for future in waiting:
                    if not future.done() and not self._pool_of[future].active:
                        _end(self._pool_of[future])
                        future.set_exception(BrokenProcessPool("it ended before a process took the task"))

    def stop(self) -> None:
        """Ends the processes; waits, since one that is just starting would outlive its parent, and say so."""
        with self._lock:  # which a thread holds that starts them
            self._stopped = True
        _end(self.pool)

    def __del__(self) -> None:
        if sys is not None and not sys.is_finalizing():  # None: at the very end of an exit
            self.stop()


def _end(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    with contextlib.suppress(TimeoutError, RuntimeError):  # in one of its own threads, by the garbage collector
        pool.join(_JOIN_S)


def _stop_pools() -> None:
    for each in list(_POOLS):
        each.stop()


atexit.register(_stop_pools)


def acquire_pool(processes: int) -> _Pool:
    """The worker's pool of so many processes (0: one a core); it lives for as long as somebody holds it."""
    processes = processes or count_cores()
    return _SHARED.acquire(lambda: _Pool(processes), tag=processes)  # type: ignore[no-any-return]


def result_of(pool: _Pool, future: Any, deadline: float, deadline_reason: str) -> Any:
    """What a task of the pool gave, or the exception that says why it gave nothing; waits for it."""
    pool.wait([future])
    try:
        return future.result()
    except concurrent.futures.TimeoutError:
        return IngestError(deadline_reason, f"not done after {deadline} s")
    except (BrokenProcessPool, concurrent.futures.CancelledError) as error:
        return IngestError("worker_died", f"the pool of processes broke: {error}")
    except ProcessExpired as error:
        return IngestError("worker_died", f"the process ended with code {error.exitcode}")
    except Exception as error:
        return error


def count_cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class PoolStepFn(OverlappedStepFn):
    """Base of stages whose work is a pure function, run in the pool.

    `work` is a module-level function of one element; `deadline` is in seconds, from when a process takes the element.
    """

    work: Callable[..., Any]
    deadline_reason = "unexpected"
    counts_in = True

    def __init__(self, *, processes: int, deadline: float, arguments: tuple[Any, ...] = ()) -> None:
        self._processes = processes
        self._deadline = deadline
        self._arguments = arguments

    def setup(self) -> None:
        self._pool = acquire_pool(self._processes)

    def start_bundle(self) -> None:
        super().start_bundle()
        self._running: dict[Any, Any] = {}

    def process(
        self, element: Any, timestamp: Any = beam.DoFn.TimestampParam, window: Any = beam.DoFn.WindowParam
    ) -> Iterator[Any]:
        if self.counts_in:
            self.count(addresses_of(element)[0], metrics.IN)
        self.window = window
        self._start((element, timestamp, [window]), tries=1)
        full = len(self._running) >= self._pool.processes * TASKS_PER_PROCESS
        yield from self.emit(self._done(block=full))

    def _start(self, ticket: tuple[Any, Any, Any], tries: int) -> None:
        future = self._pool.schedule(type(self).work, (ticket[0], *self._arguments), self._deadline)
        self._running[future] = ticket, tries

    def wait(self) -> Iterator[tuple[Any, Any]]:
        while self._running:
            yield from self._done(block=True)

    def _done(self, *, block: bool) -> Iterator[tuple[Any, Any]]:
        for future in self._pool.wait(self._running) if block else [each for each in self._running if each.done()]:
            ticket, tries = self._running.pop(future)
            if tries < _MAX_TRIES and _fell_with_its_pool(future):
                self._start(ticket, tries + 1)
            else:
                yield ticket, result_of(self._pool, future, self._deadline, self.deadline_reason)


def _fell_with_its_pool(future: Any) -> bool:
    return future.cancelled() or isinstance(future.exception(), BrokenProcessPool)
