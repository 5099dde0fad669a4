"""Finite verbs and participles as cues, each frame of theirs in turn."""

from __future__ import annotations

from transforms.arabic.clitics import BEH, WAW
from transforms.arabic.normalize import fold_word
from transforms.arabic.noun_phrases import split_object, starts_phrase
from transforms.arabic.statement_insertions import is_inverted, match_insertion, match_inverted
from transforms.arabic.statement_masdars import match_light
from transforms.arabic.statement_objects import (
    match_addressee,
    match_antecedent,
    match_deemed,
    match_description,
    match_object,
    told_span,
)
from transforms.arabic.statement_openers import (
    PREPOSITIONS,
    REACH,
    Hit,
    Opener,
    addresses,
    find_opener,
    speaks,
)
from transforms.arabic.statement_reader import COMMAS, DASHES, Reader
from transforms.arabic.statement_relays import match_relay, match_source
from transforms.arabic.statement_subjects import ELIDED, Subject, phrase_before, subject_after, subject_before
from transforms.arabic.statement_words import RESUMPTIVE, CueReading, Word

_REACH = 14

_ADJUNCTS = 6  # words between the source of an opinion and its clause


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
    if starts_phrase(reader, at) or "demonstrative" in reader.words[at].groups or _owned(reader, at):
        return at
    if not reader.words[at].groups & {"preposition", "adjunct", "time"}:
        return None
    for i in range(at + 1, min(limit, at + _ADJUNCTS)):
        if not reader.is_word(i):
            return None
        word = reader.words[i]
        bare = word.masdar and not (word.definite or word.bi or word.li or word.folded.startswith(WAW))
        if _owned(reader, i) or (bare and starts_phrase(reader, i)):
            return None if reader.words[i - 1].groups & {"preposition", "adjunct"} else i
    return None


def match_verb(reader: Reader, at: int, reading: CueReading) -> Hit | None:
    form, frames = reading.form, reading.form.cue.frames
    before = subject_before(reader, at, reading)
    if "relay" in frames:
        return match_relay(reader, at, reading, before)
    if before is ELIDED and _homograph(reader, at, reading):
        return None
    if "light" in frames:
        return match_light(reader, at, reading, before)
    if "source_fi" in frames:
        return match_source(reader, at, reading)
    if form.suffix and "np" in frames and form.kind == "past" and not reading.conjunction:
        described = _described(reader, at)
        if described:
            return match_antecedent(reader, at, reading, described)
    if before.mode == "relative" and not form.suffix and _taken_up(reader, at + 1, frames):
        return match_antecedent(reader, at, reading, before)
    if before.mode == "relative" and (
        (form.suffix and addresses(frames)) or (not form.suffix and _resumed(reader, at + 1))
    ):
        before = ELIDED
    if before is ELIDED and form.kind == "present" and form.gender == "m" and _impersonal(reader, at, reading):
        return None
    no_subject_after = before.mode != "elided" or form.number in ("d", "p") or form.first_person
    if before.mode == "relative" and form.suffix and not addresses(frames):
        if "deem" in frames:
            return match_deemed(reader, at, reading, before, False)
        if not {"np", "as"} & set(frames):
            return None  # no transitive verb, so another one
        return match_antecedent(reader, at, reading, before)
    if before.mode == "relative":
        before = Subject("relative", None, before.antecedent)
        if form.kind == "present" and not _sourced(reader, before.antecedent):
            return None
    inserted = match_insertion(reader, at, reading)
    if inserted:
        return inserted
    opener = find_opener(reader, at, reading)
    plain = _unmarked(reader, at, reading, opener)
    if plain:
        return plain
    if "np" in frames and _owned(reader, at + 1) and not (opener and opener.at <= at + 2):
        return Hit(at, at + 1, reading, "np", at + 1, before)
    if (
        opener
        and opener.kind == "quote"
        and addresses(frames)
        and not no_subject_after
        and _runs_on(reader, at, opener)
    ):
        return Hit(at, at + 1, reading, "prep", at + 1, ELIDED)
    if opener and addresses(frames) and opener.kind in ("that", "quote") and _governed(reader, opener):
        governed = Opener("prep", opener.at, opener.at, opener.relative_before)
        hit = match_addressee(reader, at, reading, before, no_subject_after, governed)
        if hit and hit.content < opener.at:
            return hit
    if opener and opener.kind == "prep" and "np" in frames and not (no_subject_after or addresses(frames)):
        border = split_object(reader, at + 1, opener.at)
        if border is not None and reader.words[border].masdar and not reader.words[border].definite:
            other = match_object(reader, at, reading, before, no_subject_after, opener.at)
            if other:
                return other
    if opener and (opener.kind in ("that", "colon", "quote") or (opener.kind == "prep" and not addresses(frames))):
        subject = before
        if not no_subject_after:
            tells = "tell" in frames or addresses(frames)
            span = told_span(reader, at + 1, opener.at, reading) if tells else subject_after(reader, at + 1, opener.at)
            subject = Subject("post", span) if span else ELIDED
        if form.cue.near and any(_verbal(reader.words[i]) for i in range(at + 1, opener.at)):
            return None
        if (
            form.cue.near
            and not reading.conjunction
            and form.gender == "m"
            and (
                _plain_before(reader, at, before)
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
        if opener.kind == "prep" and subject is ELIDED and _describes(reader, at, reading):
            return None
        pointing = form.cue.cue_class == "speech" and form.kind == "present" and opener.kind == "prep"
        if pointing and subject is ELIDED and not reading.conjunction:
            return None  # what points to something is no source
        if opener.kind == "that" and is_inverted(reader, at) and opener.at - at > 6:
            return None
        if opener.kind in ("colon", "quote") and "np" in frames and _has_object(reader, at, opener, reading):
            other = match_object(reader, at, reading, before, no_subject_after, opener.at)
            if other:
                return other
        if opener.kind == "quote" and "np" in frames and reader.words[opener.at - 1].masdar and opener.at - 1 > at:
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
        if opener.kind == "that" and opener.relative_before and "np" in frames:
            other = match_object(reader, at, reading, before, no_subject_after, opener.at)
            if other:
                return other
        return Hit(at, at + 1, reading, opener.kind, opener.content, subject)
    if opener and opener.kind == "prep":
        return match_addressee(reader, at, reading, before, no_subject_after, opener)
    if "np" in frames or "who_np" in frames:
        hit = match_object(reader, at, reading, before, no_subject_after, None)
        span = hit.subject.span if hit else None
        head = reader.words[span[0]] if span else None
        known = head is not None and (bool(head.kind) or head.pronominal)
        unsaid = hit and not known and before is ELIDED and _describes(reader, at, reading)
        return None if unsaid else hit
    if "quote" in frames and form.cue.cue_class == "speech" and is_inverted(reader, at):
        return match_inverted(reader, at, reading)
    if "as" in frames:
        return match_description(reader, at, reading, before, no_subject_after)
    return match_deemed(reader, at, reading, before, no_subject_after) if "deem" in frames else None


def _sourced(reader: Reader, antecedent: tuple[int, int] | None) -> bool:
    """Whether what a relative clause qualifies may be a source: a known noun, or a name."""
    if antecedent is None:
        return True
    words = reader.words[slice(*antecedent)]
    return any(w.kind for w in words) or not (words[-1].definite or words[-1].masdar)


def _homograph(reader: Reader, at: int, reading: CueReading) -> bool:
    """Whether a bare perfect that is also a noun stands within a phrase: the rejection of any demand that ..."""
    form, word = reading.form, reader.words[at]
    if form.kind != "past" or form.suffix or reading.conjunction or at == 0 or not reader.is_word(at - 1):
        return False
    if (
        form.gender != "m"
        or form.number != "s"
        or not (word.masdar or "quantifier" in word.groups or fold_word(form.cue.masdar) == word.folded)
    ):
        return False
    following = reader.words[at + 1] if at + 1 < len(reader.words) else word
    if "quantifier" in word.groups and "demonstrative" in following.groups:
        return True  # the most prominent of what
    before = reader.words[at - 1]
    opens = before.groups & {"auxiliary", "clause", "cut", "time", "elided", "relative", "adjunct", "aside"}
    return not (opens or before.that or before.and_that or before.folded in RESUMPTIVE)


def _describes(reader: Reader, at: int, reading: CueReading) -> bool:
    """Whether an imperfect right behind a noun that is no source describes it: a report that confirms X."""
    if reading.form.kind != "present" or reading.conjunction or at == 0 or not reader.is_word(at - 1):
        return False
    before = reader.words[at - 1]
    return not (
        before.groups - {"demonstrative"} or before.that or before.and_that or before.attribution or before.pronominal
    )


def _has_object(reader: Reader, at: int, opener: Opener, reading: CueReading) -> bool:
    """Whether an object stands before a quotation that another cue introduces, or that only illustrates it."""
    border = split_object(reader, at + 1, opener.at)
    if border is None or border <= at + 1 or not (reader.words[border].masdar or reader.words[border].groups):
        return False
    said = any(
        c.form.kind in ("participle", "masdar") for i in range(border + 1, opener.at) for c in reader.words[i].cues
    )
    return said or reading.form.cue.cue_class in ("reject", "deny", "condemn", "welcome")


def _unmarked(reader: Reader, at: int, reading: CueReading, opener: Opener | None) -> Hit | None:
    """Direct speech behind `said X` without any mark: X said we will not withdraw."""
    if "plain" not in reading.form.cue.frames or at + 1 >= len(reader.words):
        return None
    limit = min(reader.clause_limit(at), at + REACH)
    span = subject_after(reader, at + 1, limit)
    i = span[1] if span else at + 1
    if i < limit and reader.tokens[i].text in DASHES:
        i = next((k + 1 for k in range(i + 1, limit) if reader.tokens[k].text in DASHES), limit)
    if i >= limit or (opener and opener.at <= i) or not speaks(reader, i):
        return None
    return Hit(at, at + 1, reading, "plain", i, Subject("post", span) if span else ELIDED)


def _owned(reader: Reader, at: int) -> bool:
    """Whether a verbal noun with a pronoun stands at a token: denied his knowledge."""
    if at >= len(reader.words):
        return False
    word = reader.words[at]
    return word.masdar and word.pronominal and not (word.bi or word.li or word.kind)


def _runs_on(reader: Reader, at: int, opener: Opener) -> bool:
    """Whether a quotation goes on with the noun before it: urged the party "and all others to stop"."""
    following = reader.words[opener.at + 1]
    joined = following.folded.startswith(WAW) and (following.conjunction or bool(following.groups))
    return joined and opener.at > at + 1 and opener.content == opener.at and reader.is_word(opener.at - 1)


def _governed(reader: Reader, opener: Opener) -> bool:
    """Whether a preposition of the frame stands before the clause or quotation that opens the content."""
    return opener.content > opener.at + 1 or reader.words[opener.at].bi or not reader.words[opener.at].that


def _described(reader: Reader, at: int) -> Subject | None:
    """An indefinite noun of action right before a verb with a pronoun: a truce that they announced."""
    span = phrase_before(reader, at, reader.sentence(at)[0])
    if span is None or span[1] != at or any(reader.words[i].definite for i in range(*span)):
        return None
    head = reader.words[span[0]]
    return Subject("relative", antecedent=span) if head.masdar and not head.kind else None


def _verbal(word: Word) -> bool:
    return word.finite or "auxiliary" in word.groups


def _plain_before(reader: Reader, at: int, before: Subject) -> bool:
    """Whether a word stands right before that is neither the subject nor a particle, as before a preposition."""
    if at == 0 or before.mode == "pre":
        return False
    word = reader.words[at - 1]
    return bool(word.folded) and not word.groups


def _taken_up(reader: Reader, at: int, frames: tuple[str, ...]) -> bool:
    """Whether a preposition of the cue's frame with a pronoun takes up a relative pronoun: which he called for."""
    if at >= len(reader.words) or reader.words[at].folded not in RESUMPTIVE:
        return False
    folded = reader.words[at].folded
    return any(folded.startswith(BEH if f == "bi" else PREPOSITIONS.get(f, "\0")) for f in frames)


def _resumed(reader: Reader, at: int) -> bool:
    """Whether a preposition with a pronoun follows, which takes up a relative pronoun: the subject comes after it."""
    return at < len(reader.words) and reader.words[at].folded in RESUMPTIVE


def _impersonal(reader: Reader, at: int, reading: CueReading) -> bool:
    """`it is said that`: an imperfect at the head of its sentence with no subject behind it."""
    if reading.form.number != "s" or (reading.conjunction and not reading.form.cue.impersonal):
        return False
    if at + 1 >= len(reader.words):
        return True
    following = reader.words[at + 1]
    head = reader.sentence(at)[0]
    first = all(not reader.is_word(i) for i in range(head, at))
    return following.that or (first and "preposition" in following.groups)
