"""What one word can be: looked up in the lexicons once per word form, and cached."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from transforms.arabic.clitics import ALEF, ARTICLE, BEH, FEH, KAF, LAM, SEEN, WAW, Reading, readings
from transforms.arabic.inflection import HEH, MEEM, NOON, PRONOUNS, TAA_MARBUTA, TEH, YEH
from transforms.arabic.normalize import fold_word
from transforms.arabic.particles import particle
from transforms.arabic.statement_forms import Form
from transforms.arabic.statement_vocabulary import Attribution, Vocabulary, load_vocabulary

_NOMINAL_ENDINGS: Final = (YEH + TAA_MARBUTA, YEH + ALEF, YEH + YEH + NOON, YEH + WAW + NOON, ALEF + TEH)
_BOUNDING: Final = frozenset([FEH + YEH, WAW + HEH + WAW, particle("without")])  # in; and it is (what ...); without
_BOUNDING_GROUPS: Final = frozenset(
    [
        "cut",
        "aside",
        "late",
        "clause",
        "amid",
        "own_words",
        "relative",
        "gloss",
        "contrary",
        "contrast",
        "but_that",
        "after_that",
        "after",
        "upshot",
        "also",
    ]
)
_BARE_THAT: Final = ALEF + NOON
_THAT: Final = frozenset([_BARE_THAT] + [_BARE_THAT + s for s in (*PRONOUNS, NOON + YEH, YEH, KAF)])
_PRONOUNS: Final = "|".join(sorted(PRONOUNS, key=len, reverse=True))
# Verbal nouns by their shape, in folded letters: taf'il, ifti'al and infi'al, which may also be accusatives; istif'al,
# if'al, tafa'ul; then a pronoun.
_TAFIL: Final = f"{TEH}\\w\\w{YEH}\\w|{ALEF}\\w{TEH}\\w{ALEF}\\w|{ALEF}{NOON}\\w\\w{ALEF}\\w"
_TAA: Final = f"(?:{TAA_MARBUTA}|{TEH}(?={_PRONOUNS}))"
_MASDAR: Final = re.compile(
    f"(?:(?:{_TAFIL}){ALEF}?|{ALEF}\u0633{TEH}\\w\\w?{ALEF}\\w"
    f"|{ALEF}\\w\\w{ALEF}\\w|{TEH}\\w{ALEF}\\w\\w|\u0645\\w{ALEF}\\w\\w{_TAA}|{ALEF}\u0633{TEH}\\w{ALEF}\\w{_TAA}"
    f"|{ALEF}\\w{ALEF}\\w{_TAA})(?:{_PRONOUNS})?"
)
_EIGHTH: Final = 6  # letters of a future of the eighth or fifth stem: will meet, will receive
_MASDAR_INITIALS: Final = (TEH, ALEF, MEEM)
# What may follow the stem of an imperfect: number, then a pronoun.
_ENDINGS: Final = re.compile(
    f"(?:{WAW}{NOON}|{WAW}{ALEF}|{WAW}|{ALEF}{NOON}|{ALEF}|{NOON})?(?:{_PRONOUNS}|{NOON}{YEH}|{KAF})?$"
)


@dataclass(slots=True)
class CueReading:
    """A cue form found under proclitics."""

    form: Form
    conjunction: str
    preposition: str
    article: bool


@dataclass(slots=True, kw_only=True, eq=False)
class Word:
    """All that the rules ask of a word form; nobody changes it. The defaults are punctuation's: no reading at all."""

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
    boundary: bool = False  # a verb, or another word that may begin what is no longer part of a content
    contextual: bool = False  # is read again beside its neighbours


def is_pair_name(first: str, second: str) -> bool:
    """Whether two words that mean something else alone are a name together."""
    return "name" in load_vocabulary().groups.get(f"{first} {second}", _NONE)


_NONE: Final[frozenset[str]] = frozenset()
_ALLAH: Final = ALEF + LAM + LAM + HEH


@lru_cache(maxsize=65536)
def look_up(folded: str) -> Word:
    """The reading of a folded word form under the packaged lexicons."""
    vocabulary = load_vocabulary()
    all_groups = vocabulary.groups
    read = readings(folded)
    joined = len(folded) > 2 and folded[0] in (WAW, FEH) and "name" not in all_groups.get(folded, _NONE)
    stem = folded[1:] if joined else folded
    stem_groups = all_groups.get(stem, _NONE) if joined else _NONE
    groups = all_groups.get(folded, _NONE)
    groups = groups | stem_groups if stem_groups else groups
    kind, kind_reading = _kind(read, vocabulary)
    bare_that = folded[1:] if folded[0] == BEH else folded
    and_that = joined and stem in _THAT
    name = "name" in groups
    cues = () if name or "no_cue" in groups else _cue_readings(read, vocabulary, "not_bi" not in groups)
    li = len(folded) > 2 and folded[0] == LAM and not name
    verb = (not name and _imperfect(folded, kind, groups)) or "verb" in groups
    foreign = folded[:2] == FEH + YEH and not cues  # Virginia, rather than `and so he ...`
    verb = verb or (joined and not (name or foreign) and stem[0] in (YEH, SEEN) and _imperfect(stem, kind, groups))
    under_li = _groups_under_li(read, vocabulary) if li else _NONE
    tenses = {c.form.kind for c in cues if not c.article} if cues and not kind else _NONE
    definite = folded.startswith(ARTICLE)
    feminine = False
    for _, _, article, bare in read:
        definite = definite or article != ""
        feminine = feminine or bare[-1] == TAA_MARBUTA
    perfect = not groups and _feminine_perfect(stem, kind)
    finite = verb or "past" in tenses or "present" in tenses
    boundary = finite or perfect or "participle" in tenses or folded[0] in (WAW, LAM) or folded in _BOUNDING
    boundary = boundary or bare_that in _THAT
    boundary = boundary or not groups.isdisjoint(_BOUNDING_GROUPS)
    paired = folded in vocabulary.paired
    return Word(
        folded=folded,
        groups=groups,
        conjunction=bool(stem_groups)
        or and_that
        or bool(kind_reading and kind_reading.conjunction)
        or (cues != () and any(c.conjunction for c in cues)),
        that=bare_that in _THAT,
        that_bare=bare_that == _BARE_THAT,
        and_that=and_that,
        bi=(folded[0] == BEH or stem[0] == BEH) and not name and "not_bi" not in groups and _under_bi(folded, stem),
        li=li,
        to=li
        and (
            bool(kind_reading and kind_reading.preposition == LAM)
            or "addressee" in under_li
            or (not kind and any(r.preposition == LAM and r.article for r in read))
        ),
        definite=definite,
        kind=kind,
        under_li=under_li,
        masdar=not name and kind not in ("role", "place") and _is_masdar(folded, read, vocabulary),
        feminine=feminine,
        governed=bool(kind_reading and kind_reading.preposition),
        medium=kind == "organisation" and any(r.article and "addressee" in all_groups.get(r.stem, _NONE) for r in read),
        paired=paired,
        pronominal=not (name or folded.startswith(ARTICLE)) and _is_pronominal(folded),
        verb=verb,
        perfect=perfect,
        finite=finite,
        participle="participle" in tenses and "time" not in groups,
        breaking=bool(tenses) and any(_breaks(c) for c in cues),
        cues=cues,
        attribution=_attribution(folded, stem, vocabulary),
        boundary=boundary,
        contextual=paired or "identity" in groups,
    )


@lru_cache(maxsize=4096)
def part_of_name(folded: str) -> Word:
    """A word that is read as part of a name, whatever it means elsewhere."""
    return Word(folded=folded)


def _under_bi(folded: str, stem: str) -> bool:
    kinds = load_vocabulary().kinds
    return any(
        len(w) > 2 and w[0] == BEH and w not in kinds and w.removesuffix(ALEF) not in kinds for w in (folded, stem)
    )


def _attribution(folded: str, stem: str, vocabulary: Vocabulary) -> Attribution | None:
    found = vocabulary.attributions.get(folded) or vocabulary.attributions.get(stem)
    return None if found and folded in map(fold_word, found.except_) else found


def _cue_readings(read: tuple[Reading, ...], vocabulary: Vocabulary, bi: bool) -> tuple[CueReading, ...]:
    """`bi`: the word may begin with the preposition."""
    found: list[CueReading] = []
    for conjunction, preposition, article, stem in read:
        if preposition == BEH and not bi:
            continue
        forms = vocabulary.forms.get(stem)
        if forms:
            kind = "present" if preposition == SEEN else "masdar"
            fitting = forms if not preposition else [form for form in forms if form.kind == kind]
            if article:
                fitting = [form for form in fitting if form.kind in ("masdar", "participle")]
            found += [CueReading(form, conjunction, preposition, article != "") for form in fitting]
    return tuple(found)


def _breaks(cue: CueReading) -> bool:
    form = cue.form
    if cue.article or form.cue.near or form.cue.with_ or "relay" in form.cue.frames:
        return False
    return form.kind == "past" or (form.kind == "present" and bool(cue.conjunction))


def _kind(read: tuple[Reading, ...], vocabulary: Vocabulary) -> tuple[str, Reading | None]:
    """The kind of source that a noun names, also with a pronoun; and the reading with its clitics."""
    kinds, owned = vocabulary.kinds, vocabulary.owned_kinds
    for reading in read:
        kind = (reading.article and kinds.get(reading.article + reading.stem)) or kinds.get(reading.stem)
        if kind:
            return kind, reading
    for reading in read:
        kind = owned.get(reading.stem)
        if kind:
            return kind, reading
    return "", None


def _is_masdar(folded: str, read: tuple[Reading, ...], vocabulary: Vocabulary) -> bool:
    groups = vocabulary.groups
    if "not_content" in groups.get(folded, _NONE) or "not_content" in groups.get(folded.removeprefix(ARTICLE), _NONE):
        return False
    stems = [reading.stem for reading in read]
    if not vocabulary.content_nouns.isdisjoint(stems):
        return True
    if folded[-1] == ALEF and folded[:-1] in vocabulary.content_nouns:
        return True  # indefinite and accusative
    return any(_MASDAR.fullmatch(stem) for stem in stems if stem[0] in _MASDAR_INITIALS)


def _groups_under_li(read: tuple[Reading, ...], vocabulary: Vocabulary) -> frozenset[str]:
    groups = vocabulary.groups
    found = [groups.get(r.stem) or groups.get(r.article + r.stem, _NONE) for r in read if r.preposition == LAM]
    return _NONE.union(*found) if found else _NONE


def _imperfect(folded: str, kind: str, groups: frozenset[str]) -> bool:
    """Whether a word looks like a finite imperfect: yeh, or the future's seen and a prefix, and a stem not too long."""
    future = folded[0] == SEEN and folded[1:2] in (YEH, TEH, NOON) and len(folded) > 4
    if folded.startswith(YEH + YEH) or folded[-1] == TAA_MARBUTA:
        return False  # a foreign name, a noun
    if folded.startswith(TEH + SEEN + TEH) and len(folded) > 4:
        return not kind and "not_verb" not in groups  # no noun of the tenth stem begins so
    if (folded[0] != YEH and not future) or len(folded) < 4 or kind or "not_verb" in groups:
        return False
    if folded[-1] == YEH and not (future and len(folded) == _EIGHTH and TEH in folded[2:4] and not groups):
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
    for p in (BEH, LAM, *map(particle, ("fi", "ala", "min", "an", "ila")))
    for h in (HEH, HEH + ALEF, HEH + MEEM, HEH + MEEM + ALEF)
)  # a preposition with a pronoun: in it, by her, on them


def _is_pronominal(folded: str) -> bool:
    ending = folded.endswith((HEH, HEH + ALEF, HEH + MEEM, HEH + MEEM + ALEF))
    return ending and len(folded) > 3 and not folded.endswith(_ALLAH)
