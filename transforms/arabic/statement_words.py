"""What one word can be: looked up in the lexicons once per word form, and cached."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from transforms.arabic.clitics import ALEF, ARTICLE, BEH, FEH, KAF, LAM, SEEN, WAW, readings
from transforms.arabic.lexicon import Entry, key_field, load_lexicon, one_of
from transforms.arabic.normalize import fold_word
from transforms.arabic.statement_forms import HEH, MEEM, NOON, SUFFIXES, TAA_MARBUTA, TEH, YEH, Cue, Form, cue_forms

GROUPS: Final = (
    "time", "adjunct", "relative", "auxiliary", "negation", "preposition", "clause", "cut", "event", "addressee",
    "not_bi", "not_source", "elided", "demonstrative", "no_source", "content_noun", "not_verb", "not_content", "verb",
    "aside", "regarding", "late", "generic_source", "with_that", "addressed", "quantifier",
)  # fmt: skip
KINDS: Final = ("anonymous", "document", "organisation", "role", "place")

_BARE_THAT: Final = ALEF + NOON
_THAT: Final = frozenset([_BARE_THAT] + [_BARE_THAT + s for s in (*SUFFIXES, NOON + YEH, YEH, KAF)])
# Verbal nouns by their shape, in folded letters: taf'il, ifti'al and infi'al, istif'al, if'al, tafa'ul.
_MASDAR: Final = re.compile(
    f"{TEH}\\w\\w{YEH}\\w|{ALEF}\\w{TEH}\\w{ALEF}\\w|{ALEF}{NOON}\\w\\w{ALEF}\\w|{ALEF}\u0633{TEH}\\w\\w?{ALEF}\\w"
    f"|{ALEF}\\w\\w{ALEF}\\w|{TEH}\\w{ALEF}\\w\\w|\u0645\\w{ALEF}\\w\\w{TAA_MARBUTA}|{ALEF}\u0633{TEH}\\w{ALEF}\\w{TAA_MARBUTA}"
    f"|{ALEF}\\w{ALEF}\\w{TAA_MARBUTA}"
)


@dataclass(frozen=True, kw_only=True)
class WordGroup(Entry):
    """Function words and other closed groups that bound phrases."""

    group: str = one_of(*GROUPS, key=True)
    words: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SourceNouns(Entry):
    """Nouns that head the name of a source."""

    kind: str = one_of(*KINDS, key=True)
    words: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Attribution(Entry):
    """The head of an according-to phrase; what must follow it before the source: li, ila, an, or a verb of saying.

    `ma`: only with the particle ma and a verb. `inside`: never at the head of a sentence.
    """

    head: str = key_field()
    li: bool = False
    ila: bool = False
    an: bool = False
    verb: bool = False
    ma: bool = False
    inside: bool = False


@dataclass(frozen=True, slots=True)
class CueReading:
    """A cue form found under proclitics."""

    form: Form
    conjunction: str
    preposition: str
    article: bool


@dataclass(frozen=True, slots=True)
class Word:
    """All that the rules ask of a word form."""

    folded: str
    groups: frozenset[str]  # of the word as it stands or under a conjunction
    conjunction: bool  # reads as wa- or fa- plus a word of some group, cue or complementiser
    that: bool  # a complementiser, maybe with bi- and a pronoun
    that_bare: bool  # ... that is a word of its own and stays out of the content
    and_that: bool
    bi: bool
    li: bool
    definite: bool
    kind: str  # the kind of source that the noun names, or empty
    under_li: frozenset[str]  # groups of the word under li-
    masdar: bool  # shaped like, or listed as, a noun of action
    feminine: bool
    verb: bool  # looks like an imperfect, or is a perfect that the lexicon lists
    perfect: bool  # looks like a perfect in the feminine
    cues: tuple[CueReading, ...]
    attribution: Attribution | None


@dataclass(frozen=True)
class Vocabulary:
    """The lexicons, indexed by folded form."""

    forms: dict[str, list[Form]]
    groups: dict[str, frozenset[str]]
    kinds: dict[str, str]
    attributions: dict[str, Attribution]


@cache
def load_vocabulary(folder: Path | None = None) -> Vocabulary:
    """Read and index the lexicons that the statement rules use."""
    forms: dict[str, list[Form]] = defaultdict(list)
    for cue in load_lexicon("cues.toml", "cue", Cue, folder):
        for text, form in cue_forms(cue):
            forms[text].append(form)
    groups: dict[str, set[str]] = defaultdict(set)
    for entry in load_lexicon("words.toml", "words", WordGroup, folder):
        for word in entry.words:
            groups[fold_word(word)].add(entry.group)
    kinds: dict[str, str] = {}
    for nouns in load_lexicon("nouns.toml", "nouns", SourceNouns, folder):
        for word in nouns.words:
            kinds.setdefault(fold_word(word), nouns.kind)
    attributions = {fold_word(a.head): a for a in load_lexicon("attributions.toml", "attribution", Attribution, folder)}
    return Vocabulary(dict(forms), {w: frozenset(g) for w, g in groups.items()}, kinds, attributions)


_NONE: Final[frozenset[str]] = frozenset()


@lru_cache(maxsize=65536)
def look_up(folded: str) -> Word:
    """The reading of a folded word form under the packaged lexicons."""
    vocabulary = load_vocabulary()
    groups = vocabulary.groups.get(folded, _NONE)
    stem = folded[1:] if len(folded) > 2 and folded[0] in (WAW, FEH) else folded
    stem_groups = vocabulary.groups.get(stem, _NONE) if stem != folded else _NONE
    cues = tuple(
        CueReading(form, reading.conjunction, reading.preposition, bool(reading.article))
        for reading in readings(folded)
        for form in vocabulary.forms.get(reading.stem, ())
        if (reading.preposition != SEEN or form.kind == "present")
        and (not reading.preposition or reading.preposition == SEEN or form.kind == "masdar")
    )
    kind, definite, feminine, masdar, and_kind = "", False, False, False, False
    for reading in readings(folded):
        if not kind and reading.conjunction:
            and_kind = bool({reading.article + reading.stem, reading.stem} & vocabulary.kinds.keys())
        kind = kind or vocabulary.kinds.get(reading.article + reading.stem, "")
        kind = kind or vocabulary.kinds.get(reading.stem, "")
        if reading.article:
            definite = True
        feminine = feminine or reading.stem.endswith(TAA_MARBUTA)
        core = reading.stem
        for suffix in ("", *SUFFIXES):
            if core.endswith(suffix):
                bare = core[: len(core) - len(suffix)] if suffix else core
                if "content_noun" in vocabulary.groups.get(bare, _NONE) or _MASDAR.fullmatch(bare):
                    masdar = True
                if suffix and not kind and len(bare) >= 2:
                    kind = vocabulary.kinds.get(bare, "")
                if suffix and bare and "content_noun" in vocabulary.groups.get(bare[:-1] + TAA_MARBUTA, _NONE):
                    masdar = True
    if "not_content" in groups or "not_content" in vocabulary.groups.get(folded.removeprefix(ARTICLE), _NONE):
        masdar = False
    bi = any(len(w) > 2 and w[0] == BEH and w not in vocabulary.kinds for w in {folded, stem})
    li = len(folded) > 2 and folded[0] == LAM
    that, that_bare = folded in _THAT, folded == _BARE_THAT
    if folded[0] == BEH and folded[1:] in _THAT:
        that, that_bare = True, folded[1:] == _BARE_THAT
    under_li = _NONE
    if li:
        for reading in readings(folded):
            if reading.preposition == LAM:
                under_li |= vocabulary.groups.get(reading.stem, _NONE)
    verb = (
        folded[0] == YEH
        and len(folded) >= 4
        and not kind
        and "not_verb" not in groups
        and folded[-1] != YEH
        and not folded.endswith((YEH + TAA_MARBUTA, YEH + ALEF, YEH + YEH + NOON, YEH + WAW + NOON, ALEF + TEH))
    ) or "verb" in groups | stem_groups
    perfect = _feminine_perfect(stem, kind) and not (groups | stem_groups)
    return Word(
        folded,
        groups | stem_groups,
        bool(stem_groups) or and_kind or any(c.conjunction for c in cues) or (stem in _THAT and stem != folded),
        that,
        that_bare,
        stem in _THAT and stem != folded,
        bi and "not_bi" not in groups and "not_bi" not in stem_groups,
        li,
        definite or folded.startswith(ARTICLE),
        kind,
        under_li,
        masdar,
        feminine,
        verb,
        perfect,
        cues,
        vocabulary.attributions.get(folded) or vocabulary.attributions.get(stem),
    )


def _feminine_perfect(stem: str, kind: str) -> bool:
    """Whether a word ends like a perfect in the third person feminine: teh after neither alef, yeh nor waw."""
    return len(stem) >= 4 and not kind and stem[-1] == TEH and stem[-2] not in (ALEF, YEH, WAW) and stem[:2] != ARTICLE


RESUMPTIVE: Final = frozenset(
    p + h
    for p in (FEH + YEH, BEH, "\u0639\u0644" + YEH, MEEM + NOON, "\u0639" + NOON, ALEF + LAM + YEH)
    for h in (HEH, HEH + ALEF, HEH + MEEM, HEH + MEEM + ALEF)
)  # a preposition with a pronoun: in it, by her, on them


def is_pronominal(folded: str) -> bool:
    """Whether a word ends in a possessive pronoun of the third person."""
    return folded.endswith((HEH, HEH + ALEF, HEH + MEEM, HEH + MEEM + ALEF)) and len(folded) > 3
