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
    has_needs,
    parenthesis_start,
    prefers_noun,
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
    unless_of,
)
from transforms.arabic.ceasefire_terms import Term
from transforms.arabic.clitics import ALEF, ARTICLE, BEH, LAM
from transforms.arabic.segment import Token

_RESUMPTIVE: Final = ("\u0647", "\u0647\u0627")  # -hu, -ha
_MIN: Final = "\u0645\u0646"  # min
_REACH: Final = 45
_NEAR: Final = 4
_NOUN_REACH: Final = 9
_SIBLING_REACH: Final = 5
_OVERRIDES: Final = {
    "call": frozenset({"declare", "agree", "negotiate", "hold", "end", "refuse", "mention", "call"}),
    "refuse": frozenset({"declare", "agree", "negotiate", "hold", "call", "mention"}),
    "negotiate": frozenset({"declare", "agree", "hold", "mention"}),
    "agree": frozenset({"declare", "agree", "hold", "negotiate", "mention"}),
    "violate": frozenset({"violate"}),
}


class _Walk:
    """The state of the walk from a term to the beginning of its sentence."""

    def __init__(self, clause: Clause, index: int) -> None:
        self.clause = clause
        self.term = clause.terms[index]
        self.chain: list[Governor] = []
        self.result = Governance()
        self.crossed = False
        self.comma = False
        self.words = 0
        self.nearest = self.term.first
        self.skip_relative = False
        self.verbs_only = False

    def may_skip_relative(self) -> bool:
        """Whether nouns before a relative clause may govern: where a comma closes it, or before an accusative."""
        accusative = self.clause.tokens[self.term.first].folded.endswith("\u0627")
        return self.comma or accusative

    def usable(self, at: int) -> Form | None:
        """The reading of the word at `at` that may govern the chain, if any."""
        token = self.clause.tokens[at]
        following = self.clause.tokens[at + 1].folded if at + 1 < self.clause.end else ""
        before = self.clause.tokens[at - 1].folded if at > self.clause.first else ""
        forms = act_forms(token.folded)
        if (
            at > self.clause.first
            and self.clause.tokens[at - 1].text in COMMAS
            and any(f.part == "participle" for f in forms)
        ):
            # Behind a comma it is what the subject does: "..., demanding that".
            forms = tuple(f for f in forms if f.part == "participle")
        if len(forms) > 1 and any(f.part == "noun" for f in forms) and prefers_noun(self.clause, at):
            forms = tuple(f for f in forms if f.part != "verb")
        for form in forms:
            entry = form.entry
            if following in unless_of(entry) or (entry.near and self.nearest - at > _NEAR):
                continue
            if entry.includes and (form.pronoun or (at + 1 == self.nearest and not self._has_subject_before(at))):
                continue
            if entry.kind == "barrier" and entry.act == "mention" and form.article:
                continue
            if form.part == "verb" and following in word_class("object_resumptive"):
                continue  # said of what stands before it
            if entry.act == "call" and form.preposition == BEH and following in word_class("of"):
                continue  # at the request of
            if form.article and has_stem_in(before, "delegation"):
                continue  # the delegation of the talks
            if entry.link and not self._nearest_bears(entry.link):
                continue
            if self._is_of_another(form, at):
                continue
            if (
                entry.kind == "barrier"
                and before == _MIN
                and not self.clause.tokens[at].folded.startswith(tuple(word_class("barrier_behind_min")))
            ):
                continue
            if not has_needs(self.clause, form, at):
                continue
            if entry.direct and (self._nearest_bears(BEH) or (at + 2 < self.nearest and self._nearest_bears(LAM))):
                continue
            if form.part != "verb":
                if self.verbs_only:
                    continue
                if entry.kind == "barrier" and form.pronoun:
                    continue
                if entry.kind == "name":
                    if self.nearest - at > (1 if entry.near else 2) or form.pronoun or form.article:
                        continue
                elif self.words > _NOUN_REACH or (self.comma and self.words > 7):
                    continue
                if entry.kind in ("weak", "barrier") and self.nearest - at > 6:
                    continue
                if form.article and entry.kind != "weak" and self.words > 5 and not form.preposition:
                    continue
            if self.crossed and not (entry.kind == "operator" and entry.act in ("call", "refuse", "negotiate")):
                continue
            return form
        return None

    def _has_subject_before(self, at: int) -> bool:
        """Whether what includes the ceasefire is told, so that the ceasefire is not the verb's subject."""
        between = self.clause.tokens[at + 1 : self.term.first]
        if self._term_bears(BEH) or any(is_in(t.folded, "preposition") for t in between):
            return True
        if not self.term.definite and not self.chain:
            return True
        before = self.clause.tokens[at - 1] if at > self.clause.first else None
        if before is None or before.is_punct or is_complementizer(before) or opens_clause(self.clause.tokens, at - 1):
            return False
        folded = before.folded
        return not (negator_kind(folded) or is_in(folded, "auxiliary") or is_verb(folded))

    def _is_of_another(self, form: Form, at: int) -> bool:
        """Whether a noun of what happens to a ceasefire is said of something else: the end of the war and ..."""
        happens = form.part == "noun" and form.entry.subject == "theme" and form.entry.kind in ("event", "report")
        if not happens or form.article or form.pronoun or at + 1 >= self.nearest:
            return False
        following = self.clause.tokens[at + 1].folded
        return following.startswith(ARTICLE) and not is_in(following, "demonstrative") and not act_forms(following)

    def _nearest_bears(self, preposition: str) -> bool:
        if self.chain:
            return self.chain[-1].form.preposition == preposition
        return self._term_bears(preposition)

    def _term_bears(self, preposition: str) -> bool:
        folded = self.clause.tokens[self.term.first].folded.lstrip("\u0648\u0641")
        return folded[:1] == preposition


def search_before(clause: Clause, index: int) -> Governance:
    walk = _Walk(clause, index)
    tokens = clause.tokens
    i = walk.term.first - 1
    while i >= clause.first and walk.term.first - i < _REACH:
        token = tokens[i]
        if token.is_punct:
            partner = parenthesis_start(tokens, i, clause.first)
            if partner >= 0:
                i = partner - 1
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


def _step(walk: _Walk, i: int) -> bool:
    """Take in the word at `i`; False where the walk ends with it."""
    tokens, folded = walk.clause.tokens, walk.clause.tokens[i].folded
    if is_complementizer(tokens[i]):
        if _raw_alef_below(tokens[i]) or _told_by_participle(walk.clause, i):
            return False
        walk.crossed = True
        walk.comma = False
        return True
    if is_in(folded, "relative") and walk.skip_relative:
        walk.skip_relative = False
        return True
    if is_in(folded, "relative") and _is_addressed(walk):
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
    if is_in(folded, "auxiliary"):
        return True
    if walk.chain and is_in(folded, "causal") and not _is_aside(walk, i):
        return False
    if is_verb(folded) or any(f.part == "verb" for f in act_forms(folded)):
        if i > walk.clause.first and is_complementizer(tokens[i - 1]) and not walk.chain:
            return True
        if not walk.chain and i > walk.clause.first and is_in(tokens[i - 1].folded, "relative"):
            walk.skip_relative = True
            walk.verbs_only = not (walk.may_skip_relative() or folded.endswith(_RESUMPTIVE))
            return True
        walk.result.outer = i
        return False
    walk.words += 1
    return True


def _is_addressed(walk: _Walk) -> bool:
    """Whether the term hangs on a verb by a preposition, which the words so far have not explained."""
    before = walk.term.first - 1
    by = before >= walk.clause.first and walk.clause.tokens[before].folded in word_class("to_or_upon")
    return not walk.chain and (by or walk._term_bears(BEH))


def _told_by_participle(clause: Clause, at: int) -> bool:
    """Whether an accusative participle that is no act tells what follows: "..., adding that"."""
    before = clause.tokens[at - 1] if at > clause.first else None
    if before is None or before.is_punct or not before.folded.endswith(ALEF):
        return False
    return not act_forms(before.folded) and (at - 1 == clause.first or clause.tokens[at - 2].text in COMMAS)


def _take(walk: _Walk, i: int, form: Form) -> bool:
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


def _is_aside(walk: _Walk, i: int) -> bool:
    """Whether a time stands between the governor and what governs it by a preposition: urged, after the meeting, to."""
    governor = walk.chain[-1]
    if governor.at - i < 2:
        return False
    return bool(governor.form.preposition) or walk.clause.tokens[governor.at - 1].folded in word_class("to_or_upon")


def _decide(walk: _Walk) -> Governance:
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
        elif entry.id == "declare.begin" and decider.entry.id == "hold.consolidate" and governor.at == decider.at - 1:
            result.act = governor.entry.act  # the beginning of the implementation
        elif entry.id == "violate.breach" and decider.form.part == "noun" and decider.entry.act in ("hold", "negotiate"):
            decider = governor  # a breach of the arrangement, of the consolidation
        elif entry.id == "negotiate.effort" and decider.entry.id == "hold.consolidate":
            continue  # efforts to keep one keep it
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
    if decider is None:
        return result
    result.decider, result.act = decider, result.act if result.act != "mention" else decider.entry.act
    result.variant = "accused" if result.accuser else decider.entry.variant
    if decider.entry.pact_act:
        result.act = _stipulated_act(walk.clause, decider, walk.term)
    if decider.entry.id == "violate.accuse":
        result.accuser = decider
    return result


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
