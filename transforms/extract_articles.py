"""ExtractArticles: Page -> Article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import apache_beam as beam

from transforms import metrics
from transforms.elements import Article, Page
from transforms.pool import PoolStepFn
from transforms.steps import Outcomes, visit_entry
from transforms.work import read_article


class ExtractArticles(beam.PTransform):  # type: ignore[misc] # Beam is untyped
    """ExtractArticles: Page -> Article.

    Extracts title, body, date and language in a pool of `processes` (0: one a core); articles in a language that
    `languages` does not name are dropped. Bounded or not; order not kept; deterministic. Pages are large: keep it fused
    with FetchPages. `deadline` is in seconds a page. Counters: in, out, dropped_language_<code>, dead_lettered.
    """

    def __init__(self, *, languages: Sequence[str], processes: int, deadline: float, outcomes: Outcomes) -> None:
        super().__init__()
        self._step = _ExtractArticleFn(tuple(languages), processes=processes, deadline=deadline)
        self._outcomes = outcomes

    def expand(self, pages: Any) -> Any:
        return self._outcomes.run_step(pages, "ExtractArticles", self._step, Article)


class _ExtractArticleFn(PoolStepFn):
    stage = metrics.EXTRACT_ARTICLES
    work = staticmethod(read_article)
    deadline_reason = "extraction_deadline"

    def __init__(self, languages: tuple[str, ...], *, processes: int, deadline: float) -> None:
        super().__init__(processes=processes, deadline=deadline)
        self._languages = frozenset(languages)

    def outputs_of(self, element: Page, result: Any) -> Iterator[Any]:
        feed_url = element.entry.feed_url
        if isinstance(result, Exception):
            yield from self.fail(element, result)
        elif result.language not in self._languages:
            self.drop(feed_url, f"language_{result.language}")
            yield from visit_entry(element, "dropped")
        else:
            self.count(feed_url, metrics.OUT)
            yield result
