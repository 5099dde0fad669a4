"""Whether the act on a ceasefire is denied, and what it hangs on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from transforms.arabic.ceasefire_clause import CLAUSE_MARKS, COMMAS, Clause, Governance
from transforms.arabic.ceasefire_grammar import is_complementizer, is_in, is_verb, opens_clause, word_class
from transforms.arabic.ceasefire_lexicon import act_forms, condition_phrases, negator_kind
from transforms.arabic.ceasefire_terms import Term
from transforms.arabic.clitics import ALEF, FEH, LAM, WAW
from transforms.arabic.segment import QUOTES, Token

_REACH_BEFORE: Final = 3
_FAIL_REACH: Final = 10
_CONDITION_REACH: Final = 24


def resolve_negation(clause: Clause, term: Term, found: Governance) -> tuple[str, bool]:
    """(act, negated) after negation: a commitment not kept is a breach or a refusal, and those are not negated."""
    failing = [negator_kind(clause.tokens[i].folded) for i in found.passed]
    decider = found.decider
    if decider is None:
        if _is_ruled_out(clause, term):
            return "refuse", False
        if "deny" in failing:
            return "agree", True
        return ("end", False) if failing else (found.act, False)
    if found.act == "mention":
        return found.act, False
    entry = decider.entry
    if entry.id == "end.void":
        return found.act, False
    if entry.act == "call" and not decider.behind and _is_ruled_out(clause, term):
        return "refuse", False  # insists that there is none
    kind = _negator_before(clause.tokens, decider.at, clause.first)
    if (
        not kind
        and decider.form.part != "verb"
        and entry.kind != "weak"
        and found.outer is not None
        and _achieves(clause, found)
    ):
        kind = _negator_before(clause.tokens, found.outer, clause.first)
    if not kind and found.outer is None and decider.behind is False:
        kind = _copula_before(clause.tokens, decider.at, clause.first)
    if kind and entry.negated_act:
        if kind == "future" or (
            decider.form.tense == "present" and kind == "particle" and _is_la(clause.tokens, decider.at)
        ):
            return (entry.future_act or entry.negated_act), False
        if kind == "noun" or entry.negated_act == "violate":
            return entry.negated_act, False
    negated = bool(kind) != bool(failing)
    ended = any(
        g.entry.act == "end" and g.entry.subject == "theme" and (g.form.part == "verb" or g.at >= decider.at - 2)
        for g in found.chain
    )
    if found.act == "negotiate" and ended:
        negated = True
    if not negated and found.act in ("negotiate", "hold") and not decider.behind:
        negated = _fails_behind(clause, term)
    return found.act, negated


def _is_ruled_out(clause: Clause, term: Term) -> bool:
    """`lan takun hunaka` before the term: there will be none."""
    if not term.definite and term.first > clause.first and _is_la_itself(clause.tokens[term.first - 1].folded):
        return True
    before = [i for i in range(max(clause.first, term.first - 4), term.first) if not clause.tokens[i].is_punct]
    return any(negator_kind(clause.tokens[i].folded) == "future" for i in before) and is_in(
        clause.tokens[before[-1]].folded, "resumptive_there"
    )


def _achieves(clause: Clause, found: Governance) -> bool:
    """Whether not doing what the outer verb says means that its object does not come about."""
    assert found.outer is not None
    return is_in(clause.tokens[found.outer].folded, "achieving") or any(g.at == found.outer for g in found.chain)


def _is_la_itself(folded: str) -> bool:
    return folded in word_class("no_itself")


def _is_la(tokens: Sequence[Token], at: int) -> bool:
    return any(tokens[i].folded.endswith(LAM + ALEF) for i in range(max(0, at - 2), at))


def _negator_before(tokens: Sequence[Token], at: int, first: int) -> str:
    """The kind of the negator in front of the word at `at`, with at most helping verbs between; empty if none."""
    for i in range(at - 1, max(first, at - 1 - _REACH_BEFORE) - 1, -1):
        folded = tokens[i].folded
        if tokens[i].is_punct:
            if tokens[i].text in QUOTES:
                continue
            return ""
        kind = negator_kind(folded)
        if kind == "pseudo":
            return ""
        if kind in ("particle", "future", "noun"):
            # In front of a masdar a particle negates only through a helping verb.
            pseudo = negator_kind(tokens[i + 1].folded) == "pseudo"
            return "" if pseudo else kind
        if not is_in(folded, "auxiliary") and not is_in(folded, "demonstrative"):
            return ""
    return ""


def _copula_before(tokens: Sequence[Token], at: int, first: int) -> str:
    for i in range(at - 1, max(first, at - 5) - 1, -1):
        if tokens[i].is_punct:
            return ""
        if (
            negator_kind(tokens[i].folded) in ("particle", "future")
            and i + 1 < at
            and is_in(tokens[i + 1].folded, "auxiliary")
        ):
            return "" if negator_kind(tokens[i + 1].folded) == "pseudo" else negator_kind(tokens[i].folded)
    return ""


def _fails_behind(clause: Clause, term: Term) -> bool:
    """Whether what is said of the effort behind the term is that it fails."""
    for i in range(term.last + 1, min(clause.end, term.last + 1 + _FAIL_REACH)):
        token = clause.tokens[i]
        if token.is_punct and (token.text in CLAUSE_MARKS or token.text in COMMAS):
            return False
        if opens_clause(clause.tokens, i) or is_in(token.folded, "relative"):
            return False
        if negator_kind(token.folded) == "fail" and is_verb_form(token.folded):
            return True
    return False


def is_verb_form(folded: str) -> bool:
    """Whether the word may be a finite verb, of the lexicon or by its form."""
    return is_verb(folded) or any(form.part == "verb" for form in act_forms(folded))


def find_condition(clause: Clause, term: Term, found: Governance) -> tuple[int, int] | None:
    """The tokens (first, last inclusive) of the condition that the act hangs on, its marker included."""
    behind = _condition_behind(clause, term)
    return behind or _condition_before(clause, term, found)


def _phrase_at(tokens: Sequence[Token], at: int, end: int) -> int:
    """The number of words of the condition phrase at `at`, or 0."""
    folded = tokens[at].folded
    for first in (folded, folded[1:] if folded[:1] in (WAW, FEH) else folded):
        for phrase in condition_phrases().get(first, ()):
            if at + len(phrase) <= end and all(tokens[at + k].folded == w for k, w in enumerate(phrase) if k):
                return len(phrase)
    return 0


def _condition_behind(clause: Clause, term: Term) -> tuple[int, int] | None:
    tokens = clause.tokens
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
        told = told or is_verb_form(token.folded)
        if opens_clause(tokens, i) or (comma and _opens_clause(token)):
            return None
    return None


def _opens_clause(token: Token) -> bool:
    return token.folded[:1] in (WAW, FEH) and is_verb_form(token.folded)


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
            if inside and found.decider is None:
                return None
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
