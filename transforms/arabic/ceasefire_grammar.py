"""Word classes that the ceasefire rules ask for: function words, auxiliaries, verbs, roles, groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from transforms.arabic.clitics import ALEF, ARTICLE, BEH, FEH, KAF, LAM, SEEN, WAW, readings
from transforms.arabic.inflection import NOON, TEH, YEH, may_be_imperfect, verb_forms
from transforms.arabic.lexicon import Entry, key_field, load_lexicon
from transforms.arabic.normalize import fold_word
from transforms.arabic.segment import Token

FILE: Final = "ceasefire_grammar.toml"


@dataclass(frozen=True, kw_only=True)
class WordsEntry(Entry):
    id: str = key_field()
    words: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()


@cache
def word_class(name: str) -> frozenset[str]:
    """The folded forms of one class; of verbs, all inflected forms."""
    for entry in load_lexicon(FILE, "words", WordsEntry):
        if entry.id == name:
            forms = {form.text for verb in entry.verbs for form, _ in verb_forms(verb)}
            return frozenset(forms | {fold_word(word) for word in entry.words})
    raise KeyError(name)


@lru_cache(maxsize=16384)
def is_in(folded: str, name: str) -> bool:
    """Whether the word, with or without a conjunction before it, is of the class."""
    words = word_class(name)
    return folded in words or any(r.stem in words for r in readings(folded) if not r.preposition and not r.article)


@lru_cache(maxsize=16384)
def has_stem_in(folded: str, name: str) -> bool:
    """As `is_in`, also with the article and with a preposition."""
    words = word_class(name)
    return any(r.stem in words for r in readings(folded))


_PLURAL: Final = WAW + ALEF  # -u of a masculine plural perfect
_SHORTEST_PLURAL: Final = 5
_LONG: Final = (ALEF, WAW, YEH)


def is_complementizer(token: Token) -> bool:
    """Whether a word introduces a content clause."""
    if token.is_punct or token.text in word_class("name_like_particle_an"):
        return False
    if token.folded in word_class("exception") and "\u0625" in token.text[:2]:
        return False  # illa with hamza below is `except`, with hamza above `not to`
    return token.folded in word_class("an") or is_in(token.folded, "complementizer")


def opens_clause(tokens: Sequence[Token], at: int) -> bool:
    """Whether the word at `at` begins a clause of its own, so that nothing governs across it."""
    folded = tokens[at].folded
    if folded in word_class("exception"):
        return at + 1 < len(tokens) and (tokens[at + 1].folded[:2] == ALEF + NOON)
    if folded in word_class("at_a_time") and 0 < at < len(tokens) - 1 and is_in(tokens[at - 1].folded, "preposition"):
        following = tokens[at + 1].folded
        if is_verb(following) or is_in(following, "relative"):
            return True  # at a time when
    if folded in word_class("in_respect") and at > 0 and tokens[at - 1].folded in word_class("of"):
        return False  # in respect of
    return is_in(folded, "opener")


@lru_cache(maxsize=16384)
def is_verb(folded: str) -> bool:
    """Whether the word is, or by its form may be, a finite verb that no act is listed for."""
    if folded in word_class("not_verb"):
        return False
    for reading in readings(folded):
        if (
            reading.article
            or reading.preposition in (BEH, KAF)
            or (reading.preposition == LAM and reading.stem[0] != YEH)
        ):
            continue
        if reading.preposition == SEEN and reading.stem[0] == ALEF:
            continue
        if reading.stem in word_class("verb") or reading.stem in word_class("reporting"):
            return True
    if folded.endswith(_PLURAL) and len(folded) >= _SHORTEST_PLURAL and not has_stem_in(folded, "not_verb"):
        return True
    if _may_be_feminine_perfect(folded):
        return True
    return may_be_imperfect(folded) and not has_stem_in(folded, "not_verb")


def _may_be_feminine_perfect(folded: str) -> bool:
    """Whether a word looks like a perfect of the third person feminine: its teh follows a consonant."""
    bare = folded[1:] if folded[0] in (WAW, FEH) else folded
    return (
        len(bare) >= _SHORTEST_PLURAL
        and bare[-1] == TEH
        and bare[-2] not in _LONG
        and bare[0] not in (BEH, LAM, KAF)
        and not bare.startswith(ARTICLE)
        and not has_stem_in(folded, "not_verb")
    )


def begins_phrase(token: Token) -> bool:
    """Whether a word ends the noun phrase before it: a preposition, also a prefixed one, or a clause opener."""
    if token.text in word_class("name_like_particle_ala") or token.text in word_class("name_like_particle_an"):
        return False  # the names Ali and Ban, written with a dotted yeh and without hamza
    return _begins_phrase(token.folded)


@lru_cache(maxsize=16384)
def _begins_phrase(folded: str) -> bool:
    if any(is_in(folded, name) for name in ("preposition", "relative", "complementizer", "opener")):
        return True
    if folded in word_class("name"):
        return False
    for reading in readings(folded):
        if reading.preposition in (BEH, LAM) and len(reading.stem) >= 3 and reading.stem not in word_class("name"):
            # A conjunction before it may be the name's own first letter only when nothing else is peeled.
            return not any(r.stem in word_class("name") for r in readings(folded))
    return False
