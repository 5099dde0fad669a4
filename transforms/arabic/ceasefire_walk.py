"""The state of the walk from a term to the beginning of its clause, and which words on the way may govern."""

from __future__ import annotations

from typing import Final

from transforms.arabic.ceasefire_clause import (
    COMMAS,
    Clause,
    Governance,
    Governor,
    has_needs,
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
    negator_kind,
    unless_of,
)
from transforms.arabic.clitics import ALEF, ARTICLE, BEH, FEH, LAM, WAW
from transforms.arabic.segment import QUOTES

_NEAR: Final = 4
_NOUN_REACH: Final = 9


class Walk:
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
        self.efforts_only = False
        self.subordinate = 0  # how long the chain was at a verb behind `an`

    def may_skip_relative(self) -> bool:
        """Whether nouns before a relative clause may govern: where a comma closes it, or before an accusative."""
        accusative = self.clause.tokens[self.term.first].folded.endswith(ALEF)
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
            if self.efforts_only and not (entry.act in ("negotiate", "call") and form.part == "noun"):
                continue
            if entry.id == "negotiate.effort" and form.article and self._is_quoted_name(at):
                continue
            last = self.clause.tokens[self.nearest - 1].folded
            if (
                following in unless_of(entry)
                or (form.part == "verb" and last in unless_of(entry))
                or (entry.near and self.nearest - at > _NEAR)
            ):
                continue
            if entry.includes and (form.pronoun or (at + 1 == self.nearest and not self._has_subject_before(at))):
                continue
            if entry.kind == "barrier" and entry.act == "mention" and form.article and form.preposition != BEH:
                continue
            if entry.id == "negotiate.purpose" and form.article and not form.preposition:
                continue  # the aim of one
            if form.part == "verb" and self._is_subject_of(form, at):
                continue
            if form.part == "verb" and following in word_class("object_resumptive"):
                continue  # said of what stands before it
            if entry.act == "call" and form.preposition == BEH and following in word_class("of"):
                continue  # at the request of
            if entry.act == "call" and form.part == "noun" and self._is_occasion(at):
                continue
            if form.article and has_stem_in(before, "delegation"):
                continue  # the delegation of the talks
            if entry.id == "mention.zone" and before in word_class("about"):
                continue  # talks and pacts on zones are on what makes them
            if entry.link and not self._nearest_bears(entry.link):
                continue
            if self._is_of_another(form, at):
                continue
            if (
                entry.kind == "barrier"
                and before in word_class("of")
                and not token.folded.startswith(tuple(word_class("barrier_behind_min")))
            ):
                continue
            if token.folded in word_class("agent_side") and before in word_class("of") and at + 1 < self.term.first:
                continue  # by X, or: before now
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
                if (
                    form.article
                    and entry.kind != "weak"
                    and self.words > 5
                    and not (form.preposition or self.efforts_only)
                ):
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
        if form.part != "noun" or form.article or form.pronoun or at + 1 >= self.nearest:
            return False
        following = self.clause.tokens[at + 1].folded
        if not following.startswith(ARTICLE) or is_in(following, "demonstrative") or act_forms(following):
            return False
        joined = not self.chain and self.clause.tokens[self.term.first].folded.startswith(WAW + WAW)
        return (joined and form.entry.id == "negotiate.effort") or (
            form.entry.subject == "theme" and form.entry.kind in ("event", "report")
        )

    def _is_subject_of(self, form: Form, at: int) -> bool:
        """Whether the term right behind a verb is its subject: the division that the truce brought about."""
        if self.chain or at + 1 != self.term.first or self._term_bears(BEH) or self._term_bears(LAM):
            return False
        has_object = bool(form.pronoun) and self.clause.tokens[at].folded.endswith(tuple(word_class("pronoun_ending")))
        return has_object or (form.entry.id == "call.stipulate" and self.term.definite)

    def _is_occasion(self, at: int) -> bool:
        """`binaa ala talab`: the request is but the occasion."""
        tokens = self.clause.tokens
        if at - 2 < self.clause.first or tokens[at - 1].folded not in word_class("to_or_upon"):
            return False
        return is_in(tokens[at - 2].folded, "following")

    def _is_quoted_name(self, at: int) -> bool:
        """Whether the word ends a name in quotation marks: Operation Hope."""
        tokens = self.clause.tokens
        if at + 1 >= self.clause.end or tokens[at + 1].text not in QUOTES:
            return False
        return any(tokens[i].text in QUOTES for i in range(max(self.clause.first, at - _NEAR), at))

    def is_purpose(self) -> bool:
        """Whether the chain, or the term alone, is the purpose of what stands before: efforts ... to reach."""
        if self.chain:
            nearest = self.chain[-1]
            return nearest.form.part == "noun" and nearest.form.preposition == LAM
        return self._term_bears(LAM)

    def _nearest_bears(self, preposition: str) -> bool:
        if self.chain:
            return self.chain[-1].form.preposition == preposition
        return self._term_bears(preposition)

    def _term_bears(self, preposition: str) -> bool:
        folded = self.clause.tokens[self.term.first].folded.lstrip(WAW + FEH)
        return folded[:1] == preposition

    def is_addressed(self) -> bool:
        """Whether the term hangs on a verb by a preposition, which the words so far have not explained."""
        before = self.term.first - 1
        by = before >= self.clause.first and self.clause.tokens[before].folded in word_class("to_or_upon")
        return not self.chain and (by or self._term_bears(BEH))
