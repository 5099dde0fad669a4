"""Where contents may end: a further cue, the reporter's own clause, an aside, the setting of what was said."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from transforms.arabic.clitics import ALEF, ARTICLE, FEH, SEEN, WAW
from transforms.arabic.inflection import HEH, TAA_MARBUTA, TEH, YEH
from transforms.arabic.particles import PREPOSITIONS, particle
from transforms.arabic.statement_attributions import Attributed, before_aside
from transforms.arabic.statement_openers import Hit
from transforms.arabic.statement_reader import CLAUSE_MARKS, COMMAS, MARK, Reader
from transforms.arabic.statement_words import CueReading, Word, look_up

_LONGEST_SETTING = 8
_SHORTEST_VERB = 3
_FI = FEH + YEH
_ALA, _MA, _TONGUE = particle("ala"), particle("ma"), particle("tongue")
_WITHOUT = particle("without")
_AND_IT = WAW + HEH + WAW


@dataclass(frozen=True, slots=True)
class Boundary:
    """A token before which contents end.

    `attribution`, `clause` and `aside` end every content; `participle`, `verb`, `present` and `colon` those of cues
    that agree in gender; `that` those of relative clauses; all others only contents that are phrases: `phrase`, `main`
    (a verb behind a comma), `predicate` (one behind a verbal noun), `act` (a verb with `and`), `relative`, `late` (a
    setting).
    """

    at: int
    kind: str
    gender: str


def find_boundaries(reader: Reader, hits: list[Hit], attributions: list[Attributed]) -> list[Boundary]:
    """All boundaries of a field, in order."""
    found = [Boundary(before_aside(reader, a.first), "attribution", "") for a in attributions if a.trailing]
    for hit in hits:
        if hit.first:
            found += _at_cue(reader, hit)
    for i, word in enumerate(reader.words):
        if word.boundary and i:
            found += _at_word(reader, i, word)
    found.sort(key=lambda b: b.at)
    return found


def _at_cue(reader: Reader, hit: Hit) -> list[Boundary]:
    """The boundaries that a further cue makes."""
    form = hit.reading.form
    finite = form.kind in ("past", "present")
    if form.kind == "participle":
        return [Boundary(hit.first, "participle", form.gender)]
    if hit.reading.article and hit.first > 1 and reader.tokens[hit.first - 2].text in COMMAS:
        return [Boundary(hit.first - 1, "participle", "")]  # contenting himself with saying
    if hit.reading.conjunction and form.kind == "masdar":
        return [Boundary(hit.first, "verb", "")] if hit.last - hit.first > 1 else []
    if hit.reading.conjunction and finite:
        found = [Boundary(hit.first, "verb" if form.kind == "past" else "present", form.gender)]
        return [*found, Boundary(hit.first, "colon", form.gender)] if hit.opener == "colon" else found
    if finite and hit.opener in ("quote", "colon") and reader.tokens[hit.first - 1].text in COMMAS:
        return [Boundary(hit.first, "phrase", "")]  # what a speech or a message says
    at = _connective(reader, hit) if finite else None
    return [] if at is None else [Boundary(at, "verb", "" if hit.subject.span else form.gender)]


def _at_word(reader: Reader, at: int, word: Word) -> list[Boundary]:
    """The boundaries that a word makes: a verb, and what it begins otherwise."""
    parted = reader.tokens[at - 1].text in COMMAS
    found = []
    if parted and (word.finite or word.perfect) and not word.conjunction:
        found.append(Boundary(at, "main", ""))
    if (word.finite or word.perfect) and not word.conjunction and _is_definite(reader.words[at - 1]):
        found.append(Boundary(at, "predicate", ""))
    if parted and word.participle and not word.conjunction and word.folded.endswith(ALEF):
        found.append(Boundary(at, "participle", "m"))  # also where its own content is not found
    if reader.is_title() and word.conjunction and word.kind and _begins_clause(reader, at + 1):
        found.append(Boundary(at, "clause", ""))  # X accuses Y, and Z denies
    if word.folded[0] == WAW and _acts(word.folded):
        found.append(Boundary(at, "act", ""))
    other = _after_comma(reader, at, word) if parted else None
    other = other or _anywhere(reader, at, word)
    return [*found, other] if other else found


def _begins_clause(reader: Reader, at: int) -> bool:
    """Whether a cue's verb stands at a token, or behind adjectives there: and the Afghan president orders."""
    limit = reader.sentence(at - 1)[1]
    while at < limit and reader.words[at].definite and reader.words[at].folded.endswith((YEH, YEH + TAA_MARBUTA)):
        at += 1
    return at < limit and reader.words[at].finite and any(not c.conjunction for c in reader.words[at].cues)


def _is_definite(word: Word) -> bool:
    """Whether a noun is definite, so that a verb behind it is no relative clause."""
    return "relative" not in word.groups and (word.definite or word.pronominal)


def _after_comma(reader: Reader, at: int, word: Word) -> Boundary | None:
    """What begins behind a comma: an aside, a comment, a clause of what went on meanwhile, a relative clause."""
    following = reader.words[at + 1] if at + 1 < len(reader.words) else MARK
    if "where" in word.groups:
        tells = any(c.form.kind == "past" for c in following.cues)
        return Boundary(at, "clause" if tells else "phrase", "")
    if word.groups & {"cut", "amid"} or _aside(reader, at) or _purpose(word):
        return None if _regards(reader, at + 1) else Boundary(at, "clause", "")
    if word.folded == _WITHOUT and _unsaid(reader, at):
        return Boundary(at, "clause", "")
    if word.folded == _FI and _is_comment(reader, at + 1):
        return Boundary(at, "clause", "")
    if "relative" in word.groups:
        return Boundary(at, "relative", "")
    if word.folded == _AND_IT and following.folded == _MA and _took_place(reader, at + 2):
        return Boundary(at, "clause", "")
    goes_on = word.groups & {"gloss", "contrast", "upshot"} or ("but_that" in word.groups and following.that)
    goes_on = goes_on or ("also" in word.groups and (following.finite or following.perfect))
    if goes_on:
        return Boundary(at, "phrase", "")
    return Boundary(at, "that", "") if word.that and not (word.and_that or word.bi) else None


def _anywhere(reader: Reader, at: int, word: Word) -> Boundary | None:
    """What begins with or without a comma: the reporter's words on the content, a setting, another clause."""
    before = reader.words[at - 1]
    if "own_words" in word.groups:
        own = _own_words(reader, at)
        if own is not None:
            return Boundary(own, "attribution", "")
    if "cut" in word.groups and (reader.is_word(at - 1) or reader.tokens[at - 1].text in CLAUSE_MARKS):
        meanwhile = "where" not in word.groups and not _regards(reader, at + 1)
        return Boundary(at, "phrase", "") if meanwhile else None
    following = reader.words[at + 1] if at + 1 < len(reader.words) else MARK
    if word.folded == _WITHOUT and before.folded == PREPOSITIONS["min"] and at > 1:
        parted = reader.tokens[at - 2].text in COMMAS
        return Boundary(at - 1, "clause", "") if parted and _unsaid(reader, at) else None
    if word.folded == _TONGUE and before.folded == _ALA:
        return Boundary(at - 1, "phrase", "")  # by the mouth of
    if "after" in word.groups or ("after_that" in word.groups and following.that):
        return Boundary(before_aside(reader, at), "phrase", "")
    if "relative" in word.groups and any(map(_qualifies, following.cues)):
        return Boundary(at, "phrase", "")  # the attack, which he called ...
    if "late" in word.groups or (word.folded == _FI and is_setting(reader, at)):
        return Boundary(at, "late", "")
    if "relative" in word.groups and before.masdar and before.pronominal:
        return Boundary(at, "act", "")  # his resignation, which ...
    if "gloss" in word.groups and _is_relative(reader, at + 1):
        return Boundary(at, "phrase", "")
    if word.folded == _AND_IT and at + 1 < len(reader.words) and reader.words[at + 1].folded == _MA:
        return Boundary(at, "clause", "")
    second = "contrary" in word.groups or ("clause" in word.groups and before.folded == _FI)
    if second and at > 1 and reader.tokens[at - 2].text in COMMAS:
        return Boundary(at - 1, "clause", "")  # on the contrary; at a time when
    if "demonstrative" in word.groups and _aside(reader, at):
        return Boundary(at, "aside", "")
    return None


def _took_place(reader: Reader, at: int) -> bool:
    """Whether a perfect follows `which is what`: what came of it, as the reporter knows, and not what it means."""
    if at >= len(reader.words):
        return False
    word = reader.words[at]
    return word.folded[:1] not in (YEH, TEH, SEEN, "") and not word.groups & {"negation", "auxiliary"}


def _qualifies(cue: CueReading) -> bool:
    """Whether a verb says what the noun before it is, in somebody's opinion."""
    return bool(cue.form.suffix) and cue.form.kind in ("past", "present") and "as" in cue.form.cue.frames


def _regards(reader: Reader, at: int) -> bool:
    """Whether `fima` before a token means as regards, and not while."""
    return at < len(reader.words) and "regarding" in reader.words[at].groups


def _aside(reader: Reader, at: int) -> bool:
    """Whether the reporter goes on: and he had ..., and that in a speech."""
    word = reader.words[at]
    if "aside" not in word.groups:
        return False
    if "demonstrative" not in word.groups:
        return not ("auxiliary" in word.groups and at + 1 < len(reader.words) and _may_be(reader.words[at + 1]))
    return at + 1 < len(reader.words) and reader.words[at + 1].folded == _FI and is_setting(reader, at + 1)


def _may_be(word: Word) -> bool:
    """Whether a word behind `qad` is an imperfect: may, and no longer the reporter's `had`."""
    return word.verb and word.folded[0] in (YEH, TEH)


def is_setting(reader: Reader, at: int) -> bool:
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
    if at + 2 >= len(reader.words):
        return False
    if reader.words[at + 1].groups & {"withheld", "untold"}:
        return True
    return reader.words[at + 1].that_bare and any(c.form.kind == "present" for c in reader.words[at + 2].cues)


@lru_cache(maxsize=16384)
def _acts(folded: str) -> bool:
    """Whether a word is `and` with a finite verb: what the source of a nominal content did next, or someone else."""
    word = look_up(folded)
    if len(folded) <= _SHORTEST_VERB or word.kind or word.pronominal:
        return False
    if any(c.form.kind == "masdar" or not c.conjunction for c in word.cues):
        return False
    stem = look_up(folded[1:])
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
