"""Boundaries: tokens before which a content may end, since what follows may be another source's, or the reporter's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from transforms.arabic.clitics import ARTICLE, FEH, WAW
from transforms.arabic.inflection import HEH, TEH, YEH
from transforms.arabic.particles import particle
from transforms.arabic.statement_attributions import Attributed
from transforms.arabic.statement_openers import Hit
from transforms.arabic.statement_reader import COMMAS, Reader
from transforms.arabic.statement_words import Word, look_up

_LONGEST_SETTING: Final = 8
_SHORTEST_VERB: Final = 3
_FI: Final = FEH + YEH
_MA: Final = particle("ma")
_WITHOUT: Final = particle("without")
_AND_IT: Final = WAW + HEH + WAW


@dataclass(frozen=True, slots=True)
class Boundary:
    """A token before which contents end. A participle's or a coordinated verb's binds what agrees in gender with it."""

    at: int
    kind: str  # a cue (participle, verb, present, colon, attribution), another verb (act, deed, main), or a clause
    gender: str


def find_boundaries(reader: Reader, hits: list[Hit], attributions: list[Attributed]) -> list[Boundary]:
    """All boundaries of a field, in order."""
    found = [Boundary(a.first, "attribution", "") for a in attributions if a.trailing]
    for hit in hits:
        form = hit.reading.form
        if hit.opener == "colon" and hit.reading.conjunction and hit.first:
            found.append(Boundary(hit.first, "colon", form.gender))
        if form.kind == "participle":
            found.append(Boundary(hit.first, "participle", form.gender))
        elif hit.reading.article and hit.first > 1 and reader.tokens[hit.first - 2].text in COMMAS:
            found.append(Boundary(hit.first - 1, "participle", ""))  # contenting himself with saying
        elif form.kind == "masdar" and hit.reading.conjunction and hit.last - hit.first > 1:
            found.append(Boundary(hit.first, "verb", ""))
        elif form.kind == "past" and hit.reading.conjunction:
            found.append(Boundary(hit.first, "verb", form.gender))
        elif form.kind == "present" and hit.reading.conjunction:
            found.append(Boundary(hit.first, "present", form.gender))
        elif form.kind in ("past", "present") and hit.first > 0:
            at = _connective(reader, hit)
            if at is not None:
                found.append(Boundary(at, "verb", "" if hit.subject.span else form.gender))
    for i, word in enumerate(reader.words):
        if not word.edge:
            continue
        if i and (word.finite or word.perfect) and not word.conjunction and reader.tokens[i - 1].text in COMMAS:
            found.append(Boundary(i, "main", ""))
        if i and word.folded[:1] == WAW and _acts(word):
            found.append(Boundary(i, "act", ""))
        if word.folded == _WITHOUT and _unsaid(reader, i):
            found.append(Boundary(i, "clause", ""))
        if not (word.boundary or word.perfect or "verb" in word.groups) or i == 0:
            continue
        own = _own_words(reader, i) if "own_words" in word.groups else None
        if own is not None:
            found.append(Boundary(own, "attribution", ""))
        elif "cut" in word.groups and reader.is_word(i - 1) and "where" not in word.groups:
            if not (i + 1 < len(reader.words) and reader.words[i + 1].groups & {"regarding"}):
                found.append(Boundary(i, "meanwhile", ""))
        elif reader.tokens[i - 1].text in COMMAS and (
            word.groups & {"cut", "amid"} or _aside(reader, i) or _purpose(word)
        ):
            if not (i + 1 < len(reader.words) and reader.words[i + 1].groups & {"regarding"}):
                found.append(Boundary(i, "clause", ""))
        elif word.folded == _FI and reader.tokens[i - 1].text in COMMAS and _is_comment(reader, i + 1):
            found.append(Boundary(i, "clause", ""))
        elif "late" in word.groups or (word.folded == _FI and _is_setting(reader, i)):
            found.append(Boundary(i, "late", ""))
        elif "relative" in word.groups:
            if reader.tokens[i - 1].text in COMMAS:
                found.append(Boundary(i, "relative", ""))
            elif reader.words[i - 1].masdar and reader.words[i - 1].pronominal:
                found.append(Boundary(i, "act", ""))  # his resignation, which ...
        elif "gloss" in word.groups and (reader.tokens[i - 1].text in COMMAS or _is_relative(reader, i + 1)):
            found.append(Boundary(i, "gloss", ""))
        elif word.folded == _AND_IT and i + 1 < len(reader.words) and reader.words[i + 1].folded == _MA:
            found.append(Boundary(i, "clause", ""))
        elif "contrary" in word.groups and i > 1 and reader.tokens[i - 2].text in COMMAS:
            found.append(Boundary(i - 1, "clause", ""))
        elif "demonstrative" in word.groups and _aside(reader, i):
            found.append(Boundary(i, "aside", ""))
        elif _meanwhile(reader, i):
            found.append(Boundary(i, "gloss", ""))
        elif word.folded[0] == WAW and (word.perfect or "verb" in word.groups):
            found.append(Boundary(i, "deed", "f" if word.folded[-1] == TEH else "m"))
        elif _in_while(reader, i):
            found.append(Boundary(i - 1, "clause", ""))
    found.sort(key=lambda b: b.at)
    return found


def _aside(reader: Reader, at: int) -> bool:
    """Whether the reporter goes on: and he had ..., and that in a speech."""
    word = reader.words[at]
    if "aside" not in word.groups:
        return False
    if "demonstrative" not in word.groups:
        return not ("auxiliary" in word.groups and at + 1 < len(reader.words) and _may_be(reader.words[at + 1]))
    return at + 1 < len(reader.words) and reader.words[at + 1].folded == _FI and _is_setting(reader, at + 1)


def _may_be(word: Word) -> bool:
    """Whether a word behind `qad` is an imperfect: may, and no longer the reporter's `had`."""
    return word.verb and word.folded[0] in (YEH, TEH)


def _is_setting(reader: Reader, at: int) -> bool:
    """Whether `in` begins the setting of the statement: in a speech, in the framework of, at the end of."""
    if at + 1 >= len(reader.words) or "event" not in reader.words[at + 1].groups:
        return False
    if "demonstrative" not in reader.words[at + 1].groups or at + 2 >= len(reader.words):
        return True
    shown = reader.words[at + 2].folded.removeprefix(ARTICLE)
    return shown != "" and "event" in look_up(shown).groups  # this speech, not: this sector


def _own_words(reader: Reader, at: int) -> int | None:
    """Where `in his words` begins whose last word stands at a token, or None where it is something else."""
    before = reader.words[at - 1]
    if before.attribution:
        return at - 1
    return at - 2 if "own_extent" in before.groups and at > 1 else None


def _is_comment(reader: Reader, at: int) -> bool:
    """Whether the reporter's comment begins: `, in an allusion to`, `, at a time when`."""
    if at + 1 >= len(reader.words):
        return False
    following = reader.words[at + 1]
    finite = following.finite or following.perfect or bool(following.groups & {"auxiliary"})
    return "comment" in reader.words[at].groups and (finite or "preposition" in following.groups)


def _is_relative(reader: Reader, at: int) -> bool:
    return at < len(reader.words) and "relative" in reader.words[at].groups


def _unsaid(reader: Reader, at: int) -> bool:
    """Whether the reporter adds what the source did not say: `, without giving ...`."""
    if at == 0 or at + 2 >= len(reader.words) or reader.tokens[at - 1].text not in COMMAS:
        return False
    return reader.words[at + 1].that_bare and any(c.form.kind == "present" for c in reader.words[at + 2].cues)


def _meanwhile(reader: Reader, at: int) -> bool:
    """Whether `while` opens a clause without a comma before it: a verb, an auxiliary or a negation follows."""
    if "amid" not in reader.words[at].groups or "cut" not in reader.words[at].groups or at + 1 >= len(reader.words):
        return False
    following = reader.words[at + 1]
    negated = following.groups & {"auxiliary", "negation"}
    return not following.groups & {"regarding"} and bool(negated or following.finite or following.perfect)


def _in_while(reader: Reader, at: int) -> bool:
    """Whether a word is the second one of `fi hina`, while, behind a comma."""
    if at < 2 or "clause" not in reader.words[at].groups or reader.words[at - 1].folded != _FI:
        return False
    return reader.tokens[at - 2].text in COMMAS


def _acts(word: Word) -> bool:
    """Whether a word is `and` with a finite verb: what the source of a nominal content did next, or someone else."""
    if len(word.folded) <= _SHORTEST_VERB or word.kind or word.pronominal:
        return False
    if any(c.form.kind == "masdar" or not c.conjunction for c in word.cues):
        return False
    stem = look_up(word.folded[1:])
    finite = stem.finite and (stem.folded[0] != TEH or bool(stem.cues))
    return not (stem.kind or stem.masdar) and (word.perfect or stem.perfect or finite)


def _purpose(word: Word) -> bool:
    """Whether a word is an imperfect under li: what came of it, in the reporter's words."""
    return word.li and not word.kind and word.folded[1:2] in (YEH, TEH) and len(word.folded) >= 5 and not word.masdar


def _connective(reader: Reader, hit: Hit) -> int | None:
    """The 'but' or 'while' that a clause with this cue begins with."""
    first = hit.subject.span[0] if hit.subject.mode == "pre" and hit.subject.span else hit.first
    if reader.tokens[first - 1].text in COMMAS:
        return _setting_before(reader, first - 1)
    for i in range(first - 1, max(first - 4, -1), -1):
        word = reader.words[i]
        if word.groups & {"clause", "cut"} and not word.kind:
            return None if "when" in word.groups else i
        if not (word.that or word.groups & {"auxiliary", "elided"}):
            return None
    return None


def _setting_before(reader: Reader, comma: int) -> int | None:
    """Where `and in` begins between two commas: and earlier, X said."""
    for i in range(comma - 1, max(comma - _LONGEST_SETTING, 1), -1):
        if not reader.is_word(i):
            return None
        if reader.words[i].folded == WAW + _FI:
            return i if reader.tokens[i - 1].text in COMMAS else None
    return None
