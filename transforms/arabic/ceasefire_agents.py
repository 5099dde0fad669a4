"""Whether a phrase may name an agent: somebody, and no event, number, quality or mere pronoun."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from transforms.arabic.ceasefire_grammar import has_stem_in, is_in, word_class
from transforms.arabic.ceasefire_parties import Range
from transforms.arabic.clitics import readings
from transforms.arabic.inflection import PRONOUNS, TAA_MARBUTA, TEH
from transforms.arabic.segment import Token

_TANWIN: Final = ("\u064b", "\u064b\u0627")  # -an, also written before its alef


def may_act(tokens: Sequence[Token], phrase: Range) -> bool:
    words = [t.folded for t in tokens[phrase[0] : phrase[1] + 1] if not t.is_punct]
    if not words or (len(words) == 1 and words[0] in word_class("pronoun") | word_class("first_person")):
        return False
    if tokens[phrase[0]].text.endswith(_TANWIN):
        return False  # an indefinite accusative
    head = words[1] if len(words) > 1 and is_in(words[0], "demonstrative") else words[0]
    if head.isdigit() or (len(words) == 1 and is_in(head, "demonstrative")):
        return False
    if has_stem_in(head, "role") or has_stem_in(head, "group"):
        return True
    return not any(_is_listed(r.stem) for r in readings(head))


def is_first_person(tokens: Sequence[Token], phrase: Range) -> bool:
    return phrase[0] == phrase[1] and is_in(tokens[phrase[0]].folded, "first_person")


def _is_listed(stem: str) -> bool:
    listed = word_class("no_agent")
    if stem in listed:
        return True
    for pronoun in PRONOUNS:
        if stem.endswith(pronoun):
            bare = stem.removesuffix(pronoun)
            return bare in listed or (bare.endswith(TEH) and bare[:-1] + TAA_MARBUTA in listed)
    return False
