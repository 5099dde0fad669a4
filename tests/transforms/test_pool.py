"""The pool bounds an element's time and survives a crash; nothing is lost and all outputs keep their windows."""

import concurrent.futures
import ctypes
import os
import signal
import time
from concurrent.futures.process import BrokenProcessPool

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.util import assert_that, equal_to
from pebble.pool.process import PoolManager

from transforms import coders  # noqa: F401 - registers the elements' coders
from transforms.elements import Feed
from transforms.pool import PoolStepFn, _Pool
from transforms.steps import DEAD_LETTERS, TALLIES, Outcomes

pytestmark = pytest.mark.slow


def misbehave(feed):
    if feed.name == "crash":
        ctypes.string_at(0)
    if feed.name == "hang":
        time.sleep(60)
    if feed.name == "raise":
        raise ValueError("no good")
    return feed.name.upper()


class _MisbehaveFn(PoolStepFn):
    stage = "read_feeds"
    work = staticmethod(misbehave)
    deadline_reason = "feed_deadline"

    def outputs_of(self, element, result):
        if isinstance(result, Exception):
            yield from self.fail(element, result)
        else:
            self.count(element.url, "out")
            yield Feed(element.url, result)


def name_of(feed):
    return feed.name


def reason_of(letter):
    return letter.element_type, letter.reason, letter.url


def tally_of(tally):
    return tally.feed_url, tally.outcome, tally.count


def window_of(feed, window=beam.DoFn.WindowParam):
    return feed.name, int(window.start)


def run(names, check):
    feeds = [Feed(f"http://x/{i}", name) for i, name in enumerate(names)]
    outcomes = Outcomes()
    with beam.Pipeline(runner=FnApiRunner(), options=PipelineOptions([])) as pipeline:
        created = pipeline | beam.Create(feeds, reshuffle=False).with_output_types(Feed)
        check(
            outcomes,
            lambda flow: outcomes.run_step(flow, "Misbehave", _MisbehaveFn(processes=2, deadline=1.5), Feed),
            created,
        )


def test_a_crash_and_a_hang_are_dead_letters_and_the_rest_goes_on():
    def check(outcomes, step, created):
        done = step(created)
        assert_that(done | beam.Map(name_of), equal_to(["GOOD"] * 6), "good")
        dead = outcomes.all_of(DEAD_LETTERS, "dead") | beam.Map(reason_of)
        expected = [
            ("Feed", "worker_died", "http://x/2"),
            ("Feed", "feed_deadline", "http://x/4"),
            ("Feed", "unexpected", "http://x/5"),
        ]
        assert_that(dead, equal_to(expected), "reasons")

    run(["good", "good", "crash", "good", "hang", "raise", "good", "good", "good"], check)


def test_every_element_is_counted_once():
    def check(outcomes, step, created):
        step(created)
        tallies = outcomes.all_of(TALLIES, "tallies") | beam.Map(tally_of)
        expected = [
            ("http://x/0", "in", 1),
            ("http://x/0", "out", 1),
            ("http://x/1", "in", 1),
            ("http://x/1", "dead_lettered_unexpected", 1),
        ]
        assert_that(tallies, equal_to(expected))

    run(["good", "raise"], check)


def test_outputs_keep_their_elements_windows():
    def check(outcomes, step, created):
        stamped = created | beam.Map(
            lambda feed: beam.window.TimestampedValue(feed, 10 * int(feed.name))
        ).with_output_types(Feed)
        done = step(stamped | beam.WindowInto(beam.window.FixedWindows(10)))
        assert_that(done | beam.Map(window_of), equal_to([("1", 10), ("2", 20), ("3", 30)]))

    run(["1", "2", "3"], check)


def nap(seconds):
    time.sleep(seconds)
    return os.getpid()


def test_idle_processes_that_somebody_kills_are_replaced():
    """Pebble gives the whole pool up then, which would make every later element a dead letter."""
    pool = _Pool(2)
    for _ in range(2):
        workers = {future.result(30) for future in [pool.schedule(nap, (0.3,), 20) for _ in range(4)]}
        for pid in workers:
            os.kill(pid, signal.SIGKILL)
        time.sleep(1)
    assert pool.schedule(nap, (0,), 20).result(30) not in workers


def test_elements_of_a_pool_that_breaks_are_worked_on_in_another():
    def check(outcomes, step, created):
        done = step(created)
        assert_that(done | beam.Map(name_of), equal_to(["GOOD"] * 3), "good")
        assert_that(outcomes.all_of(DEAD_LETTERS, "dead") | beam.Map(reason_of), equal_to([]), "none")

    original, broken = _Pool.schedule, []

    def schedule(self, work, arguments, deadline):
        if len(broken) < 2:
            future = concurrent.futures.Future()
            future.set_exception(BrokenProcessPool("All workers expired"))
            broken.append(future)
            return future
        return original(self, work, arguments, deadline)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_Pool, "schedule", schedule)
        run(["good"] * 3, check)
    assert len(broken) == 2


def test_what_a_broken_pool_forgets_is_worked_on_in_another():
    """A task that Pebble has not taken from its queue when it gives the pool up is never settled by it."""

    def check(outcomes, step, created):
        assert_that(step(created) | beam.Map(name_of), equal_to(["GOOD"] * 3), "good")
        assert_that(outcomes.all_of(DEAD_LETTERS, "dead") | beam.Map(reason_of), equal_to([]), "none")

    original, first = PoolManager.schedule, []

    def schedule(manager, task):
        first.append(manager)
        if manager is not first[0]:
            original(manager, task)
        elif len(first) == 1:
            for worker in manager.worker_manager.workers.values():
                os.kill(worker.pid, signal.SIGKILL)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PoolManager, "schedule", schedule)
        run(["good"] * 3, check)
    assert len(set(map(id, first))) == 2
