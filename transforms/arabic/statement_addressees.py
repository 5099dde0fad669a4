"""Who is accused, urged, told: an addressee belongs to the content, and is not the subject."""

from __future__ import annotations

from transforms.arabic.adjacent_phrases import split_object
from transforms.arabic.clitics import ALEF
from transforms.arabic.inflection import NOON, TEH, YEH
from transforms.arabic.noun_phrases import starts_phrase
from transforms.arabic.statement_openers import Hit
from transforms.arabic.statement_prepositions import Opener
from transforms.arabic.statement_reader import COMMAS, Reader
from transforms.arabic.statement_subjects import ELIDED, Subject, skip_time, subject_after
from transforms.arabic.statement_words import RESUMPTIVE, CueReading, Word

_PLURAL_LENGTH = 7


def match_addressee(
    reader: Reader, at: int, reading: CueReading, before: Subject, no_subject_after: bool, opener: Opener
) -> Hit | None:
    """accuse X of ..., urge X to ...: the one accused or urged belongs to the content."""
    first = min(skip_time(reader, at + 1), opener.at)
    while first < opener.at and reader.words[first].folded in RESUMPTIVE:
        first += 1
    subject = before
    content = opener.content
    plain = any(not f.startswith("who_") and f in reading.form.cue.frames for f in ("bi", "ila", "ala", "min"))
    pronominal = first < opener.at and reader.words[first].pronominal and not reader.words[first].kind
    if pronominal and not reading.form.suffix:
        return Hit(at, at + 1, reading, "prep", first, before)
    if no_subject_after or reading.form.suffix:
        if not reading.form.suffix and first < opener.at and starts_phrase(reader, first):
            content = first if not reader.words[first].bi else _noun_after(reader, first, opener.at)
        if reading.form.suffix and not no_subject_after:
            span = subject_after(reader, first, opener.at)
            subject = Subject("post", span) if span else ELIDED
        return Hit(at, at + 1, reading, "prep", content, subject)
    if is_addressed(reader, first, reading):
        return Hit(at, at + 1, reading, "prep", first, ELIDED)
    border = split_object(reader, first, opener.at)
    if border is not None:
        span = subject_after(reader, first, border)
        return Hit(at, at + 1, reading, "prep", border, Subject("post", span) if span else ELIDED)
    span = subject_after(reader, first, opener.at)
    words = reader.words
    if (
        opener.content + 1 < len(words)
        and reader.tokens[opener.content + 1].is_punct
        and words[opener.content].pronominal
    ):
        return None
    if span and span[1] in reader.quote_from and span[1] < opener.at:
        return Hit(at, at + 1, reading, "prep", span[1], Subject("post", span))
    if span and not plain and opener.at - first >= 2 and span[1] - span[0] >= 2:
        # Two bare names side by side: the first word alone is taken for the subject.
        return Hit(at, at + 1, reading, "prep", span[0] + 1, Subject("post", (span[0], span[0] + 1)))
    needs_object = reading.form.cue.cue_class == "accuse" or "who_ala" in reading.form.cue.frames
    person = (
        span is not None and words[span[0]].kind in ("role", "anonymous") and "addressed" not in words[span[0]].groups
    )
    person = person and plain and reading.form.cue.cue_class != "accuse"
    if needs_object and span and opener.at <= span[1] and not person:
        return Hit(at, at + 1, reading, "prep", span[0], ELIDED)
    comma = (
        next((i for i in range(opener.at - 1, span[1] - 1, -1) if reader.tokens[i].text in COMMAS), 0) if span else 0
    )
    if comma and starts_phrase(reader, comma + 1):
        content = comma + 1
    elif span and span[1] < opener.at and starts_phrase(reader, _skip_marks(reader, span[1], opener.at)):
        nxt = _skip_marks(reader, span[1], opener.at)
        if nxt < opener.at and not words[nxt].groups & {"time", "adjunct"}:
            content = nxt
    return Hit(at, at + 1, reading, "prep", content, Subject("post", span) if span else ELIDED)


def is_addressed(reader: Reader, at: int, reading: CueReading) -> bool:
    """Whether a lone phrase behind a transitive verb is its object: its gender is not the verb's, or it is a phrase
    that only appeals address.
    """
    if at >= len(reader.words):
        return False
    word, form = reader.words[at], reading.form
    if form.number != "s" or word.conjunction or not reader.is_word(at):
        return False
    if word.folded.endswith(YEH + NOON) and ("addressed" in word.groups or _oblique_plural(word)):
        return True
    if word.groups >= {"addressed", "quantifier"}:
        return True
    if "addressed" in word.groups and reading.conjunction and at - 1 > reader.sentence(at)[0]:
        return True  # the subject is the one of the verb before
    if "quantifier" in word.groups and "partitive" not in word.groups and form.gender == "f":
        return at + 1 < len(reader.words) and "preposition" not in reader.words[at + 1].groups
    if form.gender == "m":
        plural = word.definite and word.folded.endswith(ALEF + TEH) and not (word.kind == "role" or word.masdar)
        clash = word.kind == "organisation" and word.feminine and not word.folded.endswith(ALEF)
        clash = clash or (plural and "addressed" in word.groups) or "group" in word.groups
        return clash or (word.kind == "place" and not word.groups & {"masculine"} and not word.masdar)
    return (
        form.gender == "f" and (word.kind == "role" and not word.feminine and word.definite)
    ) or "masculine" in word.groups


def _oblique_plural(word: Word) -> bool:
    """Whether a definite noun ends in the plural that no subject has; adjectives of relation aside."""
    return word.definite and not word.kind and not word.bi and not word.li and len(word.folded) >= _PLURAL_LENGTH


def told_span(reader: Reader, first: int, end: int, reading: CueReading) -> tuple[int, int] | None:
    """The subject between a verb that tells someone and the clause, without the one who is told."""
    if is_addressed(reader, first, reading):
        return None
    border = split_object(reader, first, end)
    if first + 1 < end and border is None:
        told = reader.words[first + 1]
        if "addressed" in told.groups and told.folded.endswith(YEH + NOON) and not reader.words[first].kind:
            border = first + 1  # a name of one word, then the plural that no subject has
    return subject_after(reader, first, end if border is None else border)


def _noun_after(reader: Reader, first: int, end: int) -> int:
    """The noun that is addressed, behind an adverbial phrase with bi-: called in so many words on Algeria."""
    for i in range(first + 1, end):
        if reader.is_word(i) and (reader.words[i].kind or reader.words[i].definite) and not reader.words[i].bi:
            return i
    return first


def _skip_marks(reader: Reader, at: int, limit: int) -> int:
    while at < limit and (reader.tokens[at].is_punct or "time" in reader.words[at].groups):
        at += 1
    return min(at, len(reader.tokens) - 1)
