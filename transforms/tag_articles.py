"""TagArticles: Article -> Record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import apache_beam as beam

from transforms import metrics
from transforms.elements import Article, Record
from transforms.pool import PoolStepFn
from transforms.steps import Outcomes
from transforms.work import tag_article


class TagArticles(beam.PTransform):  # type: ignore[misc] # Beam is untyped
    """TagArticles: Article -> Record.

    Finds statements and ceasefire mentions, in a pool of `processes` (0: one a core); with `sign` also signs the texts
    for MarkDuplicates. Bounded or not; order not kept;
    deterministic, so that a retried bundle gives the same records. `deadline` is in seconds an article.
    Counters: in, out, dead_lettered.
    """

    def __init__(self, *, processes: int, deadline: float, sign: bool = False, outcomes: Outcomes) -> None:
        super().__init__()
        self._step = _TagArticleFn(processes=processes, deadline=deadline, arguments=(sign,))
        self._outcomes = outcomes

    def expand(self, articles: Any) -> Any:
        return self._outcomes.run_step(articles, "TagArticles", self._step, Record)


class _TagArticleFn(PoolStepFn):
    stage = metrics.TAG_ARTICLES
    work = staticmethod(tag_article)
    deadline_reason = "tagging_deadline"

    def outputs_of(self, element: Article, result: Any) -> Iterator[Any]:
        if isinstance(result, Exception):
            yield from self.fail(element, result)
            return
        self.count(element.feed_url, metrics.OUT)
        yield result
