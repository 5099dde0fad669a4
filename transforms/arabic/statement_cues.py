"""Cues in context: a word is a cue where one of its frames is filled, that is, where a content follows it."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.arabic.clitics import ALEF, BEH, FEH, LAM, readings
from transforms.arabic.noun_phrases import is_finite, is_participle, phrase_end, split_object, starts_phrase
from transforms.arabic.statement_forms import MEEM, TEH, YEH, Cue, sense_words
from transforms.arabic.statement_reader import COMMAS, OPEN_BRACKETS, Reader, is_quote_mark
from transforms.arabic.statement_subjects import ELIDED, Subject, phrase_before, subject_after, subject_before
from transforms.arabic.statement_words import RESUMPTIVE, CueReading

_REACH = 60
DAMMA = "\u064f"
_LONG_QUOTE = 4
_SENSE_REACH = 8
# The prepositions that open a content, in folded letters: ila, 'ala, 'an, min, fi.
_PREPOSITIONS = {
    "ila": "\u0627\u0644\u064a",
    "ala": "\u0639\u0644\u064a",
    "an": "\u0639\u0646",
    "min": "\u0645\u0646",
    "fi": FEH + YEH,
}


@dataclass(slots=True)
class Hit:
    """A cue with its content's beginning. Spans are half-open token ranges; `opener` names what opens the content."""

    first: int
    last: int
    reading: CueReading
    opener: str  # that, colon, quote, prep, np, antecedent
    content: int
    subject: Subject
    fixed_end: int | None = None


@dataclass(slots=True)
class _Opener:
    kind: str
    at: int  # the token that opens
    content: int
    relative_before: bool


def find_cues(reader: Reader) -> list[Hit]:
    """All verbs, participles and verbal nouns that introduce a content, in order of the text."""
    hits: list[Hit] = []
    taken = -1
    for i, word in enumerate(reader.words):
        if i <= taken:
            continue
        for reading in word.cues:
            if reading.article and reading.form.kind != "masdar" or _no_cue(reader, i, reading):
                continue
            hit = _match(reader, i, reading)
            if hit and _has_sense(reader, hit):
                hits.append(hit)
                taken = hit.last - 1
                break
    _join_verbs(reader, hits)
    return hits


def _join_verbs(reader: Reader, hits: list[Hit]) -> None:
    """`answered X saying: ...`: the participle has the content, the verb before it the subject."""
    for number, hit in enumerate(hits):
        if "bare" not in hit.reading.form.cue.frames or hit.reading.form.kind != "participle":
            continue
        floor = max(reader.sentence(hit.first)[0], hit.first - 15, hits[number - 1].first + 1 if number else 0)
        for i in range(hit.first - 1, floor - 1, -1):
            verb = next((c for c in reader.words[i].cues if c.form.kind in ("past", "present") and not c.article), None)
            if verb:
                span = subject_after(reader, i + 1, hit.first)
                hit.subject = Subject("post", span) if span else subject_before(reader, i, verb)
                hit.first = i if i == hit.first - 1 else hit.first
                break


def _has_sense(reader: Reader, hit: Hit) -> bool:
    """Whether the content holds one of the nouns that the cue's sense needs, if it needs any."""
    wanted = sense_words(hit.reading.form.cue)
    if not wanted:
        return True
    first, last = hit.content, min(hit.content + _SENSE_REACH, len(reader.tokens))
    if hit.fixed_end is not None:
        last = min(last, hit.fixed_end)
    return any(r.stem in wanted for i in range(first, last) for r in readings(reader.words[i].folded))


def _no_cue(reader: Reader, at: int, reading: CueReading) -> bool:
    """What looks like a cue and is none: first person, passive, negated, an adjunct, an adjective."""
    form, word, token = reading.form, reader.words[at], reader.tokens[at]
    before = reader.words[at - 1] if at else None
    if form.first_person or not reading.conjunction and word.groups & {"adjunct"} and not form.cue.near:
        return True
    if form.kind == "past" and not form.suffix and before and not reading.conjunction and _governs(reader, at - 1):
        return any(c.form.kind == "masdar" and not c.preposition for c in word.cues)
    if form.kind in ("past", "present") and before:
        if before.groups & {"negation"} or "demonstrative" in before.groups and form.kind == "past" and form.gender == "m":
            return True
    if form.kind == "present" and DAMMA in token.text[1:3] and _base_form(form.cue):
        return True
    if form.kind == "present" and before and (before.that_bare or before.folded == _PREPOSITIONS["min"]):
        return True  # what may be said, or whoever says it
    if form.kind == "participle" and form.gender == "f" and form.number == "s" and at and not reading.conjunction:
        return reader.is_word(at - 1) and not (at + 1 < len(reader.words) and reader.words[at + 1].that)
    return form.kind == "past" and form.number == "d" and form.gender == "m" and len(word.folded) <= 4 and not form.suffix


def _governs(reader: Reader, at: int) -> bool:
    """Whether a word puts the noun behind it in the genitive: a preposition, or the noun of one (in the shadow of)."""
    groups = reader.words[at].groups
    if groups & {"preposition", "adjunct"} and not groups & {"clause", "cut"}:
        return True
    return at > 0 and bool(groups & {"auxiliary"}) and "preposition" in reader.words[at - 1].groups


def _base_form(cue: Cue) -> bool:
    """Whether damma on the imperfect's prefix makes the verb passive: in all stems but II, III and IV."""
    return not cue.participle.startswith(MEEM) or cue.past[0] in (TEH, ALEF)


def _match(reader: Reader, at: int, reading: CueReading) -> Hit | None:
    kind = reading.form.kind
    if kind == "masdar":
        return match_masdar(reader, at, reading)
    if kind in ("past", "present") and reader.words[at].kind and _after_preposition(reader, at):
        return None
    if kind == "participle":
        return _match_participle(reader, at, reading)
    return _match_verb(reader, at, reading)


def _after_preposition(reader: Reader, at: int) -> bool:
    return at > 0 and "preposition" in reader.words[at - 1].groups


def _match_participle(reader: Reader, at: int, reading: CueReading) -> Hit | None:
    frames = reading.form.cue.frames
    if "as" in frames:
        return _match_description(reader, at, reading, ELIDED, True)
    opener = find_opener(reader, at, reading)
    reach = 3 if "bare" in frames else 8
    near = opener and opener.at - at <= reach and not any(is_finite(reader.words[i]) for i in range(at + 1, opener.at))
    if opener and near:
        content = opener.content
        if opener.kind == "prep" and _who(frames) and starts_phrase(reader, at + 1):
            content = at + 1
        return Hit(at, at + 1, reading, opener.kind, content, ELIDED)
    if at + 1 < reader.clause_limit(at) and reader.is_word(at + 1):
        if "bare" in frames:
            return Hit(at, at + 1, reading, "bare", at + 1, ELIDED)
        if "np" in frames and (starts_phrase(reader, at + 1) or "demonstrative" in reader.words[at + 1].groups):
            return Hit(at, at + 1, reading, "np", at + 1, ELIDED)
    return None


def _match_verb(reader: Reader, at: int, reading: CueReading) -> Hit | None:
    form, frames = reading.form, reading.form.cue.frames
    before = subject_before(reader, at, reading)
    if "relay" in frames:
        return _match_relay(reader, at, reading, before)
    if "source_fi" in frames:
        return _match_source(reader, at, reading)
    if before.mode == "relative" and not form.suffix and _resumed(reader, at + 1):
        before = ELIDED
    if before is ELIDED and form.kind == "present" and not reading.conjunction and _impersonal(reader, at):
        return None
    no_subject_after = before.mode != "elided" or form.number in ("d", "p") or form.first_person
    if before.mode == "relative" and form.suffix and not _who(frames):
        return _match_antecedent(reader, at, reading, before)
    if before.mode == "relative":
        before = Subject("relative", None, before.antecedent)
    opener = find_opener(reader, at, reading)
    if opener and (opener.kind in ("that", "colon", "quote") or opener.kind == "prep" and not _who(frames)):
        subject = before
        if not no_subject_after:
            span = subject_after(reader, at + 1, opener.at)
            subject = Subject("post", span) if span else ELIDED
        if form.cue.near and opener.at - at > 8:
            return None
        if opener.kind == "quote" and "np" in frames and reader.words[opener.at - 1].masdar and opener.at - 1 > at:
            span = None if no_subject_after else subject_after(reader, at + 1, opener.at - 1)
            return Hit(at, at + 1, reading, "np", opener.at - 1, Subject("post", span) if span else before)
        if opener.kind == "that" and "np" in frames and at + 1 < opener.at and no_subject_after:
            if "demonstrative" in reader.words[at + 1].groups or reader.words[at + 1].masdar:
                return Hit(at, at + 1, reading, "np", at + 1, before)
        if opener.kind == "that" and opener.relative_before and "np" in frames:
            other = _match_object(reader, at, reading, before, no_subject_after, opener.at)
            if other:
                return other
        return Hit(at, at + 1, reading, opener.kind, opener.content, subject)
    if opener and opener.kind == "prep":
        return _match_addressee(reader, at, reading, before, no_subject_after, opener)
    if "np" in frames or "who_np" in frames:
        return _match_object(reader, at, reading, before, no_subject_after, None)
    if "as" in frames:
        return _match_description(reader, at, reading, before, no_subject_after)
    return None


def _resumed(reader: Reader, at: int) -> bool:
    """Whether a preposition with a pronoun follows, which takes up a relative pronoun: the subject comes after it."""
    return at < len(reader.words) and reader.words[at].folded in RESUMPTIVE


def _impersonal(reader: Reader, at: int) -> bool:
    """`it is said that`: an imperfect at the head of its sentence with no subject behind it."""
    if at + 1 >= len(reader.words):
        return True
    following = reader.words[at + 1]
    head = reader.sentence(at)[0]
    first = all(not reader.is_word(i) for i in range(head, at))
    return following.that or first and "preposition" in following.groups


def _match_relay(reader: Reader, at: int, reading: CueReading, before: Subject) -> Hit | None:
    """`quotes X as saying that`, `reports that`: the one who relays is the subject."""
    limit = min(reader.clause_limit(at), at + 16)
    end = next((i for i in range(at + 1, limit) if reader.words[i].folded == _PREPOSITIONS["an"]), None)
    that = next((i for i in range(at + 1, limit) if reader.words[i].that), None)
    if end is None and that is None:
        return None
    stop = end if end is not None and (that is None or end < that) else that
    assert stop is not None
    subject = before
    if before.mode == "elided" and reading.form.number == "s":
        span = subject_after(reader, at + 1, stop)
        subject = Subject("post", span) if span else ELIDED
    if stop == end and end + 1 < limit and not starts_phrase(reader, end + 1) and end + 1 not in reader.quote_from:
        return None
    content = stop if stop == end else stop + 1 if reader.words[stop].that_bare else stop
    return Hit(at, at + 1, reading, "relay" if stop == end else "that", content, subject)


def _match_source(reader: Reader, at: int, reading: CueReading) -> Hit | None:
    """`it says in a statement that`: the document is the source."""
    first = at + 1
    limit = min(reader.clause_limit(at), at + _REACH)
    if first + 1 >= limit or reader.words[first].folded != _PREPOSITIONS["fi"]:
        return None
    for i in range(first + 2, limit):
        word = reader.words[i]
        colon = reader.tokens[i].text == ":"
        if colon or word.that and word.that_bare or i in reader.quote_from and _is_speech(reader, i, limit):
            end = phrase_end(reader, first + 1, i)
            kind = "colon" if colon else "that" if word.that else "quote"
            content = i if kind == "quote" else i + 1
            return Hit(at, at + 2, reading, kind, content, Subject("post", reader.trim(first + 1, end)))
    return None


def _who(frames: tuple[str, ...]) -> bool:
    return any(frame.startswith("who_") for frame in frames)


def find_opener(reader: Reader, at: int, reading: CueReading) -> _Opener | None:
    """The first word or mark behind a cue that opens a content in one of the cue's frames."""
    frames = reading.form.cue.frames
    tokens, words = reader.tokens, reader.words
    limit = min(reader.clause_limit(at), at + _REACH)
    relative = relative_before = False
    i = at + 1
    while i < limit:
        token, word = tokens[i], words[i]
        if token.is_punct:
            if token.text == ":":
                if i + 1 < limit and words[i + 1].that and "that" in frames:
                    return _Opener("that", i, i + 2 if words[i + 1].that_bare else i + 1, relative_before)
                return _Opener("colon", i, i + 1, relative_before) if "quote" in frames else None
            if is_quote_mark(token) and i in reader.quote_from:
                quote = reader.quote_from[i]
                if "quote" in frames and _is_speech(reader, i, limit):
                    return _Opener("quote", i, i, relative_before)
                i = quote.last + 1 if quote.closed else i + 1
                continue
            if token.text in OPEN_BRACKETS:
                i = reader.skip_bracket(i, limit)
                continue
            if token.text in COMMAS:
                relative = False
            elif token.text in (";", "\u061b"):
                return None
            i += 1
            continue
        if word.that and "that" in frames and not _blocked(reader, i):
            return _Opener("that", i, i + 1 if word.that_bare else i, relative_before)
        if "relative" in word.groups:
            relative = relative_before = True
        elif not relative or (word.groups & {"preposition"} and reader.words[min(i + 1, limit - 1)].masdar):
            frame = _prepositional(reader, i, limit, frames)
            if frame:
                return frame
            if not relative and _breaks(reader, i, at):
                return None
        i += 1
    return None


def _blocked(reader: Reader, at: int) -> bool:
    """Whether a complementiser belongs to a conjunction before it (after that, except that, as if)."""
    if at == 0:
        return False
    before = reader.words[at - 1]
    return bool(before.groups & {"adjunct", "clause"}) and "preposition" not in before.groups and not before.kind


def _breaks(reader: Reader, at: int, cue: int) -> bool:
    word = reader.words[at]
    if at == cue + 1 and word.kind:
        return False
    if word.groups & {"cut"} and reader.tokens[at - 1].text in COMMAS:
        return not (at + 1 < len(reader.words) and reader.words[at + 1].groups & {"regarding"})
    if word.groups & {"adjunct"}:
        return False
    if is_participle(word) and not word.definite and at > cue + 1:
        return True
    return not word.kind and any(
        "relay" not in c.form.cue.frames
        and (c.form.kind == "past" or c.form.kind == "present" and c.conjunction) and not c.article and not c.form.cue.near
        for c in word.cues
    )


def _prepositional(reader: Reader, at: int, limit: int, frames: tuple[str, ...]) -> _Opener | None:
    word = reader.words[at]
    for frame in frames:
        name = frame.removeprefix("who_")
        if name in _PREPOSITIONS and word.folded == _PREPOSITIONS[name]:
            return _after_preposition_word(reader, at, limit, frames)
        if name == "bi" and word.bi and not word.that and "not_bi" not in word.groups:
            return _Opener("prep", at, at, False)
        if name == "bi" and word.folded == BEH:
            return _after_preposition_word(reader, at, limit, frames)
        if name == "li" and word.li and word.masdar and not word.kind:
            return _Opener("prep", at, at, False)
    return None


def _after_preposition_word(reader: Reader, at: int, limit: int, frames: tuple[str, ...]) -> _Opener | None:
    """A preposition of the frame: what it opens is a clause, a quotation, or the phrase with the preposition itself."""
    if at + 1 >= limit:
        return None
    following = reader.words[at + 1]
    if following.that and "that" in frames:
        return _Opener("that", at, at + 2 if following.that_bare else at + 1, False)
    if at + 1 in reader.quote_from and _quote_length(reader, at + 1) >= 2:
        return _Opener("quote", at, at + 1, False)
    return _Opener("prep", at, at, False)


def _quote_length(reader: Reader, at: int) -> int:
    quote = reader.quote_from[at]
    return sum(reader.is_word(i) for i in range(quote.first + 1, min(quote.last, quote.first + 30)))


def _is_speech(reader: Reader, at: int, limit: int) -> bool:
    """Whether a quotation is what is said, and not a name in marks: long, or nothing but the end follows."""
    quote = reader.quote_from[at]
    length = _quote_length(reader, at)
    if at and (reader.words[at - 1].folded == LAM or reader.words[at - 1].attribution):
        return False
    before = reader.words[at - 1] if at else None
    if before and before.kind and before.kind != "role" and not before.definite and length <= 6:
        return False
    later = any(
        reader.words[i].that or reader.tokens[i].text == ":" for i in range(quote.last + 1, min(limit, quote.last + 25))
    )
    return length > _LONG_QUOTE and not (later and length < 8) or not later and length >= 2


def _match_addressee(
    reader: Reader, at: int, reading: CueReading, before: Subject, no_subject_after: bool, opener: _Opener
) -> Hit | None:
    """accuse X of ..., urge X to ...: the one accused or urged belongs to the content."""
    first = at + 1
    subject = before
    content = opener.content
    plain = any(not f.startswith("who_") and f in reading.form.cue.frames for f in ("bi", "ila", "ala", "min"))
    if no_subject_after or reading.form.suffix:
        if not reading.form.suffix and first < opener.at and starts_phrase(reader, first):
            content = first
        if reading.form.suffix and not no_subject_after:
            span = subject_after(reader, first, opener.at)
            subject = Subject("post", span) if span else ELIDED
        return Hit(at, at + 1, reading, "prep", content, subject)
    border = split_object(reader, first, opener.at)
    if border is not None:
        span = subject_after(reader, first, border)
        return Hit(at, at + 1, reading, "prep", border, Subject("post", span) if span else ELIDED)
    span = subject_after(reader, first, opener.at)
    words = reader.words
    if span and not plain and opener.at - first >= 2 and span[1] - span[0] >= 2:
        # Two bare names side by side: the first word alone is taken for the subject.
        return Hit(at, at + 1, reading, "prep", span[0] + 1, Subject("post", (span[0], span[0] + 1)))
    if span and span[1] < opener.at and starts_phrase(reader, _skip_marks(reader, span[1], opener.at)):
        nxt = _skip_marks(reader, span[1], opener.at)
        if nxt < opener.at and not words[nxt].groups & {"time", "adjunct"}:
            content = nxt
    return Hit(at, at + 1, reading, "prep", content, Subject("post", span) if span else ELIDED)


def _skip_marks(reader: Reader, at: int, limit: int) -> int:
    while at < limit and reader.tokens[at].is_punct:
        at += 1
    return min(at, len(reader.tokens) - 1)


def _match_object(
    reader: Reader, at: int, reading: CueReading, before: Subject, no_subject_after: bool, limit: int | None
) -> Hit | None:
    """announce X, deny X: a bare noun phrase is the content."""
    first = at + 1
    end = limit if limit is not None else _object_limit(reader, at)
    if reading.form.suffix:
        return None
    if no_subject_after:
        start = _skip_to_phrase(reader, first, end)
        if start >= end or start > first and not reader.words[start].masdar:
            return None
        return Hit(at, at + 1, reading, "np", start, before)
    if first < end and "demonstrative" in reader.words[first].groups and reading.conjunction:
        return Hit(at, at + 1, reading, "np", first, ELIDED)
    resumed = _after_relative(reader, first, end)
    if resumed:
        return Hit(at, at + 1, reading, "np", resumed[1], Subject("post", resumed[0]))
    if not reading.conjunction and at + 1 < end and _passive(reader, at + 1):
        return None
    border = split_object(reader, first, end)
    if border is not None and border > first:
        span = subject_after(reader, first, border)
        if span:
            border = _skip_to_object(reader, span[1], end, border)
            return Hit(at, at + 1, reading, "np", border, Subject("post", span))
    start = _skip_to_phrase(reader, first, end)
    if start < end and (reader.words[start].masdar or "demonstrative" in reader.words[start].groups):
        return Hit(at, at + 1, reading, "np", start, ELIDED)
    span = subject_after(reader, first, end)
    if span:
        start = _skip_to_object(reader, span[1], end, span[1])
        while start < end and not starts_phrase(reader, start):
            start += 1
        if start < end and start > span[1] and (reader.words[start].masdar or "np" in reading.form.cue.frames):
            return Hit(at, at + 1, reading, "np", start, Subject("post", span))
    return None


def _after_relative(reader: Reader, first: int, end: int) -> tuple[tuple[int, int], int] | None:
    """Subject and object where a relative clause between commas stands between them."""
    span = subject_after(reader, first, end)
    if span is None or span[1] + 1 >= end or reader.tokens[span[1]].text not in COMMAS:
        return None
    if not reader.words[span[1] + 1].groups & {"relative", "preposition", "adjunct"}:
        return None
    i = span[1] + 1
    while i < end:
        i = next((k for k in range(i, end) if reader.tokens[k].text in COMMAS), end) + 1
        if i < end and starts_phrase(reader, i) and (reader.words[i].masdar or reader.words[i].definite):
            word = reader.words[i]
            if word.masdar or not word.kind and "role" != word.kind:
                return span, i
    return None


def _passive(reader: Reader, at: int) -> bool:
    """Whether what follows a perfect can only be its passive subject: an indefinite noun, then a time or place."""
    word = reader.words[at]
    if at + 1 >= len(reader.words) or word.definite or word.kind or not (word.masdar or "adjunct" in word.groups):
        return False
    return bool(reader.words[at + 1].groups & {"time", "adjunct"}) or "adjunct" in word.groups


def _object_limit(reader: Reader, at: int) -> int:
    limit = min(reader.clause_limit(at), at + _REACH)
    skip = 0
    for i in range(at + 1, limit):
        if i < skip:
            continue
        if reader.words[i].groups & {"relative"} and reader.tokens[i - 1].text in COMMAS:
            skip = next((k for k in range(i, limit) if reader.tokens[k].text in COMMAS), limit)
            continue
        if _breaks(reader, i, at) or reader.words[i].groups & {"relative"} or reader.tokens[i].text == ":":
            return i
    return limit


def _skip_to_phrase(reader: Reader, first: int, end: int) -> int:
    while first < end and not (starts_phrase(reader, first) or "demonstrative" in reader.words[first].groups):
        if first in reader.quote_from:
            return first
        word = reader.words[first]
        if word.groups & {"preposition", "adjunct"} and not word.masdar:
            first += 2
            while first < end and reader.tokens[first].text not in COMMAS and not _object_like(reader, first):
                first += 1
            continue
        first += 1
    return first


def _object_like(reader: Reader, at: int) -> bool:
    before = reader.words[at - 1].groups
    return reader.words[at].masdar and starts_phrase(reader, at) and not before & {"preposition", "adjunct"}


def _skip_to_object(reader: Reader, first: int, end: int, default: int) -> int:
    """From the end of a subject over adjuncts to the word that begins the object."""
    for i in range(first, min(end, first + 20)):
        word = reader.words[i]
        if word.masdar and starts_phrase(reader, i) and not word.bi and "preposition" not in reader.words[i - 1].groups:
            return i
        if "demonstrative" in word.groups:
            return i
    return default


def _match_description(
    reader: Reader, at: int, reading: CueReading, before: Subject, no_subject_after: bool
) -> Hit | None:
    """describe X as Y: the content runs from X."""
    limit = min(reader.clause_limit(at), at + _REACH)
    for i in range(at + 1, limit):
        word = reader.words[i]
        as_clause = word.that and word.bi
        if as_clause or (word.bi and i > at + 1 and "not_bi" not in word.groups and word.definite):
            if reading.form.suffix:
                span = None if no_subject_after else subject_after(reader, at + 1, i)
                return Hit(at, at + 1, reading, "prep", i, Subject("post", span) if span else before)
            if no_subject_after:
                return Hit(at, at + 1, reading, "prep", _skip_to_phrase(reader, at + 1, i), before)
            border = split_object(reader, at + 1, i)
            if border is None:
                start = _skip_to_phrase(reader, at + 1, i)
                return Hit(at, at + 1, reading, "prep", start, ELIDED) if start < i else None
            span = subject_after(reader, at + 1, border)
            return Hit(at, at + 1, reading, "prep", border, Subject("post", span) if span else ELIDED)
        if _breaks(reader, i, at):
            return None
    return None


def _match_antecedent(reader: Reader, at: int, reading: CueReading, before: Subject) -> Hit | None:
    """the truce that X announced: the content is what the relative clause qualifies."""
    if not {"np", "bi", "ila", "as", "min"} & set(reading.form.cue.frames) or before.antecedent is None:
        return None
    if reader.words[before.antecedent[0]].kind not in ("", "document"):
        return None
    first = at + 1
    end = phrase_end(reader, first, reader.clause_limit(at)) if first < len(reader.tokens) else first
    span = subject_after(reader, first, end) if end > first and starts_phrase(reader, first) else None
    subject = Subject("post", span) if span else ELIDED
    return Hit(at, at + 1, reading, "antecedent", before.antecedent[0], subject, before.antecedent[1])


def match_masdar(reader: Reader, at: int, reading: CueReading) -> Hit | None:
    """A verbal noun with its owner: X's announcement of ..., his saying that ..."""
    tokens, words = reader.tokens, reader.words
    limit = min(reader.clause_limit(at), at + 14)
    form = reading.form
    if form.cue.cue_class == "opinion" or at + 1 >= limit:
        return None
    if reading.article:
        word = words[at + 1]
        if reading.preposition == BEH and word.that and "that" in form.cue.frames:
            return Hit(at, at + 1, reading, "that", at + 2 if word.that_bare else at + 1, ELIDED)
        return None
    owner = None
    start = at + 1
    if not form.suffix:
        by = words[start].folded == _PREPOSITIONS["min"] and form.cue.cue_class == "demand" and start + 1 < limit
        start += by
        if not starts_phrase(reader, start) or words[start].masdar or words[start].bi:
            return None
        if not (words[start].kind or words[start].definite or by):
            return None
        end = phrase_end(reader, start, limit)
        owner = (start, end)
        for i in range(start, end):
            if i > start and (words[i].bi and words[i].masdar or words[i].masdar and words[i - 1].definite):
                owner = (start, i)
                break
        start = owner[1]
    while start < limit and (tokens[start].text in COMMAS or form.suffix and "time" in words[start].groups):
        start += 2 if start + 1 < limit and words[start + 1].definite and "time" in words[start].groups else 1
    if start >= limit:
        return None
    word = words[start]
    subject = Subject("post", reader.trim(*owner)) if owner else Subject("elided")
    frames = form.cue.frames
    if word.that and "that" in frames:
        return Hit(at, at + 1, reading, "that", start + 1 if word.that_bare else start, subject)
    if tokens[start].text == ":" and "quote" in frames and form.suffix:
        return Hit(at, at + 1, reading, "colon", start + 1, subject)
    if start in reader.quote_from and "quote" in frames and form.suffix:
        return Hit(at, at + 1, reading, "quote", start, subject)
    opener = _prepositional(reader, start, limit, frames)
    if opener:
        return Hit(at, at + 1, reading, opener.kind, opener.content, subject)
    if "np" in frames and word.masdar and starts_phrase(reader, start):
        return Hit(at, at + 1, reading, "np", start, subject)
    return None
