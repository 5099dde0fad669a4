"""What the clause around a term tells of a place in it: the phrase that begins there, what stands before a verb."""

from __future__ import annotations

from typing import Final

from transforms.arabic.ceasefire_agents import may_act
from transforms.arabic.ceasefire_clause import CLAUSE_MARKS, COMMAS, Clause, Governance
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
from transforms.arabic.ceasefire_objects import pronoun_endings
from transforms.arabic.ceasefire_parties import Range, terms_near
from transforms.arabic.ceasefire_phrases import phrase_end
from transforms.arabic.clitics import ALEF, ARTICLE, FEH, SEEN, WAW
from transforms.arabic.inflection import NOON
from transforms.arabic.segment import QUOTES

_SUBJECT_REACH: Final = 30
_DOCUMENT_REACH: Final = 12
_CLOSING: Final = {"\u00bb": "\u00ab", '"': '"'}
_DOCUMENTS: Final = frozenset(
    {"negotiate.offer", "negotiate.mediate", "agree.pact", "mention.name", "call.resolution"}
)  # they call, and provide


class ClauseReader:
    """Reads the clause around one governed term. Ranges are tokens, both ends inclusive."""

    def __init__(self, clause: Clause, index: int, found: Governance, speaker: Range | None) -> None:
        term = clause.terms[index]
        self.clause = clause
        self.index = index
        self.terms = terms_near(clause, index)
        self.tokens = clause.tokens
        self.term = term
        self.found = found
        self.speaker = speaker

    def _phrase(self, at: int, limit: int, *, objects: bool = False) -> Range | None:
        while at < limit and (self.tokens[at].is_punct or self.tokens[at].folded.isdigit()):
            at += 1
        if at >= limit:
            return None
        last = phrase_end(self.tokens, at, limit, objects=objects)
        first = at
        while first <= last and self.tokens[first].is_punct:
            first += 1
        while last >= first and self.tokens[last].is_punct:
            last -= 1
        if last < first or any(t.first <= last and t.last >= first for t in self.terms):
            return None
        if last + 1 < limit and self.tokens[last + 1].text in _CLOSING:
            opening = _CLOSING[self.tokens[last + 1].text]
            last += sum(self.tokens[k].text == opening for k in range(first, last + 1)) % 2
        if any(f.part == "noun" and f.entry.id not in _DOCUMENTS for f in act_forms(self.tokens[first].folded)):
            return None
        return (first, last) if may_act(self.tokens, (first, last)) else None

    def _limit(self, at: int) -> int:
        """Where a phrase behind `at` ends at the latest: at the next term."""
        return min((t.first for t in self.terms if t.first > at), default=self.clause.end)

    def _is_plan(self, at: int) -> bool:
        """Whether the word is an indefinite plan, of which the verb behind it tells: an initiative that calls for."""
        folded = self.tokens[at].folded
        plans = any(f.part == "noun" and f.entry.id == "negotiate.offer" and not f.article for f in act_forms(folded))
        return plans and not has_stem_in(folded, "document")

    def _subject_of_pluperfect(self, verb: int) -> Range | None:
        """`kana X qad faala`: what stands behind `kana`, whatever is told of it in between."""
        if verb - 1 <= self.clause.first or self.tokens[verb - 1].folded not in word_class("pluperfect"):
            return None
        for i in range(verb - 2, max(self.clause.first, verb - _SUBJECT_REACH) - 1, -1):
            if is_in(self.tokens[i].folded, "was") and i + 1 < verb - 1:
                return self._phrase(i + 1, verb - 1)
            if self.tokens[i].text in CLAUSE_MARKS or opens_clause(self.tokens, i):
                return None
        return None

    def _follows_noun_of_an(self, verb: int) -> bool:
        """Behind `anna` and `inna` the subject stands before its verb."""
        for i in range(verb - 1, max(self.clause.first, verb - 12) - 1, -1):
            token = self.tokens[i]
            if is_complementizer(token) or token.folded in word_class("an"):
                return i < verb - 1
            if token.text in (":", "\u061b"):
                return self._begins_with_phrase(i + 1, verb)
            if token.text in QUOTES and i > self.clause.first and is_complementizer(self.tokens[i - 1]):
                continue
            if (
                token.is_punct
                or is_in(token.folded, "relative")
                or self._is_clause_verb(i)
                or opens_clause(self.tokens, i)
            ):
                return False
            if i == self.clause.first:
                return self._begins_with_phrase(i, verb)
        return False

    def _begins_with_phrase(self, first: int, verb: int) -> bool:
        """Whether nothing but a noun phrase stands between `first` and the verb: the order of headlines."""
        return (
            first < verb
            and self.tokens[first].folded[:1] not in (WAW, FEH)
            and (phrase_end(self.tokens, first, verb) == verb - 1)
        )

    def _is_unprefixed(self, verb: int) -> bool:
        """Whether the verb's first letter, a waw or feh, is its own."""
        folded = self.tokens[verb].folded
        bare = folded[1:]
        return not (is_verb(bare) or any(f.part == "verb" for f in act_forms(bare)) or is_negating_verb(bare))

    def _is_first_person(self, verb: int) -> bool:
        folded = self.tokens[verb].folded
        forms = [f for f in act_forms(folded) if f.part == "verb"]
        if any(f.tense == "past" and not f.pronoun for f in forms) and folded.endswith(NOON + ALEF):
            return True  # -na
        present = any(f.tense in ("present", "future") for f in forms)
        return present and folded.lstrip(WAW + FEH + SEEN).startswith(NOON)

    def _is_draft(self, at: int) -> bool:
        """Whether an indefinite draft of a decision stands at `at`: a draft resolution."""
        pair = [self.tokens[at].folded, self.tokens[at + 1].folded]
        behind = self.tokens[at + 2].folded if at + 2 < self.clause.end else ""
        bare = all(is_in(word, "document") for word in pair)
        return bare and (is_in(behind, "preposition") or self._is_clause_verb(at + 2))

    def _document_before(self, verb: int) -> Range | None:
        """The decision that the verb says something of, as in: adopted a resolution on Sunday that calls for."""
        if self.tokens[verb].folded[:1] == WAW and not self._is_unprefixed(verb):
            return None
        for i in range(verb - 1, max(self.clause.first, verb - _DOCUMENT_REACH) - 1, -1):
            folded = self.tokens[i].folded
            if has_stem_in(folded, "document") and folded.endswith(ALEF) and not folded.startswith(ARTICLE):
                return i, i
            if i > self.clause.first and self._is_draft(i - 1):
                return i - 1, i
            told = self._is_clause_verb(i) and not folded.endswith(pronoun_endings())
            if self.tokens[i].text in COMMAS or told or opens_clause(self.tokens, i):
                return None
        return None

    def _word_before(self, at: int) -> int | None:
        i = at - 1
        while i >= self.clause.first and (
            is_in(self.tokens[i].folded, "auxiliary") or negator_kind(self.tokens[i].folded) != ""
        ):
            i -= 1
        return i if i >= self.clause.first else None

    def _is_passive(self, verb: int) -> bool:
        return is_in(self.tokens[verb].folded, "passive") or any(
            is_in(self.tokens[i].folded, "passive") for i in range(max(self.clause.first, verb - 1), verb)
        )

    def _nearest_before(self, at: int) -> Range | None:
        """The phrase that ends before `at`, prepositions in between left out."""
        last = at
        while last > self.clause.first and begins_phrase(self.tokens[last - 1]):
            last -= 1
        first = last
        while (
            first > self.clause.first
            and not self.tokens[first - 1].is_punct
            and not begins_phrase(self.tokens[first - 1])
        ):
            first -= 1
            if self._is_clause_verb(first) or is_in(self.tokens[first].folded, "auxiliary"):
                return None
        return self._phrase(first, last)

    def _inside_name(self, at: int) -> bool:
        """A closing or opening mark glued to the words of a name, as in: the "so-called" army."""
        return at > self.clause.first and not self.tokens[at - 1].is_punct and at + 1 < self.clause.end

    def _is_clause_verb(self, i: int) -> bool:
        folded = self.tokens[i].folded
        forms = act_forms(folded)
        return is_verb(folded) or is_negating_verb(folded) or (bool(forms) and all(f.part == "verb" for f in forms))
