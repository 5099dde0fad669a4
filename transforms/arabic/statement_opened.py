"""Finite verbs with the content that an opener begins: a clause, a quotation, a phrase with a preposition."""

from __future__ import annotations

from transforms.arabic.clitics import ALEF, WAW
from transforms.arabic.inflection import NOON, TEH
from transforms.arabic.noun_phrases import starts_phrase
from transforms.arabic.statement_addressees import told_span
from transforms.arabic.statement_guards import (
    describes,
    has_object,
    is_event,
    is_owned,
    is_verbal,
    plain_before,
    qualifies_source,
    verb_behind,
)
from transforms.arabic.statement_insertions import is_inverted
from transforms.arabic.statement_objects import is_object, match_object
from transforms.arabic.statement_openers import Hit, addresses
from transforms.arabic.statement_prepositions import Opener
from transforms.arabic.statement_reader import COMMAS, Reader
from transforms.arabic.statement_subjects import ELIDED, Subject, insertion_end, subject_after
from transforms.arabic.statement_words import CueReading

_SHADDA = "\u0651"  # written, it tells a verb of the second stem from its look-alikes
_HAD = frozenset(["auxiliary", "elided"])
_NEAR = 4  # words of a subject
_ADJUNCTS = 6  # words between the source of an opinion and its clause


def match_opened(
    reader: Reader,
    at: int,
    reading: CueReading,
    before: Subject,
    no_subject_after: bool,
    opener: Opener,
    close: int | None,
) -> Hit | None:
    """A verb with the content that an opener begins, unless what stands between them tells of another one, or none."""
    form, frames = reading.form, reading.form.cue.frames
    subject = before
    told = before.mode == "relative" and opener.kind == "that" and not (addresses(frames) or "tell" in frames)
    if told and not form.suffix and starts_phrase(reader, at + 1):
        span = subject_after(reader, at + 1, opener.at)
        subject = Subject("post", span) if span else before  # of whom X says that
    resumed = before.mode == "relative" and opener.kind == "prep" and reader.words[opener.at].pronominal
    if resumed and not form.suffix and at + 1 < opener.at:
        span = subject_after(reader, at + 1, opener.at)
        subject = Subject("post", span) if span else before  # the parade of which X ordered
    if not no_subject_after:
        tells = "tell" in frames or addresses(frames)
        span = told_span(reader, at + 1, opener.at, reading) if tells else subject_after(reader, at + 1, opener.at)
        subject = Subject("post", span) if span else ELIDED
    if subject is ELIDED and form.suffix and form.kind == "present" and _is_told_by(reader, at - 1):
        subject = Subject("relative", None, (at - 1, at))  # messages that tell them that
    near = form.cue.near and _SHADDA not in reader.tokens[at].text
    between = _without_insertion(reader, at + 1, opener.at, subject) if near else []
    if near and any(is_verbal(reader.words[i]) and not reader.words[i].pronominal for i in between):
        return None
    if near and at and reading.conjunction and reader.words[at - 1].folded.startswith(reader.words[at].folded[1:]):
        return None  # between us and between
    felt = opener.kind == "prep" and is_owned(reader, opener.at + 1)  # expressed, on X, his surprise
    plain = at > 0 and reader.is_word(at - 1) and not reader.words[at - 1].groups & _HAD
    if plain or reader.words[at + 1].pronominal:
        felt = False  # by spreading rumours about his health
    if (
        near
        and not felt
        and form.kind == "past"
        and not reading.conjunction
        and form.gender == "m"
        and (
            plain_before(reader, at, before) or len(between) > _NEAR or any(reader.tokens[i].is_punct for i in between)
        )
    ):
        return None
    sourced = subject.span is not None and opener.at - subject.span[1] <= _ADJUNCTS
    if (
        form.cue.cue_class == "opinion"
        and opener.at - at > 10
        and not (sourced and opener.relative_before is False)
        and not (subject.span and form.kind == "past" and reader.tokens[opener.at - 1].text in COMMAS)
    ):
        return None
    if form.suffix and opener.kind == "that" and form.cue.cue_class in ("expect", "opinion", "express"):
        return None
    if opener.kind == "prep" and (is_event(reader, subject) or (subject is ELIDED and describes(reader, at, reading))):
        return None
    pointing = form.cue.cue_class == "speech" and form.kind == "present" and opener.kind == "prep"
    was = before.span is not None and before.span[0] > 0 and "elided" in reader.words[before.span[0] - 1].groups
    shown = subject.span is not None and _is_fact(reader, subject.span)
    if pointing and (shown or was or (subject is ELIDED and not reading.conjunction)):
        return None  # what points to something is no source
    if opener.kind == "that" and is_inverted(reader, at) and opener.at - at > 6:
        return None
    if opener.kind in ("colon", "quote") and "np" in frames and has_object(reader, at, opener, reading):
        other = match_object(reader, at, reading, before, no_subject_after, opener.at)
        if other:
            return other
    if (
        opener.kind == "quote"
        and "np" in frames
        and opener.at > at + 2
        and is_object(reader, at + 1)
        and not reader.words[at + 1].groups & {"quantifier"}
    ):
        return Hit(at, at + 1, reading, "np", at + 1, before)
    noun = reader.words[opener.at - 1]
    if opener.kind == "quote" and "np" in frames and noun.masdar and not noun.kind and opener.at - 1 > at:
        span = None if no_subject_after else subject_after(reader, at + 1, opener.at - 1)
        return Hit(at, at + 1, reading, "np", opener.at - 1, Subject("post", span) if span else before)
    following = reader.words[at + 1]
    if (
        opener.kind == "that"
        and "np" in frames
        and at + 1 < opener.at
        and no_subject_after
        and ("demonstrative" in following.groups or following.masdar)
    ):
        return Hit(at, at + 1, reading, "np", at + 1, before)
    accused = form.cue.cue_class == "accuse" and opener.kind == "that" and not (no_subject_after or form.suffix)
    if accused and reader.words[opener.at].bi and opener.at > at + 1 and starts_phrase(reader, at + 1):
        marked = next((i for i in range(at + 2, opener.at) if i in reader.quote_from), None)
        if marked and reader.words[at + 1].folded.endswith(WAW + NOON):  # a plural that only a subject has
            return Hit(at, at + 1, reading, "prep", marked, Subject("post", (at + 1, marked)))
        return Hit(at, at + 1, reading, "prep", at + 1, ELIDED)  # accused the president of having
    claimed = (
        opener.kind == "that" and reader.words[opener.at].bi and form.cue.cue_class in ("deny", "reject", "condemn")
    )
    if claimed and "np" in frames and opener.at > at + 1 and not any(frame.endswith("bi") for frame in frames):
        claims = match_object(reader, at, reading, before, no_subject_after, opener.at)
        if claims and claims.content > at + 1:
            return claims  # denied the claims of X that
    named = subject.span is not None and reader.words[subject.span[0]].kind not in ("", "place")
    closed = named and reader.tokens[opener.at - 1].text in COMMAS  # a party, which X leads, that
    if opener.kind == "that" and opener.relative_before and "np" in frames and not closed:
        other = match_object(reader, at, reading, before, no_subject_after, opener.at)
        if other and not qualifies_source(reader, at, other, opener.at):
            return other
    return Hit(at, at + 1, reading, opener.kind, opener.content, subject, verb_behind(reader, close))


def _without_insertion(reader: Reader, first: int, last: int, subject: Subject) -> list[int]:
    """The tokens between a verb and what opens its content, without what is inserted right behind the subject."""
    end = subject.span[1] if subject.span is not None and subject.span[0] >= first else last
    close = insertion_end(reader, end, last + 1) if end < last else None
    return [i for i in range(first, last) if close is None or not end <= i <= close]


def _is_told_by(reader: Reader, at: int) -> bool:
    """Whether an indefinite noun stands at a token, which the verb behind it describes."""
    if at < 0 or not reader.is_word(at):
        return False
    word = reader.words[at]
    plain = not (word.definite or word.groups or word.finite or word.that or word.conjunction or word.pronominal)
    return plain and word.folded.endswith(ALEF + TEH)


def _is_fact(reader: Reader, span: tuple[int, int]) -> bool:
    """Whether a subject is no source but what something can be seen from: these words, the existence of dissent."""
    head = reader.words[span[0]]
    act = any(c.form.kind == "masdar" for c in head.cues)  # a declaration does point to something
    return "demonstrative" in head.groups or (head.masdar and not (head.kind or act))
