"""Whether a preposition opens a content in a cue's frame, or belongs to a name or a title."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.arabic.clitics import ALEF, BEH, LAM
from transforms.arabic.inflection import MEEM
from transforms.arabic.particles import PREPOSITIONS, particle
from transforms.arabic.statement_quotations import quote_length
from transforms.arabic.statement_reader import Reader
from transforms.arabic.statement_words import RESUMPTIVE, Word

_TITLE_REACH = 12
_MA = particle("ma")
_DEFINITE_MEEM = ALEF + LAM + MEEM  # how a definite participle begins
_ABOUT_WHAT = (PREPOSITIONS["an"][0] + _MA, PREPOSITIONS["an"][0] + PREPOSITIONS["min"])  # and: about whom


@dataclass(slots=True)
class Opener:
    kind: str
    at: int  # the token that opens
    content: int
    relative_before: bool


def prepositional(reader: Reader, at: int, limit: int, frames: tuple[str, ...]) -> Opener | None:
    word = reader.words[at]
    if word.folded in RESUMPTIVE:
        return None  # takes up what was named before
    for frame in frames:
        name = frame.removeprefix("who_")
        if name in PREPOSITIONS and word.folded == PREPOSITIONS[name]:
            if "withheld" in word.groups:
                return None  # without giving his name
            if name == "fi" and _tells_where(reader, at, limit):
                return None
            if name == "ila" and (_of_title(reader, at, limit) or _is_adverb(reader, at)):
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
        if (
            name == "li"
            and word.li
            and ((word.masdar and not word.kind) or ("ila" in frames and "summons" in word.under_li))
        ):
            return Opener("prep", at, at, False)
    return None


def _is_called(word: Word) -> bool:
    """Whether a word says what something is called, with a pronoun for it: (in) what he called ..."""
    return any("as" in c.form.cue.frames and c.form.suffix for c in word.cues)


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
    if at < 2:
        return False
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


def _tells_where(reader: Reader, at: int, limit: int) -> bool:
    """Whether `in` tells the occasion, as another with what is meant follows: doubted, in a call, the report."""
    if at + 1 >= limit or "event" not in reader.words[at + 1].groups:
        return False
    later = (i for i in range(at + 2, min(limit, at + _TITLE_REACH)) if reader.words[i].folded == PREPOSITIONS["fi"])
    return any("event" not in reader.words[i + 1].groups for i in later if i + 1 < limit)


def _is_adverb(reader: Reader, at: int) -> bool:
    """Whether `to` and the noun behind it are no goal: next to, to some extent."""
    return at + 1 < len(reader.words) and "not_goal" in reader.words[at + 1].groups


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
