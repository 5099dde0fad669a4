"""The governors in front of a term: a walk from the term to the beginning of its clause."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from transforms.arabic.ceasefire_clause import (
    CLAUSE_MARKS,
    COMMAS,
    Clause,
    Governance,
    Governor,
    is_obligation,
    parenthesis_start,
)
from transforms.arabic.ceasefire_grammar import (
    has_stem_in,
    is_complementizer,
    is_in,
    is_verb,
    opens_clause,
    word_class,
)
from transforms.arabic.ceasefire_lexicon import (
    Form,
    act_forms,
    is_negating_verb,
    negator_kind,
)
from transforms.arabic.ceasefire_terms import Term
from transforms.arabic.ceasefire_walk import Walk
from transforms.arabic.clitics import ALEF
from transforms.arabic.inflection import HEH
from transforms.arabic.segment import Token

_RESUMPTIVE: Final = (HEH, HEH + ALEF)  # -hu, -ha
_LONGEST_ASIDE: Final = 14
_REACH: Final = 45
_SIBLING_REACH: Final = 5
_OVERRIDES: Final = {
    "call": frozenset({"declare", "agree", "negotiate", "hold", "end", "refuse", "mention", "call"}),
    "refuse": frozenset({"declare", "agree", "negotiate", "hold", "call", "mention"}),
    "negotiate": frozenset({"declare", "agree", "hold", "mention"}),
    "agree": frozenset({"declare", "agree", "hold", "negotiate", "mention"}),
    "violate": frozenset({"violate"}),
}
_DUTIES: Final = frozenset({"agree", "hold", "declare", "negotiate"})
_OVER_ONE: Final = {"agree.respond": "call", "negotiate.achieve": "negotiate"}


def search_before(clause: Clause, index: int) -> Governance:
    walk = Walk(clause, index)
    tokens = clause.tokens
    i = walk.term.first - 1
    while i >= clause.first and walk.term.first - i < _REACH:
        token = tokens[i]
        if token.is_punct:
            partner = parenthesis_start(tokens, i, clause.first)
            if partner >= 0:
                i = partner - 1
                continue
            aside = _aside_start(walk, i)
            if aside >= 0:
                i = aside
                continue
            if token.text in CLAUSE_MARKS and not (walk.chain and token.text == ":"):
                break
            walk.comma = walk.comma or token.text in COMMAS
            i -= 1
            continue
        if index and clause.terms[index - 1].last >= i:
            earlier = clause.terms[index - 1]
            if not walk.chain and walk.words <= _SIBLING_REACH:
                walk.result.sibling = index - 1
                break
            walk.words += 2
            i = earlier.first - 1
            index -= 1
            continue
        if not _step(walk, i):
            break
        i -= 1
    return _decide(walk)


def _aside_start(walk: Walk, i: int) -> int:
    """Where an aside begins that a comma ends right before `to` and the term: urged, in a statement, to; or -1."""
    tokens = walk.clause.tokens
    if walk.chain or tokens[i].text not in COMMAS or i != walk.term.first - 2:
        return -1
    if tokens[i + 1].folded not in word_class("to_or_upon"):
        return -1
    for k in range(i - 1, max(walk.clause.first, i - _LONGEST_ASIDE) - 1, -1):
        if tokens[k].text in COMMAS:
            return k - 1 if is_in(tokens[k + 1].folded, "preposition") else -1
    return -1


def _step(walk: Walk, i: int) -> bool:
    """Take in the word at `i`; False where the walk ends with it."""
    tokens, folded = walk.clause.tokens, walk.clause.tokens[i].folded
    if is_complementizer(tokens[i]):
        walk.result.obliged = walk.result.obliged or is_obligation(tokens, i, walk.clause.first)
        if _raw_alef_below(tokens[i]) or _told_by_participle(walk.clause, i):
            return False
        walk.crossed = True
        walk.comma = False
        return True
    if is_in(folded, "relative") and walk.skip_relative:
        walk.skip_relative = False
        return True
    if is_in(folded, "relative") and walk.is_purpose():
        walk.efforts_only = True  # the attempts that X makes to reach one
        return True
    resumed = i + 1 < walk.clause.end and tokens[i + 1].folded.endswith(_RESUMPTIVE)
    if is_in(folded, "relative") and resumed and not walk.chain:
        return True  # the appeal that X made for: what stands before may govern
    if is_in(folded, "relative") and walk.is_addressed():
        walk.verbs_only = True  # demands, says the text that was changed, ...
        return True
    if is_in(folded, "relative") or opens_clause(tokens, i):
        return False
    kind = negator_kind(folded)
    if kind in ("fail", "deny") and (walk.chain or walk.words <= 3):
        walk.result.passed.append(i)
        if is_negating_verb(folded):
            walk.result.outer = i
            return False
        walk.words += 1
        walk.nearest = i
        return True
    form = walk.usable(i)
    if form is not None:
        return _take(walk, i, form)
    if walk.chain and is_in(folded, "passive") and walk.nearest == i + 1 and not _is_told(walk.clause, i):
        return False  # `tamma` and its masdar are a clause of their own
    if is_in(folded, "auxiliary"):
        return True
    if walk.chain and is_in(folded, "causal") and not _is_aside(walk, i):
        return False
    if is_verb(folded) or any(f.part == "verb" for f in act_forms(folded)):
        if i + 1 < walk.clause.end and tokens[i + 1].folded in word_class("object_resumptive"):
            return True  # said of what stands before it
        if i > walk.clause.first and is_complementizer(tokens[i - 1]) and not walk.chain:
            return True
        if i > walk.clause.first and tokens[i - 1].folded in word_class("an") and not _raw_alef_below(tokens[i - 1]):
            walk.result.outer, walk.subordinate = i, len(walk.chain)
            return True  # in the hope that talks will lead to one
        if not walk.chain and i > walk.clause.first and is_in(tokens[i - 1].folded, "relative"):
            walk.skip_relative = True
            walk.efforts_only = walk.is_purpose()
            walk.result.outer = i if walk.efforts_only else walk.result.outer
            walk.verbs_only = not walk.efforts_only and not (walk.may_skip_relative() or folded.endswith(_RESUMPTIVE))
            return True
        if (walk.efforts_only and walk.chain) or walk.subordinate == len(walk.chain) > 0:
            return False
        walk.result.outer = i
        return walk.is_purpose() and i > walk.clause.first and is_in(tokens[i - 1].folded, "relative")
    walk.words += 1
    return True


def _is_told(clause: Clause, at: int) -> bool:
    """Whether a complementizer or a relative stands before the verb at `at`, helping words left out."""
    i = at - 1
    while i >= clause.first and (is_in(clause.tokens[i].folded, "auxiliary") or negator_kind(clause.tokens[i].folded)):
        i -= 1
    return i >= clause.first and (is_complementizer(clause.tokens[i]) or is_in(clause.tokens[i].folded, "relative"))


def _told_by_participle(clause: Clause, at: int) -> bool:
    """Whether an accusative participle that is no act tells what follows: "..., adding that"."""
    before = clause.tokens[at - 1] if at > clause.first else None
    if before is None or before.is_punct or not before.folded.endswith(ALEF):
        return False
    return not act_forms(before.folded) and (at - 1 == clause.first or clause.tokens[at - 2].text in COMMAS)


def _take(walk: Walk, i: int, form: Form) -> bool:
    governor = Governor(i, form)
    kind = form.entry.kind
    if kind == "barrier":
        if walk.chain and _is_aside(walk, i):
            return True
        weak = bool(walk.chain) and walk.chain[-1].entry.kind == "weak"
        if not walk.chain or (weak and form.entry.id != "mention.time"):
            walk.chain[:] = [governor]
        return False
    if kind == "name":
        if not walk.chain or walk.chain[-1].entry.act in ("hold", "agree"):
            walk.chain[:] = [governor]
            return False
        return True
    walk.chain.append(governor)
    walk.words = 0
    walk.comma = False
    walk.nearest = i
    if form.part == "verb":
        walk.result.outer = i
        before = _before_word(walk.clause.tokens, i, walk.clause.first)
        # A verb behind `an` is a verbal noun in disguise: what governs it may govern the term.
        return before >= 0 and is_complementizer(walk.clause.tokens[before])
    return True


def _is_aside(walk: Walk, i: int) -> bool:
    """Whether a time stands between the governor and what governs it by a preposition: urged, after the meeting, to."""
    governor = walk.chain[-1]
    if governor.at - i < 2:
        return False
    return bool(governor.form.preposition) or walk.clause.tokens[governor.at - 1].folded in word_class("to_or_upon")


def _decide(walk: Walk) -> Governance:
    result = walk.result
    decider: Governor | None = None
    for governor in walk.chain:
        entry = governor.entry
        if decider is None:
            decider = governor
        elif decider.entry.kind == "weak":
            if entry.kind not in ("weak", "report", "barrier"):
                decider = governor
        elif entry.id == "violate.accuse":
            result.accuser = governor
        elif decider.entry.id == "violate.breach" and _is_not_to(walk.clause, decider):
            decider = governor if entry.kind == "operator" and entry.act in ("call", "agree") else decider
        elif entry.id == "declare.begin" and decider.entry.id == "hold.consolidate" and governor.at == decider.at - 1:
            result.act = governor.entry.act  # the beginning of the implementation
        elif entry.id == "end.collapse" and decider.entry.id in ("declare.run", "declare.force"):
            decider = governor  # the end of being in force
        elif (
            entry.id == "violate.breach" and decider.form.part == "noun" and decider.entry.act in ("hold", "negotiate")
        ):
            decider = governor  # a breach of the arrangement, of the consolidation
        elif entry.id == "negotiate.effort" and decider.entry.id == "hold.consolidate":
            continue  # efforts to keep one keep it
        elif entry.id in _OVER_ONE:
            if decider.entry.act == _OVER_ONE[entry.id]:
                decider = governor
        elif entry.id == "negotiate.purpose" and _is_purpose_of(decider, governor):
            decider = governor  # for the sake of reaching one
        elif entry.act == "hold" and decider.entry.id == "declare.run" and governor.at == decider.at - 1:
            decider = governor  # the consolidation of its being in force
        elif entry.kind == "operator" and decider.entry.act in _OVERRIDES[entry.act]:
            backs = entry.act == "agree" and entry.subject == "agent"
            if backs and decider.entry.act == "negotiate" and decider.entry.id != "negotiate.offer":
                continue  # who backs the efforts has not accepted yet
            if entry.act == "negotiate" and decider.entry.act == "agree" and _succeeds(walk.clause, governor.at):
                continue  # efforts that succeeded are an agreement
            if entry.act == "negotiate" and any(decider.at > at > governor.at for at in result.passed):
                continue
            decider = governor
    result.chain = [governor for governor in walk.chain if decider is not None and governor.at < decider.at]
    result.obliged = result.obliged and decider is not None
    if decider is None:
        return result
    result.decider, result.act = decider, result.act if result.act != "mention" else decider.entry.act
    if result.obliged and result.act in _DUTIES:
        result.act, result.variant = "call", ""
        return result
    result.obliged = False
    result.variant = "accused" if result.accuser else decider.entry.variant
    if decider.entry.pact_act:
        result.act = _stipulated_act(walk.clause, decider, walk.term)
    if decider.entry.id == "violate.accuse":
        result.accuser = decider
    return result


def _is_not_to(clause: Clause, decider: Governor) -> bool:
    """Whether a breach is what is not to be: the call not to break it is a call for it."""
    before = clause.tokens[decider.at - 1].folded if decider.at > clause.first else ""
    return decider.form.part == "noun" and negator_kind(before) == "noun"


def _is_purpose_of(decider: Governor, governor: Governor) -> bool:
    near = decider.at - governor.at == 1 and decider.form.part == "noun"
    return near and decider.entry.act in ("declare", "agree") and decider.entry.kind != "weak"


def _succeeds(clause: Clause, at: int) -> bool:
    return any(has_stem_in(clause.tokens[i].folded, "success") for i in range(max(clause.first, at - 3), at))


def _stipulated_act(clause: Clause, decider: Governor, term: Term) -> str:
    """What a text that provides for one does: an agreement agrees, an initiative proposes, a resolution calls."""
    for i in [*range(decider.at - 1, max(clause.first, decider.at - 7) - 1, -1), *range(decider.at + 1, term.first)]:
        for form in act_forms(clause.tokens[i].folded):
            if form.entry.id == "agree.pact":
                return decider.entry.pact_act
            if form.entry.id == "negotiate.offer" and not has_stem_in(clause.tokens[i].folded, "document"):
                return "negotiate"
        if has_stem_in(clause.tokens[i].folded, "document"):
            return decider.entry.act
    return decider.entry.act


def _before_word(tokens: Sequence[Token], at: int, first: int) -> int:
    """The index of the word before `at` in the sentence, or -1."""
    i = at - 1
    while i >= first and tokens[i].is_punct:
        i -= 1
    return i if i >= first else -1


def _raw_alef_below(token: Token) -> bool:
    return "\u0625" in token.text[:2]  # alef with hamza below: the complementizer of speech, not of purpose
