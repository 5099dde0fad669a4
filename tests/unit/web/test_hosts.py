"""The turns at one host, on a clock that only goes when nothing else can."""

import asyncio
import itertools

import pytest

from transforms.errors import IngestError
from transforms.web.hosts import LEFT_ALONE, MAX_CRAWL_DELAY, MAX_FAILURES, HostGate


class SkippingLoop(asyncio.SelectorEventLoop):
    """Time jumps to the next timer instead of waiting for it."""

    now = 1000.0

    def time(self):
        return self.now

    def _run_once(self):
        if not self._ready and self._scheduled:
            self.now = max(self.now, self._scheduled[0].when())
        super()._run_once()


def run(work):
    with asyncio.Runner(loop_factory=SkippingLoop) as runner:
        return runner.run(work())


def clock():
    return asyncio.get_running_loop().time()


async def ask(gate, starts, latency=0.0, length=0.0, connect=0.0):
    async with gate.turn() as turn:
        await asyncio.sleep(connect)
        turn.sent()
        starts.append(clock())
        await asyncio.sleep(latency)
        turn.answered()
        await asyncio.sleep(length)


def gaps(starts):
    return [round(b - a, 6) for a, b in itertools.pairwise(starts)]


def test_a_pause_counts_from_the_answer():
    async def work():
        starts = []
        gate = HostGate("h", 2, 0.5, 60)
        await asyncio.gather(*(ask(gate, starts, latency=0.25) for _ in range(4)))
        return gaps(starts)

    assert run(work) == [0.75] * 3


def test_a_host_that_does_not_answer_is_asked_again_after_a_while():
    async def work():
        starts = []
        await asyncio.gather(*(ask(gate, starts, latency=20) for gate in [HostGate("h", 2, 0.5, 60)] for _ in range(2)))
        return gaps(starts)

    assert run(work) == [5.5]


def test_slow_connecting_does_not_shorten_the_pause():
    async def work():
        starts = []
        gate = HostGate("h", 2, 0.5, 60)
        await asyncio.gather(ask(gate, starts, connect=9, latency=0.1), ask(gate, starts))
        return gaps(starts)

    assert run(work) == [0.6]


def test_never_more_at_once_than_allowed():
    async def work():
        at_once, most = 0, 0
        gate = HostGate("h", 3, 0, 60)

        async def one():
            nonlocal at_once, most
            async with gate.turn() as turn:
                turn.sent()
                at_once += 1
                most = max(most, at_once)
                await asyncio.sleep(1)
                at_once -= 1

        await asyncio.gather(*(one() for _ in range(10)))
        return most, clock()

    assert run(work) == (3, 1004.0)


def test_retry_after_holds_everybody():
    async def work():
        starts = []
        gate = HostGate("h", 2, 0.5, 60)
        await ask(gate, starts)
        gate.hold(7)
        await asyncio.gather(*(ask(gate, starts) for _ in range(2)))
        return gaps(starts)

    assert run(work) == [7, 0.5]


def test_a_longer_wait_than_patience_fails_at_once():
    async def work():
        gate = HostGate("h", 2, 0, 60)
        gate.hold(3600)
        with pytest.raises(IngestError, match="rate_limited"):
            await ask(gate, [])
        return clock()

    assert run(work) == 1000.0


def test_a_failing_host_is_left_alone_and_then_tried_once():
    async def work():
        gate, starts = HostGate("h", 2, 0, 60), []
        for _ in range(MAX_FAILURES - 1):
            gate.failed()
        gate.succeeded()
        for _ in range(MAX_FAILURES):
            await ask(gate, starts)
            gate.failed()
        with pytest.raises(IngestError, match="host_unavailable"):
            await ask(gate, starts)
        await asyncio.sleep(LEFT_ALONE)
        await ask(gate, starts)
        gate.failed()
        with pytest.raises(IngestError, match="host_unavailable"):
            await ask(gate, starts)
        return len(starts)

    assert run(work) == MAX_FAILURES + 1


def test_crawl_delay_lengthens_the_pause_within_reason():
    async def work():
        starts = []
        gate = HostGate("h", 1, 0.5, 60)
        gate.slow_down(0.1)
        gate.slow_down(1000)
        await asyncio.gather(*(ask(gate, starts) for _ in range(2)))
        return gaps(starts)

    assert run(work) == [MAX_CRAWL_DELAY]


def test_a_turn_that_asks_nothing_costs_no_pause():
    async def work():
        starts = []
        gate = HostGate("h", 1, 0.5, 60)
        await ask(gate, starts)
        for _ in range(5):
            async with gate.turn() as turn:
                turn.used = False
        await ask(gate, starts)
        return gaps(starts)

    assert run(work) == [0.5]


def test_a_cancelled_wait_gives_its_turn_back():
    async def work():
        starts = []
        gate = HostGate("h", 1, 0.5, 60)
        await ask(gate, starts)
        waiting = asyncio.create_task(ask(gate, starts))
        await asyncio.sleep(0.1)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await ask(gate, starts)
        return gaps(starts)

    assert run(work) == [0.5]
