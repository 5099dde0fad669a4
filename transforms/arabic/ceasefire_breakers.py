"""Who breaks a ceasefire, where no verb of breaking has a subject: who is warned, punished, blamed for a deed."""

from __future__ import annotations

from typing import Final

from transforms.arabic.ceasefire_clause import CLAUSE_MARKS, COMMAS, Governor, prefers_noun
from transforms.arabic.ceasefire_grammar import (
    begins_phrase,
    has_stem_in,
    is_complementizer,
    is_in,
    is_verb,
    opens_clause,
    word_class,
)
from transforms.arabic.ceasefire_indirect import IndirectFinder
from transforms.arabic.ceasefire_objects import pronoun_endings
from transforms.arabic.ceasefire_parties import Range
from transforms.arabic.ceasefire_phrases import phrase_end
from transforms.arabic.clitics import ALEF, ARTICLE, LAM

_WARNING_REACH: Final = 30
_CAUSE_REACH: Final = 14
_MEANS_REACH: Final = 30


class BreakerFinder(IndirectFinder):
    """Finds who breaks a ceasefire or will not keep it, further off than subject and genitive."""

    def _breaker(self, decider: Governor) -> Range | None:
        if self.found.act not in ("violate", "refuse") or decider.behind or decider.form.part != "noun":
            return self._warned(decider) if decider.entry.id in ("violate.endanger", "violate.risk") else None
        if decider.form.pronoun:
            return self._blamed(decider) if decider.form.preposition == LAM else None
        if self.found.act == "refuse":
            return None
        return self._doer_of_deed(decider) or self._by_means(decider) or self._warned(decider)

    def _is_loose(self, at: int) -> bool:
        """Whether the term at `at` bears a preposition, so that the breach before it is indefinite."""
        return at == self.term.first and self.tokens[at].folded[:1] == LAM

    def _told_behind(self) -> Range | None:
        """`fi kharq lil-hudna, ...`: the subject of the clause behind the comma."""
        for i in range(self.term.last + 1, self.clause.end):
            if self.tokens[i].text in CLAUSE_MARKS:
                return None
            if self.tokens[i - 1].text in COMMAS and is_in(self.tokens[i].folded, "verb"):
                return self.subject_of(i)
        return None

    def _blamed(self, decider: Governor) -> Range | None:
        """`X li-intihakihi`: whom something befalls for it, the phrase right before."""
        for i in range(decider.at - 1, max(self.clause.first, decider.at - _CAUSE_REACH) - 1, -1):
            token = self.tokens[i]
            if token.is_punct or is_in(token.folded, "preposition") or is_in(token.folded, "relative"):
                return self._ending(i + 1, decider.at)
            if self._is_clause_verb(i):
                last = phrase_end(self.tokens, i + 1, decider.at, objects=True)
                first = last + 1 if i < last < decider.at - 1 else i + 1
                return self._ending(first, decider.at)
        return None

    def _ending(self, first: int, end: int) -> Range | None:
        """The phrase from `first` to `end`, if it names somebody."""
        phrase = self._phrase(first, end)
        if phrase is None or phrase[1] != end - 1:
            return None
        head = self.tokens[phrase[0]].folded
        named = head.startswith(ARTICLE) or any(
            has_stem_in(head, name) for name in ("role", "group", "name", "country")
        )
        return phrase if named or phrase[0] < phrase[1] else None

    def _warned(self, decider: Governor) -> Range | None:
        """`hadhdhara X Y min ...`: of what follows Y is warned."""
        for i in range(decider.at - 1, max(self.clause.first, decider.at - _WARNING_REACH) - 1, -1):
            token = self.tokens[i]
            if token.text in CLAUSE_MARKS:
                return None
            if token.is_punct or not has_stem_in(token.folded, "warning"):
                continue
            subject = self._phrase(i + 1, decider.at, objects=True)
            if subject is None:
                return None
            before = self._word_before(i)
            if self._subject_is_told(i, before):
                return subject
            at = subject[1] + 1
            while at < decider.at and self._is_time(at):
                at += 1
            warned = self._phrase(at, decider.at) if at < decider.at else None
            return warned if warned is not None and warned[0] == at else None
        return None

    def _subject_is_told(self, verb: int, before: int | None) -> bool:
        """Whether the subject stands in front of the verb, so that the phrase behind it is whom it warns."""
        if self.tokens[verb].folded.endswith(ALEF):
            return True  # an accusative participle
        if before is None or self.tokens[before].is_punct:
            return False
        here = self.tokens[before]
        if is_complementizer(here) or opens_clause(self.tokens, before) or begins_phrase(here):
            return False
        return not is_verb(here.folded)

    def _is_time(self, at: int) -> bool:
        folded = self.tokens[at].folded
        return folded in word_class("when_time") | word_class("time_adjective")

    def _doer_of_deed(self, decider: Governor) -> Range | None:
        """`the operations that X carries out are a breach`: whose deed it is that amounts to one."""
        verb = decider.at - 1
        if verb <= self.clause.first or not has_stem_in(self.tokens[verb].folded, "amounting"):
            return None
        for i in range(verb - 1, max(self.clause.first, verb - _CAUSE_REACH) - 1, -1):
            token = self.tokens[i]
            if token.text in CLAUSE_MARKS or is_complementizer(token):
                return None
            if is_in(token.folded, "relative"):
                told = self.tokens[i + 1].folded.endswith(pronoun_endings())
                return self._phrase(i + 2, verb) if told and i + 2 < verb else None
            if has_stem_in(token.folded, "attack") and not token.folded.startswith(ARTICLE):
                return self._phrase(i + 1, verb)
        return None

    def _by_means(self, decider: Governor) -> Range | None:
        """`abra kharq`: the subject of the clause that it is a means of."""
        before = self.tokens[decider.at - 1].folded
        loose = decider.at + 1 < self.clause.end and not decider.form.article and self._is_loose(decider.at + 1)
        if before not in word_class("by_means") and not (is_in(before, "place_in") and loose):
            return None
        if decider.at - 1 == self.clause.first:
            return self._told_behind()
        for i in range(decider.at - 2, max(self.clause.first, decider.at - _MEANS_REACH) - 1, -1):
            token = self.tokens[i]
            if token.text in CLAUSE_MARKS or is_complementizer(token) or is_in(token.folded, "relative"):
                return None
            known = is_in(token.folded, "verb") or is_in(token.folded, "doing")
            if known and not prefers_noun(self.clause, i):
                return self.subject_of(i)
        return None
