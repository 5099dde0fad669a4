"""Who is the subject of a verb or participle: behind it, before it, elided, or the speaker."""

from __future__ import annotations

from typing import Final

from transforms.arabic.ceasefire_clause import COMMAS, Governor
from transforms.arabic.ceasefire_grammar import (
    begins_phrase,
    has_stem_in,
    is_complementizer,
    is_in,
    is_verb,
    opens_clause,
    word_class,
)
from transforms.arabic.ceasefire_lexicon import (
    act_forms,
    is_negating_verb,
    negator_kind,
)
from transforms.arabic.ceasefire_objects import is_object, is_plural_verb, pronoun_endings
from transforms.arabic.ceasefire_parties import Range
from transforms.arabic.ceasefire_reader import ClauseReader
from transforms.arabic.clitics import ALEF, FEH, WAW
from transforms.arabic.inflection import TEH
from transforms.arabic.segment import QUOTES

_SUBJECT_REACH: Final = 30
_BY_REACH: Final = 14


class SubjectFinder(ClauseReader):
    """Finds the subjects of verbs and participles around one governed term."""

    def subject_of(self, verb: int, governor: Governor | None = None) -> Range | None:
        """The subject of the finite verb at `verb`: behind it (VSO), or before it (SVO)."""
        if self._is_passive(verb):
            return self._by_phrase_at(verb)
        if self._is_first_person(verb):
            return self.speaker or self._before_colon(verb)
        if self.tokens[verb].folded in word_class("issued_from"):
            for i in range(verb + 1, min(self.clause.end - 1, verb + 4)):
                if self.tokens[i].folded in word_class("issuer_from"):
                    return self._phrase(i + 1, self._limit(i), objects=True)
            return None
        had = self._subject_of_pluperfect(verb)
        if had is not None:
            return had
        if verb > self.clause.first and self._is_plan(verb - 1):
            return None
        document = self._document_before(verb)
        if document is not None:
            return document
        if self._follows_noun_of_an(verb):
            before = self._subject_before(verb)
            if before is not None:
                return before
        at = verb + 1
        while at < self.clause.end and (
            (self.tokens[at].is_punct and self.tokens[at].text in ('"', "\u00ab"))
            or is_in(self.tokens[at].folded, "resumptive")
        ):
            at += 1
        relative = governor is not None and governor.relative
        if at < self.clause.end and not is_plural_verb(self.tokens[verb].folded):
            behind = self._phrase(at, self._limit(verb), objects=True)
            if behind is not None and not is_object(self.tokens, verb, behind, self._word_before(verb)):
                return behind
        if relative:
            return None
        if self.tokens[verb].folded[:1] in (WAW, FEH) and not self._is_unprefixed(verb):
            return self._subject_of_report(verb, joined=True)
        before = self._subject_before(verb)
        if before is None and verb > self.clause.first and self.tokens[verb - 1].folded in word_class("also"):
            return self._subject_of_report(verb - 1)
        return before

    def _before_colon(self, verb: int) -> Range | None:
        for i in range(verb - 1, self.clause.first - 1, -1):
            if self.tokens[i].text == ":":
                first = self.clause.first
                return self.subject_of(first) if self._is_clause_verb(first) else self._phrase(first, i)
        return None

    def _subject_before(self, verb: int) -> Range | None:
        """The phrase that begins the clause of the verb; of a relative clause, what it is said of."""
        limit = verb
        first = limit
        nearest = None
        i = verb - 1
        while i >= max(self.clause.first, verb - _SUBJECT_REACH):
            token = self.tokens[i]
            folded = token.folded
            if token.is_punct:
                if token.text == ":" and first == limit:
                    return self.speaker or self._before_colon(verb)
                opens = first == limit and token.space_before and token.text in QUOTES
                if token.text in ("\u061b", ";", ":", ".", "(", ")") or (
                    token.text in ('"', "\u00ab") and not self._inside_name(i)
                ):
                    break
                if opens and not self._follows_noun_of_an(i):
                    break
                i -= 1
                continue
            if has_stem_in(folded, "condition_head") and first == limit:
                return self._nearest_before(i)
            if is_in(folded, "relative"):
                limit = first = i
                nearest = None
                i -= 1
                continue
            if is_complementizer(token) or opens_clause(self.tokens, i):
                if (
                    folded in word_class("an")
                    and i > self.clause.first
                    and is_in(self.tokens[i - 1].folded, "temporal")
                ):
                    break  # since it agreed: no report
                if is_complementizer(token) and (first == limit or folded.endswith(pronoun_endings())):
                    return self.speaker or self._subject_of_report(i)
                if folded in word_class("but_pronoun") and first == limit:
                    return self._subject_of_report(i)
                break
            if nearest is None and first < limit and begins_phrase(token):
                nearest = first
            if folded in word_class("an_with_pronoun"):
                return self.speaker or self._subject_of_report(i)
            opening = i == self.clause.first and i < verb - 1 and folded.endswith(TEH) and len(folded) >= 5
            if not is_in(folded, "auxiliary") and (
                self._is_clause_verb(i) or (opening and not folded.endswith(ALEF + TEH))
            ):
                if (
                    i > self.clause.first
                    and is_in(self.tokens[i - 1].folded, "relative")
                    and self._is_after_comma(verb)
                ):
                    limit = first = i - 1  # a comma has closed the relative clause: X, who ..., did
                    nearest = None
                    i -= 2
                    continue
                # The clause has its verb already: ours is a relative clause, said of the word before it.
                whole = nearest == limit - 1 and has_stem_in(self.tokens[first].folded, "institution")
                first = nearest if nearest is not None and not whole else first
                break
            each = folded in word_class("each") and self.tokens[i + 1].folded in word_class("of")
            if each or not (is_in(folded, "auxiliary") or negator_kind(folded)):
                first = i
            i -= 1
        return self._phrase(first, limit) if first < limit else None

    def _is_after_comma(self, verb: int) -> bool:
        i = verb - 1
        while i > self.clause.first and negator_kind(self.tokens[i].folded) and not self.tokens[i].is_punct:
            i -= 1
        return self.tokens[i].text in COMMAS

    def _subject_of_report(self, at: int, *, joined: bool = False) -> Range | None:
        """The subject of the verb of saying before a complementizer at `at`; of a verb that `and` joins, of the first.

        A joined verb goes on from the clause, and not from a relative clause in it.
        """
        for i in range(at - 1, max(self.clause.first, at - _SUBJECT_REACH) - 1, -1):
            if any(t.first <= i <= t.last for t in self.terms):
                continue
            if joined and i > self.clause.first and is_in(self.tokens[i - 1].folded, "relative"):
                continue  # told of a noun
            if not self.tokens[i].is_punct and (
                has_stem_in(self.tokens[i].folded, "reporting")
                or any(f.part == "verb" for f in act_forms(self.tokens[i].folded))
                or is_verb(self.tokens[i].folded)
                or is_negating_verb(self.tokens[i].folded)
            ):
                return self.subject_of(i)
        return None

    def _participle_subject(self, governor: Governor) -> Range | None:
        tokens = self.tokens
        before = governor.at - 1
        if governor.behind:
            return self._phrase(governor.at + 1, self._limit(governor.at)) if governor.relative else None
        if not governor.form.article and tokens[governor.at].folded in word_class("observers"):
            return governor.at, governor.at
        circumstance = tokens[governor.at].folded.endswith(ALEF) and not governor.form.article
        behind_comma = before >= self.clause.first and tokens[before].text in ("\u060c", ",")
        if behind_comma or (circumstance and not is_in(tokens[before].folded, "auxiliary")):
            return self._subject_of_report(governor.at)
        return self._subject_before(governor.at)

    def _by_phrase_at(self, at: int) -> Range | None:
        """`min qibal X`, `min janib X`: the agent of a passive."""
        for i in range(at + 1, min(self.clause.end - 2, at + _BY_REACH)):
            if self.tokens[i].folded in word_class("of") and self.tokens[i + 1].folded in word_class("agent_side"):
                return self._phrase(i + 2, self._limit(i))
            if (
                self.found.act == "violate"
                and self.tokens[i].folded in word_class("of")
                and has_stem_in(self.tokens[i + 1].folded, "group")
            ):
                return self._phrase(i + 1, self.clause.end)
        return None
