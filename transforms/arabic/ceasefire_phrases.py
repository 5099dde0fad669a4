"""Noun phrases: where a subject begins and ends, without a parser."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from transforms.arabic.ceasefire_clause import COMMAS
from transforms.arabic.ceasefire_grammar import begins_phrase, has_stem_in, is_in, is_verb, word_class
from transforms.arabic.ceasefire_lexicon import act_forms, negator_kind
from transforms.arabic.clitics import LAM, WAW, readings
from transforms.arabic.segment import QUOTES, Token

_LONGEST: Final = 22
_LONGEST_APPOSITION: Final = 5


def phrase_end(tokens: Sequence[Token], at: int, end: int, *, objects: bool = False) -> int:
    """The last token of the noun phrase that begins at `at`, or at - 1 if none does.

    `objects` tells that a second phrase (the object) may follow without a word between: it is then left out.
    """
    last = at - 1
    role = group = False
    i = at
    while i < min(end, at + _LONGEST):
        token = tokens[i]
        if token.is_punct:
            following = _past_mark(tokens, i, end, role)
            if following < 0:
                break
            i = following
            continue
        if i > at and _ends_phrase(tokens, i, role, group):
            break
        if i > at and not role and _indefinite_after_definite(tokens, i):
            break
        if i == at and (begins_phrase(token) or is_governed(token.folded) or is_verb_here(token)):
            return at - 1
        if objects and i > at and token.folded.isdigit():
            break
        if objects and i > at and (_begins_object(tokens, i) or _begins_document(token.folded)):
            break
        role = role or has_stem_in(token.folded, "role")
        group = group or has_stem_in(token.folded, "group")
        last = i
        i += 1
    return last


def is_verb_here(token: Token) -> bool:
    return is_verb(token.folded) or any(
        f.part == "verb" and not f.pronoun for f in act_forms(token.folded) if f.tense != "past"
    )


def is_governed(folded: str) -> bool:
    """A masdar or a term's governor: the object of a verb and no part of its subject."""
    if has_stem_in(folded, "document"):
        return False
    return any(f.part == "noun" and f.entry.kind != "name" and f.entry.variant != "mediated" for f in act_forms(folded))


def _ends_phrase(tokens: Sequence[Token], i: int, role: bool, group: bool) -> bool:
    token = tokens[i]
    folded = token.folded
    if folded[:1] in ("\u0648", "\u0641") and is_verb_here(token):
        return True
    if begins_phrase(token):
        if _is_of(folded) and _names_whose(tokens, i, role, group):
            return False
        return not (
            role
            and folded in word_class("behind_role")
            and (folded in word_class("always_behind_role") or _single_place(tokens, i))
        )
    if is_in(folded, "auxiliary") and not is_in(folded, "demonstrative"):
        return True
    if is_governed(folded) or negator_kind(folded) in ("particle", "future"):
        return True
    if any(f.part == "verb" for f in act_forms(folded)) and not any(r.article for r in readings(folded)):
        return True
    return is_verb(folded)


def _indefinite_after_definite(tokens: Sequence[Token], i: int) -> bool:
    """A bare word behind a definite one is no part of its phrase, unless it names: an object, a state."""
    before, here = tokens[i - 1].folded, tokens[i].folded
    if tokens[i - 1].is_punct or here[:1] in ("\u0648", "#") or any(r.article for r in readings(here)):
        return False
    return (
        before.startswith("\u0627\u0644")
        and (here.endswith("\u0629") or here.endswith("\u0627"))
        and not is_in(here, "name")
    )


def _names_whose(tokens: Sequence[Token], i: int, role: bool, group: bool) -> bool:
    """Close behind a role, or behind a group that goes by its purpose."""
    near = tokens[max(0, i - 2) : i]
    return (role and any(has_stem_in(t.folded, "role") for t in near)) or (group and not role)


def _is_of(folded: str) -> bool:
    """lil-: behind a role it says whose it is."""
    return (
        folded.startswith(LAM)
        and not is_in(folded, "preposition")
        and any(r.preposition == LAM for r in readings(folded))
    )


def _single_place(tokens: Sequence[Token], i: int) -> bool:
    """A place or a whole behind a role, and then a name or the end: kept in the phrase only where a name goes on."""
    return (
        i + 2 < len(tokens)
        and not tokens[i + 1].is_punct
        and not tokens[i + 2].is_punct
        and not begins_phrase(tokens[i + 2])
        and not is_verb_here(tokens[i + 2])
        and not is_governed(tokens[i + 2].folded)
    )


def _begins_document(folded: str) -> bool:
    return has_stem_in(folded, "document") and folded[:1] != WAW


def _begins_object(tokens: Sequence[Token], i: int) -> bool:
    """A new head behind a definite word: an organisation or a role in construct."""
    before, here = tokens[i - 1].folded, tokens[i].folded
    if not is_in(here, "group") and not is_in(here, "role"):
        return False
    return any(r.article for r in readings(before)) and here[:1] != "\u0648"


def _past_mark(tokens: Sequence[Token], i: int, end: int, role: bool) -> int:
    """Where a phrase goes on behind the mark at `i`, or -1: past quotation marks, into an apposition of a role."""
    token = tokens[i]
    if token.text in QUOTES or token.text in ("(", ")", "#"):
        return i + 1
    if token.text in COMMAS and role and i + 1 < end:
        for j in range(i + 1, min(end, i + 2 + _LONGEST_APPOSITION)):
            if tokens[j].is_punct:
                return i + 1 if tokens[j].text in COMMAS and j > i + 1 else -1
            if begins_phrase(tokens[j]) or is_verb_here(tokens[j]) or is_governed(tokens[j].folded):
                return -1
    if token.text == "-" and not token.space_before:
        return i + 1
    return -1
