"""ReadDocuments: Entry -> Article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import apache_beam as beam

from transforms import files, metrics
from transforms.elements import Article, Entry
from transforms.steps import Outcomes, StepFn, visit_entry
from transforms.work import read_document


class ReadDocuments(beam.PTransform):  # type: ignore[misc] # Beam is untyped
    """ReadDocuments: Entry -> Article.

    Reads scraped text documents: title, blank line, paragraphs joined with `., `. Bounded or not; order kept.
    Counters: in, out, dropped_language_<code>, dead_lettered.
    """

    def __init__(self, *, languages: Sequence[str], outcomes: Outcomes) -> None:
        super().__init__()
        self._step = _ReadDocumentFn(tuple(languages))
        self._outcomes = outcomes

    def expand(self, entries: Any) -> Any:
        return self._outcomes.run_step(entries, "ReadDocuments", self._step, Article)


class _ReadDocumentFn(StepFn):
    stage = metrics.READ_DOCUMENTS

    def __init__(self, languages: tuple[str, ...]) -> None:
        self._languages = frozenset(languages)

    def process(self, entry: Entry) -> Iterator[Any]:
        self.count(entry.feed_url, metrics.IN)
        try:
            article = read_document(entry, files.read_bytes(entry.link))
        except Exception as error:
            yield from self.fail(entry, error)
            return
        if article.language not in self._languages:
            self.drop(entry.feed_url, f"language_{article.language}")
            yield from visit_entry(entry, "dropped")
            return
        self.count(entry.feed_url, metrics.OUT)
        yield article
