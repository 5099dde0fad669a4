"""Sources that another source cites: `quotes X as saying`, `it says in a statement that`."""

from __future__ import annotations

from transforms.arabic.noun_phrases import phrase_end, starts_phrase
from transforms.arabic.particles import PREPOSITIONS, particle
from transforms.arabic.statement_masdars import match_masdar
from transforms.arabic.statement_openers import REACH, Hit, is_blocked
from transforms.arabic.statement_quotations import is_speech, quote_length
from transforms.arabic.statement_reader import Reader
from transforms.arabic.statement_subjects import ELIDED, Subject, subject_after
from transforms.arabic.statement_words import RESUMPTIVE, CueReading

_QUOTED_NAME = 6
_SHORTEST_REPORT = 4
TONGUE = particle("tongue")


def cites(reader: Reader, at: int, reading: CueReading) -> bool:
    """Whether what a relaying verb cites its source with stands at a token: from, on the tongue of, to (ascribed)."""
    word = reader.words[at]
    if "ila" in reading.form.cue.frames:
        return word.folded == PREPOSITIONS["ila"]
    if word.folded == PREPOSITIONS["an"] or (word.folded in RESUMPTIVE and word.folded.startswith(PREPOSITIONS["an"])):
        return True
    return word.folded == PREPOSITIONS["ala"] and at + 1 < len(reader.words) and reader.words[at + 1].folded == TONGUE


def match_relay(reader: Reader, at: int, reading: CueReading, before: Subject) -> Hit | None:
    """`quotes X as saying that`, `reports that`: the one who relays is the subject."""
    limit = min(reader.clause_limit(at), at + 16)
    end = next((i for i in range(at + 1, limit) if cites(reader, i, reading)), None)
    clauses = (i for i in range(at + 1, min(limit, at + 9)) if reader.words[i].that and not _in_name(reader, i, at))
    that = next((i for i in clauses if not is_blocked(reader, i, at)), None)
    if "ila" in reading.form.cue.frames:
        that = None
    if that is not None and any(reader.words[i].participle for i in range(at + 1, that)):
        that = None
    if end is None and that is None:
        return _match_spoken(reader, at, reading, before, limit)
    stop = end if end is not None and (that is None or end < that) else that
    assert stop is not None
    if reading.form.suffix and before.mode == "pre":
        before = ELIDED  # words that X quoted
    subject = before
    if before.mode == "elided" and reading.form.number == "s":
        span = subject_after(reader, at + 1, stop)
        subject = Subject("post", span) if span else ELIDED
    named = end is None or reader.words[end].folded in RESUMPTIVE or starts_phrase(reader, end + 1)
    if stop == end and end + 1 < limit and not named and end + 1 not in reader.quote_from:
        return None
    if (
        stop == end
        and reader.words[end].folded in RESUMPTIVE
        and before.mode == "elided"
        and reading.form.number == "s"
    ):
        span = subject_after(reader, end + 1, limit)
        subject = Subject("post", span) if span else ELIDED
    if "ila" in reading.form.cue.frames and _relayed_content(reader, stop) == stop:
        return None
    content = _relayed_content(reader, stop) if stop == end else stop + 1 if reader.words[stop].that_bare else stop
    return Hit(at, at + 1, reading, "relay" if stop == end else "that", content, subject)


def _match_spoken(reader: Reader, at: int, reading: CueReading, before: Subject, limit: int) -> Hit | None:
    """`the channel reported: "..."`: who reports is a known source, and what is reported stands in marks."""
    if reading.form.suffix or "ila" in reading.form.cue.frames or reading.form.number != "s":
        return None
    quote = next((i for i in range(at + 1, limit) if i in reader.quote_from), None)
    if quote is None or quote_length(reader, quote) < _SHORTEST_REPORT:
        return None
    span = before.span or subject_after(reader, at + 1, quote)
    if span is None or not any(word.kind in ("organisation", "document") for word in reader.words[slice(*span)]):
        return None
    colon = reader.tokens[quote - 1].text == ":"
    if not colon and not is_speech(reader, at, quote, limit):
        return None
    subject = before if before.span else Subject("post", span)
    return Hit(at, at + 1, reading, "colon" if colon else "quote", quote, subject)


def _in_name(reader: Reader, at: int, cue: int) -> bool:
    """Whether a token is part of a short name in quotation marks that begins behind the cue."""
    quote = reader.quote_in[at]
    return quote is not None and quote is not reader.quote_in[cue] and quote.last - quote.first <= _QUOTED_NAME


def _relayed_content(reader: Reader, at: int) -> int:
    """The content that the source's own verbal noun introduces: from X his saying that ...; else the whole phrase."""
    for i in range(at + 1, min(reader.clause_limit(at), at + REACH)):
        saying = next((c for c in reader.words[i].cues if c.form.kind == "masdar" and c.form.suffix), None)
        hit = match_masdar(reader, i, saying) if saying and not reader.words[i].that else None
        if hit:
            return hit.content
    return at


def match_source(reader: Reader, at: int, reading: CueReading) -> Hit | None:
    """`it says in a statement that`: the document is the source."""
    first = at + 1
    limit = min(reader.clause_limit(at), at + REACH)
    if first + 1 >= limit:
        return None
    if reader.words[first].folded in RESUMPTIVE and reader.words[first].folded.startswith(PREPOSITIONS["fi"]):
        return _match_cited(reader, at, reading)
    document = reader.words[first + 1]
    named = document.kind == "document" or "event" in document.groups or first + 1 in reader.quote_from
    if reader.words[first].folded != PREPOSITIONS["fi"] or not named:
        return None
    for i in range(first + 2, limit):
        word = reader.words[i]
        colon = reader.tokens[i].text == ":"
        if colon or (word.that and word.that_bare) or (i in reader.quote_from and is_speech(reader, at, i, limit)):
            end = phrase_end(reader, first + 1, i)
            kind = "colon" if colon else "that" if word.that else "quote"
            content = i if kind == "quote" else i + 1
            return Hit(at, at + 2, reading, kind, content, Subject("post", reader.trim(first + 1, end)))
    return None


def _match_cited(reader: Reader, at: int, reading: CueReading) -> Hit | None:
    """`a statement in which it said that`: the document stands before."""
    i = at + 2
    if i + 1 >= reader.clause_limit(at):
        return None
    word = reader.words[i]
    if reader.tokens[i].text == ":":
        return Hit(at, at + 2, reading, "colon", i + 1, ELIDED)
    if word.that and not word.and_that:
        return Hit(at, at + 2, reading, "that", i + 1 if word.that_bare else i, ELIDED)
    return Hit(at, at + 2, reading, "quote", i, ELIDED) if i in reader.quote_from else None
