"""ReadArchives: Entry -> Page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import apache_beam as beam

from transforms import files, metrics
from transforms.elements import Entry, Page
from transforms.errors import IngestError
from transforms.steps import Outcomes, StepFn, visit_entry
from transforms.warc_format import read_pages


class ReadArchives(beam.PTransform):  # type: ignore[misc] # Beam is untyped
    """ReadArchives: Entry -> Page.

    Reads WARC files, each named by an entry (work.document_entry), one record at a time. Bounded; order kept. Keep it
    fused with ExtractArticles: what is damaged ends a file, the pages before it are read. Counts responses, and a
    damaged file as one more: in, out, dropped_no_page, dead_lettered.
    """

    def __init__(self, *, max_bytes: int, outcomes: Outcomes) -> None:
        super().__init__()
        self._step = _ReadArchiveFn(max_bytes)
        self._outcomes = outcomes

    def expand(self, archives: Any) -> Any:
        return self._outcomes.run_step(archives, "ReadArchives", self._step, Page)


class _ReadArchiveFn(StepFn):
    stage = metrics.READ_ARCHIVES

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes

    def process(self, archive: Entry) -> Iterator[Any]:
        try:
            with files.open_binary(archive.link) as file:
                for found in read_pages(file, archive.url, self._max_bytes):
                    self.count(found.entry.feed_url, metrics.IN)
                    if found.error is not None:
                        yield from self.fail(found.entry, found.error)
                    elif found.page is None:
                        self.drop(found.entry.feed_url, "no_page")
                        yield from visit_entry(found.entry, "dropped")
                    else:
                        self.count(found.entry.feed_url, metrics.OUT)
                        yield found.page
        except (IngestError, OSError) as error:
            self.count(archive.feed_url, metrics.IN)
            damage = error if isinstance(error, IngestError) else IngestError("damaged_archive", str(error))
            yield from self.fail(archive, damage)
