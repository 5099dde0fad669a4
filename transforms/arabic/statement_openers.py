"""What opens a content behind a cue: a complementiser, a colon, a quotation, a preposition of the cue's frame."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.arabic.clitics import ALEF, BEH, FEH, LAM, SEEN
from transforms.arabic.inflection import MEEM, NOON
from transforms.arabic.particles import particle
from transforms.arabic.statement_reader import CLAUSE_MARKS, COMMAS, OPEN_BRACKETS, Reader, is_quote_mark
from transforms.arabic.statement_subjects import Subject
from transforms.arabic.statement_words import CueReading, Word

REACH = 60
TONGUE = particle("tongue")
_ILA, _MA, _MIMMA = particle("ila"), particle("ma"), particle("mimma")
_LONG_QUOTE = 4
_THAT_REACH = 6
_TITLE_REACH = 12
_ASIDE = 14
_DEFINITE_MEEM = ALEF + LAM + MEEM  # how a definite participle begins
# The prepositions that open a content, in folded letters: ila, 'ala, 'an, min, fi.
PREPOSITIONS = {name: particle(name) for name in ("ila", "ala", "an", "min", "fi")}
_FRAMING = frozenset(PREPOSITIONS.values())
_ABOUT_WHAT = (PREPOSITIONS["an"][0] + _MA, PREPOSITIONS["an"][0] + PREPOSITIONS["min"])  # and: about whom


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
class Opener:
    kind: str
    at: int  # the token that opens
    content: int
    relative_before: bool


def addresses(frames: tuple[str, ...]) -> bool:
    return any(frame.startswith("who_") for frame in frames)


def find_opener(reader: Reader, at: int, reading: CueReading) -> Opener | None:
    """The first word or mark behind a cue that opens a content in one of the cue's frames."""
    frames = reading.form.cue.frames
    tokens, words = reader.tokens, reader.words
    limit = min(reader.clause_limit(at), at + REACH)
    relative = relative_before = False
    i = at + 1
    while i < limit:
        token, word = tokens[i], words[i]
        if token.is_punct:
            if token.text == ":" and not _in_time(reader, i):
                if i + 1 < limit and words[i + 1].that and "that" in frames:
                    return Opener("that", i, i + 2 if words[i + 1].that_bare else i + 1, relative_before)
                return Opener("colon", i, i + 1, relative_before) if "quote" in frames else None
            if is_quote_mark(token) and i in reader.quote_from:
                quote = reader.quote_from[i]
                if words[i - 1].that_bare and i - 1 > at and "that" not in frames:
                    return None  # what another verb, which takes a clause, says
                inside = None if relative or not any(f.endswith("bi") for f in frames) else i + 1
                if inside and inside < limit and words[inside].bi and quote_length(reader, i) <= 3:
                    return Opener("prep", inside, inside, False)
                later = relative and any(w.that for w in words[quote.last + 1 : min(limit, quote.last + _THAT_REACH)])
                if "quote" in frames and not later and is_speech(reader, at, i, limit):
                    return Opener("quote", i, i, relative_before)
                i = quote.last + 1 if quote.closed else i + 1
                continue
            if token.text in OPEN_BRACKETS:
                i = reader.skip_bracket(i, limit)
                continue
            if token.text in COMMAS:
                relative = False
            elif token.text in CLAUSE_MARKS and not _goes_on(reader, i, limit, frames):
                return None
            i += 1
            continue
        if (
            word.that
            and "that" in frames
            and not is_blocked(reader, i, at)
            and not (relative and _names(reader, i, at))
            and not _is_until(reader, i, frames)
        ):
            return Opener("that", i, i + 1 if word.that_bare else i, relative_before)
        if "relative" in word.groups:
            relative = True
            relative_before = relative_before or "withheld" not in word.groups
        elif not relative or (word.groups & {"preposition"} and reader.words[min(i + 1, limit - 1)].masdar):
            frame = prepositional(reader, i, limit, frames)
            if frame:
                return frame
            if not relative and breaks_clause(reader, i, at):
                resumed = _resumed_clause(reader, i, limit) if "that" in frames else None
                if resumed is None:
                    return None
                i = resumed
        i += 1
    return None


def _in_time(reader: Reader, at: int) -> bool:
    """Whether a colon stands between digits: 10:30."""
    tokens = reader.tokens
    if at + 1 >= len(tokens) or tokens[at + 1].space_before:
        return False
    return tokens[at - 1].text[-1:].isdigit() and tokens[at + 1].text[:1].isdigit()


def _resumed_clause(reader: Reader, at: int, limit: int) -> int | None:
    """The comma behind an aside of the cue's subject: `said X, speaking in Y, that ...`; None where none ends so."""
    if reader.tokens[at - 1].text not in COMMAS or reader.words[at].conjunction:
        return None
    comma = next((i for i in range(at + 1, min(limit - 1, at + _ASIDE)) if reader.tokens[i].text in COMMAS), None)
    return comma if comma is not None and reader.words[comma + 1].that_bare else None


def _goes_on(reader: Reader, at: int, limit: int, frames: tuple[str, ...]) -> bool:
    """Whether behind a semicolon the cue's own content opens, and no further clause: the envoy "X"; that ..."""
    if at + 1 >= limit:
        return False
    return reader.words[at + 1].that or prepositional(reader, at + 1, limit, frames) is not None


def is_blocked(reader: Reader, at: int, cue: int) -> bool:
    """Whether a complementiser belongs to a conjunction before it (after that, except that, as if)."""
    if at == 0:
        return False
    before, word = reader.words[at - 1], reader.words[at]
    if "with_that" in before.groups and not (word.bi and "demonstrative" in before.groups):
        return True
    if at + 1 < len(reader.words) and reader.words[at + 1].groups & {"elided"} and word.folded == ALEF + NOON:
        return True  # if he had
    if at - 1 > cue and word.that and at > 1 and "condition" in reader.words[at - 2].groups:
        return _felt(before)
    if at - 2 > cue and reader.words[at - 2].folded == _MIMMA:
        return True  # which means that
    if at - 2 > cue and before.finite and not before.conjunction and reader.words[at - 2].folded == _MA:
        return True  # what X says that ...
    if at - 2 == cue and before.folded[:1] in (FEH, SEEN):
        return False  # a name right behind the cue, though it looks like a verb
    said = before.finite and "relative" in reader.words[at - 2].groups  # who says that
    return at - 1 > cue and not word.bi and (said or _takes_that(before))


def _names(reader: Reader, at: int, cue: int) -> bool:
    """Whether `as` belongs to a verb of the relative clause before it: the party, which X classifies as ..."""
    if not reader.words[at].bi:
        return False
    return any("as" in c.form.cue.frames for i in range(max(cue + 1, at - 6), at) for c in reader.words[i].cues)


def _is_until(reader: Reader, at: int, frames: tuple[str, ...]) -> bool:
    """Whether `that` behind `to` says until when: a cue with an object reads it so, unless it takes `to`."""
    return reader.words[at - 1].folded == _ILA and "np" in frames and not any(f.endswith("ila") for f in frames)


def _takes_that(word: Word) -> bool:
    """Whether a word is a finite verb that a complementiser may belong to: it seems that, he must."""
    return (word.verb and not word.conjunction) or bool(word.groups & {"auxiliary"})


def _felt(word: Word) -> bool:
    """Whether a word looks like a perfect that is no cue: if she felt that."""
    return word.perfect and not word.cues and not word.definite


def breaks_clause(reader: Reader, at: int, cue: int) -> bool:
    word = reader.words[at]
    if at == cue + 1 and word.kind:
        return False
    if word.groups & {"cut"} and reader.tokens[at - 1].text in COMMAS:
        return not (at + 1 < len(reader.words) and reader.words[at + 1].groups & {"regarding"})
    if word.groups & {"adjunct"}:
        return False
    if word.participle and not word.definite and at > cue + 1:
        return True
    before = reader.words[at - 1].groups
    if before & {"preposition", "adjunct", "negation"} and not before & {"clause", "cut"}:
        return False  # a noun, or a verb that belongs to a subordinate clause
    return word.breaking and not (word.masdar and word.pronominal and not word.conjunction)


def prepositional(reader: Reader, at: int, limit: int, frames: tuple[str, ...]) -> Opener | None:
    word = reader.words[at]
    for frame in frames:
        name = frame.removeprefix("who_")
        if name in PREPOSITIONS and word.folded == PREPOSITIONS[name]:
            if "withheld" in word.groups:
                return None  # without giving his name
            if name == "ila" and _of_title(reader, at, limit):
                return None
            return _after_preposition_word(reader, at, limit, frames)
        if name == "an" and word.folded in _ABOUT_WHAT:
            return Opener("prep", at, at, False)
        if name == "bi" and word.folded == BEH + _MA and at + 1 < limit and _is_called(reader.words[at + 1]):
            return Opener("prep", at, at, False)
        if name == "bi" and word.kind == "place" and at + 1 in reader.quote_from and "quote" in frames:
            return None  # where it was said
        if name == "bi" and _of_name(reader, at) and _bi_follows(reader, at, limit, "that" in frames):
            return None
        if name == "bi" and word.bi and _of_adjective(reader, at, limit, frames):
            return None
        if name == "bi" and word.bi and not word.that and "not_bi" not in word.groups:
            return Opener("prep", at, at, False)
        if name == "bi" and word.folded == BEH:
            return _after_preposition_word(reader, at, limit, frames)
        if name == "li" and word.li and word.masdar and not word.kind:
            return Opener("prep", at, at, False)
    return None


def _is_called(word: Word) -> bool:
    """Whether a word says what something is called, with a pronoun for it: (in) what he called ..."""
    return any("as" in c.form.cue.frames and c.form.suffix for c in word.cues)


def speaks(reader: Reader, at: int) -> bool:
    """Whether a word begins a clause in the speaker's own words: a negation, a verb, one in the first person."""
    word = reader.words[at]
    if not reader.is_word(at) or word.kind or word.conjunction or (at and "preposition" in reader.words[at - 1].groups):
        return False
    first_person = any(c.form.first_person and not c.preposition for c in word.cues)
    return first_person or word.verb or "utterance" in word.groups


def _of_name(reader: Reader, at: int) -> bool:
    """Whether what looks like bi- belongs to a title or a name: the guide in Iran, channel Perviy."""
    word, before = reader.words[at], reader.words[at - 1]
    if word.governed and word.kind in ("place", "organisation"):
        return True
    plain = not (word.definite or word.masdar or word.governed or word.pronominal or word.groups or word.that)
    return word.bi and plain and bool(before.kind or before.finite)


def _of_adjective(reader: Reader, at: int, limit: int, frames: tuple[str, ...]) -> bool:
    """Whether `in` belongs to a participle that describes the source, as what is said follows: the minister charged
    with X called for.
    """
    before, head = reader.words[at - 1], reader.words[at - 2]
    if not before.folded.startswith(_DEFINITE_MEEM) or before.kind not in ("", "role") or before.masdar:
        return False
    if not head.definite or head.kind not in ("", "role"):
        return False
    for i in range(at + 1, min(limit, at + _TITLE_REACH)):
        if reader.words[i].bi and reader.words[i].masdar:
            return True
        if "that" in frames and reader.words[i].that:
            return True
    return False


def _bi_follows(reader: Reader, at: int, limit: int, clause: bool) -> bool:
    """Whether `in` a place belongs to a title, as a phrase with bi- follows: the guide in Iran threatened with ...;
    or a clause, where the cue takes one.
    """
    words = reader.words
    for i in range(at + 1, min(limit, at + _TITLE_REACH)):
        if words[i].bi and words[i].definite:
            return True
        if clause and (words[i].that or reader.tokens[i].text == ":"):
            return True
    return False


def _of_title(reader: Reader, at: int, limit: int) -> bool:
    """Whether `to` belongs to a title, the envoy to Yemen, as another one with a verbal noun follows."""
    if at + 1 >= limit or reader.words[at + 1].kind not in ("place", "organisation"):
        return False
    return any(
        reader.words[i].folded == PREPOSITIONS["ila"] and reader.words[i + 1].masdar for i in range(at + 2, limit - 1)
    )


def _after_preposition_word(reader: Reader, at: int, limit: int, frames: tuple[str, ...]) -> Opener | None:
    """A preposition of the frame: what it opens is a clause, a quotation, or the phrase with the preposition itself."""
    if at + 1 >= limit:
        return None
    following = reader.words[at + 1]
    if following.that and "that" in frames:
        return Opener("that", at, at + 2 if following.that_bare else at + 1, False)
    if at + 1 in reader.quote_from and quote_length(reader, at + 1) >= 2:
        return Opener("quote", at, at + 1, False)
    return Opener("prep", at, at, False)


def quote_length(reader: Reader, at: int) -> int:
    quote = reader.quote_from[at]
    return sum(reader.is_word(i) for i in range(quote.first + 1, min(quote.last, quote.first + 30)))


def is_speech(reader: Reader, cue: int, at: int, limit: int) -> bool:
    """Whether a quotation is what is said, and not a name in marks: long, or nothing but the end follows."""
    quote = reader.quote_from[at]
    length = quote_length(reader, at)
    after = quote.last + 1
    parted = after + 1 < limit and reader.tokens[after].text in CLAUSE_MARKS
    semicolon = parted and reader.tokens[after].text not in COMMAS
    opens = parted and (reader.words[after + 1].that_bare or (semicolon and reader.words[after + 1].folded in _FRAMING))
    if quote.closed and at > cue + 1 and opens:
        return False  # the name of an event, and then what was said there
    if at and (
        reader.words[at - 1].folded == LAM
        or reader.words[at - 1].attribution
        or "titled" in reader.words[at - 1].groups
    ):
        return False
    before = reader.words[at - 1] if at else None
    if before and before.kind and before.kind != "role" and not before.definite and length <= 6:
        return False
    later = any(
        reader.words[i].that or reader.tokens[i].text == ":" for i in range(quote.last + 1, min(limit, quote.last + 25))
    )
    later = later and not (after < limit and length >= _LONG_QUOTE and reader.words[after].participle)
    name = length <= _LONG_QUOTE and quote.closed
    if name and before and before.groups == {"preposition"} and (after >= limit or reader.is_word(after)):
        return False
    if name and after < limit and reader.is_word(after) and at == cue + 1:
        return False
    return (length > _LONG_QUOTE and not (later and length < 8)) or (not later and length >= 2)
