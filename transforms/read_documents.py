"""ReadDocuments: Entry -> Article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import apache_beam as beam

from transforms import files, metrics
from transforms.arabic.language import detect_language
from transforms.elements import Article, Entry
from transforms.errors import IngestError
from transforms.steps import Outcomes, StepFn, now_us, visit_entry
from transforms.web.documents import parse_document
from transforms.web.text import content_hash


def document_entry(path: str) -> Entry:
    """The entry that stands for a text document; its URL is the path as one."""
    url = path if "://" in path else f"file://{path}"
    return Entry(url=url, link=path, feed_url="")


def read_document(entry: Entry, content: bytes) -> Article:
    """The article of a text document; pure. Raises IngestError."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise IngestError("bad_document", f"{entry.link}: not UTF-8 ({error.reason} at byte {error.start})") from error
    document = parse_document(text, entry.link)
    language, score = detect_language(document.body)
    return Article(
        url=entry.url,
        canonical_url=entry.url,
        feed_url="",
        entry_url=entry.url,
        source="",
        title=document.title,
        body=document.body,
        summary=None,
        authors=(),
        language=language,
        language_score=score,
        published_us=None,
        published_from=None,
        fetched_us=now_us(),
        content_hash=content_hash(f"{document.title}\n{document.body}"),
    )


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
