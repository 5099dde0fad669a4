"""What the stages do with an element: pure functions, which the pool's processes load without Beam."""

from __future__ import annotations

import dataclasses
import gc
import hashlib
import signal
import time

from transforms.arabic.language import detect_language
from transforms.arabic.lexicon import lexicon_version
from transforms.arabic.tagger import TAGGER_VERSION, tag_text
from transforms.elements import Article, Entry, FetchedFeed, Page, Record
from transforms.errors import IngestError
from transforms.near_duplicates import sign_text
from transforms.version import PIPELINE_VERSION
from transforms.web.article_extractor import extract_article
from transforms.web.documents import parse_document
from transforms.web.feed_parser import ParsedFeed, parse_feed
from transforms.web.text import content_hash
from transforms.web.urls import choose_canonical, clean_url, host_of, record_id

NEAR_US = 30 * 86_400_000_000  # a feed's slowest sections reach back about a month


_COLLECT_EVERY = 10_000  # objects; Python's own is 700


def prepare_process() -> None:
    """What a new process of the pool does first: only the main process decides what Ctrl-C means to the group."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    collect_rarely()


def collect_rarely() -> None:
    """Leaves what is imported out of garbage collections and makes them rare: they took 4 % of a page's CPU."""
    gc.freeze()
    gc.set_threshold(_COLLECT_EVERY, 20, 50)


def parse_fetched_feed(fetched: FetchedFeed) -> ParsedFeed:
    """Pure; raises IngestError."""
    return parse_feed(fetched.content, fetched.feed, fetched.final_url, fetched.content_type)


def read_article(page: Page) -> Article:
    """The article of a page, the feed's title and date before the page's; pure. Raises IngestError."""
    entry = page.entry
    extracted = extract_article(page.content, page.final_url, page.content_type)
    url = clean_url(page.final_url)
    title = entry.title or extracted.title or ""
    language, score = detect_language(extracted.body)
    published_us, published_from = choose_time(entry, extracted.published_us)
    return Article(
        url=url,
        canonical_url=choose_canonical(url, extracted.canonical),
        feed_url=entry.feed_url,
        entry_url=entry.url,
        source=entry.source or host_of(url),
        title=title,
        body=extracted.body,
        summary=entry.summary or extracted.summary,
        authors=entry.authors or extracted.authors,
        language=language,
        language_score=score,
        published_us=published_us,
        published_from=published_from,
        fetched_us=page.fetched_us,
        content_hash=content_hash(f"{title}\n{extracted.body}"),
        fingerprint=entry.fingerprint,
    )


def choose_time(entry: Entry, page_us: int | None) -> tuple[int | None, str | None]:
    """When an article was published, and what says so: the feed before the page.

    The page is believed where its date lies near those of the feed's other entries: a feed lists what is of one time,
    and a page's template may carry another article's date.
    """
    if entry.published_us is not None:
        return entry.published_us, "feed"
    if page_us is None or not _is_near(page_us, entry.earliest_us, entry.latest_us):
        return None, None
    return page_us, "page"


def _is_near(time_us: int, earliest_us: int | None, latest_us: int | None) -> bool:
    if earliest_us is None or latest_us is None:
        return True
    return earliest_us - NEAR_US <= time_us <= latest_us + NEAR_US


def document_entry(path: str) -> Entry:
    """The entry that stands for a text document; its URL is the path as one."""
    url = path if "://" in path else f"file://{path}"
    return Entry(url=url, link=path, feed_url=url)


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
        feed_url=entry.feed_url,
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
        fetched_us=time.time_ns() // 1000,
        content_hash=content_hash(f"{document.title}\n{document.body}"),
    )


def _identify(canonical_url: str) -> str:
    """The record_id; a document's address is no web URL and is taken as it stands."""
    if canonical_url.startswith(("http://", "https://")):
        return record_id(canonical_url)
    return hashlib.sha256(canonical_url.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def tag_article(article: Article, sign: bool = False) -> Record:
    """The record of an article, as its first revision, with a signature of its text where `sign`; pure."""
    tags = tag_text(article.title, article.body)
    return Record(
        record_id=_identify(article.canonical_url),
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
        lexicon_version=lexicon_version(),
        pipeline_version=PIPELINE_VERSION,
        entry_url=article.entry_url,
        fingerprint=article.fingerprint,
        text_signature=sign_text(article.body) if sign else b"",
    )


def has_present_tags(record: Record) -> bool:
    """Whether the present tagger with the present lexicons made a record's tags."""
    return (record.tagger_version, record.lexicon_version) == (TAGGER_VERSION, lexicon_version())


def retag_record(record: Record) -> Record:
    """The record with the present tagger's tags, as the next revision of them; pure."""
    tags = tag_text(record.title, record.body)
    return dataclasses.replace(
        record,
        statements=tags.statements,
        ceasefire_mentions=tags.ceasefire_mentions,
        tagger_version=TAGGER_VERSION,
        lexicon_version=lexicon_version(),
        tags_revision=record.tags_revision + 1,
    )
