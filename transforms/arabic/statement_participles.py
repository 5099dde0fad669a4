"""Participles as cues, and direct speech without any mark."""

from __future__ import annotations

from transforms.arabic.clitics import WAW
from transforms.arabic.noun_phrases import starts_phrase
from transforms.arabic.statement_descriptions import match_description
from transforms.arabic.statement_guards import is_owned
from transforms.arabic.statement_openers import REACH, Hit, addresses, find_opener, speaks
from transforms.arabic.statement_prepositions import Opener
from transforms.arabic.statement_reader import DASHES, Reader
from transforms.arabic.statement_subjects import ELIDED, Subject, subject_after
from transforms.arabic.statement_words import CueReading

_NAME = 3
_ADJUNCTS = 6


def match_participle(reader: Reader, at: int, reading: CueReading) -> Hit | None:
    frames = reading.form.cue.frames
    if "as" in frames:
        return match_description(reader, at, reading, ELIDED, True)
    opener = find_opener(reader, at, reading)
    reach = 3 if "bare" in frames and not reader.words[min(at + 1, len(reader.words) - 1)].to else 8
    near = opener and opener.at - at <= reach and not any(reader.words[i].finite for i in range(at + 1, opener.at))
    if opener and near:
        content = opener.content
        behind = opener.kind == "quote" and opener.content > opener.at and opener.at > at + 1
        if (opener.kind == "prep" or behind) and addresses(frames) and starts_phrase(reader, at + 1):
            content = at + 1
        return Hit(at, at + 1, reading, opener.kind, content, ELIDED)
    if at + 1 < reader.clause_limit(at) and reader.is_word(at + 1):
        if "bare" in frames or ("plain" in frames and speaks(reader, at + 1)):
            return Hit(at, at + 1, reading, "bare", at + 1, ELIDED)
        if "np" in frames:
            start = _object_after(reader, at + 1, reader.clause_limit(at))
            return Hit(at, at + 1, reading, "np", start, ELIDED) if start is not None else None
    return None


def _object_after(reader: Reader, at: int, limit: int) -> int | None:
    """The object of a participle: right behind it, or a noun of action behind an adverbial phrase."""
    if reader.words[at].conjunction:
        return None  # opponents and others
    if starts_phrase(reader, at) or "demonstrative" in reader.words[at].groups or is_owned(reader, at):
        return at
    if not reader.words[at].groups & {"preposition", "adjunct", "time"}:
        return None
    for i in range(at + 1, min(limit, at + _ADJUNCTS)):
        if not reader.is_word(i):
            return None
        word = reader.words[i]
        bare = word.masdar and not (word.definite or word.bi or word.li or word.folded.startswith(WAW))
        if is_owned(reader, i) or (bare and starts_phrase(reader, i)):
            return None if reader.words[i - 1].groups & {"preposition", "adjunct"} else i
    return None


def match_unmarked(reader: Reader, at: int, reading: CueReading, opener: Opener | None, before: Subject) -> Hit | None:
    """Direct speech behind `said X` without any mark: X said we will not withdraw."""
    if "plain" not in reading.form.cue.frames or at + 1 >= len(reader.words):
        return None
    limit = min(reader.clause_limit(at), at + REACH)
    span = subject_after(reader, at + 1, limit)
    i = span[1] if span else at + 1
    if i < limit and reader.tokens[i].text in DASHES:
        i = next((k + 1 for k in range(i + 1, limit) if reader.tokens[k].text in DASHES), limit)
    if i >= limit:
        return None
    late = opener is not None and opener.kind == "that" and opener.at - i <= _NAME
    late = late and not reader.words[i].groups & {"utterance"}  # a name that looks like a verb
    if late or (opener and opener.at <= i) or not speaks(reader, i):
        return None
    return Hit(at, at + 1, reading, "plain", i, Subject("post", span) if span else before)
