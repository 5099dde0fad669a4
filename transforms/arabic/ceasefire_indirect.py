"""Agents that stand further off: of a decision, of talks, of a pact, of an attack, of what is told."""

from __future__ import annotations

from typing import Final

from transforms.arabic.ceasefire_behind import search_behind
from transforms.arabic.ceasefire_clause import CLAUSE_MARKS, Governor, prefers_noun
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
from transforms.arabic.ceasefire_objects import pronoun_endings
from transforms.arabic.ceasefire_parties import Range
from transforms.arabic.ceasefire_subjects import SubjectFinder
from transforms.arabic.clitics import ALEF, ARTICLE, BEH, FEH, KAF, WAW, readings
from transforms.arabic.inflection import TAA_MARBUTA, TEH, YEH

_DOER_REACH: Final = 9
_FURTHER_REACH: Final = 30
_ATTACK_REACH: Final = 40
_REPORT_REACH: Final = 45
_SIGNING_REACH: Final = 6
_SHORTEST_ACCUSATIVE: Final = 3
_TALKS_REACH: Final = 30


class IndirectFinder(SubjectFinder):
    """Finds who stands further off than subject and genitive."""

    def _of_document(self, decider: Governor) -> Range | None:
        """Whose the pact or plan is that includes one: who signed it, who says that it is his."""
        for i in range(decider.at - 1, self.clause.first - 1, -1):
            for form in act_forms(self.tokens[i].folded):
                if form.part == "noun" and form.pronoun and form.entry.id in ("agree.pact", "negotiate.offer"):
                    return self.speaker or self._subject_of_report(i)
                if form.part == "verb" and form.entry.id in ("agree.reach", "agree.sign", "negotiate.offer"):
                    return self.subject_of(i)
            if opens_clause(self.tokens, i):
                break
        return self._by_signing()

    def _attacker(self, decider: Governor) -> Range | None:
        """Who goes on fighting despite a ceasefire."""
        before = range(decider.at - 1, max(self.clause.first, decider.at - _ATTACK_REACH) - 1, -1)
        behind = range(self.term.last + 1, min(self.clause.end, self.term.last + _ATTACK_REACH))
        for i in [*before, *behind]:
            following = self.tokens[i + 1].folded if i + 1 < self.clause.end else ""
            if is_in(self.tokens[i].folded, "ascribed") and following in word_class("to_or_upon"):
                return self._phrase(i + 2, self.clause.end)
            if not is_in(self.tokens[i].folded, "attacking") or prefers_noun(self.clause, i):
                continue
            if i < decider.at or not self._is_told_behind(i):
                return self.subject_of(i)
        for i in before:
            following = self.tokens[i + 1].folded
            known = has_stem_in(following, "group") or has_stem_in(following, "role")
            if known and has_stem_in(self.tokens[i].folded, "attack"):
                return self._phrase(i + 1, decider.at)
        return None

    def _is_told_behind(self, at: int) -> bool:
        """Whether the verb at `at` belongs to a relative clause."""
        return is_in(self.tokens[at - 1].folded, "relative")

    def _reporter(self) -> Range | None:
        """The subject of the nearest verb of saying in front."""
        for i in range(self.term.first - 1, max(self.clause.first, self.term.first - _REPORT_REACH) - 1, -1):
            if not self.tokens[i].is_punct and is_in(self.tokens[i].folded, "reporting"):
                return self.subject_of(i)
        return None

    def _by_pact(self, decider: Governor) -> Range | None:
        """Who came out with a pact: the subject between the verb and the pact that bears `with`."""
        outer = self.found.outer
        if outer is None or decider.entry.id != "agree.pact" or decider.form.preposition != BEH:
            return None
        subject = self._phrase(outer + 1, decider.at)
        return subject if subject is not None and subject[1] == decider.at - 1 else None

    def _doer_before(self, decider: Governor) -> Range | None:
        """Of a masdar behind a preposition: whose decision, threat or commitment it is."""
        if decider.form.part != "noun" or decider.behind or decider.form.pronoun:
            return None
        for i in range(decider.at - 1, max(self.clause.first, decider.at - _DOER_REACH) - 1, -1):
            token = self.tokens[i]
            if token.is_punct or is_verb(token.folded) or is_in(token.folded, "relative"):
                return None
            definite = any(r.article for r in readings(token.folded))
            if has_stem_in(token.folded, "doer_noun") and not definite and i < decider.at - 1:
                subject = self._genitive(i)
                if subject is None and has_stem_in(token.folded, "document"):
                    adopter = self._adopter((i, i))
                    return None if adopter == (i, i) else adopter
                return subject if subject is not None and subject[1] in (decider.at - 1, decider.at - 2) else None
        return None

    def _talkers(self, decider: Governor) -> Range | None:
        """Who holds the talks that deal with a ceasefire: X held talks with Y that dealt with."""
        told = decider.form.part == "verb" and decider.entry.id == "negotiate.talk" and not decider.behind
        if not told or self.tokens[decider.at].folded[:1] != TEH:
            return None
        for i in range(decider.at - 1, max(self.clause.first, decider.at - _TALKS_REACH), -1):
            token = self.tokens[i]
            if token.text in CLAUSE_MARKS or is_complementizer(token) or is_in(token.folded, "relative"):
                return None
            talks = [f for f in act_forms(token.folded) if f.part == "noun" and f.entry.id == "negotiate.talk"]
            if talks:
                return None if any(f.article for f in talks) else self._subject_of_report(i)
        return None

    def _by_signing(self) -> Range | None:
        """`signed by X`, said of the pact behind the term."""
        for i in range(self.term.last + 1, min(self.clause.end - 2, self.term.last + _SIGNING_REACH)):
            token = self.tokens[i]
            if token.is_punct or is_verb(token.folded):
                return None
            made = any(f.part == "participle" and f.entry.act == self.found.act for f in act_forms(token.folded))
            if made and self.tokens[i + 1].folded in word_class("of"):
                return self._by_phrase_at(i) or self._phrase(i + 2, self.clause.end)
        return None

    def _talking_before(self, decider: Governor) -> Range | None:
        """Between whom the talks are that the clause tells of."""
        for i in range(decider.at - 1, max(self.clause.first, decider.at - _TALKS_REACH), -1):
            if self.tokens[i].text in CLAUSE_MARKS:
                return None
            if self.tokens[i].folded not in word_class("between"):
                continue
            talks = any(
                f.part == "noun" and f.entry.act == "negotiate"
                for k in range(max(self.clause.first, i - 2), i)
                for f in act_forms(self.tokens[k].folded)
            )
            parties = self._phrase(i + 1, decider.at)
            if talks or (parties is not None and parties[1] == decider.at - 1):
                return parties
        return None

    def _by_relative(self, decider: Governor) -> Range | None:
        """Who did the same act in the relative clause behind: the beginning of the truce that X has declared."""
        further = self._announced_further(decider)
        if further is not None:
            return self.subject_of(further)
        behind = None if decider.behind else search_behind(self.clause, self.index)
        same = behind is not None and behind.relative and behind.form.part == "verb"
        if behind is None or not same or not self._brings_about(behind) or behind.entry.subject != "agent":
            return None
        return self.subject_of(behind.at, behind)

    def _announced_further(self, decider: Governor) -> int | None:
        """The verb of a second relative clause: the truce that begins today and that X has announced."""
        if self.found.act != "declare" or decider.behind:
            return None
        for i in range(self.term.last + 1, min(self.clause.end - 1, self.term.last + _FURTHER_REACH)):
            if self.tokens[i].text in CLAUSE_MARKS:
                return None
            announced = any(
                f.part == "verb" and f.entry.id == "declare.announce" for f in act_forms(self.tokens[i + 1].folded)
            )
            if announced and self.tokens[i].folded[:1] == WAW and is_in(self.tokens[i].folded, "relative"):
                return i + 1
        return None

    def _brings_about(self, behind: Governor) -> bool:
        """Whether the act behind is the same, or the decision on what is declared here."""
        return behind.entry.act == self.found.act or (self.found.act, behind.entry.act) == ("declare", "agree")

    def _by_chain(self) -> Range | None:
        """The agent of a masdar that governs the decider: the declaration by X of the extension of Y."""
        for governor in self.found.chain:
            if self.found.act == "violate" and governor.entry.act == "call":
                return None  # who urges something about breaches
            if governor.entry.id == "negotiate.effort" and governor.form.pronoun and self.found.outer is not None:
                return self.subject_of(self.found.outer)  # whose hope it is
            if governor.form.part == "participle" and governor.entry.subject == "agent":
                return self._participle_subject(governor)
            if governor.form.part == "noun" and not governor.form.pronoun and governor.entry.subject == "agent":
                genitive = self._genitive(governor.at)
                if genitive is not None:
                    return genitive
        return None

    def _adopter(self, actor: Range) -> Range:
        """Of a resolution that calls for something: who adopted it, where the sentence tells."""
        if not has_stem_in(self.tokens[actor[0]].folded, "document"):
            return actor
        for i in range(actor[0] - 1, max(self.clause.first, actor[0] - 16) - 1, -1):
            folded = self.tokens[i].folded
            if has_stem_in(folded, "adopting"):
                is_finite = any(f.part == "verb" for f in act_forms(folded)) or is_verb(folded) or not act_forms(folded)
                noun = (
                    any(f.part == "noun" for f in act_forms(folded))
                    or not is_in(folded, "adopting")
                    or folded.endswith(TAA_MARBUTA)
                )
                found = self._genitive(i) if noun else None
                if found is None and is_finite:
                    found = self.subject_of(i)
                if found is not None and found[0] >= i and found[1] >= actor[0]:
                    found = self._subject_before(i)
                return found or actor
        return actor

    def _genitive(self, at: int) -> Range | None:
        if at + 1 >= self.clause.end or self.tokens[at + 1].is_punct:
            return None
        head, token = self.tokens[at].folded, self.tokens[at + 1]
        if is_in(token.folded, "relative") and at + 3 < self.clause.end:
            if self.tokens[at + 3].folded in word_class("object_resumptive"):
                return self._phrase(at + 4, self._limit(at), objects=True)  # the attempts that X makes
            told = self.tokens[at + 2].folded.endswith(pronoun_endings())
            return self._phrase(at + 3, self._limit(at), objects=True) if told else None
        if token.folded in word_class("of") and self.found.act in ("call", "agree", "violate"):
            return self._phrase(at + 2, self._limit(at))
        if head.endswith(ALEF) and not head.endswith(YEH + ALEF) and len(head) > _SHORTEST_ACCUSATIVE:
            return None  # an indefinite accusative governs no genitive
        if any(f.entry.kind == "weak" for f in act_forms(token.folded)):
            return None
        if has_stem_in(token.folded, "amount") and not is_in(token.folded, "demonstrative"):
            return None
        if has_stem_in(token.folded, "document") and not has_stem_in(token.folded, "role"):
            return None
        if any(f.part == "noun" and f.entry.variant == "mediated" for f in act_forms(token.folded)):
            return None  # the efforts of mediation are somebody's
        phrase = self._phrase(at + 1, self._limit(at))
        if phrase is None or self._is_adjective(phrase, at):
            return None
        following = phrase[1] + 1
        if (
            following < self.clause.end
            and following == self.term.first
            and self.tokens[following].folded.startswith((WAW + WAW, WAW + ARTICLE))
        ):
            return None  # talks on X and on a ceasefire: X is no agent
        return phrase

    def _is_adjective(self, phrase: Range, at: int) -> bool:
        """Whether what follows a masdar is but its adjective."""
        word, head = self.tokens[phrase[0]].folded, self.tokens[at].folded
        if any(f.article for f in act_forms(head)):
            return True  # a masdar with the article governs no genitive
        definite = word.startswith(ARTICLE)
        if (
            not definite
            and word.endswith((TAA_MARBUTA, YEH, YEH + ALEF))
            and not is_in(word, "group")
            and not is_in(word, "role")
        ):
            return not word.endswith(YEH + ALEF)
        if phrase[0] != phrase[1]:
            return False
        return (not word.startswith(ARTICLE) and len(word) <= 5 and not is_in(word, "name")) or (
            head.lstrip(WAW + FEH + BEH + KAF).startswith(ARTICLE) and word.startswith(ARTICLE)
        )
