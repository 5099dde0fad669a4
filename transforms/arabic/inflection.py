"""Inflected forms from dictionary forms, so that a lexicon lists one pair for a verb and not its eighty forms.

Generated forms are folded. Over-generation is harmless: a form that does not exist is never met in a text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from transforms.arabic.clitics import ALEF, BEH, KAF, LAM, SEEN, WAW, readings
from transforms.arabic.normalize import fold_word

YEH: Final = "\u064a"
TEH: Final = "\u062a"
NOON: Final = "\u0646"
MEEM: Final = "\u0645"
HEH: Final = "\u0647"
TAA_MARBUTA: Final = "\u0629"
ALEF_MAKSURA: Final = "\u0649"
ALEF_HAMZA: Final = "\u0623"
ALEF_MADDA: Final = "\u0622"
US: Final = NOON + ALEF
PRONOUNS: Final = (HEH, HEH + ALEF, HEH + MEEM, HEH + MEEM + ALEF, US, KAF + MEEM)
_LONG: Final = (ALEF, WAW, YEH)


class Inflected(NamedTuple):
    """A form and what it shows. `gender`: m, f or empty; `number`: s, d, p or empty; `pronoun`: one that it ends in.

    `jussive`: shorter than the other moods. `accusative`: of an indefinite noun or participle.
    """

    text: str
    pronoun: str = ""
    gender: str = ""
    number: str = ""
    person: int = 3
    jussive: bool = False
    accusative: bool = False


def perfect_forms(verb: str) -> Iterator[Inflected]:
    """The forms of a perfect, given in the third person masculine singular."""
    last = verb[-1]
    weak = last in (ALEF, ALEF_MAKSURA)
    short = verb[:-1] if weak or last == YEH else verb
    # Before the dual's alef and what begins with a consonant the root's last letter stands.
    full = short + (WAW if last == ALEF else YEH) if weak else verb
    feminine = (short if weak else verb) + TEH
    for form, gender, number, person in (
        (verb, "m", "s", 3),
        (feminine, "f", "s", 3),
        (short + WAW + ALEF, "m", "p", 3),
        (full + ALEF, "m", "d", 3),
        (feminine + ALEF, "f", "d", 3),
        (full + NOON, "f", "p", 3),
        (full + US, "", "p", 1),
    ):
        yield Inflected(fold_word(form), "", gender, number, person)
    for pronoun in PRONOUNS:
        for form, gender, number, person in (
            (short + ALEF if weak else verb, "m", "s", 3),
            (feminine, "f", "s", 3),
            (short + WAW, "m", "p", 3),
            (full + US, "", "p", 1),
        ):
            yield Inflected(fold_word(form + pronoun), pronoun, gender, number, person)


def imperfect_forms(verb: str) -> Iterator[Inflected]:
    """The forms of an imperfect in all moods, given as it stands with the prefix yeh."""
    stem, last = verb[1:], verb[-1]
    weak = last in (ALEF, ALEF_MAKSURA, WAW, YEH)
    short = stem[:-1] if weak else stem
    full = short + YEH if last in (ALEF, ALEF_MAKSURA) else stem
    owned = short + ALEF if last == ALEF_MAKSURA else stem  # before a pronoun
    jussive = short if weak else stem[:-2] + last if len(stem) >= 3 and stem[-2] in _LONG else ""
    for prefix, gender, number, person in (
        (YEH, "m", "s", 3),
        (TEH, "f", "s", 3),
        (NOON, "", "p", 1),
        (ALEF_HAMZA, "", "s", 1),
    ):
        yield Inflected(fold_word(prefix + stem), "", gender, number, person)
        if jussive:
            yield Inflected(fold_word(prefix + jussive), "", gender, number, person, jussive=True)
        for pronoun in PRONOUNS:
            yield Inflected(fold_word(prefix + owned + pronoun), pronoun, gender, number, person)
            if jussive:
                yield Inflected(fold_word(prefix + jussive + pronoun), pronoun, gender, number, person, jussive=True)
    for prefix, ending, gender, number, person in (
        (YEH, full + ALEF + NOON, "m", "d", 3),
        (TEH, full + ALEF + NOON, "f", "d", 3),
        (YEH, short + WAW + NOON, "m", "p", 3),
        (YEH, short + WAW + ALEF, "m", "p", 3),
        (YEH, full + NOON, "f", "p", 3),
        (TEH, short + WAW + NOON, "m", "p", 2),
        (TEH, short + WAW + ALEF, "m", "p", 2),
        (TEH, short + YEH + NOON, "f", "s", 2),
    ):
        yield Inflected(fold_word(prefix + ending), "", gender, number, person)
        if number == "p" and gender == "m":
            form = prefix + ending.removesuffix(ALEF)
            yield from (Inflected(fold_word(form + pronoun), pronoun, gender, number, person) for pronoun in PRONOUNS)


def noun_forms(noun: str) -> Iterator[Inflected]:
    """The forms of a noun without clitics: as it stands, accusative, with a pronoun."""
    yield Inflected(fold_word(noun))
    if noun[-1] not in (TAA_MARBUTA, ALEF):
        yield Inflected(fold_word(noun + ALEF), accusative=True)
    construct = noun[:-1] + TEH if noun[-1] == TAA_MARBUTA else noun
    yield from (Inflected(fold_word(construct + pronoun), pronoun) for pronoun in PRONOUNS)


def participle_forms(participle: str) -> Iterator[Inflected]:
    """The forms of an indefinite participle in all numbers, genders and cases."""
    short = participle.removesuffix(YEH)
    for form, gender, number, accusative in (
        (participle, "m", "s", False),
        (participle + ALEF, "m", "s", True),
        (participle + TAA_MARBUTA, "f", "s", True),
        (short + YEH + NOON, "m", "p", True),
        (participle + TEH + YEH + NOON, "f", "d", True),
        (short + WAW + NOON, "m", "p", False),
        (short + WAW, "m", "p", False),
        (participle + ALEF + NOON, "m", "d", False),
        (participle + ALEF + TEH, "f", "p", False),
    ):
        yield Inflected(fold_word(form), "", gender, number, accusative=accusative)


def verb_forms(pair: str) -> Iterator[tuple[Inflected, str]]:
    """(form, tense) of a verb, given as `perfect imperfect`; `-` stands for a half left out."""
    perfect, _, imperfect = pair.partition(" ")
    if perfect != "-":
        yield from ((form, "past") for form in perfect_forms(perfect))
    if imperfect and imperfect != "-":
        yield from ((form, "present") for form in imperfect_forms(imperfect))


def is_preposition(letter: str) -> bool:
    """Whether a clitic letter is a preposition, and not the future's seen."""
    return letter in (BEH, LAM, KAF)


def may_be_imperfect(folded: str) -> bool:
    """Whether a word looks like a finite imperfect: yeh and at least three letters, or seen before a prefix of one."""
    for reading in readings(folded):
        stem = reading.stem
        if reading.article:
            return False
        if reading.preposition == SEEN and stem[0] in (YEH, TEH, NOON) and len(stem) >= 4:
            return True
        if not reading.preposition and stem[0] == YEH and len(stem) >= 4:
            return True
    return False
