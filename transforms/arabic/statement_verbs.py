"""Finite verbs and participles as cues, each frame of theirs in turn."""

from __future__ import annotations

from transforms.arabic.adjacent_phrases import split_object
from transforms.arabic.noun_phrases import starts_phrase
from transforms.arabic.statement_addressees import match_addressee, told_span
from transforms.arabic.statement_descriptions import match_deemed, match_description
from transforms.arabic.statement_forms import TAA_MARBUTA, YEH
from transforms.arabic.statement_guards import (
    describes,
    is_accused,
    is_governed,
    is_homograph,
    is_impersonal,
    is_owned,
    is_predicate,
    is_resumed,
    is_taken_up,
    is_verbal,
    may_be_source,
    plain_before,
    relative_end,
    runs_on,
    verb_behind,
)
from transforms.arabic.statement_insertions import is_inverted, match_insertion, match_inverted
from transforms.arabic.statement_masdars import match_light
from transforms.arabic.statement_objects import is_object, match_antecedent, match_object
from transforms.arabic.statement_openers import Hit, addresses, find_opener
from transforms.arabic.statement_participles import match_unmarked
from transforms.arabic.statement_preceding import subject_before
from transforms.arabic.statement_prepositions import Opener
from transforms.arabic.statement_reader import COMMAS, Reader
from transforms.arabic.statement_relays import match_relay, match_source
from transforms.arabic.statement_subjects import ELIDED, Subject, phrase_before, subject_after
from transforms.arabic.statement_words import CueReading

_SHADDA = "\u0651"  # written, it tells a verb of the second stem from its look-alikes
_NEAR = 8
_ADJUNCTS = 6  # words between the source of an opinion and its clause


def match_verb(reader: Reader, at: int, reading: CueReading) -> Hit | None:
    form, frames = reading.form, reading.form.cue.frames
    before = subject_before(reader, at, reading)
    if "relay" in frames:
        return match_relay(reader, at, reading, before)
    if before is ELIDED and is_homograph(reader, at, reading):
        return None
    if "light" in frames:
        return match_light(reader, at, reading, before)
    if "source_fi" in frames:
        return match_source(reader, at, reading)
    if form.suffix and "np" in frames and form.kind == "past" and not reading.conjunction:
        described = _described(reader, at)
        if described:
            return match_antecedent(reader, at, reading, described)
    if before.mode == "relative" and not form.suffix and is_taken_up(reader, at + 1, frames):
        return match_antecedent(reader, at, reading, before)
    if before.mode == "relative" and (
        (form.suffix and addresses(frames)) or (not form.suffix and is_resumed(reader, at + 1))
    ):
        before = ELIDED
    if before is ELIDED and form.kind == "present" and form.gender == "m" and is_impersonal(reader, at, reading):
        return None
    if before.mode == "pre" and not {"np", "tell", "as"} & set(frames) and not addresses(frames):
        following = reader.words[at + 1] if at + 1 < len(reader.words) else None
        bound = following is not None and ((following.bi and "bi" in frames) or (following.li and "li" in frames))
        bound = bound or form.number != "s"
        if following and not bound and (following.definite or following.kind) and starts_phrase(reader, at + 1):
            before = ELIDED  # the noun before is an adverb's: its subject follows the verb
    if form.kind == "present" and form.cue.cue_class == "opinion" and before is ELIDED and is_predicate(reader, at + 1):
        return None  # is considered a thing
    no_subject_after = before.mode != "elided" or form.number in ("d", "p") or form.first_person
    if before.mode == "relative" and form.suffix and not addresses(frames):
        if "deem" in frames:
            return match_deemed(reader, at, reading, before, False)
        if not {"np", "as"} & set(frames):
            return None  # no transitive verb, so another one
        return match_antecedent(reader, at, reading, before)
    if before.mode == "relative":
        before = Subject("relative", None, before.antecedent)
        if form.kind == "present" and not may_be_source(reader, before.antecedent):
            return None
    inserted = match_insertion(reader, at, reading)
    if inserted:
        return inserted
    opener = find_opener(reader, at, reading)
    close = relative_end(reader, at) if before.mode == "relative" else None
    if opener and close is not None and opener.at > close:
        return None  # what follows the relative clause belongs to the verb before it
    if opener and opener.kind == "prep" and form.cue.cue_class == "accuse" and is_accused(reader, at, opener, form):
        return None
    if opener and opener.kind == "that" and form.suffix and opener.at - at > _NEAR and not addresses(frames):
        return None
    plain = match_unmarked(reader, at, reading, opener, before)
    if plain:
        return plain
    owned = opener.at - 1 if opener and opener.kind == "prep" else at
    if owned > at + 1 and "np" in frames and is_owned(reader, owned) and _closed(reader, owned - 1):
        span = None if no_subject_after else subject_after(reader, at + 1, owned)
        return Hit(at, at + 1, reading, "np", owned, Subject("post", span) if span else before)
    if "np" in frames and is_owned(reader, at + 1) and not (opener and opener.at <= at + 1):
        return Hit(at, at + 1, reading, "np", at + 1, before)
    if opener and opener.kind == "quote" and addresses(frames) and not no_subject_after and runs_on(reader, at, opener):
        return Hit(at, at + 1, reading, "prep", at + 1, ELIDED)
    if opener and addresses(frames) and opener.kind in ("that", "quote") and is_governed(reader, opener):
        governed = Opener("prep", opener.at, opener.at, opener.relative_before)
        hit = match_addressee(reader, at, reading, before, no_subject_after, governed)
        if hit and hit.content < opener.at:
            return hit
    if opener and opener.kind == "prep" and "np" in frames and not (no_subject_after or addresses(frames)):
        border = split_object(reader, at + 1, opener.at)
        noun = reader.words[border] if border is not None else None
        apart = border is not None and reader.words[border - 1].folded.endswith((YEH, YEH + TAA_MARBUTA))
        if noun is not None and noun.masdar and (not noun.definite or (apart and not (noun.li or noun.bi))):
            other = match_object(reader, at, reading, before, no_subject_after, opener.at)
            if other:
                return other
    if opener and (opener.kind in ("that", "colon", "quote") or (opener.kind == "prep" and not addresses(frames))):
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
        near = form.cue.near and _SHADDA not in reader.tokens[at].text
        if near and any(is_verbal(reader.words[i]) for i in range(at + 1, opener.at)):
            return None
        if (
            near
            and not reading.conjunction
            and form.gender == "m"
            and (
                plain_before(reader, at, before)
                or opener.at - at > 5
                or any(reader.tokens[i].is_punct for i in range(at + 1, opener.at))
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
        if opener.kind == "prep" and subject is ELIDED and describes(reader, at, reading):
            return None
        pointing = form.cue.cue_class == "speech" and form.kind == "present" and opener.kind == "prep"
        was = before.span is not None and before.span[0] > 0 and "elided" in reader.words[before.span[0] - 1].groups
        if pointing and (was or (subject is ELIDED and not reading.conjunction)):
            return None  # what points to something is no source
        if opener.kind == "that" and is_inverted(reader, at) and opener.at - at > 6:
            return None
        if opener.kind in ("colon", "quote") and "np" in frames and _has_object(reader, at, opener, reading):
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
        named = reader.words[opener.at - 1].kind != ""
        masdar = reader.words[opener.at - 1].masdar and not named and opener.at - 1 > at
        if opener.kind == "quote" and "np" in frames and masdar:
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
        named = subject.span is not None and reader.words[subject.span[0]].kind not in ("", "place")
        closed = named and reader.tokens[opener.at - 1].text in COMMAS  # a party, which X leads, that
        if opener.kind == "that" and opener.relative_before and "np" in frames and not closed:
            other = match_object(reader, at, reading, before, no_subject_after, opener.at)
            if other:
                return other
        return Hit(at, at + 1, reading, opener.kind, opener.content, subject, verb_behind(reader, close))
    if opener and opener.kind == "prep":
        return match_addressee(reader, at, reading, before, no_subject_after, opener)
    if "np" in frames or "who_np" in frames:
        hit = match_object(reader, at, reading, before, no_subject_after, None)
        span = hit.subject.span if hit else None
        head = reader.words[span[0]] if span else None
        known = head is not None and (bool(head.kind) or head.pronominal)
        unsaid = hit and not known and before is ELIDED and describes(reader, at, reading)
        most = "quantifier" in reader.words[at].groups and not reading.conjunction
        unsaid = unsaid or (most and not (head and head.kind and hit and hit.subject.mode == "post"))
        return None if unsaid else hit
    if "quote" in frames and form.cue.cue_class == "speech" and is_inverted(reader, at):
        return match_inverted(reader, at, reading)
    if "as" in frames:
        return match_description(reader, at, reading, before, no_subject_after)
    return match_deemed(reader, at, reading, before, no_subject_after) if "deem" in frames else None


def _has_object(reader: Reader, at: int, opener: Opener, reading: CueReading) -> bool:
    """Whether an object stands before a quotation that another cue introduces, or that only illustrates it."""
    border = split_object(reader, at + 1, opener.at)
    if border is None or border <= at + 1 or not (reader.words[border].masdar or reader.words[border].groups):
        return False
    if is_owned(reader, border) and opener.at > border + 1:
        return True
    before = reader.words[opener.at - 1].groups
    if reader.words[border].masdar and opener.at > border + 1 and before & {"preposition", "adjunct"}:
        return True  # the name of what a preposition governs
    said = any(
        c.form.kind in ("participle", "masdar") for i in range(border + 1, opener.at) for c in reader.words[i].cues
    )
    return said or reading.form.cue.cue_class in ("reject", "deny", "condemn", "welcome")


def _closed(reader: Reader, at: int) -> bool:
    """Whether a subject may end at a token: a comma, or a definite noun."""
    return reader.tokens[at].text in COMMAS or reader.words[at].definite


def _described(reader: Reader, at: int) -> Subject | None:
    """An indefinite noun of action right before a verb with a pronoun: a truce that they announced."""
    span = phrase_before(reader, at, reader.sentence(at)[0])
    if span is None or span[1] != at or any(reader.words[i].definite for i in range(*span)):
        return None
    head = reader.words[span[0]]
    return Subject("relative", antecedent=span) if head.masdar and not head.kind else None
