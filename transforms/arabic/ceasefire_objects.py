"""Whether a phrase behind a verb is its object, since its subject stands before it or is elided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from transforms.arabic.ceasefire_grammar import has_stem_in, is_complementizer, is_in, word_class
from transforms.arabic.ceasefire_lexicon import act_forms
from transforms.arabic.ceasefire_parties import Range
from transforms.arabic.clitics import ALEF, ARTICLE, FEH, SEEN, WAW
from transforms.arabic.inflection import HEH, MEEM, NOON, TAA_MARBUTA, TEH, YEH
from transforms.arabic.segment import Token

_ADDRESSING: Final = frozenset({"call", "violate"})
_OBLIQUE: Final = YEH + NOON
_PLURAL: Final = (WAW + NOON, WAW + ALEF)
_SHORTEST: Final = 5


def is_plural_verb(folded: str) -> bool:
    """Whether a verb is a masculine plural: its subject never follows it."""
    return folded.endswith(_PLURAL) and len(folded) >= _SHORTEST


def is_object(tokens: Sequence[Token], verb: int, phrase: Range, before: int | None) -> bool:
    """Whether `phrase`, which stands behind the verb, is its object; `before` is the word in front of the verb."""
    first, own = tokens[phrase[0]].folded, tokens[verb].folded
    addressing = any(f.part == "verb" and f.entry.act in _ADDRESSING for f in act_forms(own))
    if addressing and (_clashes(own, first) or _is_possessed(first)):
        return True
    each = first in word_class("each") and tokens[phrase[0] + 1].folded in word_class("of")
    if addressing and has_stem_in(first, "addressee") and not (own.endswith(TEH) or each):
        return True
    if before is None or tokens[before].is_punct:
        return False
    folded = tokens[before].folded
    accusative = first.endswith(ALEF) and not first.endswith(YEH + ALEF) and not first.startswith(ARTICLE)
    if accusative and (not is_complementizer(tokens[before]) or folded.endswith(pronoun_endings())):
        return True
    return folded in word_class("but_pronoun")


def pronoun_endings() -> tuple[str, ...]:
    return tuple(word_class("pronoun_ending"))


def _clashes(verb: str, head: str) -> bool:
    """Whether a verb does not agree with the noun behind it, which so is not its subject."""
    bare = verb.lstrip(WAW + FEH)
    imperfect = bare.removeprefix(SEEN)
    named = is_in(head, "country") or is_in(head, "male_country")
    if named and not verb.endswith(pronoun_endings()):
        male = is_in(head, "male_country")
        female_verb = bare.endswith(TEH) or imperfect[:1] == TEH
        return female_verb if male else not female_verb
    if has_stem_in(head, "feminine_group"):
        return head.endswith(TAA_MARBUTA) and (imperfect[:1] == YEH or not (bare.endswith(TEH) or imperfect[:1] == TEH))
    if has_stem_in(head, "masculine_head") or (head.startswith(ARTICLE) and has_stem_in(head, "role")):
        return bare.endswith(TEH) and not head.endswith(TAA_MARBUTA)
    return (
        head.startswith(ARTICLE) and head.endswith(_OBLIQUE) and not has_stem_in(head, "role") and len(head) > _SHORTEST
    )


def _is_possessed(head: str) -> bool:
    """A noun with a pronoun: whom one calls upon are one's own people, who one is stands before."""
    possessed = head.endswith((HEH + ALEF, HEH + MEEM)) or (head.endswith(HEH) and not is_in(head, "name"))
    return possessed and not head.startswith(ARTICLE) and len(head) > _SHORTEST
