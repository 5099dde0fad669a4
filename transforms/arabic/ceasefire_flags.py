"""Whether the act on a ceasefire is denied."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from transforms.arabic.ceasefire_clause import CLAUSE_MARKS, COMMAS, Clause, Governance
from transforms.arabic.ceasefire_grammar import has_stem_in, is_in, is_verb, opens_clause, word_class
from transforms.arabic.ceasefire_lexicon import act_forms, negator_kind
from transforms.arabic.ceasefire_terms import Term
from transforms.arabic.clitics import ALEF, LAM
from transforms.arabic.segment import QUOTES, Token

_REACH_BEFORE: Final = 3
_FAIL_REACH: Final = 10
_EXIST_REACH: Final = 5
_INTENT_REACH: Final = 4
_EFFECT_REACH: Final = 14


def resolve_negation(clause: Clause, term: Term, found: Governance) -> tuple[str, bool]:
    """(act, negated) after negation: a commitment not kept is a breach or a refusal, and those are not negated."""
    failing = [negator_kind(clause.tokens[i].folded) for i in found.passed]
    decider = found.decider
    if decider is None:
        if _is_ruled_out(clause, term):
            return "refuse", False
        if "deny" in failing:
            return "agree", True
        if _is_absent(clause, term):
            return "hold", True
        if failing and any(
            clause.tokens[i].folded in word_class("place_in") for i in range(found.passed[0], term.first)
        ):
            return "negotiate", True  # who fails in it has tried
        return ("end", False) if failing else (found.act, False)
    if found.act == "mention":
        return found.act, False
    entry = decider.entry
    if entry.id == "end.void":
        return found.act, False
    if decider.form.part == "noun" and not decider.behind and _is_unwilling(clause, decider.at):
        return "refuse", False
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
    if failing and not decider.behind and _fails_to_effect(clause, term, found):
        failing = []
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
    for i in range(max(clause.first, term.first - 3), term.first - 1):
        if _is_la_itself(clause.tokens[i].folded) and clause.tokens[i + 1].folded in word_class("room"):
            return True
    before = [i for i in range(max(clause.first, term.first - 4), term.first) if not clause.tokens[i].is_punct]
    return any(negator_kind(clause.tokens[i].folded) == "future" for i in before) and is_in(
        clause.tokens[before[-1]].folded, "resumptive_there"
    )


def _is_absent(clause: Clause, term: Term) -> bool:
    """`lam yakun hunaka`, `lam yashhad ayy`: that there was none, said of the past or the present."""
    for i in range(term.first - 1, max(clause.first, term.first - _EXIST_REACH) - 1, -1):
        folded = clause.tokens[i].folded
        if clause.tokens[i].is_punct or opens_clause(clause.tokens, i):
            return False
        if negator_kind(folded) == "particle":
            between = [clause.tokens[k].folded for k in range(i + 1, term.first)]
            near = bool(between) and is_in(between[-1], "resumptive_there")
            seen = bool(between) and is_in(between[0], "witnessing")
            return (near and all(is_in(word, "auxiliary") or is_in(word, "resumptive_there") for word in between)) or (
                seen and (len(between) == 1 or near)
            )
    return False


def _is_unwilling(clause: Clause, at: int) -> bool:
    """`la niyya ladayhi`: that there is no will to do what the masdar at `at` names."""
    for i in range(at - 1, max(clause.first, at - _INTENT_REACH) - 1, -1):
        if clause.tokens[i].is_punct or is_verb(clause.tokens[i].folded):
            return False
        if has_stem_in(clause.tokens[i].folded, "will"):
            return any(
                negator_kind(clause.tokens[k].folded) == "particle"
                for k in range(max(clause.first, i - _REACH_BEFORE), i)
                if not clause.tokens[k].is_punct
            )
    return False


def _fails_to_effect(clause: Clause, term: Term, found: Governance) -> bool:
    """Whether what fails is there, and fails to bring something about: the call for a truce failed to end the war."""
    chain = [*found.chain, found.decider] if found.decider else []
    if not any(g.at == found.passed[0] + 1 for g in chain if g is not None):
        return False
    for i in range(term.last + 1, min(clause.end - 1, term.last + _EFFECT_REACH)):
        if clause.tokens[i].text in CLAUSE_MARKS or opens_clause(clause.tokens, i):
            return False
        here, behind = clause.tokens[i].folded, clause.tokens[i + 1].folded
        if here in word_class("place_in") and has_stem_in(behind, "effect"):
            return True
    return False


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
        if token.folded in word_class("dead_end"):
            return True
    return False


def is_verb_form(folded: str) -> bool:
    """Whether the word may be a finite verb, of the lexicon or by its form."""
    return is_verb(folded) or any(form.part == "verb" for form in act_forms(folded))
