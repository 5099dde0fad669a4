"""The elements that flow through the pipeline. No logic, no Beam.

Types are spelled so that Beam's schemas infer them: `Optional[X]`, plain `str` for closed vocabularies,
integer microseconds since the epoch (UTC) for times. Coders decode sequences to lists, so `__post_init__`
makes tuples of them.
"""

from dataclasses import dataclass
from typing import Optional, Sequence


def _tuples(element: object, *names: str) -> None:
    for name in names:
        value = getattr(element, name)
        if not isinstance(value, tuple):
            object.__setattr__(element, name, tuple(value or ()))


@dataclass(frozen=True)
class Feed:
    """One feed to read. `country` is an ISO 3166 code or empty."""

    url: str
    name: str = ""
    country: str = ""


@dataclass(frozen=True)
class ListedFeed:
    """A feed that came on the list, or (`listed` false) went off it."""

    feed: Feed
    listed: bool


@dataclass(frozen=True)
class FetchedFeed:
    """A feed's answer: the undecoded, unpacked bytes of `final_url`, and the validators for the next request."""

    feed: Feed
    final_url: str
    content_type: str
    content: bytes
    etag: Optional[str]
    last_modified: Optional[str]
    body_hash: str
    max_age_s: float = 0.0


@dataclass(frozen=True)
class Entry:
    """One item of a feed.

    `url` is absolute and cleaned (no fragment, no tracking parameters). `link` is the URL as the feed gave it,
    made absolute. `fingerprint` is a hash over what changes when an article is corrected (updated, title, summary).
    `earliest_us` and `latest_us` bound the times of the feed's dated entries, among which one without a date lies.
    """

    url: str
    link: str
    feed_url: str
    source: str = ""
    title: Optional[str] = None
    summary: Optional[str] = None
    published_us: Optional[int] = None
    authors: Sequence[str] = ()
    fingerprint: str = ""
    earliest_us: Optional[int] = None
    latest_us: Optional[int] = None

    def __post_init__(self) -> None:
        _tuples(self, "authors")


@dataclass(frozen=True)
class WaitingEntry:
    """An entry whose page is to be asked for, not before the given time; `failures` counts how often it was."""

    entry: Entry
    failures: int = 0
    not_before_us: int = 0


@dataclass(frozen=True)
class Message:
    """What a subscription delivered: its data as text, bytes that are not UTF-8 spelled as `\\xff`.

    `feed_url` is the subscription's address, which stands for the feed where the message names none.
    """

    data: str
    message_id: str
    feed_url: str


@dataclass(frozen=True)
class Page:
    """A fetched page: the undecoded, unpacked bytes of `final_url`, the entry's URL after redirects; the answer's
    headers that are text, as `Name: value`."""

    entry: Entry
    final_url: str
    content_type: str
    content: bytes
    fetched_us: int
    headers: Sequence[str] = ()

    def __post_init__(self) -> None:
        _tuples(self, "headers")


@dataclass(frozen=True)
class Article:
    """An article's text. `published_from` is "feed", "page", "url" or None, as `published_us` is."""

    url: str
    canonical_url: str
    feed_url: str
    entry_url: str
    source: str
    title: str
    body: str
    summary: Optional[str]
    authors: Sequence[str]
    language: str
    language_score: float
    published_us: Optional[int]
    published_from: Optional[str]
    fetched_us: int
    content_hash: str
    fingerprint: str = ""

    def __post_init__(self) -> None:
        _tuples(self, "authors")


@dataclass(frozen=True)
class Span:
    """`field[start:end] == text`, in code points of the title or body that the tag names."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Statement:
    """An attribution: a source said, wrote or reported something.

    Closed vocabularies: `quote` is direct, indirect, mixed or headline; `speaker_kind` person, organisation, role,
    anonymous or document; `cue_class` speech, report, announce, affirm, deny, demand, warn, threaten, accuse, pledge,
    offer, reject, condemn, welcome, agree, expect, opinion, express or claim. Described in record.schema.json.
    `parent` is the index, in the same record, of the statement whose content this one lies in.
    `rule` names the rule that fired.
    """

    field: str
    cue: Optional[Span]
    speaker: Optional[Span]
    speaker_ref: Optional[str]
    content: Span
    quote: str
    cue_class: Optional[str] = None
    speaker_kind: Optional[str] = None
    anonymous: bool = False
    parent: Optional[int] = None
    rule: str = ""


@dataclass(frozen=True)
class CeasefireMention:
    """A place where the text names a ceasefire, and what happens to it there.

    `statement` is the index, in the same record, of the innermost statement whose content it lies in.
    `cameo` and `plover` are the event codes of `act`, None for "mention".
    """

    field: str
    term: Span
    act: str
    negated: bool
    conditional: bool
    actor: Optional[Span]
    condition: Optional[Span] = None
    parties: Sequence[Span] = ()
    statement: Optional[int] = None
    cameo: Optional[str] = None
    plover: Optional[str] = None
    rule: str = ""

    def __post_init__(self) -> None:
        _tuples(self, "parties")


@dataclass(frozen=True)
class Record:
    """The product: record.schema.json describes it, but for the last three, which the state and MarkDuplicates need."""

    record_id: str
    revision: int
    url: str
    canonical_url: str
    feed_url: str
    source: str
    title: str
    body: str
    summary: Optional[str]
    authors: Sequence[str]
    language: str
    language_score: float
    published_us: Optional[int]
    published_from: Optional[str]
    fetched_us: int
    content_hash: str
    duplicate_of: Optional[str]
    statements: Sequence[Statement]
    ceasefire_mentions: Sequence[CeasefireMention]
    tagger_version: str
    lexicon_version: Optional[str] = None
    pipeline_version: Optional[str] = None
    tags_revision: int = 1
    entry_url: str = ""
    fingerprint: str = ""
    text_signature: bytes = b""

    def __post_init__(self) -> None:
        _tuples(self, "authors", "statements", "ceasefire_mentions")


@dataclass(frozen=True)
class SignedText:
    """What later texts are compared with. `time_us`: published, else fetched. `original`: the record_id that it
    duplicates, or empty; `distance`: at least one minus their Jaccard index."""

    record_id: str
    revision: int
    time_us: int
    fetched_us: int
    signature: bytes
    original: str = ""
    distance: float = 0.0


@dataclass(frozen=True)
class StampedText:
    """A text of the streaming graph, with the time at which its record came to be compared: its place in the order."""

    stamp_us: int
    text: SignedText


@dataclass(frozen=True)
class TextRef:
    """What a band keeps of a text; `waiting` until the band has told the record what came before it.

    State that was written without the field is restored with None: as answered.
    """

    record_id: str
    revision: int
    stamp_us: int
    waiting: bool = False


@dataclass(frozen=True)
class BandAnswer:
    """The record_ids of the earlier texts that share a band with this revision of a record."""

    revision: int
    candidates: Sequence[str]

    def __post_init__(self) -> None:
        _tuples(self, "candidates")


@dataclass(frozen=True)
class FoundText:
    """A candidate's text, for the revision of the record that asked; without signature where it is no longer known."""

    revision: int
    found: StampedText


@dataclass(frozen=True)
class DeadLetter:
    """What failed, with all that a replay needs: `element` is the JSON of an element of type `element_type`."""

    stage: str
    reason: str
    message: str
    element_type: str
    element: str
    feed_url: str
    url: str
    attempts: int
    failed_us: int


@dataclass(frozen=True)
class Tally:
    """How many elements of a feed a stage took in, gave out, dropped or dead-lettered; `outcome` as in metrics.py."""

    stage: str
    feed_url: str
    outcome: str
    count: int


@dataclass(frozen=True)
class FeedVisit:
    """What one run learnt of a feed: what the next run's conditional request needs, and what the summary shows.

    `outcome` is "read", "not_modified", "postponed" or a reason of errors.py. `read_us` is the time of the last full
    read. `wish_s` and `retry_after_s` as in polling.py.
    """

    feed_url: str
    outcome: str
    message: str
    etag: Optional[str]
    last_modified: Optional[str]
    body_hash: str
    visited_us: int
    read_us: int
    entries: int = 0
    wish_s: float = 0.0
    retry_after_s: float = 0.0


@dataclass(frozen=True)
class EntryVisit:
    """What one run did with an entry: the next run leaves it alone unless the feed shows that it changed.

    `outcome` is "listed" (seen before, still in its feed), "kept", "dropped", "failed_soft" or "failed_hard" (asked
    again or not), "postponed" (asked in the next round; `entry` is its JSON), or "refused" (kept, but a sink did not
    take it: asked again, as if nothing had been written). `record_id`, `revision` and `content_hash` describe the
    record, where there is one.
    """

    entry_url: str
    feed_url: str
    fingerprint: str
    outcome: str
    visited_us: int
    record_id: Optional[str] = None
    revision: int = 0
    content_hash: str = ""
    entry: str = ""


@dataclass(frozen=True)
class RobotsAnswer:
    """What `origin` (scheme://host:port) answered for /robots.txt; `body` is empty unless `status` is 200."""

    origin: str
    fetched_us: int
    status: int
    body: str


@dataclass(frozen=True)
class StagedFile:
    """A complete file under a temporary name, the name that it gets when the run commits, and files to delete then."""

    staged: str
    final: str
    elements: int
    replaces: Sequence[str] = ()
