"""CommitRun: StagedFile -> the run's files, state and summary, visible at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import apache_beam as beam

from transforms import files
from transforms.commit import commit_run, staging_folder
from transforms.elements import EntryVisit, FeedVisit, RobotsAnswer, StagedFile, Tally
from transforms.json_values import format_time
from transforms.polling import PollLimits
from transforms.shared_state import note_state, read_state
from transforms.state import apply_visits, dump_state
from transforms.steps import ENTRY_VISITS, FEED_VISITS, ROBOTS, TALLIES, Outcomes, now_us
from transforms.summary import add_summaries, summarise_run


class CommitRun(beam.PTransform):  # type: ignore[misc] # Beam is untyped
    """CommitRun: StagedFile -> None.

    Once every file of the run is staged, makes them visible together with the next state and the summary, as commit.py
    says. Runs (rounds) that share a `summary` add to it. Bounded; may be retried: a run that is committed stays so.
    """

    def __init__(
        self,
        *,
        output: str,
        state: str,
        run_id: str,
        summary: str,
        keep_us: int,
        polling: PollLimits,
        outcomes: Outcomes,
    ) -> None:
        super().__init__()
        self._arguments = (output, state, run_id, summary, keep_us, polling, now_us())
        self._outcomes = outcomes

    def expand(self, staged: Any) -> Any:
        return (
            staged.pipeline
            | "OnceTheRunIsStaged" >> beam.Create([None])
            | "CommitRun"
            >> beam.Map(
                _commit,
                beam.pvalue.AsList(staged),
                beam.pvalue.AsList(self._outcomes.all_of(TALLIES, "AllTallies")),
                beam.pvalue.AsList(self._outcomes.all_of(ENTRY_VISITS, "AllEntryVisits")),
                beam.pvalue.AsList(self._outcomes.all_of(FEED_VISITS, "AllFeedVisits")),
                beam.pvalue.AsList(self._outcomes.all_of(ROBOTS, "AllRobots")),
                *self._arguments,
            )
        )


def _commit(
    _: None,
    staged: Sequence[StagedFile],
    tallies: Sequence[Tally],
    entry_visits: Sequence[EntryVisit],
    feed_visits: Sequence[FeedVisit],
    robots: Sequence[RobotsAnswer],
    output: str,
    state_folder: str,
    run_id: str,
    summary_name: str,
    keep_us: int,
    polling: PollLimits,
    started_us: int,
) -> None:
    state = read_state(state_folder)
    if state.run_id == run_id:
        return
    now = now_us()
    new = apply_visits(state, run_id, feed_visits, entry_visits, robots, now=now, keep_us=keep_us, polling=polling)
    summary_path = files.join(output, "summary", f"{summary_name}.json")
    summary = summarise_run(
        summary_name, started_us, now, tallies, feed_visits, {file.final: file.elements for file in staged}
    )
    if files.exists(summary_path):
        summary = add_summaries(json.loads(files.read_bytes(summary_path)), summary)
    staged_summary = files.join(staging_folder(output, run_id), "summary.json.part")
    files.write_atomically(staged_summary, json.dumps(summary, ensure_ascii=False, indent=1).encode())
    renames = [(file.staged, file.final) for file in sorted(staged, key=lambda f: f.final)]
    renames.append((staged_summary, summary_path))
    note_state(state_folder, None)
    commit_run(state_folder, run_id, renames, dump_state(new, format_time(now)))
    note_state(state_folder, new)
