"""MarkDuplicates: Record -> Record."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import TaggedOutput

from transforms import files, metrics
from transforms.commit import staging_folder
from transforms.elements import Record, SignedText, StagedFile
from transforms.known_texts import mark_texts, texts_folder
from transforms.shared_state import acquire_texts
from transforms.steps import STAGED_FILES, Outcomes, StepFn, now_us

LOG = logging.getLogger(__name__)


class MarkDuplicates(beam.PTransform):  # type: ignore[misc] # Beam is untyped
    """MarkDuplicates: Record -> Record.

    Gives `duplicate_of` to each record whose text is nearly that of an earlier one, of this run or of the runs of the
    last `window_us` microseconds, and that was published no more than those before or after it. Bounded; order not
    kept; deterministic. The signatures of a run, not its records, meet on one worker. Stages the run's signatures.
    Counters: in, out; as remember_texts in and dropped_over_cap, the texts that were forgotten before their time.
    """

    def __init__(self, *, state: str, run_id: str, window_us: int, outcomes: Outcomes) -> None:
        super().__init__()
        self._find = _FindOriginalsFn(state, run_id, window_us, now_us() - window_us)
        self._outcomes = outcomes

    def expand(self, records: Any) -> Any:
        signed = (
            records
            | "TakeSignatures" >> beam.FlatMap(_take_signature).with_output_types(tuple[str, SignedText])
            | "GroupSignatures" >> beam.GroupByKey()
        )
        originals = self._outcomes.run_step(signed, "FindOriginals", self._find, tuple[str, str], stages_files=True)
        side = beam.pvalue.AsDict(originals)
        return self._outcomes.run_step(records, "MarkDuplicates", _MarkDuplicateFn(), Record, side)


def _take_signature(record: Record) -> Iterator[tuple[str, SignedText]]:
    if record.text_signature:
        time_us = record.fetched_us if record.published_us is None else record.published_us
        yield (
            "",
            SignedText(record.record_id, record.revision, time_us, record.fetched_us, record.text_signature),
        )


class _FindOriginalsFn(StepFn):
    stage = metrics.REMEMBER_TEXTS

    def __init__(self, state: str, run_id: str, window_us: int, oldest_us: int) -> None:
        self._state, self._run_id, self._window_us, self._oldest_us = state, run_id, window_us, oldest_us

    def process(self, group: tuple[str, Iterable[SignedText]]) -> Iterator[Any]:
        self._known = acquire_texts(self._state)
        self._known.refresh(self._oldest_us)
        marked = mark_texts(group[1], self._known, self._window_us)
        content, replaces, over_cap = self._known.next_file(marked, self._oldest_us)
        if over_cap:
            self.count("", metrics.IN, over_cap)
            self.count("", metrics.DROPPED + "over_cap", over_cap)
            LOG.warning("%d texts forgotten before --duplicate_days have passed: they are too many", over_cap)
        staged = files.join(staging_folder(self._state, self._run_id), f"{uuid.uuid4().hex[:8]}.texts.part")
        files.write_atomically(staged, content)
        final = files.join(texts_folder(self._state), f"{self._run_id}.texts")
        yield TaggedOutput(STAGED_FILES, StagedFile(staged, final, len(marked), replaces))
        for text in marked:
            if text.original:
                yield text.record_id, text.original


class _MarkDuplicateFn(StepFn):
    stage = metrics.MARK_DUPLICATES

    def process(self, record: Record, originals: Mapping[str, str]) -> Iterator[Record]:
        self.count(record.feed_url, metrics.IN)
        self.count(record.feed_url, metrics.OUT)
        yield replace(record, duplicate_of=originals.get(record.record_id), text_signature=b"")
