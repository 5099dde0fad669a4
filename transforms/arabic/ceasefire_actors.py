"""Who does what is done to the ceasefire."""

from __future__ import annotations

from typing import Final

from transforms.arabic.ceasefire_agents import is_first_person
from transforms.arabic.ceasefire_breakers import BreakerFinder
from transforms.arabic.ceasefire_clause import Governor
from transforms.arabic.ceasefire_grammar import (
    has_stem_in,
    is_complementizer,
    is_in,
    is_verb,
    word_class,
)
from transforms.arabic.ceasefire_lexicon import (
    act_forms,
    is_negating_verb,
    negator_kind,
)
from transforms.arabic.ceasefire_parties import Range
from transforms.arabic.clitics import ALEF, ARTICLE, BEH, WAW
from transforms.arabic.inflection import NOON

_OWN: Final = frozenset({"agree.commit", "agree.ready", "refuse.reject", "call.urge", "call.demand"})
_DOCUMENT_ACTS: Final = frozenset({"call", "negotiate", "refuse"})
_EFFORTS: Final = frozenset({"negotiate.effort", "negotiate.mediate"})
_FIRST_PLURAL: Final = frozenset({NOON + ALEF})
_PARTY_ACTS: Final = frozenset({"agree", "negotiate", "hold", "end", "declare", "violate"})


class ActorFinder(BreakerFinder):
    """Finds the actor of one governed term."""

    def find(self, parties: Range | None) -> Range | None:
        """The actor; `parties` is what stands behind `between`, if anything does."""
        actor = self._find(parties)
        if actor is not None and self.found.act not in _DOCUMENT_ACTS and self._is_document(actor):
            return None
        if actor is not None and is_first_person(self.tokens, actor):
            return self.speaker or self._before_colon(actor[0])
        return actor

    def _is_document(self, actor: Range) -> bool:
        return actor[0] == actor[1] and has_stem_in(self.tokens[actor[0]].folded, "document")

    def _find(self, parties: Range | None) -> Range | None:
        decider = self.found.decider
        if decider is None and self.found.act == "negotiate" and self.found.outer is not None:
            return self.subject_of(self.found.outer)  # who failed in it
        unwilling = self.found.act == "refuse" and (
            decider is None
            or (decider.form.part == "noun" and decider.entry.act != "refuse" and not decider.entry.negated_act)
        )
        if self.found.obliged or unwilling:
            return self.speaker or self._reporter()
        if decider is None or self.found.act == "mention":
            return None
        if self.found.accuser is not None:
            return self._accused(self.found.accuser)
        subject = decider.entry.subject
        if subject == "theme":
            if decider.entry.id == "violate.despite":
                return self._attacker(decider)
            if decider.entry.id == "negotiate.purpose" and self.found.outer is not None:
                return self.subject_of(self.found.outer)  # who does it for that
            announced = self._announcer(decider) or (
                self._by_relative(decider) if self.found.act == "declare" else None
            )
            announced = announced or self._by_pact(decider) or self._breaker(decider) or self._by_side()
            return announced or (parties if self.found.act in _PARTY_ACTS - {"violate"} else None)
        if decider.entry.link:
            adopter = self._genitive(decider.at) or self._adopter((decider.at, decider.at))
            return None if adopter == (decider.at, decider.at) else adopter
        if subject == "speaker":
            return self.speaker or self._reporter()
        if decider.entry.includes and self.found.act in ("agree", "negotiate"):
            return self._of_document(decider)
        if decider.form.part == "noun" and decider.form.pronoun in _FIRST_PLURAL:
            return self.speaker
        own = self._breaker(decider) or self._talkers(decider) or self._own_agent(decider) or self._doer_before(decider)
        if own is None and decider.entry.id in _EFFORTS:
            own = self._outer_agent(decider)  # who strives; between whom it is to be comes second
        if self.found.act == "violate" and parties is not None and parties[0] > self.term.last + 2:
            parties = None
        if own is None and parties is not None and decider.form.part == "noun" and self.found.act in _PARTY_ACTS:
            return parties
        if decider.behind and decider.entry.direct and not decider.form.pronoun:
            return parties
        actor = own or self._by_chain() or self._outer_agent(decider)
        if actor is not None:
            actor = self._adopter(actor)
        if actor is None and self.found.act in _PARTY_ACTS:
            if parties is not None and (decider.form.part != "verb" or self.found.act in ("agree", "negotiate")):
                return parties
            actor = self._by_phrase(decider) or self._by_relative(decider) or self._by_signing()
            if actor is None and self.found.act in ("agree", "negotiate"):
                actor = self._talking_before(decider)
        return actor

    def _announcer(self, decider: Governor) -> Range | None:
        """Who announces the end or the start of one brings it about, though grammar makes the ceasefire its subject."""
        announcing = [g for g in self.found.chain if g.entry.id == "declare.announce" and g.form.part == "verb"]
        if not announcing or decider.form.part != "noun" or decider.form.preposition:
            return None
        return self.subject_of(announcing[0].at, announcing[0])

    def _by_side(self) -> Range | None:
        """`min taraf X` behind the term."""
        return self._by_phrase_at(self.term.last) if self.found.act == "declare" else None

    def _own_agent(self, governor: Governor) -> Range | None:
        """The subject of a verb or participle, the genitive of a masdar."""
        if governor.form.part == "verb":
            return self.subject_of(governor.at, governor)
        if governor.form.part == "participle":
            return self._participle_subject(governor)
        return None if governor.form.pronoun else self._genitive(governor.at)

    def _outer_agent(self, governor: Governor) -> Range | None:
        """Who stands outside of a masdar: the subject of the verb that governs it."""
        if governor.form.part != "noun":
            return None
        if governor.behind or self._is_passive(governor.at) or self._is_passive(governor.at - 1):
            return None
        if governor.form.article and not governor.form.preposition and self._is_told_of(governor.at):
            return None
        before = self._between_before(governor.at) if self.found.act == "violate" else None
        if (
            before is None
            and self.found.act == "violate"
            and self.found.outer is None
            and not governor.form.preposition
            and governor.at > self.clause.first
            and not is_in(self.tokens[governor.at - 1].folded, "preposition")
        ):
            before = self._subject_before(governor.at)  # "X is a breach of"
        return before or self._outer_subject(report=bool(governor.form.pronoun) or self._affirms_own(governor))

    def _affirms_own(self, governor: Governor) -> bool:
        """Whether what is affirmed is one's own: a commitment, a readiness, a refusal, a call."""
        outer = self.found.outer
        if outer is None or governor.entry.id not in _OWN or not governor.form.article:
            return False
        return not any(is_complementizer(self.tokens[i]) for i in range(outer + 1, governor.at))

    def _is_told_of(self, at: int) -> bool:
        """Whether a definite noun at `at` is but told of: talks that others hold, calls that others made."""
        joined = self.tokens[at].folded[:1] == WAW
        before = self.tokens[at - 1].folded if at > self.clause.first and not joined else ""
        if before.startswith(ARTICLE) and not is_in(before, "preposition") and self.found.act == "call":
            return True  # the calls that demand one
        outer = self.found.outer
        if self.found.act != "negotiate" or outer is None:
            return False
        if joined:
            return True
        known = any(f.part == "verb" for f in act_forms(self.tokens[outer].folded))
        return not known and not any(has_stem_in(self.tokens[i].folded, "conducting") for i in range(outer, at))

    def _between_before(self, at: int) -> Range | None:
        """Between X and Y, said of the deed that a breach is."""
        for i in range(at - 1, max(self.clause.first, at - 8) - 1, -1):
            if self.tokens[i].folded in word_class("between"):
                return self._phrase(i + 1, at)
        return None

    def _accused(self, governor: Governor) -> Range | None:
        """Who is accused: the last phrase before `of breaching`."""
        decider = self.found.decider
        if governor.form.part == "noun":
            return self._outer_subject(report=False)
        stop = decider.at if decider is not None and decider.at > governor.at else self._limit(governor.at)
        for i in range(governor.at + 1, self.clause.end):
            if any(f.entry.act == "violate" and f.part == "noun" for f in act_forms(self.tokens[i].folded)):
                stop = min(stop, i) if stop > governor.at else i
                break
        words = [i for i in range(governor.at + 1, stop) if not self.tokens[i].is_punct]
        if not words:
            return None
        subject = self._phrase(words[0], stop, objects=True)
        if subject is None:
            return None
        if subject[1] < words[-1]:
            rest = next((i for i in words if i > subject[1]), None)
            accused = self._phrase(rest, stop) if rest is not None else None
            return accused or subject
        if self._subject_is_before(governor.at) or len(words) == 1:
            return subject
        return words[-1], words[-1]

    def _subject_is_before(self, at: int) -> bool:
        before = self._word_before(at)
        if before is None or self.tokens[before].is_punct:
            return False
        folded = self.tokens[before].folded
        return not (
            is_complementizer(self.tokens[before])
            or is_in(folded, "opener")
            or is_in(folded, "preposition")
            or is_verb(folded)
        )

    def _outer_subject(self, *, report: bool) -> Range | None:
        outer = self.found.outer
        if outer is None:
            return None
        folded = self.tokens[outer].folded
        if not report and has_stem_in(folded, "reporting"):
            return None
        if (negator_kind(folded) == "deny" and self.found.act != "violate") or self._is_of_subordinate(outer):
            return None
        if has_stem_in(folded, "framing") or (self.found.act == "violate" and not self._does(folded)):
            return None
        known = is_in(folded, "verb") or is_in(folded, "reporting") or is_negating_verb(folded)
        forms = [f for f in act_forms(folded) if f.part == "verb"]
        opening = outer == self.clause.first or self.tokens[outer - 1].is_punct
        opening = opening or self.found.act in ("call", "negotiate", "refuse", "agree")
        threatens = self.found.decider is not None and self.found.decider.form.preposition == BEH
        themes = (
            bool(forms)
            and not is_in(folded, "doing")
            and all(f.entry.subject == "theme" and not (threatens and f.entry.id == "violate.endanger") for f in forms)
        )
        if not (known or forms or opening) or themes:
            return None
        return self.subject_of(outer)

    def _is_of_subordinate(self, outer: int) -> bool:
        """Whether a masdar belongs to a nominal clause that the outer verb but reports."""
        decider = self.found.decider
        if decider is None or self.found.chain or decider.form.part != "noun":
            return False
        return any(is_complementizer(self.tokens[i]) for i in range(outer + 1, decider.at))

    def _does(self, folded: str) -> bool:
        """Whether the subject of the verb is who does what its object says."""
        if negator_kind(folded) == "deny":
            return True  # who denies it is accused of it
        return is_in(folded, "doing") or any(f.part == "verb" and f.entry.kind == "report" for f in act_forms(folded))

    def _by_phrase(self, governor: Governor) -> Range | None:
        return self._by_phrase_at(governor.at)
