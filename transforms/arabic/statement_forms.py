"""Inflected forms of cues with their gender and number, generated from the dictionary forms in lexicon/cues.toml."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from transforms.arabic.clitics import ALEF, FEH, KAF, WAW
from transforms.arabic.lexicon import Entry, key_field, one_of
from transforms.arabic.normalize import fold_word

CUE_CLASSES: Final = [
    "speech",
    "report",
    "announce",
    "affirm",
    "deny",
    "demand",
    "warn",
    "threaten",
    "accuse",
    "pledge",
    "offer",
    "reject",
    "condemn",
    "welcome",
    "agree",
    "expect",
    "opinion",
    "express",
    "claim",
]
# How the content follows the cue: a clause with a complementiser; a colon or quotation marks; a bare noun phrase; a
# prepositional phrase; who_*: the addressed or accused party, which belongs to the content, and then the preposition.
FRAMES: Final = (
    "that", "quote", "bare", "plain", "tell", "np", "bi", "ila", "ala", "an", "min", "fi", "li", "as", "source_fi",
    "relay", "light", "deem", "who_bi", "who_ala", "who_ila", "who_min", "who_np",
)  # fmt: skip

YEH: Final = "\u064a"
TEH: Final = "\u062a"
NOON: Final = "\u0646"
HEH: Final = "\u0647"
MEEM: Final = "\u0645"
ALEF_HAMZA: Final = "\u0623"
ALEF_MAKSURA: Final = "\u0649"
TAA_MARBUTA: Final = "\u0629"
# The prepositions that open a content, in folded letters: ila, 'ala, 'an, min, fi.
PREPOSITIONS: Final = {
    "ila": "\u0627\u0644\u064a",
    "ala": "\u0639\u0644\u064a",
    "an": "\u0639\u0646",
    "min": "\u0645\u0646",
    "fi": FEH + YEH,
}
SUFFIXES: Final = (HEH, HEH + ALEF, HEH + MEEM, HEH + MEEM + ALEF, NOON + ALEF, KAF + MEEM)


@dataclass(frozen=True, kw_only=True)
class Cue(Entry):
    """A verb with its participle and verbal noun. `near`: only where the content follows the subject at once.

    `with`: only where the content holds one of these nouns among its first words (the sense restriction).
    `impersonal`: an imperfect without a subject and with a clause is a set phrase (it is believed that).
    `continues`: goes on with a speech (added).
    `without`: not where the content begins with one of these nouns.
    `except`: forms that are nearly always another word.
    `negated`: a statement under a negation too (did not rule out).
    `plural`: the broken plural of the verbal noun; a noun that belongs to no verb has neither past nor present.
    """

    lemma: str = key_field()
    cue_class: str = one_of(*CUE_CLASSES)
    past: str = ""
    present: str = ""
    participle: str = ""
    masdar: str = ""
    plural: str = ""
    negated: bool = False
    frames: tuple[str, ...] = one_of(*FRAMES)
    near: bool = False
    impersonal: bool = False
    continues: bool = False
    with_: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    except_: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """One inflected form. `gender`: m, f or empty; `number`: s, d, p or empty; `suffix`: a pronoun it ends in."""

    cue: Cue
    kind: str  # past, present, participle, masdar
    gender: str
    number: str
    suffix: str
    first_person: bool = False


def cue_forms(cue: Cue) -> Iterator[tuple[str, Form]]:
    """All folded forms of a cue, without proclitics."""
    excepted = {fold_word(form) for form in cue.except_}
    yield from ((text, form) for text, form in _all_forms(cue) if text not in excepted)


def _all_forms(cue: Cue) -> Iterator[tuple[str, Form]]:
    if cue.past:
        yield from _past(cue)
    if cue.present:
        yield from _present(cue)
    if cue.plural:
        yield fold_word(cue.plural), Form(cue, "masdar", "", "p", "")
    if cue.participle:
        yield from _participle(cue)
    if cue.masdar:
        stem = fold_word(cue.masdar)
        yield stem, Form(cue, "masdar", "", "", "")
        if stem[-1] not in (TAA_MARBUTA, ALEF):
            yield stem + ALEF, Form(cue, "masdar", "", "", "")
        yield stem.removesuffix(TAA_MARBUTA) + ALEF + TEH, Form(cue, "masdar", "", "p", "")
        construct = stem[:-1] + TEH if stem[-1] == TAA_MARBUTA else stem
        for suffix in SUFFIXES:
            yield construct + suffix, Form(cue, "masdar", "", "", suffix)


@cache
def sense_words(cue: Cue) -> frozenset[str]:
    """The folded nouns of `with`, also with the pronouns that they may carry."""
    out = set()
    for noun in map(fold_word, cue.with_):
        construct = noun[:-1] + TEH if noun[-1] == TAA_MARBUTA else noun
        out.update([noun, noun + ALEF, *(construct + suffix for suffix in SUFFIXES)])
    return frozenset(out)


@cache
def unwanted_words(cue: Cue) -> frozenset[str]:
    """The folded nouns of `without`."""
    return frozenset(map(fold_word, cue.without))


def _past(cue: Cue) -> Iterator[tuple[str, Form]]:
    stem = fold_word(cue.past)
    weak = cue.past[-1] in (ALEF, YEH, ALEF_MAKSURA)  # and not a hamza on alef
    short = stem[:-1] if weak else stem
    dual = short + YEH if weak else stem
    for form, gender, number in (
        (stem, "m", "s"),
        (short + TEH, "f", "s"),
        (dual + ALEF, "m", "d"),
        (short + TEH + ALEF, "f", "d"),
        (short + WAW + ALEF, "m", "p"),
    ):
        yield form, Form(cue, "past", gender, number, "")
    yield short + NOON + ALEF, Form(cue, "past", "", "p", "", first_person=True)
    base = short + ALEF if weak else stem
    for suffix in SUFFIXES:
        if suffix != NOON + ALEF:
            yield base + suffix, Form(cue, "past", "m", "s", suffix)
        yield short + TEH + suffix, Form(cue, "past", "f", "s", suffix)
        yield short + WAW + suffix, Form(cue, "past", "m", "p", suffix)


def _present(cue: Cue) -> Iterator[tuple[str, Form]]:
    stem = fold_word(cue.present)[1:]
    weak = stem[-1] in (WAW, YEH, ALEF)
    short = stem[:-1] if weak else stem
    dual = short + YEH if weak and stem[-1] != WAW else stem
    for prefix, gender in ((YEH, "m"), (TEH, "f")):
        yield prefix + stem, Form(cue, "present", gender, "s", "")
        yield prefix + dual + ALEF + NOON, Form(cue, "present", gender, "d", "")
        base = short + ALEF if weak and stem[-1] == YEH and cue.past.endswith(YEH) else stem
        for suffix in SUFFIXES:
            yield prefix + base + suffix, Form(cue, "present", gender, "s", suffix)
    yield YEH + short + WAW + NOON, Form(cue, "present", "m", "p", "")
    yield YEH + short + WAW + ALEF, Form(cue, "present", "m", "p", "")
    yield NOON + stem, Form(cue, "present", "", "p", "", first_person=True)
    yield ALEF + stem, Form(cue, "present", "", "s", "", first_person=True)


def _participle(cue: Cue) -> Iterator[tuple[str, Form]]:
    stem = fold_word(cue.participle)
    plural = stem[:-1] if stem[-1] == YEH else stem
    yield stem + ALEF, Form(cue, "participle", "m", "s", "")
    yield stem + TAA_MARBUTA, Form(cue, "participle", "f", "s", "")
    yield plural + YEH + NOON, Form(cue, "participle", "m", "p", "")
    yield stem + TEH + YEH + NOON, Form(cue, "participle", "f", "d", "")
