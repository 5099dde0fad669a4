"""Inflected forms from dictionary forms, so that a lexicon lists one pair for a verb and not its eighty forms.

Generated forms are folded. Over-generation is harmless: a form that does not exist is never met in a text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

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
PRONOUNS: Final = (HEH, HEH + ALEF, HEH + MEEM, HEH + MEEM + ALEF, NOON + ALEF, KAF + MEEM)
_LONG: Final = (ALEF, WAW, YEH)


def perfect_forms(verb: str) -> Iterator[tuple[str, str]]:
    """(form, object pronoun) of a perfect, given in the third person masculine singular."""
    if verb[-1] in (ALEF, ALEF_MAKSURA):
        stem = verb[:-1]
        with_pronoun, bare = [stem + ALEF, stem + TEH], [verb, stem + TEH, stem + WAW + ALEF, stem + YEH + ALEF]
        bare += [stem + YEH + NOON + ALEF, stem + TEH + ALEF]
    else:
        with_pronoun = [verb, verb + TEH, verb + WAW, verb + NOON + ALEF]
        bare = [verb, verb + TEH, verb + WAW + ALEF, verb + ALEF, verb + TEH + ALEF, verb + NOON + ALEF, verb + NOON]
    yield from ((fold_word(form), "") for form in bare)
    yield from ((fold_word(form + pronoun), pronoun) for form in with_pronoun for pronoun in PRONOUNS)


def imperfect_forms(verb: str) -> Iterator[tuple[str, str]]:
    """(form, object pronoun) of an imperfect in all moods, given as it stands with the prefix yeh."""
    stem, last = verb[1:], verb[-1]
    if last in (ALEF, ALEF_MAKSURA, WAW, YEH):
        endings = {stem, stem[:-1]}
        plurals = {stem[:-1] + WAW + NOON, stem[:-1] + WAW + ALEF, stem + ALEF + NOON, stem[:-1] + YEH + NOON}
    else:
        endings = {stem}
        if len(stem) >= 3 and stem[-2] in _LONG:
            endings.add(stem[:-2] + last)  # the jussive of a hollow verb
        plurals = {stem + WAW + NOON, stem + WAW + ALEF, stem + ALEF + NOON, stem + YEH + NOON, stem + NOON}
    for prefix in (YEH, TEH):
        for form in endings | plurals:
            yield fold_word(prefix + form), ""
        for form in endings | {form[:-1] for form in plurals}:
            for pronoun in PRONOUNS:
                yield fold_word(prefix + form + pronoun), pronoun
    for prefix in (NOON, ALEF_HAMZA):
        for form in endings:
            yield fold_word(prefix + form), ""
            yield from ((fold_word(prefix + form + pronoun), pronoun) for pronoun in PRONOUNS)


def noun_forms(noun: str) -> Iterator[tuple[str, str]]:
    """(form, possessive pronoun) of a noun without clitics: as it stands, accusative, with a pronoun."""
    yield fold_word(noun), ""
    if noun[-1] not in (TAA_MARBUTA, ALEF):
        yield fold_word(noun + ALEF), ""
    construct = noun[:-1] + TEH if noun[-1] == TAA_MARBUTA else noun
    yield from ((fold_word(construct + pronoun), pronoun) for pronoun in PRONOUNS)


def participle_forms(participle: str) -> Iterator[tuple[str, str]]:
    """(form, "") of a participle in all numbers, genders and cases."""
    for ending in ("", ALEF, TAA_MARBUTA, WAW + NOON, YEH + NOON, ALEF + NOON, ALEF + TEH, WAW, TEH + YEH + NOON):
        yield fold_word(participle + ending), ""


def verb_forms(pair: str) -> Iterator[tuple[str, str, str]]:
    """(form, object pronoun, tense) of a verb, given as `perfect imperfect`; `-` stands for a half left out."""
    perfect, _, imperfect = pair.partition(" ")
    if perfect != "-":
        yield from ((form, pronoun, "past") for form, pronoun in perfect_forms(perfect))
    if imperfect and imperfect != "-":
        yield from ((form, pronoun, "present") for form, pronoun in imperfect_forms(imperfect))


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
