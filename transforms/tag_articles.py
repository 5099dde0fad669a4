"""TagArticles: Article -> Record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import apache_beam as beam

from transforms import metrics
from transforms.arabic.tagger import TAGGER_VERSION, tag_text
from transforms.elements import Article, Record
from transforms.pool import PoolStepFn
from transforms.steps import Outcomes
from transforms.web.urls import record_id


def tag_article(article: Article) -> Record:
    """The record of an article, as its first revision; pure."""
    tags = tag_text(article.title, article.body)
    return Record(
        record_id=record_id(article.canonical_url),
        revision=1,
        url=article.url,
        canonical_url=article.canonical_url,
        feed_url=article.feed_url,
        source=article.source,
        title=article.title,
        body=article.body,
        summary=article.summary,
        authors=article.authors,
        language=article.language,
        language_score=article.language_score,
        published_us=article.published_us,
        published_from=article.published_from,
        fetched_us=article.fetched_us,
        content_hash=article.content_hash,
        duplicate_of=None,
        statements=tags.statements,
        ceasefire_mentions=tags.ceasefire_mentions,
        tagger_version=TAGGER_VERSION,
        entry_url=article.entry_url,
        fingerprint=article.fingerprint,
    )


class TagArticles(beam.PTransform):  # type: ignore[misc] # Beam is untyped
    """TagArticles: Article -> Record.

    Finds statements and ceasefire mentions, in a pool of `processes` (0: one a core). Bounded or not; order not kept;
    deterministic, so that a retried bundle gives the same records. `deadline` is in seconds an article.
    Counters: in, out, dead_lettered.
    """

    def __init__(self, *, processes: int, deadline: float, outcomes: Outcomes) -> None:
        super().__init__()
        self._step = _TagArticleFn(processes=processes, deadline=deadline)
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
