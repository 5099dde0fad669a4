"""The governing act: which word around a term says what is done to the ceasefire.

From the term outwards: nouns and participles may be governed by further words, a finite verb ends its clause. Among
the governors found, the nearest decides, unless an operator (a call, a refusal, talks) governs it. Where nothing
before the term decides, what is said of the term behind it does: a relative clause, an adjective, a predicate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from transforms.arabic.ceasefire_grammar import has_stem_in, is_complementizer, is_in, is_verb, opens_clause
from transforms.arabic.ceasefire_lexicon import (
    ActEntry,
    Form,
    act_forms,
    is_negating_verb,
    needs_of,
    negator_kind,
    unless_of,
)
from transforms.arabic.ceasefire_terms import Term
from transforms.arabic.segment import Token

CLAUSE_MARKS: Final = frozenset("\u061b;:")  # Arabic semicolon
COMMAS: Final = frozenset("\u060c,-\u2013")  # Arabic comma
_RESUMPTIVE: Final = ("\u0647", "\u0647\u0627")  # -hu, -ha
_OBLIQUE: Final = "\u064a\u0646"  # -in
_AN: Final = frozenset({"\u0627\u0646", "\u0648\u0627\u0646"})  # an, wa-an, hamza folded away
_MIN: Final = "\u0645\u0646"  # min
_MIN_BARRED: Final = ("\u0642\u0628\u0644", "\u0628\u0639\u062f")  # qabl, baad: barriers also behind min
_PAIRS: Final = {"-": "-", "\u2013": "\u2013", ")": "("}
_LONGEST_PARENTHESIS: Final = 15
_REACH: Final = 45
_NOUN_REACH: Final = 9
_BEHIND: Final = 14
_NEEDS_REACH: Final = 16
_SIBLING_REACH: Final = 5

_OVERRIDES: Final = {
    "call": frozenset({"declare", "agree", "negotiate", "hold", "end", "refuse", "mention", "call"}),
    "refuse": frozenset({"declare", "agree", "negotiate", "hold", "call", "mention"}),
    "negotiate": frozenset({"declare", "agree", "hold", "mention"}),
    "agree": frozenset({"declare", "agree", "hold", "negotiate", "mention"}),
    "violate": frozenset({"violate"}),
}


@dataclass(slots=True)
class Governor:
    """A word of the acts lexicon that governs a term. `at` is its token; `behind` if it stands after the term."""

    at: int
    form: Form
    behind: bool = False
    relative: bool = False

    @property
    def entry(self) -> ActEntry:
        return self.form.entry


@dataclass(slots=True)
class Governance:
    """What governs a term.

    `decider` is None where nothing does. `outer` is the finite verb that governs the chain before the term, which need
    not be in the lexicon; `passed` are the tokens of failing and denying words met on the way; `accused` tells that
    the act is an accusation.
    """

    act: str = "mention"
    decider: Governor | None = None
    outer: int | None = None
    passed: list[int] = field(default_factory=list)
    variant: str = ""
    sibling: int | None = None
    chain: Sequence[Governor] = ()
    accuser: Governor | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """The sentence around a term: tokens `first` to `end` (exclusive); `terms` are those of the sentence."""

    tokens: Sequence[Token]
    first: int
    end: int
    terms: Sequence[Term]


def find_governance(clause: Clause, index: int) -> Governance:
    """What governs the term `clause.terms[index]`."""
    found = _search_before(clause, index)
    firm = bool(found.passed) and found.decider is not None
    if not firm and (found.decider is None or found.decider.entry.kind in ("weak", "name") or _is_time(found.decider)):
        behind = None if found.decider and found.decider.entry.kind == "name" else _search_behind(clause, index)
        if behind is not None:
            found.decider, found.sibling, found.act = behind, None, behind.entry.act
            found.variant = behind.entry.variant
    return found


def _is_time(governor: Governor) -> bool:
    return governor.entry.kind == "barrier" and governor.entry.act == "mention"


def _before_word(tokens: Sequence[Token], at: int, first: int) -> int:
    """The index of the word before `at` in the sentence, or -1."""
    i = at - 1
    while i >= first and tokens[i].is_punct:
        i -= 1
    return i if i >= first else -1


def _has_needs(clause: Clause, form: Form, at: int) -> bool:
    needs = needs_of(form.entry)
    if not needs:
        return True
    return any(clause.tokens[i].folded in needs for i in range(at + 1, min(clause.end, at + _NEEDS_REACH)))


def _parenthesis(tokens: Sequence[Token], at: int, first: int) -> int:
    """Where the parenthesis that ends at `at` begins, or -1."""
    opening = _PAIRS.get(tokens[at].text)
    if opening is None:
        return -1
    for i in range(at - 1, max(first, at - _LONGEST_PARENTHESIS) - 1, -1):
        if tokens[i].text == opening:
            return i
    return -1


def _prefers_noun(clause: Clause, at: int) -> bool:
    """Whether a word that may be a perfect or a masdar is a masdar: something before it governs it."""
    tokens = clause.tokens
    if at + 1 < clause.end and has_stem_in(tokens[at + 1].folded, "group") and tokens[at + 1].folded.endswith(_OBLIQUE):
        return True  # an oblique plural is no subject
    if tokens[at].folded.endswith("\u0627") and len(tokens[at].folded) > 3:
        return True
    if at == clause.first or tokens[at - 1].is_punct:
        return False
    before = tokens[at - 1].folded
    if is_complementizer(tokens[at - 1]) or is_in(before, "relative") or opens_clause(tokens, at - 1):
        return False
    if is_in(before, "passive"):
        return True
    if is_in(before, "auxiliary") or negator_kind(before):
        return False
    if is_in(before, "preposition"):
        return True
    for i in range(at - 1, max(clause.first, at - 9) - 1, -1):
        if tokens[i].is_punct or is_in(tokens[i].folded, "relative") or opens_clause(tokens, i):
            return False
        if is_verb(tokens[i].folded) or any(f.part == "verb" for f in act_forms(tokens[i].folded)):
            return True
    return False


def _raw_alef_below(token: Token) -> bool:
    return "\u0625" in token.text[:2]  # alef with hamza below: the complementizer of speech, not of purpose


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
        """Whether nouns before a relative clause may govern the term: where a comma closes it, or before an accusative."""
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
        if len(forms) > 1 and any(f.part == "noun" for f in forms) and _prefers_noun(self.clause, at):
            forms = tuple(f for f in forms if f.part != "verb")
        for form in forms:
            entry = form.entry
            if following in unless_of(entry):
                continue
            if entry.includes and at + 1 == self.nearest and not self._has_subject_before(at):
                continue
            if entry.kind == "barrier" and before == _MIN and not self.clause.tokens[at].folded.startswith(_MIN_BARRED):
                continue
            if not _has_needs(self.clause, form, at):
                continue
            if entry.direct and self._nearest_bears_preposition():
                continue
            if form.part != "verb":
                if self.verbs_only:
                    continue
                if entry.kind == "barrier" and form.pronoun:
                    continue
                if entry.kind == "name":
                    if self.nearest - at > 2 or form.pronoun or form.article:
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
        """Whether what includes the ceasefire stands before the verb, so that the ceasefire is not its subject."""
        if not self.term.definite and not self.chain:
            return True
        before = self.clause.tokens[at - 1] if at > self.clause.first else None
        if before is None or before.is_punct or is_complementizer(before):
            return False
        folded = before.folded
        return not (negator_kind(folded) or is_in(folded, "auxiliary") or is_verb(folded))

    def _nearest_bears_preposition(self) -> bool:
        if self.chain:
            return self.chain[-1].form.preposition == "\u0628"
        folded = self.clause.tokens[self.term.first].folded.lstrip("\u0648\u0641")
        return folded[:1] == "\u0628"


def _search_before(clause: Clause, index: int) -> Governance:
    walk = _Walk(clause, index)
    tokens = clause.tokens
    i = walk.term.first - 1
    while i >= clause.first and walk.term.first - i < _REACH:
        token = tokens[i]
        if token.is_punct:
            partner = _parenthesis(tokens, i, clause.first)
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
        if _raw_alef_below(tokens[i]):
            return False
        walk.crossed = True
        walk.comma = False
        return True
    if is_in(folded, "relative") and walk.skip_relative:
        walk.skip_relative = False
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
    if is_verb(folded) or any(f.part == "verb" for f in act_forms(folded)):
        if i > walk.clause.first and is_complementizer(tokens[i - 1]) and not walk.chain:
            return True
        if (
            not walk.chain
            and i > walk.clause.first
            and is_in(tokens[i - 1].folded, "relative")
        ):
            walk.skip_relative = True
            walk.verbs_only = not (walk.may_skip_relative() or folded.endswith(_RESUMPTIVE))
            return True
        walk.result.outer = i
        return False
    walk.words += 1
    return True


def _take(walk: _Walk, i: int, form: Form) -> bool:
    governor = Governor(i, form)
    kind = form.entry.kind
    if kind == "barrier":
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
        elif entry.kind == "operator" and decider.entry.act in _OVERRIDES[entry.act]:
            if entry.act == "negotiate" and any(decider.at > at > governor.at for at in result.passed):
                continue
            decider = governor
    result.chain = [governor for governor in walk.chain if decider is not None and governor.at < decider.at]
    if decider is None:
        return result
    result.decider, result.act = decider, decider.entry.act
    result.variant = "accused" if result.accuser else decider.entry.variant
    if decider.entry.pact_act:
        result.act = _stipulated_act(walk.clause, decider, walk.term)
    if decider.entry.id == "violate.accuse":
        result.accuser = decider
    return result


def _stipulated_act(clause: Clause, decider: Governor, term: Term) -> str:
    """What a text that provides for a ceasefire does: an agreement agrees, an initiative proposes, a resolution calls."""
    for i in [*range(decider.at - 1, max(clause.first, decider.at - 7) - 1, -1), *range(decider.at + 1, term.first)]:
        for form in act_forms(clause.tokens[i].folded):
            if form.entry.id == "agree.pact":
                return decider.entry.pact_act
            if form.entry.id == "negotiate.offer" and not has_stem_in(clause.tokens[i].folded, "document"):
                return "negotiate"
        if has_stem_in(clause.tokens[i].folded, "document"):
            return decider.entry.act
    return decider.entry.act


def _is_subject(clause: Clause, index: int) -> bool:
    """Whether a term stands where a subject stands: at the beginning of its clause."""
    tokens = clause.tokens
    i = clause.terms[index].first - 1
    skipped = 0
    while i >= clause.first:
        token = tokens[i]
        if token.is_punct:
            return skipped == 0
        folded = token.folded
        if is_in(folded, "demonstrative") or any(f.entry.kind == "weak" for f in act_forms(folded)):
            i -= 1
            continue
        if is_complementizer(token) or is_in(folded, "auxiliary") or opens_clause(tokens, i):
            return True
        # Adjectives of the pact that the term belongs to.
        if skipped >= 2 or is_in(folded, "preposition") or is_verb(folded) or act_forms(folded):
            return False
        skipped += 1
        i -= 1
    return skipped == 0 or any(form.entry.kind == "weak" for form in act_forms(tokens[clause.first].folded))


def _search_behind(clause: Clause, index: int) -> Governor | None:
    tokens, term = clause.tokens, clause.terms[index]
    subject = _is_subject(clause, index)
    relative = False
    words = 0
    for i in range(term.last + 1, min(clause.end, term.last + 1 + _BEHIND)):
        token = tokens[i]
        folded = token.folded
        if token.is_punct:
            if token.text in CLAUSE_MARKS:
                return None
            continue
        if opens_clause(tokens, i) or is_complementizer(token):
            return None
        if is_in(folded, "relative"):
            if relative or words > 8:
                return None
            relative = True
            continue
        for form in act_forms(folded):
            if form.entry.kind in ("barrier", "name", "weak") or not _has_needs(clause, form, i):
                continue
            if form.part == "participle" and not form.preposition:
                adjective = words <= 3 and form.article == term.definite and form.entry.kind in ("event", "report")
                if adjective or relative or (subject and not form.article):
                    return Governor(i, form, behind=True, relative=relative)
            if form.part == "verb" and (relative or subject or (not term.definite and words <= 6)):
                return Governor(i, form, behind=True, relative=relative or not subject)
            if form.part == "noun" and relative and words <= 12 and _after_passive(tokens, i):
                return Governor(i, form, behind=True, relative=True)
        if is_verb(folded) and not is_in(folded, "auxiliary"):
            return None
        words += 1
    return None


def _after_passive(tokens: Sequence[Token], at: int) -> bool:
    return at > 0 and has_stem_in(tokens[at - 1].folded, "passive")
