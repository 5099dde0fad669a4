"""Participles as cues, and direct speech without any mark."""

from __future__ import annotations

from transforms.arabic.clitics import FEH, SEEN, WAW
from transforms.arabic.noun_phrases import phrase_end, starts_phrase
from transforms.arabic.statement_deemed import match_deemed
from transforms.arabic.statement_descriptions import match_description
from transforms.arabic.statement_guards import is_owned
from transforms.arabic.statement_openers import REACH, Hit, addresses, find_opener, speaks
from transforms.arabic.statement_prepositions import Opener
from transforms.arabic.statement_reader import COMMAS, DASHES, Reader
from transforms.arabic.statement_subjects import ELIDED, Subject, subject_after
from transforms.arabic.statement_words import CueReading

_SAID_REACH = 20  # ... between `saying in a statement` and a colon
_TELLING_REACH = 16  # words between `saying to X` and what is said
_ADVERBS = 6  # words between a participle and its object
_NAME = 3
_LONGEST_LEAD = 6


def match_participle(reader: Reader, at: int, reading: CueReading) -> Hit | None:
    frames = reading.form.cue.frames
    if "as" in frames:
        return match_description(reader, at, reading, ELIDED, True)
    opener = find_opener(reader, at, reading)
    subject = _titled(reader, at)
    addressed = reader.words[min(at + 1, len(reader.words) - 1)].to
    reach = (_TELLING_REACH if addressed else 3) if "bare" in frames else 8
    near = opener and opener.at - at <= reach and not any(reader.words[i].finite for i in range(at + 1, opener.at))
    near = near or (
        opener and opener.kind in ("colon", "quote") and opener.at - at <= _SAID_REACH and _in_event(reader, at)
    )
    if opener and opener.kind in ("prep", "that", "quote") and "np" in frames and _is_object(reader, at + 1, opener.at):
        return Hit(at, at + 1, reading, "np", at + 1, subject)
    if opener and near:
        content = opener.content
        behind = opener.kind == "quote" and opener.content > opener.at and opener.at > at + 1
        if (opener.kind == "prep" or behind) and addresses(frames) and starts_phrase(reader, at + 1):
            content = at + 1
        return Hit(at, at + 1, reading, opener.kind, content, subject)
    if "deem" in frames:
        return match_deemed(reader, at, reading, subject, True)
    if at + 1 < reader.clause_limit(at) and reader.is_word(at + 1):
        following = reader.words[at + 1]
        if "ila" in frames and following.li and (following.definite or following.masdar) and not following.kind:
            return Hit(at, at + 1, reading, "prep", at + 1, subject)  # pointing to, written in one word
        if "bare" in frames or ("plain" in frames and speaks(reader, at + 1)):
            return Hit(at, at + 1, reading, "bare", at + 1, subject)
        if "who_np" in frames and starts_phrase(reader, at + 1):
            return Hit(at, at + 1, reading, "np", at + 1, subject)
        if "np" in frames:
            start = _object_after(reader, at + 1, reader.clause_limit(at))
            return Hit(at, at + 1, reading, "np", start, subject) if start is not None else None
    return None


def _titled(reader: Reader, at: int) -> Subject:
    """The source that a title names before its participle: the minister, warning: ..."""
    begin = reader.sentence(at)[0]
    if not reader.is_title() or not 0 < at - begin <= _LONGEST_LEAD or not starts_phrase(reader, begin):
        return ELIDED
    return Subject("pre", (begin, at)) if phrase_end(reader, begin, at) == at else ELIDED


def _in_event(reader: Reader, at: int) -> bool:
    """Whether an event of speech follows: pointing out, in a statement that the agency carried, ..."""
    if at + 2 >= len(reader.words):
        return False
    return "preposition" in reader.words[at + 1].groups and "event" in reader.words[at + 2].groups


def _is_object(reader: Reader, at: int, limit: int) -> bool:
    """Whether a noun of action stands right behind, so that what opens later belongs to it: stressing the need to."""
    if at >= limit:
        return False
    word = reader.words[at]
    bare = word.masdar and not (word.definite or word.bi or word.li or word.kind or word.conjunction)
    apart = word.groups & {"preposition", "adjunct", "time", "event", "demonstrative"}
    return bare and not apart and (starts_phrase(reader, at) or is_owned(reader, at))


def _object_after(reader: Reader, at: int, limit: int) -> int | None:
    """The object of a participle: right behind it, or a noun of action behind an adverbial phrase."""
    if reader.words[at].conjunction:
        return None  # opponents and others
    if starts_phrase(reader, at) or "demonstrative" in reader.words[at].groups or is_owned(reader, at):
        return at
    if "manner" in reader.words[at].groups and at + 2 < limit:
        return at + 2 if starts_phrase(reader, at + 2) else None
    if not reader.words[at].groups & {"preposition", "adjunct", "time"}:
        return None
    for i in range(at + 1, min(limit, at + _ADVERBS)):
        if not reader.is_word(i):
            return None
        word = reader.words[i]
        bare = word.masdar and not (word.definite or word.bi or word.li or word.folded.startswith(WAW))
        if is_owned(reader, i) or (bare and starts_phrase(reader, i)):
            return None if reader.words[i - 1].groups & {"preposition", "adjunct"} else i
    return None


def match_unmarked(reader: Reader, at: int, reading: CueReading, opener: Opener | None, before: Subject) -> Hit | None:
    """Direct speech behind `said X` without any mark: X said we will not withdraw."""
    if "plain" not in reading.form.cue.frames or reading.form.suffix or at + 1 >= len(reader.words):
        return None
    limit = min(reader.clause_limit(at), at + REACH)
    if "demonstrative" in reader.words[at + 1].groups:
        return None  # (those who) say that
    span = subject_after(reader, at + 1, limit)
    i = span[1] if span else at + 1
    if opener and opener.kind == "that" and reader.tokens[opener.at - 1].text in COMMAS:
        return None
    if i < limit and reader.tokens[i].text in DASHES:
        i = next((k + 1 for k in range(i + 1, limit) if reader.tokens[k].text in DASHES), limit)
    if i >= limit:
        return None
    late = opener is not None and opener.kind == "that" and opener.at - i <= _NAME
    late = late and not reader.words[i].groups & {"utterance"}  # a name that looks like a verb
    if late or (opener and opener.at <= i) or not speaks(reader, i) or (span is None and _is_name(reader, i)):
        return None
    return Hit(at, at + 1, reading, "plain", i, Subject("post", span) if span else before)


def _is_name(reader: Reader, at: int) -> bool:
    """Whether what looks like a verb is a name, as what was said follows it at once."""
    if at + 1 >= len(reader.words):
        return False
    if reader.tokens[at + 1].text == ":" or at + 1 in reader.quote_from:
        return True
    return reader.words[at + 1].that and reader.words[at].folded[0] in (FEH, SEEN)
