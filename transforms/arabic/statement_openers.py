"""What opens a content behind a cue: a complementiser, a colon, a quotation, a preposition of the cue's frame."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.arabic.clitics import ALEF, BEH, FEH, SEEN
from transforms.arabic.inflection import HEH, NOON, TEH, YEH
from transforms.arabic.particles import particle
from transforms.arabic.statement_prepositions import Opener, prepositional
from transforms.arabic.statement_quotations import is_speech, quote_length
from transforms.arabic.statement_reader import CLAUSE_MARKS, COMMAS, OPEN_BRACKETS, Reader, is_quote_mark
from transforms.arabic.statement_subjects import Subject
from transforms.arabic.statement_words import CueReading, Word

REACH = 60
_BIMA = BEH + particle("ma")
_ILA, _MA, _MIMMA = particle("ila"), particle("ma"), particle("mimma")
_THAT_REACH = 6
_NAME = 6
_ASIDE = 14


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
        near = word.folded == _BIMA and (i == at + 1 or (i - at <= _NAME and words[i - 1].definite))
        if near and any(f.endswith("bi") for f in frames) and _what_was(reader, i + 1):
            return Opener("prep", i, i, False)
        if "contrast" in word.groups and tokens[i - 1].text in COMMAS:
            return None  # another clause
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


def _what_was(reader: Reader, at: int) -> bool:
    """Whether a perfect stands at a token, so that `bima` before it means `what`: praised what it achieved."""
    if at >= len(reader.words):
        return False
    word = reader.words[at]
    ending = word.folded.rstrip(HEH + ALEF)  # its pronoun
    perfect = word.perfect or (word.pronominal and ending.endswith(TEH) and not word.masdar)
    return perfect or (word.finite and word.folded[:1] not in (YEH, TEH, SEEN))


def _in_time(reader: Reader, at: int) -> bool:
    """Whether a colon stands between digits: 10:30."""
    tokens = reader.tokens
    if at + 1 >= len(tokens) or tokens[at + 1].space_before:
        return False
    return tokens[at - 1].text[-1:].isdigit() and tokens[at + 1].text[:1].isdigit()


def _resumed_clause(reader: Reader, at: int, limit: int) -> int | None:
    """The comma behind an aside of the cue's subject, `said X, speaking in Y, that`; None where nothing follows it."""
    if reader.tokens[at - 1].text not in COMMAS or reader.words[at].conjunction:
        return None
    comma = next((i for i in range(at + 1, min(limit - 1, at + _ASIDE)) if reader.tokens[i].text in COMMAS), None)
    if comma is None:
        return None
    quoted = comma + 1 in reader.quote_from and comma - at > 2 and quote_length(reader, comma + 1) > 2
    return comma if reader.words[comma + 1].that_bare or quoted else None


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
    if "with_that" in before.groups and not (
        "demonstrative" in before.groups and (word.bi or _governed(reader, at - 1))
    ):
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
    said = at > 1 and before.finite and "relative" in reader.words[at - 2].groups  # who says that
    return at - 1 > cue and not word.bi and (said or _takes_that(before))


def _governed(reader: Reader, at: int) -> bool:
    """Whether a preposition or an adjunct stands before a token: after that."""
    return at > 0 and bool(reader.words[at - 1].groups & {"preposition", "adjunct"})


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


def speaks(reader: Reader, at: int) -> bool:
    """Whether a word begins a clause in the speaker's own words: a negation, a verb, one in the first person."""
    word = reader.words[at]
    if not reader.is_word(at) or word.kind or word.conjunction or (at and "preposition" in reader.words[at - 1].groups):
        return False
    first_person = any(c.form.first_person and not c.preposition for c in word.cues)
    return first_person or word.verb or "utterance" in word.groups
