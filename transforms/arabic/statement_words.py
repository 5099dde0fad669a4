"""What one word can be: looked up in the lexicons once per word form, and cached."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from transforms.arabic.clitics import ALEF, ARTICLE, BEH, FEH, KAF, LAM, SEEN, WAW, Reading, readings
from transforms.arabic.normalize import fold_word
from transforms.arabic.statement_forms import HEH, MEEM, NOON, SUFFIXES, TAA_MARBUTA, TEH, YEH, Form
from transforms.arabic.statement_vocabulary import Attribution, Vocabulary, load_vocabulary

_NOMINAL_ENDINGS: Final = (YEH + TAA_MARBUTA, YEH + ALEF, YEH + YEH + NOON, YEH + WAW + NOON, ALEF + TEH)
_BOUNDING: Final = frozenset([FEH + YEH, WAW + HEH + WAW])  # in; and it is (what ...)
_BARE_THAT: Final = ALEF + NOON
_THAT: Final = frozenset([_BARE_THAT] + [_BARE_THAT + s for s in (*SUFFIXES, NOON + YEH, YEH, KAF)])
# Verbal nouns by their shape, in folded letters: taf'il, ifti'al and infi'al, istif'al, if'al, tafa'ul.
_MASDAR: Final = re.compile(
    f"{TEH}\\w\\w{YEH}\\w|{ALEF}\\w{TEH}\\w{ALEF}\\w|{ALEF}{NOON}\\w\\w{ALEF}\\w|{ALEF}\u0633{TEH}\\w\\w?{ALEF}\\w"
    f"|{ALEF}\\w\\w{ALEF}\\w|{TEH}\\w{ALEF}\\w\\w|\u0645\\w{ALEF}\\w\\w{TAA_MARBUTA}|{ALEF}\u0633{TEH}\\w{ALEF}\\w{TAA_MARBUTA}"
    f"|{ALEF}\\w{ALEF}\\w{TAA_MARBUTA}"
)
_TAFIL: Final = re.compile(f"{TEH}\\w\\w{YEH}\\w|{ALEF}\\w{TEH}\\w{ALEF}\\w|{ALEF}{NOON}\\w\\w{ALEF}\\w")
# What may follow the stem of an imperfect: number, then a pronoun.
_PRONOUNS: Final = "|".join(sorted(SUFFIXES, key=len, reverse=True))
_ENDINGS: Final = re.compile(
    f"(?:{WAW}{NOON}|{WAW}{ALEF}|{WAW}|{ALEF}{NOON}|{ALEF}|{NOON})?(?:{_PRONOUNS}|{NOON}{YEH}|{KAF})?$"
)


@dataclass(frozen=True, slots=True)
class CueReading:
    """A cue form found under proclitics."""

    form: Form
    conjunction: str
    preposition: str
    article: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """All that the rules ask of a word form. The defaults are punctuation's: no reading at all."""

    folded: str = ""
    groups: frozenset[str] = frozenset()  # of the word as it stands, and under a conjunction
    conjunction: bool = False  # reads as wa- or fa- plus a word of some group, a cue or a complementiser
    that: bool = False  # a complementiser, maybe with bi- and a pronoun
    that_bare: bool = False  # ... that is a word of its own and stays out of the content
    and_that: bool = False
    bi: bool = False
    li: bool = False
    to: bool = False  # li- with what can only be addressed: a definite noun, a source, a medium
    definite: bool = False
    kind: str = ""  # the kind of source that the noun names
    under_li: frozenset[str] = frozenset()  # groups of the word under li-
    masdar: bool = False  # shaped like, or listed as, a noun of action
    feminine: bool = False
    governed: bool = False  # the noun of a source stands under a preposition
    medium: bool = False  # a definite noun for a medium: the newspaper
    paired: bool = False  # a name together with the word behind it, perhaps
    pronominal: bool = False  # ends in a possessive pronoun of the third person
    verb: bool = False  # looks like an imperfect, or is a perfect that the lexicon lists
    perfect: bool = False  # looks like a perfect in the feminine
    finite: bool = False  # a verb as above, or a finite form of a cue
    participle: bool = False  # the participle of a cue, indefinite
    breaking: bool = False  # a finite cue that begins a clause of its own
    cues: tuple[CueReading, ...] = ()
    attribution: Attribution | None = None
    boundary: bool = False  # may begin what is no longer part of a content


def is_pair_name(first: str, second: str) -> bool:
    """Whether two words that mean something else alone are a name together."""
    return "name" in load_vocabulary().groups.get(f"{first} {second}", _NONE)


_NONE: Final[frozenset[str]] = frozenset()


@lru_cache(maxsize=65536)
def look_up(folded: str) -> Word:
    """The reading of a folded word form under the packaged lexicons."""
    vocabulary = load_vocabulary()
    stem = folded[1:] if len(folded) > 2 and folded[0] in (WAW, FEH) else folded
    joined = stem != folded
    stem_groups = vocabulary.groups.get(stem, _NONE) if joined else _NONE
    groups = vocabulary.groups.get(folded, _NONE) | stem_groups
    kind, kind_reading = _kind(folded, vocabulary)
    and_kind = bool(kind_reading and kind_reading.conjunction)
    bare_that = folded[1:] if folded[0] == BEH else folded
    name = "name" in groups
    cues = () if name else _cue_readings(folded, vocabulary)
    li = len(folded) > 2 and folded[0] == LAM and not name
    verb = (not name and _imperfect(folded, kind, groups)) or "verb" in groups
    under_li = _groups_under_li(folded, vocabulary) if li else _NONE
    tenses = {c.form.kind for c in cues if not c.article}
    return Word(
        folded=folded,
        groups=groups,
        conjunction=bool(stem_groups) or and_kind or any(c.conjunction for c in cues) or (joined and stem in _THAT),
        that=bare_that in _THAT,
        that_bare=bare_that == _BARE_THAT,
        and_that=joined and stem in _THAT,
        bi=not name
        and "not_bi" not in groups
        and any(
            len(w) > 2 and w[0] == BEH and not {w, w.removesuffix(ALEF)} & vocabulary.kinds.keys()
            for w in (folded, stem)
        ),
        li=li,
        to=li
        and (
            bool(kind_reading and kind_reading.preposition == LAM)
            or "addressee" in under_li
            or (not kind and any(r.preposition == LAM and r.article for r in readings(folded)))
        ),
        definite=folded.startswith(ARTICLE) or any(reading.article for reading in readings(folded)),
        kind=kind,
        under_li=under_li,
        masdar=not name and kind not in ("role", "place") and _is_masdar(folded, vocabulary),
        feminine=any(reading.stem.endswith(TAA_MARBUTA) for reading in readings(folded)),
        governed=bool(kind_reading and kind_reading.preposition),
        medium=kind == "organisation"
        and any(r.article and "addressee" in vocabulary.groups.get(r.stem, _NONE) for r in readings(folded)),
        paired=folded in vocabulary.paired,
        pronominal=not name and _is_pronominal(folded),
        verb=verb,
        perfect=not groups and _feminine_perfect(stem, kind),
        finite=verb or (not kind and bool(tenses & {"past", "present"})),
        participle=not kind and "participle" in tenses and "time" not in groups,
        breaking=not kind and any(_breaks(c) for c in cues),
        cues=cues,
        attribution=_attribution(folded, stem, vocabulary),
        boundary=bool(groups & {"cut", "aside", "late", "clause", "amid", "own_words", "relative", "gloss"})
        or folded in _BOUNDING
        or li,
    )


def _attribution(folded: str, stem: str, vocabulary: Vocabulary) -> Attribution | None:
    found = vocabulary.attributions.get(folded) or vocabulary.attributions.get(stem)
    return None if found and folded in map(fold_word, found.except_) else found


def _cue_readings(folded: str, vocabulary: Vocabulary) -> tuple[CueReading, ...]:
    return tuple(
        CueReading(form, reading.conjunction, reading.preposition, bool(reading.article))
        for reading in readings(folded)
        for form in vocabulary.forms.get(reading.stem, ())
        if (reading.preposition != SEEN or form.kind == "present")
        and (not reading.preposition or reading.preposition == SEEN or form.kind == "masdar")
    )


def _breaks(cue: CueReading) -> bool:
    form = cue.form
    if cue.article or form.cue.near or "relay" in form.cue.frames:
        return False
    return form.kind == "past" or (form.kind == "present" and bool(cue.conjunction))


def _kind(folded: str, vocabulary: Vocabulary) -> tuple[str, Reading | None]:
    """The kind of source that a noun names, also with a pronoun; and the reading with its clitics."""
    kinds = vocabulary.kinds
    for reading in readings(folded):
        kind = kinds.get(reading.article + reading.stem) or kinds.get(reading.stem)
        if kind:
            return kind, reading
    for reading in readings(folded):
        for suffix in (*SUFFIXES, ALEF):
            kind = kinds.get(reading.stem.removesuffix(suffix), "") if reading.stem.endswith(suffix) else ""
            if kind and (suffix != ALEF or kind == "document"):
                return kind, reading
    return "", None


def _is_masdar(folded: str, vocabulary: Vocabulary) -> bool:
    groups = vocabulary.groups
    if "not_content" in groups.get(folded, _NONE) | groups.get(folded.removeprefix(ARTICLE), _NONE):
        return False
    for reading in readings(folded):
        for suffix in ("", *SUFFIXES):
            if not reading.stem.endswith(suffix):
                continue
            bare = reading.stem.removesuffix(suffix)
            if "content_noun" in groups.get(bare, _NONE) or _MASDAR.fullmatch(bare):
                return True
            if bare[-1:] == ALEF and ("content_noun" in groups.get(bare[:-1], _NONE) or _TAFIL.fullmatch(bare[:-1])):
                return True  # an accusative
            if suffix and bare and "content_noun" in groups.get(bare[:-1] + TAA_MARBUTA, _NONE):
                return True
    return False


def _groups_under_li(folded: str, vocabulary: Vocabulary) -> frozenset[str]:
    found = [vocabulary.groups.get(r.stem, _NONE) for r in readings(folded) if r.preposition == LAM]
    return _NONE.union(*found)


def _imperfect(folded: str, kind: str, groups: frozenset[str]) -> bool:
    """Whether a word looks like a finite imperfect: yeh, or the future's seen and a prefix, and a stem not too long."""
    future = folded[0] == SEEN and folded[1:2] in (YEH, TEH, NOON) and len(folded) > 4
    if (folded[0] != YEH and not future) or len(folded) < 4 or kind or "not_verb" in groups or folded[-1] == YEH:
        return False
    if folded.endswith(_NOMINAL_ENDINGS):
        return False
    stem = _ENDINGS.sub("", folded[2:] if future else folded[1:])
    return len(stem) <= 4 or stem[0] == TEH or stem.startswith(SEEN + TEH)


def _feminine_perfect(stem: str, kind: str) -> bool:
    """Whether a word ends like a perfect in the third person feminine: teh after neither alef, yeh nor waw."""
    return len(stem) >= 4 and not kind and stem[-1] == TEH and stem[-2] not in (ALEF, YEH, WAW) and stem[:2] != ARTICLE


RESUMPTIVE: Final = frozenset(
    p + h
    for p in (FEH + YEH, BEH, "\u0639\u0644" + YEH, MEEM + NOON, "\u0639" + NOON, ALEF + LAM + YEH)
    for h in (HEH, HEH + ALEF, HEH + MEEM, HEH + MEEM + ALEF)
)  # a preposition with a pronoun: in it, by her, on them


def _is_pronominal(folded: str) -> bool:
    return folded.endswith((HEH, HEH + ALEF, HEH + MEEM, HEH + MEEM + ALEF)) and len(folded) > 3
