"""What the ceasefire rules pass to one another: the clause around a term, and what governs the term in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from transforms.arabic.ceasefire_grammar import (
    has_stem_in,
    is_complementizer,
    is_in,
    is_verb,
    opens_clause,
    word_class,
)
from transforms.arabic.ceasefire_lexicon import ActEntry, Form, act_forms, is_negating_verb, needs_of, negator_kind
from transforms.arabic.ceasefire_terms import Term
from transforms.arabic.clitics import ALEF
from transforms.arabic.inflection import NOON, TAA_MARBUTA, TEH, YEH
from transforms.arabic.segment import QUOTES, Token

CLAUSE_MARKS: Final = frozenset("\u061b;:")  # Arabic semicolon
COMMAS: Final = frozenset("\u060c,-\u2013")  # Arabic comma
_OBLIQUE: Final = YEH + NOON  # -in
_PAIRS: Final = {"-": "-", "\u2013": "\u2013", ")": "("}
_LONGEST_PARENTHESIS: Final = 15
_NEEDS_REACH: Final = 20
_NEEDS_NEAR: Final = 9
_DUTY_REACH: Final = 7


@dataclass(slots=True)
class Governor:
    """A word of the acts lexicon that governs a term. `at` is its token; `behind` if it stands after the term."""

    at: int
    form: Form
    behind: bool = False
    relative: bool = False

    @property
    def entry(self) -> ActEntry:
        return self.form.entry


@dataclass(slots=True)
class Governance:
    """What governs a term.

    `decider` is None where nothing does. `outer` is the finite verb that governs the chain before the term, which need
    not be in the lexicon; `passed` are the tokens of failing and denying words met on the way; `accused` tells that
    the act is an accusation, `obliged` that somebody ought to do it.
    """

    act: str = "mention"
    decider: Governor | None = None
    outer: int | None = None
    passed: list[int] = field(default_factory=list)
    variant: str = ""
    sibling: int | None = None
    chain: Sequence[Governor] = ()
    accuser: Governor | None = None
    obliged: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """The sentence around a term: tokens `first` to `end` (exclusive); `terms` are those of the sentence."""

    tokens: Sequence[Token]
    first: int
    end: int
    terms: Sequence[Term]


def has_needs(clause: Clause, form: Form, at: int) -> bool:
    needs = needs_of(form.entry)
    if not needs:
        return True
    reach = _NEEDS_NEAR if all(is_in(word, "preposition") for word in needs) else _NEEDS_REACH
    for i in range(at + 1, min(clause.end, at + reach)):
        if clause.tokens[i].folded in needs:
            return True
        if opens_clause(clause.tokens, i):
            return False
    return False


def parenthesis_start(tokens: Sequence[Token], at: int, first: int) -> int:
    """Where the parenthesis that ends at `at` begins, or -1."""
    opening = _PAIRS.get(tokens[at].text)
    if opening is None:
        return -1
    for i in range(at - 1, max(first, at - _LONGEST_PARENTHESIS) - 1, -1):
        if tokens[i].text == opening:
            return i
    return -1


def is_obligation(tokens: Sequence[Token], at: int, first: int) -> bool:
    """Whether a complementizer says what somebody ought to do: `ala X an`, `inna ala X`."""
    if at + 1 < len(tokens) and tokens[at + 1].folded in word_class("upon"):
        return any(is_in(tokens[i].folded, "reporting") for i in range(max(first, at - _NEEDS_REACH), at))
    for i in range(at - 1, max(first, at - _DUTY_REACH) - 1, -1):
        if tokens[i].folded in word_class("upon"):
            opening = i == first or tokens[i - 1].text in QUOTES or tokens[i - 1].text == ":"
            return i < at - 1 and (opening or is_complementizer(tokens[i - 1]))
        if tokens[i].is_punct or is_verb(tokens[i].folded) or is_in(tokens[i].folded, "preposition"):
            return False
    return False


def prefers_noun(clause: Clause, at: int) -> bool:
    """Whether a word that may be a perfect or a masdar is a masdar: something before it governs it."""
    tokens = clause.tokens
    if at + 1 < clause.end and has_stem_in(tokens[at + 1].folded, "group") and tokens[at + 1].folded.endswith(_OBLIQUE):
        return True  # an oblique plural is no subject
    if tokens[at].folded.endswith(ALEF) and len(tokens[at].folded) > 3:
        return True
    following = tokens[at + 1].folded if at + 1 < clause.end else ""
    female = is_in(following, "country") and not is_in(following, "male_country")
    female = female or (has_stem_in(following, "feminine_group") and following.endswith(TAA_MARBUTA))
    if female and not tokens[at].folded.endswith(TEH):
        return True  # its perfect would be feminine
    if at == clause.first or tokens[at - 1].is_punct:
        return False
    before = tokens[at - 1].folded
    if is_in(before, "demonstrative"):
        return True
    if is_complementizer(tokens[at - 1]) or is_in(before, "relative") or opens_clause(tokens, at - 1):
        return False
    if is_in(before, "passive"):
        return True
    if negator_kind(before) == "noun":
        return True
    if is_in(before, "auxiliary") or negator_kind(before):
        return False
    if is_in(before, "preposition"):
        return True
    for i in range(at - 1, max(clause.first, at - 9) - 1, -1):
        if tokens[i].is_punct or is_in(tokens[i].folded, "relative") or opens_clause(tokens, i):
            return False
        if is_complementizer(tokens[i]):
            return False  # behind it the subject stands before its verb
        if (
            is_verb(tokens[i].folded)
            or is_negating_verb(tokens[i].folded)
            or any(f.part == "verb" for f in act_forms(tokens[i].folded))
        ):
            return True
    return False
