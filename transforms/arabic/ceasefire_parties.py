"""Between whom a ceasefire is: the parties that `between` names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from transforms.arabic.ceasefire_clause import Clause, Governance
from transforms.arabic.ceasefire_grammar import (
    has_stem_in,
    is_complementizer,
    is_in,
    is_verb,
    opens_clause,
    word_class,
)
from transforms.arabic.ceasefire_lexicon import (
    act_forms,
)
from transforms.arabic.ceasefire_phrases import phrase_end
from transforms.arabic.ceasefire_terms import Term
from transforms.arabic.clitics import WAW
from transforms.arabic.segment import Token

Range = tuple[int, int]
_PARTIES_REACH: Final = 9
_TERMS_NEAR: Final = 8
_IN_FORCE: Final = 3


def find_parties(clause: Clause, index: int, found: Governance) -> Range | None:
    """What stands behind `between` after the term, or between the governor and the term."""
    term, terms = clause.terms[index], terms_near(clause, index)
    start = found.decider.at if found.decider is not None and not found.decider.behind else term.last
    behind = _parties_in(clause, term, terms, range(term.last + 1, min(clause.end, term.last + 1 + _PARTIES_REACH)))
    return behind or _parties_in(clause, term, terms, range(start + 1, term.first))


def _parties_in(clause: Clause, term: Term, terms: Sequence[Term], spots: range) -> Range | None:
    for i in spots:
        token: Token = clause.tokens[i]
        if token.is_punct and token.text not in ('"', "\u00ab", "\u00bb"):
            if i > term.last:
                break
            continue
        if i > term.last + 1 and is_verb(token.folded):
            break
        if i > term.last and (
            opens_clause(clause.tokens, i)
            or is_complementizer(token)
            or (_is_barrier(token.folded) and not _is_in_force(clause, term.last + 1, i))
            or any(t.first == i for t in terms)
        ):
            break
        if i > term.last + 1 and _is_of_something_else(clause, i):
            break
        if token.folded in word_class("between") and i + 1 < clause.end:
            last = phrase_end(clause.tokens, i + 1, clause.end)
            last = _with_places(clause, last)
            if last > i and any(t.first <= last and t.last > i for t in terms):
                last = min(last, term.first - 1)
            if last > i:
                return i + 1, last
    return None


def _is_of_something_else(clause: Clause, at: int) -> bool:
    """Whether what follows is said of a purpose, or of a fight of its own: violence between."""
    forms = act_forms(clause.tokens[at].folded)
    if any(f.entry.id == "negotiate.purpose" for f in forms):
        return True
    before = clause.tokens[at - 1].folded
    return clause.tokens[at].folded in word_class("between") and has_stem_in(before, "no_agent")


def _is_in_force(clause: Clause, first: int, end: int) -> bool:
    """Whether the words before a time say that the ceasefire was in force: a truce in force since X between."""
    words = [clause.tokens[i].folded for i in range(first, end)]
    return 0 < len(words) <= _IN_FORCE and any(f.entry.id == "hold.keep" for word in words for f in act_forms(word))


def split_parties(tokens: Sequence[Token], parties: Range) -> list[Range]:
    """X and Y of `between X and Y`; one range where they are named with one word (`the two sides`)."""
    first, last = parties
    for i in range(first + 1, last + 1):
        if tokens[i].folded[:1] == WAW and len(tokens[i].folded) > 2 and not is_in(tokens[i].folded, "name"):
            return [(first, i - 1), (i, last)]
    return [parties]


def terms_near(clause: Clause, index: int) -> Sequence[Term]:
    """The terms around one, as many as a search may meet; bounds the work where a text repeats a term for ever."""
    return clause.terms[max(0, index - _TERMS_NEAR) : index + _TERMS_NEAR + 1]


def _with_places(clause: Clause, last: int) -> int:
    """A place behind the first party belongs to the parties where `and` goes on: between X in A and Y."""
    tokens = clause.tokens
    for i in range(last + 1, min(clause.end, last + 5)):
        if tokens[i].is_punct:
            return last
        if i > last + 1 and tokens[i].folded[:1] == WAW and not is_verb(tokens[i].folded):
            return max(last, phrase_end(tokens, i, clause.end))
        if i == last + 1 and tokens[i].folded not in word_class("place_in"):
            return last
    return last


def _is_barrier(folded: str) -> bool:
    return any(form.entry.kind == "barrier" for form in act_forms(folded))
