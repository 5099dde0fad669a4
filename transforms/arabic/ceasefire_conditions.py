"""What the act on a ceasefire hangs on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from transforms.arabic.ceasefire_clause import CLAUSE_MARKS, COMMAS, Clause, Governance
from transforms.arabic.ceasefire_flags import is_verb_form
from transforms.arabic.ceasefire_grammar import has_stem_in, is_complementizer, is_in, opens_clause, word_class
from transforms.arabic.ceasefire_lexicon import act_forms, condition_phrases
from transforms.arabic.ceasefire_terms import Term
from transforms.arabic.clitics import FEH, WAW
from transforms.arabic.inflection import TEH, may_be_imperfect
from transforms.arabic.segment import QUOTES, Token

_CONDITION_REACH: Final = 24
_SAID_REACH: Final = 8
_ALEF_BELOW: Final = "\u0625"  # of the conditional `in`, and not of `an`


def find_condition(clause: Clause, term: Term, found: Governance, *, withheld: bool) -> tuple[int, int] | None:
    """The tokens (first, last inclusive) of the condition that the act hangs on, its marker included.

    `withheld` tells that the act is refused or denied, so that `until` makes a condition.
    """
    behind = _condition_behind(clause, term, found, withheld=withheld)
    return behind or _condition_before(clause, term, found)


def _phrase_at(tokens: Sequence[Token], at: int, end: int) -> int:
    """The number of words of the condition phrase at `at`, or 0."""
    folded = tokens[at].folded
    if folded in word_class("even_if") or (at and tokens[at - 1].folded in word_class("until")):
        return 0  # what happens even if
    for first in (folded, folded[1:] if folded[:1] in (WAW, FEH) else folded):
        for phrase in condition_phrases().get(first, ()):
            if at + len(phrase) <= end and all(tokens[at + k].folded == w for k, w in enumerate(phrase) if k):
                return len(phrase)
    return 1 if at + 1 < end and _is_bare_if(tokens, at) else 0


def _is_bare_if(tokens: Sequence[Token], at: int) -> bool:
    """The conditional `in` and the durative `ma`, each right before a perfect."""
    following = act_forms(tokens[at + 1].folded)
    perfect = any(f.tense == "past" for f in following) and all(f.part == "verb" for f in following)
    if tokens[at].folded in word_class("as_long_as"):
        before = tokens[at - 1].folded if at else ""
        kept = any(f.entry.id == "agree.commit" for f in following)
        return perfect and kept and not (is_in(before, "preposition") or has_stem_in(before, "reporting"))
    if tokens[at].text[:1] != _ALEF_BELOW or tokens[at].folded not in word_class("if_in"):
        return False
    said = any(has_stem_in(t.folded, "reporting") for t in tokens[max(0, at - _SAID_REACH) : at] if not t.is_punct)
    return not said and (perfect or is_in(tokens[at + 1].folded, "was"))


def _condition_behind(clause: Clause, term: Term, found: Governance, *, withheld: bool) -> tuple[int, int] | None:
    tokens = clause.tokens
    future = found.decider is not None and found.decider.form.tense == "future"
    comma = told = False
    for i in range(term.last + 1, min(clause.end, term.last + 1 + _CONDITION_REACH)):
        token = tokens[i]
        if token.is_punct:
            if token.text in CLAUSE_MARKS:
                return None
            comma = comma or token.text in COMMAS
            continue
        length = _phrase_at(tokens, i, clause.end)
        if length and not (token.folded in word_class("to_or_upon") and told):
            return i, _condition_end(clause, i + length)
        until = token.folded in word_class("until") and withheld
        when = token.folded in word_class("when") and future
        if (until or when) and i + 1 < clause.end and _is_present(tokens[i + 1]):
            return i, _condition_end(clause, i + 1)
        told = told or is_verb_form(token.folded)
        if opens_clause(tokens, i) or (comma and _opens_clause(token)) or (told and is_complementizer(token)):
            return None
    return None


def _is_present(token: Token) -> bool:
    """Whether a word is or may be an imperfect."""
    known = any(f.part == "verb" and f.tense == "present" for f in act_forms(token.folded))
    return known or may_be_imperfect(token.folded) or (token.folded[:1] == TEH and is_verb_form(token.folded))


def _opens_clause(token: Token) -> bool:
    folded = token.folded
    joined = folded[:1] in (WAW, FEH)
    return joined and (is_verb_form(folded) or is_in(folded[1:], "first_person"))


def _condition_before(clause: Clause, term: Term, found: Governance) -> tuple[int, int] | None:
    """A condition in front: `in case of ..., `, or the term itself stands in the condition of another act."""
    tokens = clause.tokens
    start = min(term.first, found.decider.at if found.decider else term.first)
    for i in range(start - 1, max(clause.first, start - _CONDITION_REACH) - 1, -1):
        token = tokens[i]
        if token.is_punct and token.text in CLAUSE_MARKS:
            return None
        if is_complementizer(token):
            return None
        if token.is_punct:
            continue
        length = _phrase_at(tokens, i, start)
        if length:
            end = _condition_end(clause, i + length)
            inside = end >= start
            listed = any(has_stem_in(t.folded, "terms_of") for t in tokens[i : i + length])
            if inside and (found.decider is None or listed):
                return None  # what the terms are hangs on nothing
            if not inside and i + length < clause.end and is_in(tokens[i + length].folded, "demonstrative"):
                return None  # in return for that
            return i, end
        if opens_clause(tokens, i):
            return None
    return None


def _condition_end(clause: Clause, at: int) -> int:
    """The last token of the clause that begins at `at`."""
    end = at
    for i in range(at, clause.end):
        token = clause.tokens[i]
        if token.is_punct and (token.text in COMMAS or token.text in CLAUSE_MARKS or token.text in QUOTES):
            break
        if not token.is_punct:
            end = i
    return min(end, clause.end - 1)
