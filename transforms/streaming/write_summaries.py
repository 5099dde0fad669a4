"""WriteSummaries: tallies, visits and files -> summaries."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any, Final

import apache_beam as beam

from transforms import files
from transforms.coders import ElementCoder
from transforms.elements import FeedVisit, StagedFile, Tally
from transforms.steps import FEED_VISITS, TALLIES, Outcomes, now_us
from transforms.streaming.batches import BatchFn
from transforms.summary import summarise_run

_CODERS: Final = tuple(ElementCoder(kind) for kind in (Tally, FeedVisit, StagedFile))
_MOST_BYTES: Final = 16 * 1024 * 1024


class WriteSummaries(beam.PTransform):  # type: ignore[misc] # Beam is untyped
    """WriteSummaries: StagedFile -> None.

    Every `seconds` that bring anything, writes what the stages counted in them, what the feeds answered and which files
    were written, in the form of a run's summary: `<output>/summary/<run>-<time>.json`. Their sums are the whole run's.
    Unbounded. A bundle that is retried may write a summary again under another name.
    """

    def __init__(self, *, output: str, run_id: str, seconds: float, outcomes: Outcomes) -> None:
        super().__init__()
        self._step = BatchFn(_WriteSummary(output, run_id), seconds, _MOST_BYTES)
        self._outcomes = outcomes

    def expand(self, written: Any) -> Any:
        sources = (
            self._outcomes.all_of(TALLIES, "AllTallies"),
            self._outcomes.all_of(FEED_VISITS, "AllFeedVisits"),
            written,
        )
        encoded = tuple(
            source | f"Encode{i}" >> beam.Map(_encode, i).with_output_types(tuple[str, bytes])
            for i, source in enumerate(sources)
        )
        return encoded | "AllNews" >> beam.Flatten() | "WriteSummaries" >> beam.ParDo(self._step)


def _encode(element: Any, kind: int) -> tuple[str, bytes]:
    return "", bytes([kind]) + _CODERS[kind].encode(element)


class _WriteSummary:
    def __init__(self, output: str, run_id: str) -> None:
        self._output, self._run_id = output, run_id

    def __call__(self, _: str, batch: list[bytes]) -> Iterator[Any]:
        tallies, visits, written = (
            [coder.decode(encoded[1:]) for encoded in batch if encoded[0] == kind] for kind, coder in enumerate(_CODERS)
        )
        now = now_us()
        started = min((visit.visited_us for visit in visits), default=now)
        counts = {file.final: file.elements for file in written}
        summary = summarise_run(self._run_id, started, now, tallies, visits, counts)
        digest = hashlib.blake2b(b"".join(sorted(batch)), digest_size=4).hexdigest()
        name = f"{self._run_id}-{now // 1_000_000}-{digest}.json"
        content = json.dumps(summary, ensure_ascii=False, indent=1).encode()
        files.write_atomically(files.join(self._output, "summary", name), content)
        yield from ()
