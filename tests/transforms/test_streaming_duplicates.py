"""Duplicates in the streaming graph: its steps, in whatever order an engine brings things."""

import inspect
import random
from collections import Counter, defaultdict

import pytest
from apache_beam.transforms.window import GlobalWindow

from tests.fake_engine import Bag, Cell, Timer
from tests.texts import make_body
from transforms.elements import Record
from transforms.near_duplicates import sign_text
from transforms.state import DAY_US
from transforms.streaming import mark_duplicates as module

WINDOW_US = 3 * DAY_US
START_US = 1_800_000_000_000_000


def make_record(name, body, revision=1, published_us=None):
    url = f"http://a.example/{name}"
    return Record(
        name, revision, url, url, "http://f/", "", "", body, None, (), "ar", 1.0, published_us, None, START_US,
        body, None, (), (), "1", text_signature=sign_text(body),
    )  # fmt: skip


class Engine:
    """Brings what the steps give one another in a random order; each key has state and timers of its own."""

    def __init__(self, monkeypatch, seed=0, window_us=WINDOW_US):
        self.now, self.random, self.waiting, self.given = START_US, random.Random(seed), [], []
        monkeypatch.setattr(module, "now_us", lambda: self.now)
        self.give_out = module._GiveOutFn()
        self.steps = {
            "Band": module._FindCandidatesFn(window_us),
            "Text": module._FindTextFn(window_us),
            "Record": module._ChooseOriginalFn(window_us),
        }
        for step in (self.give_out, self.steps["Band"], self.steps["Record"]):
            step.start_bundle()
        self.keys = {name: defaultdict(lambda step=step: self.make_cells(step)) for name, step in self.steps.items()}

    @staticmethod
    def make_cells(step):
        cls = type(step)
        if cls is module._FindCandidatesFn:
            timers = {name: Timer() for name in ("settled", "age", "end")}
            return {"texts": Bag(cls._TEXTS), **timers}
        if cls is module._FindTextFn:
            return {"text": Cell(cls._TEXT), "age": Timer()}
        return {"parts": Bag(cls._PARTS), "original": Cell(cls._ORIGINAL), "age": Timer()}

    def give(self, record):
        """A record is stamped; what is made of it comes when `run` says."""
        self.waiting += self.give_out.process(record)
        self.now += 1000

    def take(self, outputs):
        for output in outputs or ():
            if isinstance(output, Record):
                self.given.append(output)
            else:
                self.waiting.append(output)

    def deliver(self):
        self.random.shuffle(self.waiting)
        while self.waiting:
            key, encoded = self.waiting.pop()
            name = module._GOES_TO[encoded[0]]
            extra = (GlobalWindow(),) if name == "Band" else ()
            cells = self.keys[name][key]
            self.take(self.steps[name].process((key, encoded), *extra, **cells))

    def pass_time(self, us):
        """Rings what is due by then, until nothing more is."""
        until = self.now + us
        while True:
            self.deliver()
            due = [
                (timer.at, name, key, which)
                for name, keys in self.keys.items()
                for key, cells in keys.items()
                for which, timer in cells.items()
                if isinstance(timer, Timer) and which != "end" and timer.at is not None and timer.at <= until / 1e6
            ]
            if not due:
                break
            at, name, key, which = min(due)
            self.now = max(self.now, round(at * 1e6))
            cells = self.keys[name][key]
            cells[which].at = None
            ring = self.steps[name].answer_settled if which == "settled" else self.steps[name].forget
            self.take(ring(**{each: cells[each] for each in inspect.signature(ring).parameters}))
        self.now = until

    def marks(self):
        assert all(record.text_signature == b"" for record in self.given)
        found = {(r.record_id, r.revision): r.duplicate_of for r in self.given}
        assert len(found) == len(self.given)
        return found

    def first_marks(self):
        return {record_id: mark for (record_id, revision), mark in self.marks().items() if revision == 1}

    def counts(self):
        found = Counter()
        for step in (self.give_out, self.steps["Band"], self.steps["Record"]):
            for output in step.finish_bundle():
                found[f"{output.value.value.stage}.{output.value.value.outcome}"] += output.value.value.count
        return found

    def held(self):
        """How many elements the state holds, by step and cell."""
        found = Counter()
        for name, keys in self.keys.items():
            for cells in keys.values():
                for which, cell in cells.items():
                    if isinstance(cell, Bag):
                        found[f"{name}.{which}"] += len(cell.read())
                    elif isinstance(cell, Cell):
                        found[f"{name}.{which}"] += cell.read() is not None
        return +found


@pytest.mark.parametrize("seed", range(20))
def test_the_same_marks_in_whatever_order_things_come(monkeypatch, seed):
    engine = Engine(monkeypatch, seed)
    for n in range(12):
        engine.give(make_record(f"r{n:02}", make_body(n % 3, n // 3)))
    engine.pass_time(10_000_000)
    assert engine.first_marks() == {f"r{n:02}": f"r{n % 3:02}" if n >= 3 else None for n in range(12)}
    assert engine.counts() == {"mark_duplicates.in": 12, "mark_duplicates.out": 12}
    assert engine.held() == {"Band.texts": 12 * 16, "Text.text": 12, "Record.original": 3}


@pytest.mark.parametrize("seed", range(20))
def test_no_two_name_each_other_although_the_earlier_comes_late(monkeypatch, seed):
    """Bundles that last longer than SETTLE_US: a mark may be missed then, never given in a ring."""
    engine = Engine(monkeypatch, seed)
    names = [f"r{n}" for n in range(6)]
    late = []
    for n, name in enumerate(names):
        engine.give(make_record(name, make_body(1, n)))
        if engine.random.random() < 0.5:  # this record's messages are held up
            late += engine.waiting
            engine.waiting = []
    engine.pass_time(10_000_000)
    engine.waiting += late
    engine.pass_time(10_000_000)
    marks = engine.first_marks()
    assert sorted(marks) == names
    assert all(original is None or original < name for name, original in marks.items())
    assert "Record.parts" not in engine.held()


def test_short_texts_pass_at_once(monkeypatch):
    engine = Engine(monkeypatch)
    engine.give(make_record("a", "قصير"))
    engine.deliver()
    assert engine.marks() == {("a", 1): None}
    assert engine.held() == {}


def test_a_chain_names_its_first_text_where_it_is_half_the_same(monkeypatch):
    """60 words of a hundred and twenty changed step by step: each is nearly the one before."""
    engine = Engine(monkeypatch)
    words, other = make_body(1).split(), make_body(2).split()
    for n in range(4):
        engine.give(make_record(f"r{n}", " ".join(other[: 9 * n] + words[9 * n :])))
        engine.pass_time(10_000_000)
    marks = engine.first_marks()
    assert marks["r0"] is None
    assert marks["r1"] == marks["r2"] == "r0"
    assert marks["r3"] in (None, "r0")


def test_revisions_are_no_duplicates_of_their_own_record(monkeypatch):
    engine = Engine(monkeypatch)
    for revision in (1, 2):
        engine.give(make_record("a", make_body(1, revision), revision))
        engine.pass_time(10_000_000)
    engine.give(make_record("b", make_body(1, 3)))
    engine.pass_time(10_000_000)
    assert engine.marks() == {("a", 1): None, ("a", 2): None, ("b", 1): "a"}


def test_two_revisions_at_the_same_time_are_kept_apart(monkeypatch):
    for seed in range(10):
        engine = Engine(monkeypatch, seed)
        engine.give(make_record("a", make_body(1)))
        engine.give(make_record("b", make_body(2)))
        engine.give(make_record("b", make_body(1, 3), 2))
        engine.pass_time(10_000_000)
        marks = engine.marks()
        assert set(marks) == {("a", 1), ("b", 1), ("b", 2)}
        assert marks["a", 1] is None
        assert "Record.parts" not in engine.held()


def test_what_others_name_stays_an_original(monkeypatch):
    engine = Engine(monkeypatch)
    for name, body, revision in (
        ("x", make_body(9), 1),
        ("a", make_body(1), 1),
        ("b", make_body(1, 3), 1),
        ("a", make_body(9, 3), 2),  # now nearly what x says
        ("b", make_body(9, 6), 2),
    ):
        engine.give(make_record(name, body, revision))
        engine.pass_time(10_000_000)
    assert engine.marks() == {("x", 1): None, ("a", 1): None, ("b", 1): "a", ("a", 2): None, ("b", 2): "x"}


def test_texts_are_forgotten_after_the_window(monkeypatch):
    engine = Engine(monkeypatch)
    engine.give(make_record("a", make_body(1)))
    engine.pass_time(WINDOW_US - DAY_US)
    engine.give(make_record("b", make_body(1, 3)))
    engine.pass_time(2 * DAY_US)
    assert engine.held() == {"Band.texts": 16, "Text.text": 2, "Record.original": 1}
    assert engine.keys["Text"]["a"]["text"].read().text.signature == b""
    engine.give(make_record("c", make_body(1, 4)))
    engine.pass_time(4 * WINDOW_US)
    assert engine.first_marks() == {"a": None, "b": "a", "c": "b"}
    assert engine.held() == {}


def test_texts_published_too_far_apart_are_not_compared(monkeypatch):
    engine = Engine(monkeypatch)
    engine.give(make_record("a", make_body(1), published_us=START_US - WINDOW_US - 1))
    engine.give(make_record("b", make_body(1), published_us=START_US))
    engine.give(make_record("c", make_body(1), published_us=START_US))
    engine.pass_time(10_000_000)
    assert engine.first_marks() == {"a": None, "b": None, "c": "b"}


def test_a_band_keeps_the_oldest_and_the_newest_and_says_so(monkeypatch):
    monkeypatch.setattr(module, "MOST_A_BAND", 2)
    engine = Engine(monkeypatch)
    for n in range(4):
        engine.give(make_record(f"r{n}", make_body(1)))
        engine.pass_time(10_000_000)
    counts = engine.counts()
    assert counts["remember_texts.in"] == counts["remember_texts.dropped_over_cap"] == 2 * 16
    kept = [{ref.record_id for ref in cells["texts"].read()} for cells in engine.keys["Band"].values()]
    assert kept == [{"r0", "r3"}] * 16


def test_a_text_that_fills_its_bands_still_names_its_original(monkeypatch):
    engine = Engine(monkeypatch)
    for n in range(2 * module.MOST_A_BAND):
        engine.give(make_record(f"r{n:02}", make_body(1)))
        engine.pass_time(10_000_000)
    marks = engine.first_marks()
    assert marks.pop("r00") is None
    assert set(marks.values()) == {"r00"}


def test_more_at_once_than_a_band_keeps_are_all_answered(monkeypatch):
    monkeypatch.setattr(module, "MOST_A_BAND", 4)
    engine = Engine(monkeypatch)
    for n in range(12):
        engine.give(make_record(f"r{n:02}", make_body(1)))
    engine.pass_time(10_000_000)
    assert engine.first_marks() == {f"r{n:02}": "r00" if n else None for n in range(12)}
    assert engine.held()["Band.texts"] == 4 * 16
    assert engine.counts()["remember_texts.dropped_over_cap"] == 8 * 16


def test_what_waits_is_not_forgotten_with_its_age(monkeypatch):
    """As when a job was stopped for longer than the window: AGE rings before SETTLED."""
    engine = Engine(monkeypatch, window_us=module.SETTLE_US // 3)
    engine.give(make_record("a", make_body(1)))
    engine.pass_time(10_000_000)
    assert engine.first_marks() == {"a": None}
    assert engine.held()["Band.texts"] == 0


def test_a_drain_answers_what_waits(monkeypatch):
    engine = Engine(monkeypatch)
    engine.give(make_record("a", make_body(1)))
    engine.give(make_record("b", make_body(1)))
    engine.deliver()
    for cells in list(engine.keys["Band"].values()):
        assert cells["end"].at == GlobalWindow().max_timestamp()
        engine.take(engine.steps["Band"].answer_at_end(cells["texts"]))
    engine.deliver()
    assert engine.first_marks() == {"a": None, "b": "a"}
