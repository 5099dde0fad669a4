"""Finite verbs as cues, each of their frames in turn."""

from __future__ import annotations

from transforms.arabic.adjacent_phrases import split_object
from transforms.arabic.inflection import TAA_MARBUTA, YEH
from transforms.arabic.noun_phrases import starts_phrase
from transforms.arabic.particles import PREPOSITIONS, particle
from transforms.arabic.statement_addressees import match_addressee
from transforms.arabic.statement_deemed import match_deemed
from transforms.arabic.statement_descriptions import end_description, match_description
from transforms.arabic.statement_guards import (
    describes,
    is_accused,
    is_event,
    is_governed,
    is_homograph,
    is_impersonal,
    is_owned,
    is_predicate,
    is_resumed,
    is_taken_up,
    may_be_source,
    relative_end,
    runs_on,
)
from transforms.arabic.statement_insertions import is_inverted, match_insertion, match_inverted
from transforms.arabic.statement_masdars import match_light
from transforms.arabic.statement_objects import match_antecedent, match_object
from transforms.arabic.statement_opened import match_opened
from transforms.arabic.statement_openers import Hit, addresses, find_opener
from transforms.arabic.statement_participles import match_unmarked
from transforms.arabic.statement_preceding import subject_before
from transforms.arabic.statement_prepositions import Opener
from transforms.arabic.statement_reader import COMMAS, Reader
from transforms.arabic.statement_relays import match_relay, match_source
from transforms.arabic.statement_subjects import ELIDED, Subject, phrase_before, subject_after
from transforms.arabic.statement_words import CueReading

_NEAR = 8
_LONGEST_WHAT = 4
_WHAT = (particle("ma"), particle("min"))  # what he called, whom he called


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
        described = None if _takes_up(reader, at) else _described(reader, at)
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
    far = before.mode == "pre" and before.span is not None and before.span[1] < at and not reading.conjunction
    believed = form.cue.cue_class in ("opinion", "expect") and form.cue.impersonal
    believed = believed and form.kind == "present" and form.gender == "m"
    if far and believed and is_impersonal(reader, at, reading):
        return None  # a house believed to hold ...
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
        hit = match_description(reader, at, reading, ELIDED, False) if "as" in frames else None
        if hit is None:
            return match_antecedent(reader, at, reading, before)
        return end_description(reader, hit)
    if before.mode == "relative":
        before = Subject("relative", None, before.antecedent)
        if form.kind == "present" and not _named(reader, at + 1) and not may_be_source(reader, before.antecedent):
            return None
    if before is ELIDED and _is_passive(reader, at, reading):
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
    if opener and opener.kind in ("colon", "quote") and form.suffix and not _takes_object(frames):
        return None  # who closed it
    if opener and opener.kind == "prep" and form.suffix and reader.words[opener.at].bi and not _takes_object(frames):
        return None  # who approved it by a majority
    plain = match_unmarked(reader, at, reading, opener, before)
    if plain:
        return plain
    owned = opener.at - 1 if opener and opener.kind == "prep" else at
    renewed = _owned_sense(reader, at, opener) if form.cue.with_ and "np" in frames and opener else None
    if renewed is not None:
        span = None if no_subject_after else subject_after(reader, at + 1, renewed)
        return Hit(at, at + 1, reading, "np", renewed, Subject("post", span) if span else before)
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
    if (
        opener
        and opener.kind == "prep"
        and "np" in frames
        and before.mode == "pre"
        and _has_object(reader, at + 1, opener)
    ):
        return Hit(at, at + 1, reading, "np", at + 1, before)
    if opener and (opener.kind in ("that", "colon", "quote") or (opener.kind == "prep" and not addresses(frames))):
        return match_opened(reader, at, reading, before, no_subject_after, opener, close)
    if opener and opener.kind == "prep":
        hit = match_addressee(reader, at, reading, before, no_subject_after, opener)
        return None if hit and is_event(reader, hit.subject) else hit
    if "np" in frames or "who_np" in frames:
        hit = match_object(reader, at, reading, before, no_subject_after, None)
        span = hit.subject.span if hit else None
        head = reader.words[span[0]] if span else None
        known = head is not None and (bool(head.kind) or head.pronominal)
        unsaid = hit and not known and before is ELIDED and describes(reader, at, reading)
        most = "quantifier" in reader.words[at].groups and not reading.conjunction
        unsaid = unsaid or (most and not (head and head.kind and hit and hit.subject.mode == "post"))
        return None if unsaid or (hit and is_event(reader, hit.subject)) else hit
    if "quote" in frames and form.cue.cue_class == "speech" and is_inverted(reader, at):
        return match_inverted(reader, at, reading)
    hit = match_description(reader, at, reading, before, no_subject_after) if "as" in frames else None
    what = reader.words[at - 1].folded if at and form.suffix else ""
    if hit and what.endswith(_WHAT) and len(what) <= _LONGEST_WHAT:
        return end_description(reader, hit)
    if hit is None and ("deem" in frames or ("as" in frames and form.suffix)):
        return match_deemed(reader, at, reading, before, no_subject_after)
    return hit


def _takes_up(reader: Reader, at: int) -> bool:
    """Whether a perfect with a pronoun is a verbal noun, as its own object follows: its refusal of an extension."""
    following = reader.words[at + 1] if at + 1 < len(reader.words) else None
    return bool(
        reader.words[at].masdar and following and following.masdar and not (following.definite or following.kind)
    )


def _is_passive(reader: Reader, at: int, reading: CueReading) -> bool:
    """Whether a bare perfect at the head of a clause has no subject before it or behind it: (it) was announced."""
    form = reading.form
    if form.cue.cue_class != "announce" or form.kind != "past" or form.suffix or reading.conjunction:
        return False
    heads = at == reader.sentence(at)[0] or not reader.is_word(at - 1)
    alone = form.gender == "m" and form.number == "s" and at + 1 < len(reader.words)
    return heads and alone and reader.words[at + 1].folded == PREPOSITIONS["an"]


def _has_object(reader: Reader, at: int, opener: Opener) -> bool:
    """Whether the object of a verb stands right behind it, before a preposition that belongs to that object."""
    word = reader.words[at]
    return at < opener.at and word.masdar and word.definite and not (word.bi or word.li) and starts_phrase(reader, at)


def _closed(reader: Reader, at: int) -> bool:
    """Whether a subject may end at a token: a comma, or a definite noun."""
    return reader.tokens[at].text in COMMAS or reader.words[at].definite


def _takes_object(frames: tuple[str, ...]) -> bool:
    return addresses(frames) or bool({"np", "tell", "as", "deem"} & set(frames))


def _owned_sense(reader: Reader, at: int, opener: Opener) -> int | None:
    """Where, before what opens a clause, an object with a pronoun stands: renewed his call."""
    if opener.kind != "that":
        return None
    return next((i for i in range(at + 1, min(opener.at, at + _NEAR)) if is_owned(reader, i)), None)


def _named(reader: Reader, at: int) -> bool:
    """Whether a known source stands at a token: the risks that Israel says that ..."""
    if at >= len(reader.words) or not starts_phrase(reader, at):
        return False
    return bool(reader.words[at].kind) and not reader.words[at].pronominal


def _described(reader: Reader, at: int) -> Subject | None:
    """An indefinite noun of action right before a verb with a pronoun: a truce that they announced."""
    span = phrase_before(reader, at, reader.sentence(at)[0])
    if span is None or span[1] != at or any(reader.words[i].definite for i in range(*span)):
        return None
    head = reader.words[span[0]]
    return Subject("relative", antecedent=span) if head.masdar and not head.kind else None
