"""Contents that are noun phrases: what is announced or denied, who is accused or urged, what is described as what."""

from __future__ import annotations

from transforms.arabic.clitics import ALEF, BEH, readings
from transforms.arabic.inflection import NOON, TAA_MARBUTA, TEH, YEH
from transforms.arabic.noun_phrases import phrase_end, split_object, starts_phrase
from transforms.arabic.statement_forms import sense_words
from transforms.arabic.statement_openers import REACH, Hit, Opener, breaks_clause
from transforms.arabic.statement_reader import CLAUSE_MARKS, COMMAS, Reader
from transforms.arabic.statement_subjects import ELIDED, Subject, subject_after
from transforms.arabic.statement_words import RESUMPTIVE, CueReading, Word

_PLURAL_LENGTH = 7
_OF_NAMES = frozenset(["name", "not_content", "not_verb", "not_bi"])


def match_addressee(
    reader: Reader, at: int, reading: CueReading, before: Subject, no_subject_after: bool, opener: Opener
) -> Hit | None:
    """accuse X of ..., urge X to ...: the one accused or urged belongs to the content."""
    first = at + 1
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
    if needs_object and span and opener.at <= span[1]:
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
    if "quantifier" in word.groups and form.gender == "f":
        return at + 1 < len(reader.words) and "preposition" not in reader.words[at + 1].groups
    if form.gender == "m":
        clash = word.kind == "organisation" and word.feminine and not word.folded.endswith(ALEF)
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


def match_object(
    reader: Reader, at: int, reading: CueReading, before: Subject, no_subject_after: bool, limit: int | None
) -> Hit | None:
    """announce X, deny X: a bare noun phrase is the content."""
    first = at + 1
    end = limit if limit is not None else _object_limit(reader, at)
    if reading.form.suffix:
        return None
    if no_subject_after:
        start = _skip_to_phrase(reader, first, end)
        if start >= end or (start > first and not reader.words[start].masdar):
            return None
        return Hit(at, at + 1, reading, "np", start, before)
    if first < end and "demonstrative" in reader.words[first].groups and reading.conjunction:
        return Hit(at, at + 1, reading, "np", first, ELIDED)
    if not reading.conjunction and at + 1 < end and _passive(reader, at + 1, reading.form.gender):
        return None
    definite = first < end and reading.conjunction and reader.words[first].masdar and not reader.words[first].kind
    if first < end and (definite or _is_object(reader, first) or is_addressed(reader, first, reading)):
        return Hit(at, at + 1, reading, "np", first, before)
    wanted = sense_words(reading.form.cue)
    if wanted and "np" in reading.form.cue.frames:
        head = next(
            (i for i in range(first, end) if any(r.stem in wanted for r in readings(reader.words[i].folded))), end
        )
        span = subject_after(reader, first, head) if first < head < end else None
        if span and not (reader.words[head].li or "preposition" in reader.words[head - 1].groups):
            return Hit(at, at + 1, reading, "np", head, Subject("post", span))
    resumed = _after_relative(reader, first, end)
    if resumed:
        return Hit(at, at + 1, reading, "np", resumed[1], Subject("post", resumed[0]))
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
    lone = span is not None and reading.conjunction and reading.form.cue.cue_class != "announce"
    if lone and span and not reader.words[span[0]].kind and starts_phrase(reader, span[0]):
        return Hit(at, at + 1, reading, "np", span[0], ELIDED)  # the verb is transitive: a lone phrase is its object
    return None


def _is_object(reader: Reader, at: int) -> bool:
    """Whether a word behind a verb can only be its object: a verbal noun without article, or with a pronoun."""
    word = reader.words[at]
    return word.masdar and not (word.kind or word.definite or word.bi or word.li) and starts_phrase(reader, at)


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
            if word.masdar or (not word.kind):
                return span, i
    return None


def _passive(reader: Reader, at: int, gender: str) -> bool:
    """Whether what follows a perfect can only be its passive subject: an indefinite noun, then a time or place."""
    word = reader.words[at]
    if gender == "f" and word.masdar and word.feminine and at + 2 < len(reader.words) and reader.words[at + 1].feminine:
        return not word.definite and bool(reader.words[at + 2].groups & {"time", "adjunct"})
    if at + 1 >= len(reader.words) or word.definite or word.kind or not (word.masdar or "adjunct" in word.groups):
        return False
    return bool(reader.words[at + 1].groups & {"time", "adjunct"}) or "adjunct" in word.groups


def _object_limit(reader: Reader, at: int) -> int:
    limit = min(reader.clause_limit(at), at + REACH)
    skip = 0
    for i in range(at + 1, limit):
        if i < skip:
            continue
        if reader.words[i].groups & {"relative"} and reader.tokens[i - 1].text in COMMAS:
            skip = next((k for k in range(i, limit) if reader.tokens[k].text in COMMAS), limit)
            continue
        if breaks_clause(reader, i, at) or reader.words[i].groups & {"relative"} or reader.tokens[i].text == ":":
            return i
    return limit


def _skip_to_phrase(reader: Reader, first: int, end: int) -> int:
    while first < end and not (starts_phrase(reader, first) or "demonstrative" in reader.words[first].groups):
        if first in reader.quote_from:
            return first
        word = reader.words[first]
        if word.groups & {"preposition", "adjunct"} and not word.masdar:
            first += 1 if _adverb(word) and first + 1 < end and reader.words[first + 1].masdar else 2
            while first < end and reader.tokens[first].text not in COMMAS and not _object_like(reader, first):
                first += 1
            continue
        first += 1
    return first


def _adverb(word: Word) -> bool:
    """Whether an adjunct is complete in itself: strongly, officially."""
    return "preposition" not in word.groups and (word.folded.startswith(BEH) or word.folded.endswith(ALEF))


def _object_like(reader: Reader, at: int) -> bool:
    before = reader.words[at - 1].groups
    return reader.words[at].masdar and starts_phrase(reader, at) and not before & {"preposition", "adjunct"}


def _skip_to_object(reader: Reader, first: int, end: int, default: int) -> int:
    """From the end of a subject over adjuncts to the word that begins the object."""
    for i in range(first, min(end, first + 12)):
        word = reader.words[i]
        begins = starts_phrase(reader, i) or (word.pronominal and not (word.li or word.verb or word.groups))
        if word.masdar and begins and not word.bi and "preposition" not in reader.words[i - 1].groups:
            return i
        if "demonstrative" in word.groups:
            return i
    return default


def match_description(
    reader: Reader, at: int, reading: CueReading, before: Subject, no_subject_after: bool
) -> Hit | None:
    """describe X as Y: the content runs from X."""
    limit = min(reader.clause_limit(at), at + REACH)
    for i in range(at + 1, limit):
        word = reader.words[i]
        as_clause = (word.that and word.bi) or (word.folded == BEH and (i > at + 1 or reading.form.suffix != ""))
        if as_clause or (
            word.bi
            and (i > at + 1 or reading.form.suffix)
            and "not_bi" not in word.groups
            and (word.definite or word.pronominal or (reading.form.suffix and i == at + 1))
        ):
            if reading.form.suffix:
                span = None if no_subject_after else subject_after(reader, at + 1, i)
                return Hit(at, at + 1, reading, "prep", i, Subject("post", span) if span else before)
            if no_subject_after:
                return Hit(at, at + 1, reading, "prep", _skip_to_phrase(reader, at + 1, i), before)
            border = split_object(reader, at + 1, i) or _second_phrase(reader, at + 1, i)
            if border is None:
                start = _skip_to_phrase(reader, at + 1, i)
                return Hit(at, at + 1, reading, "prep", start, ELIDED) if start < i else None
            span = subject_after(reader, at + 1, border)
            return Hit(at, at + 1, reading, "prep", border, Subject("post", span) if span else ELIDED)
        if breaks_clause(reader, i, at):
            return None
    return None


def end_description(reader: Reader, hit: Hit) -> Hit:
    """End what a clause within a phrase describes something as: with its quotation or phrase, or at a comma."""
    if reader.words[hit.content].folded == BEH and hit.content + 1 in reader.quote_from:
        hit.content += 1
    hit.fixed_end = _description_end(reader, hit.content)
    return hit


def _description_end(reader: Reader, at: int) -> int:
    limit = reader.clause_limit(at)
    quote = next((reader.quote_from[i] for i in (at, at + 1) if i in reader.quote_from), None)
    if quote and quote.closed:
        return quote.last
    mark = next((i for i in range(at, limit) if reader.tokens[i].text in CLAUSE_MARKS), limit)
    return mark if reader.words[at].that or reader.words[at].masdar else max(at + 1, phrase_end(reader, at, mark))


def _second_phrase(reader: Reader, first: int, end: int) -> int | None:
    """Where, before `as`, a definite noun follows what is complete: a name, or a definite plural."""
    words = reader.words
    for i in range(first + 1, end):
        word, before = words[i], words[i - 1]
        if word.folded in RESUMPTIVE or word.finite or word.groups & {"relative", "preposition", "adjunct"}:
            return None
        if not (word.definite and reader.is_word(i) and reader.is_word(i - 1)) or word.bi or word.li or word.governed:
            continue
        name = not (before.definite or before.kind or before.masdar or before.conjunction)
        name = name and before.groups <= _OF_NAMES
        if name and word.kind in ("role", "organisation"):
            return i
        source = i == first + 1 and before.definite and before.kind in ("role", "anonymous", "organisation")
        if source and not (word.kind or word.groups or word.folded.endswith((YEH, YEH + TAA_MARBUTA, YEH + NOON))):
            return i
    return None


def match_antecedent(reader: Reader, at: int, reading: CueReading, before: Subject) -> Hit | None:
    """the truce that X announced: the content is what the relative clause qualifies."""
    if not {"np", "bi", "ila", "as", "min", "an", "ala"} & set(reading.form.cue.frames) or before.antecedent is None:
        return None
    if reader.words[before.antecedent[0]].kind not in ("", "document"):
        return None
    first = at + 1
    if first < len(reader.tokens) and reader.words[first].folded in RESUMPTIVE:
        first += 1
    end = phrase_end(reader, first, reader.clause_limit(at)) if first < len(reader.tokens) else first
    end = next((i for i in range(first + 1, end) if reader.words[i].bi and reader.words[i].definite), end)
    span = subject_after(reader, first, end) if end > first and starts_phrase(reader, first) else None
    subject = Subject("post", span) if span else ELIDED
    head, last = before.antecedent
    words = reader.words
    feminine = last < at and words[last].folded.endswith(TEH + YEH)  # the relative pronoun
    if (
        feminine
        and last - head >= 2
        and not words[head].feminine
        and words[last - 1].feminine
        and words[last - 1].definite
    ):
        head = last - 1
        while head - 1 > before.antecedent[0] and words[head - 1].definite:
            head -= 1  # an adjective
    return Hit(at, at + 1, reading, "antecedent", head, subject, last)
