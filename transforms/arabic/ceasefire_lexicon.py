"""The acts, negators and conditions of the lexicon as tables that are looked up by word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from transforms.arabic.ceasefire_grammar import word_class
from transforms.arabic.clitics import BEH, LAM, SEEN, readings
from transforms.arabic.inflection import is_preposition, noun_forms, participle_forms, verb_forms
from transforms.arabic.lexicon import Entry, key_field, load_lexicon, one_of
from transforms.arabic.normalize import fold_word

ACTS: Final = ("declare", "agree", "negotiate", "call", "refuse", "violate", "hold", "end", "mention")
KINDS: Final = ("event", "operator", "report", "weak", "barrier", "name")


@dataclass(frozen=True, kw_only=True)
class ActEntry(Entry):
    id: str = key_field()
    act: str = one_of(*ACTS)
    kind: str = one_of(*KINDS)
    verbs: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    participles: tuple[str, ...] = ()
    subject: str = one_of("agent", "theme", "object", "speaker", default="agent")
    needs: tuple[str, ...] = ()
    direct: bool = False
    includes: bool = False
    near: bool = False
    unless: tuple[str, ...] = ()
    except_: tuple[str, ...] = ()
    link: str = one_of("", BEH, default="")
    variant: str = one_of("", "signed", "mediated", "demanded", "accused", "monitored", default="")
    negated_act: str = one_of("", *ACTS, default="")
    future_act: str = one_of("", *ACTS, default="")
    pact_act: str = one_of("", *ACTS, default="")


@dataclass(frozen=True, kw_only=True)
class NegatorEntry(Entry):
    id: str = key_field()
    kind: str = one_of("particle", "future", "noun", "fail", "deny", "pseudo")
    words: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    participles: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ConditionEntry(Entry):
    id: str = key_field()
    kind: str = one_of("marker", "bound")
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """One reading of a word as a form of an entry. `part` is verb, noun or participle."""

    entry: ActEntry
    part: str
    tense: str
    pronoun: str
    preposition: str
    article: bool


def _forms(entry: ActEntry | NegatorEntry) -> Iterator[tuple[str, str, str, str]]:
    """(form, part, tense, pronoun) of all words of an entry."""
    for verb in entry.verbs:
        for form, tense in verb_forms(verb):
            yield form.text, "verb", tense, form.pronoun
    for noun in entry.nouns:
        for form in noun_forms(noun):
            yield form.text, "noun", "", form.pronoun
    for participle in entry.participles:
        for form in participle_forms(participle):
            yield form.text, "participle", "", form.pronoun


@cache
def _act_table() -> dict[str, tuple[tuple[ActEntry, str, str, str], ...]]:
    table: dict[str, list[tuple[ActEntry, str, str, str]]] = {}
    for entry in load_lexicon("ceasefire_acts.toml", "act", ActEntry):
        barred = {fold_word(form) for form in entry.except_}
        for form, part, tense, pronoun in _forms(entry):
            if form not in barred:
                table.setdefault(form, []).append((entry, part, tense, pronoun))
    return {form: tuple(found) for form, found in table.items()}


@lru_cache(maxsize=16384)
def act_forms(folded: str) -> tuple[Form, ...]:
    """How a folded word may be read as a word of the acts lexicon; of several entries the first listed comes first."""
    table = _act_table()
    found: list[Form] = []
    is_name = folded in word_class("name") or folded in word_class("not_verb")
    for reading in readings(folded):
        for entry, part, tense, pronoun in table.get(reading.stem, ()):
            if part == "verb":
                # A finite verb bears no article and no preposition but the future's seen and the lam of purpose.
                if (
                    is_name
                    or reading.article
                    or (reading.preposition and (tense, reading.preposition) not in _VERB_PREFIXES)
                ):
                    continue
            elif reading.preposition and not is_preposition(reading.preposition):
                continue
            future = "future" if reading.preposition == SEEN else tense
            found.append(Form(entry, part, future, pronoun, reading.preposition, bool(reading.article)))
    return tuple(found)


_VERB_PREFIXES: Final = frozenset({("present", SEEN), ("present", LAM)})


@cache
def needs_of(entry: ActEntry) -> frozenset[str]:
    return frozenset(map(fold_word, entry.needs))


@cache
def unless_of(entry: ActEntry) -> frozenset[str]:
    return frozenset(map(fold_word, entry.unless))


@cache
def _negator_table() -> dict[str, tuple[str, str]]:
    table: dict[str, tuple[str, str]] = {}
    for entry in load_lexicon("negation.toml", "negator", NegatorEntry):
        for word in entry.words:
            table.setdefault(fold_word(word), (entry.kind, "word"))
        for form, part, _, _ in _forms(entry):
            table.setdefault(form, (entry.kind, part))
    return table


def negator_kind(folded: str) -> str:
    """particle, future, noun, fail, deny or pseudo; empty where the word does not negate."""
    return _negator(folded)[0]


def is_negating_verb(folded: str) -> bool:
    """Whether the word is a finite verb of failing or denying."""
    return _negator(folded)[1] == "verb"


@lru_cache(maxsize=16384)
def _negator(folded: str) -> tuple[str, str]:
    table = _negator_table()
    for reading in readings(folded):
        kind, part = table.get(reading.stem, ("", ""))
        if part in ("word", "verb") and kind != "noun" and (reading.article or reading.preposition not in ("", SEEN)):
            continue
        if kind:
            return kind, part
    return "", ""


@cache
def condition_phrases() -> dict[str, tuple[tuple[str, ...], ...]]:
    """The phrases that make conditions, by their first word, the longest first."""
    table: dict[str, list[tuple[str, ...]]] = {}
    for entry in load_lexicon("conditions.toml", "condition", ConditionEntry):
        for phrase in entry.words:
            words = tuple(map(fold_word, phrase.split()))
            table.setdefault(words[0], []).append(words)
    return {first: tuple(sorted(phrases, key=len, reverse=True)) for first, phrases in table.items()}
