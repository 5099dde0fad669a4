"""Contents that are noun phrases: what is announced or denied, what a relative clause says was announced."""

from __future__ import annotations

from transforms.arabic.adjacent_phrases import is_joined, split_object
from transforms.arabic.clitics import ALEF, BEH, readings
from transforms.arabic.inflection import TEH, YEH
from transforms.arabic.noun_phrases import phrase_end, starts_phrase
from transforms.arabic.statement_addressees import is_addressed
from transforms.arabic.statement_forms import sense_words
from transforms.arabic.statement_openers import REACH, Hit, breaks_clause
from transforms.arabic.statement_reader import COMMAS, Reader
from transforms.arabic.statement_subjects import ELIDED, Subject, skip_time, subject_after
from transforms.arabic.statement_words import RESUMPTIVE, CueReading, Word

_RELATIVE = 8  # tokens from a relative pronoun to the end of its clause
_UPON_SOMEBODY = ("demand", "condemn", "accuse", "warn", "threaten")


def match_object(
    reader: Reader, at: int, reading: CueReading, before: Subject, no_subject_after: bool, limit: int | None
) -> Hit | None:
    """announce X, deny X: a bare noun phrase is the content."""
    first = at + 1 if no_subject_after else skip_time(reader, at + 1)
    end = limit if limit is not None else _object_limit(reader, at)
    if reading.form.suffix:
        return None
    if no_subject_after:
        start = skip_to_phrase(reader, first, end)
        if start >= end or (start > first and not reader.words[start].masdar):
            return None
        return Hit(at, at + 1, reading, "np", start, before)
    if first < end and "demonstrative" in reader.words[first].groups and reading.conjunction:
        return Hit(at, at + 1, reading, "np", first, ELIDED)
    if not reading.conjunction and at + 1 < end and _passive(reader, at + 1, reading.form.gender):
        return None
    definite = first < end and reading.conjunction and reader.words[first].masdar and not reader.words[first].kind
    if first < end and (definite or is_object(reader, first) or is_addressed(reader, first, reading)):
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
    behind = _behind_relative(reader, first, reader.clause_limit(at)) if limit is None else None
    if behind:
        return Hit(at, at + 1, reading, "np", behind[1], Subject("post", behind[0]))
    border = split_object(reader, first, end)
    if border is not None and border > first:
        span = subject_after(reader, first, border)
        if span:
            if reading.form.cue.cue_class not in _UPON_SOMEBODY or not _is_party(reader, border):
                border = _skip_to_object(reader, span[1], end, border)
            return Hit(at, at + 1, reading, "np", border, Subject("post", span))
    start = skip_to_phrase(reader, first, end)
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


def _is_party(reader: Reader, at: int) -> bool:
    """Whether the object begins with somebody, who belongs to it: urged the parties to ..., blamed X for ..."""
    return "addressed" in reader.words[at].groups or reader.words[at].kind in ("place", "organisation")


def is_object(reader: Reader, at: int) -> bool:
    """Whether a word behind a verb can only be its object: a verbal noun without article, or with a pronoun."""
    word = reader.words[at]
    both = "quantifier" in word.groups and at + 1 < len(reader.words) and "preposition" in reader.words[at + 1].groups
    thing = not word.kind or (word.kind == "document" and word.pronominal)  # his decision
    return word.masdar and thing and not (both or word.definite or word.bi or word.li) and starts_phrase(reader, at)


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
        if (
            i < end
            and starts_phrase(reader, i)
            and (reader.words[i].masdar or reader.words[i].definite or reader.words[i].kind)
        ):
            word = reader.words[i]
            if word.masdar or not word.kind or reader.tokens[i - 1].text in COMMAS:
                return span, i
    return None


def _behind_relative(reader: Reader, first: int, limit: int) -> tuple[tuple[int, int], int] | None:
    """Subject and object where a relative clause without commas belongs to the subject: the alliance that X leads."""
    span = subject_after(reader, first, limit)
    words = reader.words
    if span is None or span[1] + 2 >= limit or "relative" not in words[span[1]].groups or not words[span[0]].kind:
        return None
    for i in range(span[1] + 3, min(limit, span[1] + _RELATIVE)):
        word, before = words[i], words[i - 1]
        if not reader.is_word(i) or word.that or word.finite or "relative" in word.groups:
            return None
        noun = (word.masdar or "content_noun" in word.groups) and not (word.definite or word.bi or word.li or word.kind)
        if noun and not word.conjunction and (before.definite or before.kind == "place"):
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


def skip_to_phrase(reader: Reader, first: int, end: int) -> int:
    while first < end and not (starts_phrase(reader, first) or "demonstrative" in reader.words[first].groups):
        if first in reader.quote_from:
            return first
        word = reader.words[first]
        if "manner" in word.groups:
            first = min(first + 2, end)
            continue
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
    if first + 2 < end and "manner" in reader.words[first].groups:
        return first + 2
    for i in range(first, min(end, first + 12)):
        word = reader.words[i]
        begins = starts_phrase(reader, i) or (word.pronominal and not (word.li or word.verb or word.groups))
        if (
            word.masdar
            and begins
            and not (word.bi or is_joined(word))
            and "preposition" not in reader.words[i - 1].groups
        ):
            return i
        if "demonstrative" in word.groups:
            return i
    return default


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
