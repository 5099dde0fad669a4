"""Files and summaries of the streaming graph, closed by size and by the end of all input."""

import dataclasses
import json
from collections import Counter

import apache_beam as beam
import pyarrow.parquet as pq
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.transforms.window import GlobalWindow

from tests.fake_engine import Bag, Cell, Timer
from tests.newsworld import read_lines
from transforms import coders  # noqa: F401
from transforms.elements import DeadLetter, FeedVisit, Record, StagedFile, Tally
from transforms.file_formats import FileSink
from transforms.record_format import record_from_json
from transforms.state import DAY_US
from transforms.steps import FEED_VISITS, TALLIES, Outcomes
from transforms.streaming.batches import BatchFn
from transforms.streaming.write_records import WriteDeadLetters, WriteRecords
from transforms.streaming.write_summaries import WriteSummaries

START_US = 1_800_000_000_000_000
RECORDS = [
    Record(
        f"{n:032x}", 1, f"http://a/{n}", f"http://a/{n}", "http://f/", "a", f"خبر {n}", "نص " * 50, None, (), "ar", 1.0,
        None, None, START_US + n % 2 * DAY_US, f"{n}", None, (), (), "1",
    )
    for n in range(60)
]  # fmt: skip


class Batch:
    """One key of a BatchFn that notes what it writes."""

    def __init__(self, seconds, most_bytes):
        self.written = []
        self.step = BatchFn(self._write, seconds, most_bytes)
        self.batch, self.size = Bag(BatchFn._BATCH), Cell(BatchFn._SIZE)
        self.due, self.end = Timer(), Timer()

    def _write(self, key, batch):
        self.written.append((key, batch))
        yield len(batch)

    def add(self, *elements):
        for element in elements:
            list(self.step.process(("k", element), GlobalWindow(), self.batch, self.size, self.due, self.end))


def test_a_batch_is_closed_some_time_after_its_first_element():
    batch = Batch(60.0, 100)
    batch.add(b"one")
    first = batch.due.at
    batch.add(b"two")
    assert batch.due.at == first
    assert batch.end.at == GlobalWindow().max_timestamp()
    assert list(batch.step.close_in_time("k", batch.batch, batch.size, batch.due)) == [2]
    assert batch.written == [("k", [b"one", b"two"])]
    assert (batch.batch.read(), batch.size.read(), batch.due.at) == ([], None, None)
    assert list(batch.step.close_at_end("k", batch.batch, batch.size, batch.due)) == []


def test_a_batch_is_closed_at_its_bytes():
    batch = Batch(60.0, 5)
    batch.add(b"one", b"two", b"three", b"4")
    assert batch.written == [("k", [b"one", b"two"]), ("k", [b"three"])]
    assert batch.batch.read() == [b"4"]
    assert batch.due.at is not None


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
def test_every_record_stands_in_one_whole_file_of_its_day(tmp_path, kind):
    with beam.Pipeline(runner="FnApiRunner", options=PipelineOptions([])) as pipeline:
        _ = (
            pipeline
            | beam.Create(RECORDS).with_output_types(Record)
            | WriteRecords(sink=FileSink(kind, str(tmp_path / "out")), run_id="run", seconds=3600.0, file_bytes=5_000)
        )
    paths = sorted((tmp_path / "out").glob(f"*/run-*.{kind}"))
    assert len(paths) > 4
    assert {path.parent.name for path in paths} == {"2027-01-15", "2027-01-16"}
    if kind == "jsonl":
        found = [record_from_json(json.dumps(line)) for line in read_lines(tmp_path / "out")]
        assert sorted(found, key=lambda r: r.record_id) == RECORDS
        assert all(r.fetched_us // DAY_US == START_US // DAY_US + int(r.content_hash) % 2 for r in found)
    else:
        rows = [row for path in paths for row in pq.read_table(path).to_pylist()]
        assert sorted(row["record_id"] for row in rows) == [r.record_id for r in RECORDS]
    assert not list(tmp_path.rglob("*.part"))


@pytest.mark.slow
def test_a_batch_written_again_is_the_same_file(tmp_path):
    for _ in range(2):
        with beam.Pipeline(runner="FnApiRunner", options=PipelineOptions([])) as pipeline:
            _ = (
                pipeline
                | beam.Create(RECORDS[:1]).with_output_types(Record)
                | WriteRecords(sink=FileSink("jsonl", str(tmp_path)), run_id="run", seconds=3600.0, file_bytes=1)
            )
    assert len(read_lines(tmp_path)) == 1


@pytest.mark.slow
def test_dead_letters_and_summaries_lose_nothing(tmp_path):
    letter = DeadLetter("fetch_pages", "dns", "", "Entry", "{}", "http://f/", "http://a/", 1, START_US)
    letters = [dataclasses.replace(letter, url=f"http://a/{n}") for n in range(20)]
    tallies = [Tally("fetch_pages", f"http://f/{n % 3}", "in", n) for n in range(50)]
    visit = FeedVisit("http://f/9", "dns", "no such host", None, None, "", START_US, 0)
    outcomes = Outcomes()
    with beam.Pipeline(runner="FnApiRunner", options=PipelineOptions([])) as pipeline:
        outcomes._side[TALLIES].append(pipeline | "T" >> beam.Create(tallies).with_output_types(Tally))
        outcomes._side[FEED_VISITS].append(pipeline | "V" >> beam.Create([visit]).with_output_types(FeedVisit))
        files = (
            pipeline
            | "D" >> beam.Create(letters).with_output_types(DeadLetter)
            | WriteDeadLetters(folder=str(tmp_path / "dead"), run_id="run", seconds=3600.0, file_bytes=1_000)
        )
        assert files.element_type is StagedFile
        _ = files | WriteSummaries(output=str(tmp_path), run_id="run", seconds=3600.0, outcomes=outcomes)
    assert sorted(line["url"] for line in read_lines(tmp_path / "dead")) == sorted(each.url for each in letters)
    stages, files, answers = Counter(), Counter(), set()
    for path in (tmp_path / "summary").glob("run-*.json"):
        summary = json.loads(path.read_text())
        stages.update(summary["stages"].get("fetch_pages", {}))
        files.update(summary["files"])
        answers |= {(url, feed["outcome"], feed["message"]) for url, feed in summary["feeds"].items()}
    assert stages["in"] == sum(range(50))
    assert ("http://f/9", "dns", "no such host") in answers
    assert files.total() == 20
    assert set(files) == {str(path) for path in (tmp_path / "dead").rglob("*.jsonl")}
