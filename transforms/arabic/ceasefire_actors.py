"""Who does what is done to the ceasefire, and between whom it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from transforms.arabic.ceasefire_acts import Clause, Governance, Governor
from transforms.arabic.ceasefire_grammar import (
    begins_phrase,
    has_stem_in,
    is_complementizer,
    is_in,
    is_verb,
    opens_clause,
)
from transforms.arabic.ceasefire_lexicon import act_forms, is_negating_verb, negator_kind
from transforms.arabic.ceasefire_phrases import phrase_end
from transforms.arabic.ceasefire_terms import Term
from transforms.arabic.clitics import WAW
from transforms.arabic.segment import Token

Range = tuple[int, int]
_SADARA: Final = ("\u0635\u062f\u0631", "\u0648\u0635\u062f\u0631", "\u064a\u0635\u062f\u0631")  # issued (from)
_AN_FROM: Final = "\u0639\u0646"  # an
_ADDRESSING: Final = frozenset({"call", "violate"})
_BETWEEN: Final = frozenset({"\u0628\u064a\u0646", "\u0648\u0628\u064a\u0646"})  # bayna
_BY: Final = frozenset({"\u0642\u0628\u0644", "\u062c\u0627\u0646\u0628", "\u0637\u0631\u0641"})  # qibal, janib, taraf
_FROM: Final = "\u0645\u0646"  # min
_SUBJECT_REACH: Final = 30
_PARTIES_REACH: Final = 9
_BY_REACH: Final = 14
_TERMS_NEAR: Final = 8
_PRONOUNS: Final = ("\u0647", "\u0647\u0627", "\u0647\u0645", "\u0647\u0645\u0627")
_DOCUMENTS: Final = frozenset(
    {"negotiate.offer", "negotiate.mediate", "agree.pact", "mention.name"}
)  # they call, and provide
_PARTY_ACTS: Final = frozenset({"agree", "negotiate", "hold", "end", "declare", "violate"})


class ActorFinder:
    """Finds the actor of one governed term. Ranges are tokens, both ends inclusive."""

    def __init__(self, clause: Clause, index: int, found: Governance, speaker: Range | None) -> None:
        term = clause.terms[index]
        self.clause = clause
        self.terms = terms_near(clause, index)
        self.tokens = clause.tokens
        self.term = term
        self.found = found
        self.speaker = speaker

    def find(self, parties: Range | None) -> Range | None:
        """The actor; `parties` is what stands behind `between`, if anything does."""
        decider = self.found.decider
        if decider is None or self.found.act == "mention":
            return None
        if self.found.accuser is not None:
            return self._accused(self.found.accuser)
        subject = decider.entry.subject
        if subject == "theme":
            return parties if self.found.act in _PARTY_ACTS else None
        if subject == "speaker":
            return self.speaker or self._outer_subject(report=True)
        own = self._own_agent(decider)
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
            if parties is not None:
                return parties
            actor = self._by_phrase(decider)
        return actor

    def _by_chain(self) -> Range | None:
        """The agent of a masdar that governs the decider: the declaration by X of the extension of Y."""
        for governor in self.found.chain:
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
                    or folded.endswith("\u0629")
                )
                found = self._genitive(i) if noun else self.subject_of(i) if is_finite else None
                if found is not None and found[0] >= i and found[1] >= actor[0]:
                    found = self._subject_before(i)
                return found or actor
        return actor

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
        before = self._between_before(governor.at) if self.found.act == "violate" else None
        return before or self._outer_subject(report=False)

    def _between_before(self, at: int) -> Range | None:
        """Between X and Y, said of the deed that a breach is."""
        for i in range(at - 1, max(self.clause.first, at - 8) - 1, -1):
            if self.tokens[i].folded in _BETWEEN:
                return self._phrase(i + 1, at)
        return None

    def _phrase(self, at: int, limit: int, *, objects: bool = False) -> Range | None:
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
        if any(f.part == "noun" and f.entry.id not in _DOCUMENTS for f in act_forms(self.tokens[first].folded)):
            return None
        return first, last

    def _limit(self, at: int) -> int:
        """Where a phrase behind `at` ends at the latest: at the next term."""
        return min((t.first for t in self.terms if t.first > at), default=self.clause.end)

    def _genitive(self, at: int) -> Range | None:
        if at + 1 >= self.clause.end or self.tokens[at + 1].is_punct:
            return None
        token = self.tokens[at + 1]
        if any(f.entry.kind == "weak" for f in act_forms(token.folded)):
            return None
        if has_stem_in(token.folded, "amount") and not is_in(token.folded, "demonstrative"):
            return None
        if has_stem_in(token.folded, "document") and not has_stem_in(token.folded, "role"):
            return None
        phrase = self._phrase(at + 1, self._limit(at))
        if phrase is None or self._is_adjective(phrase, at):
            return None
        following = phrase[1] + 1
        if following < self.clause.end and following == self.term.first and self.tokens[following].folded[:1] == WAW:
            return None  # talks on X and on a ceasefire: X is no agent
        return phrase

    def _is_adjective(self, phrase: Range, at: int) -> bool:
        """Whether what follows a masdar is but its adjective."""
        word, head = self.tokens[phrase[0]].folded, self.tokens[at].folded
        if any(f.article for f in act_forms(head)):
            return True  # a masdar with the article governs no genitive
        definite = word.startswith("\u0627\u0644")
        if (
            not definite
            and word.endswith(("\u0629", "\u064a", "\u064a\u0627"))
            and not is_in(word, "group")
            and not is_in(word, "role")
        ):
            return not word.endswith("\u064a\u0627")
        if phrase[0] != phrase[1]:
            return False
        return (not word.startswith("\u0627\u0644") and len(word) <= 5) or (
            head.lstrip("\u0648\u0641\u0628\u0643").startswith("\u0627\u0644") and word.startswith("\u0627\u0644")
        )

    def subject_of(self, verb: int, governor: Governor | None = None) -> Range | None:
        """The subject of the finite verb at `verb`: behind it (VSO), or before it (SVO)."""
        if self._is_passive(verb):
            return self._by_phrase_at(verb)
        if self._is_first_person(verb):
            return self.speaker or self._before_colon(verb)
        if self.tokens[verb].folded in _SADARA:
            for i in range(verb + 1, min(self.clause.end - 1, verb + 4)):
                if self.tokens[i].folded == _AN_FROM:
                    return self._phrase(i + 1, self._limit(i))
            return None
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
        if at < self.clause.end:
            behind = self._phrase(at, self._limit(verb), objects=True)
            if behind is not None and not self._is_object(verb, behind):
                return behind
        if relative:
            return None
        if self.tokens[verb].folded[:1] in ("\u0648", "\u0641") and not self._is_unprefixed(verb):
            return self._subject_of_report(verb)
        return self._subject_before(verb)

    def _follows_noun_of_an(self, verb: int) -> bool:
        """Behind `anna` and `inna` the subject stands before its verb."""
        for i in range(verb - 1, max(self.clause.first, verb - 12) - 1, -1):
            token = self.tokens[i]
            if is_complementizer(token) or token.folded in ("\u0627\u0646", "\u0648\u0627\u0646"):
                return i < verb - 1
            if token.text in (":", "\u061b"):
                return self._begins_with_phrase(i + 1, verb)
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
            and self.tokens[first].folded[:1] not in ("\u0648", "\u0641")
            and (phrase_end(self.tokens, first, verb) == verb - 1)
        )

    def _is_unprefixed(self, verb: int) -> bool:
        """Whether the verb's first letter, a waw or feh, is its own."""
        folded = self.tokens[verb].folded
        bare = folded[1:]
        return not (is_verb(bare) or any(f.part == "verb" for f in act_forms(bare)) or is_negating_verb(bare))

    def _is_first_person(self, verb: int) -> bool:
        folded = self.tokens[verb].folded
        return any(f.part == "verb" and f.tense in ("present", "future") for f in act_forms(folded)) and folded.lstrip(
            "\u0648\u0641\u0633"
        ).startswith("\u0646")

    def _before_colon(self, verb: int) -> Range | None:
        for i in range(verb - 1, self.clause.first - 1, -1):
            if self.tokens[i].text == ":":
                return self._phrase(self.clause.first, i)
        return None

    def _is_object(self, verb: int, phrase: Range) -> bool:
        """Whether a phrase behind the verb is its object, since its subject stands before it."""
        first, verb_form = self.tokens[phrase[0]].folded, act_forms(self.tokens[verb].folded)
        addressing = any(f.part == "verb" and f.entry.act in _ADDRESSING for f in verb_form)
        if addressing and (has_stem_in(first, "addressee")) and not self.tokens[verb].folded.endswith("\u062a"):
            return True
        before = self._word_before(verb)
        if before is None:
            return False
        folded = self.tokens[before].folded
        if self.tokens[before].is_punct:
            return False
        accusative = (
            first.endswith("\u0627") and not first.endswith("\u064a\u0627") and not first.startswith("\u0627\u0644")
        )
        if accusative and not is_complementizer(self.tokens[before]):
            return True
        plural = self.tokens[verb].folded.endswith(("\u0648\u0646", "\u0648\u0627"))
        return plural and not is_in(folded, "complementizer")

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
                if token.text in ("\u061b", ";", ":", ".", "(", ")") or (
                    token.text in ('"', "\u00ab") and not self._inside_name(i)
                ):
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
                if is_complementizer(token) and (first == limit or folded.endswith(_PRONOUNS)):
                    return self.speaker or self._subject_of_report(i)
                break
            if nearest is None and first < limit and begins_phrase(token):
                nearest = first
            if folded in ("\u0627\u0646\u0647", "\u0627\u0646\u0647\u0627", "\u0627\u0646\u0647\u0645"):
                return self.speaker or self._subject_of_report(i)
            if not is_in(folded, "auxiliary") and self._is_clause_verb(i):
                # The clause has its verb already: ours is a relative clause, said of the word before it.
                first = nearest if nearest is not None else first
                break
            if not is_in(folded, "auxiliary") and not negator_kind(folded):
                first = i
            i -= 1
        return self._phrase(first, limit) if first < limit else None

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
        return self._phrase(first, last)

    def _inside_name(self, at: int) -> bool:
        """A closing or opening mark glued to the words of a name, as in: the "so-called" army."""
        return at > self.clause.first and not self.tokens[at - 1].is_punct and at + 1 < self.clause.end

    def _is_clause_verb(self, i: int) -> bool:
        folded = self.tokens[i].folded
        forms = act_forms(folded)
        return is_verb(folded) or is_negating_verb(folded) or (bool(forms) and all(f.part == "verb" for f in forms))

    def _subject_of_report(self, at: int) -> Range | None:
        """The subject of the verb of saying before a complementizer at `at`."""
        for i in range(at - 1, max(self.clause.first, at - _SUBJECT_REACH) - 1, -1):
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
        if before >= self.clause.first and tokens[before].is_punct and tokens[before].text in ("\u060c", ","):
            return self._subject_of_report(governor.at)
        if tokens[governor.at].folded.endswith(("\u064a\u0646", "\u0648\u0646")) and not governor.form.article:
            own = tokens[governor.at].folded
            if own.startswith("\u0645\u0631\u0627\u0642") or own.startswith("\u0648\u0645\u0631\u0627\u0642"):
                return governor.at, governor.at
        return self._subject_before(governor.at)

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
        if has_stem_in(folded, "framing") or (self.found.act == "violate" and not self._does(folded)):
            return None
        known = is_in(folded, "verb") or is_in(folded, "reporting") or is_negating_verb(folded)
        forms = [f for f in act_forms(folded) if f.part == "verb"]
        opening = outer == self.clause.first or self.tokens[outer - 1].is_punct
        if not (known or forms or opening) or (forms and all(f.entry.subject == "theme" for f in forms)):
            return None
        return self.subject_of(outer)

    def _does(self, folded: str) -> bool:
        """Whether the subject of the verb is who does what its object says."""
        return is_in(folded, "doing") or any(f.part == "verb" and f.entry.kind == "report" for f in act_forms(folded))

    def _by_phrase(self, governor: Governor) -> Range | None:
        return self._by_phrase_at(governor.at)

    def _by_phrase_at(self, at: int) -> Range | None:
        """`min qibal X`, `min janib X`: the agent of a passive."""
        for i in range(at + 1, min(self.clause.end - 2, at + _BY_REACH)):
            if self.tokens[i].folded == _FROM and self.tokens[i + 1].folded in _BY:
                return self._phrase(i + 2, self.clause.end)
            if (
                self.found.act == "violate"
                and self.tokens[i].folded == _FROM
                and has_stem_in(self.tokens[i + 1].folded, "group")
            ):
                return self._phrase(i + 1, self.clause.end)
        return None


def _is_barrier(folded: str) -> bool:
    return any(form.entry.kind == "barrier" for form in act_forms(folded))


def terms_near(clause: Clause, index: int) -> Sequence[Term]:
    """The terms around one, as many as a search may meet; bounds the work where a text repeats a term for ever."""
    return clause.terms[max(0, index - _TERMS_NEAR) : index + _TERMS_NEAR + 1]


def find_parties(clause: Clause, index: int, found: Governance) -> Range | None:
    """What stands behind `between` after the term, or between the governor and the term."""
    term, terms = clause.terms[index], terms_near(clause, index)
    start = found.decider.at if found.decider is not None and not found.decider.behind else term.last
    spots = [*range(term.last + 1, min(clause.end, term.last + 1 + _PARTIES_REACH)), *range(start + 1, term.first)]
    for i in spots:
        token: Token = clause.tokens[i]
        if token.is_punct and token.text not in ('"', "\u00ab", "\u00bb"):
            if i > term.last:
                break
            continue
        if i > term.last + 1 and is_verb(token.folded):
            break
        if i > term.last and (
            opens_clause(clause.tokens, i)
            or is_complementizer(token)
            or _is_barrier(token.folded)
            or any(t.first == i for t in terms)
        ):
            break
        if token.folded in _BETWEEN and i + 1 < clause.end:
            last = phrase_end(clause.tokens, i + 1, clause.end)
            last = _with_places(clause, last)
            if last > i and any(t.first <= last and t.last > i for t in terms):
                last = min(last, term.first - 1)
            if last > i:
                return i + 1, last
    return None


def _with_places(clause: Clause, last: int) -> int:
    """A place behind the first party belongs to the parties where `and` goes on: between X in A and Y."""
    tokens = clause.tokens
    for i in range(last + 1, min(clause.end, last + 5)):
        if tokens[i].is_punct:
            return last
        if i > last + 1 and tokens[i].folded[:1] == "\u0648" and not is_verb(tokens[i].folded):
            return max(last, phrase_end(tokens, i, clause.end))
        if i == last + 1 and tokens[i].folded != "\u0641\u064a":
            return last
    return last


def split_parties(tokens: list[Token], parties: Range) -> list[Range]:
    """X and Y of `between X and Y`; one range where they are named with one word (`the two sides`)."""
    first, last = parties
    for i in range(first + 1, last + 1):
        if tokens[i].folded[:1] == "\u0648" and len(tokens[i].folded) > 2 and not is_in(tokens[i].folded, "name"):
            return [(first, i - 1), (i, last)]
    return [parties]
