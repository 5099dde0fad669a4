"""Inflected forms of cues with their gender and number, generated from the dictionary forms in lexicon/cues.toml."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from transforms.arabic.clitics import ALEF
from transforms.arabic.inflection import (
    TAA_MARBUTA,
    TEH,
    US,
    Inflected,
    imperfect_forms,
    noun_forms,
    participle_forms,
    perfect_forms,
)
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


@dataclass(frozen=True, kw_only=True)
class Cue(Entry):
    """A verb with its participle and verbal noun. `near`: only where the content follows the subject at once.

    `with`: only where the content holds one of these nouns among its first words (the sense restriction).
    `impersonal`: an imperfect without a subject and with a clause is a set phrase (it is believed that).
    `what`: only behind the particle ma (what he called ...).
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
    what: bool = False
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
        yield from (_form(cue, "past", i) for i in perfect_forms(cue.past) if not _is_rare(i))
    if cue.present:
        told = (i for i in imperfect_forms(cue.present) if not i.jussive and i.person != 2)
        yield from (_form(cue, "present", i) for i in told)
    if cue.plural:
        yield fold_word(cue.plural), Form(cue, "masdar", "", "p", "")
    if cue.participle:
        yield from (_form(cue, "participle", i) for i in participle_forms(cue.participle) if i.accusative)
    if cue.masdar:
        yield from (_form(cue, "masdar", i) for i in noun_forms(cue.masdar))
        yield fold_word(cue.masdar.removesuffix(TAA_MARBUTA) + ALEF + TEH), Form(cue, "masdar", "", "p", "")


def _form(cue: Cue, kind: str, form: Inflected) -> tuple[str, Form]:
    return form.text, Form(cue, kind, form.gender, form.number, form.pronoun, form.person == 1)


def _is_rare(form: Inflected) -> bool:
    """Whether a perfect is nearly always another word: `told us` reads as `we told`, the feminine plural as a noun."""
    told_us = form.pronoun == US and form.gender == "m" and form.number == "s"
    return told_us or (form.gender == "f" and form.number == "p")


@cache
def sense_words(cue: Cue) -> frozenset[str]:
    """The folded nouns of `with`, also with the pronouns that they may carry."""
    return frozenset(form.text for noun in cue.with_ for form in noun_forms(noun))


@cache
def unwanted_words(cue: Cue) -> frozenset[str]:
    """The folded nouns of `without`."""
    return frozenset(map(fold_word, cue.without))
