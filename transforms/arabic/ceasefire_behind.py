"""What is said of a term behind it: a relative clause, an adjective, the predicate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from transforms.arabic.ceasefire_clause import CLAUSE_MARKS, Clause, Governor, has_needs
from transforms.arabic.ceasefire_grammar import (
    has_stem_in,
    is_complementizer,
    is_in,
    is_verb,
    opens_clause,
    word_class,
)
from transforms.arabic.ceasefire_lexicon import act_forms, unless_of
from transforms.arabic.clitics import FEH, LAM, WAW
from transforms.arabic.segment import Token

_BEHIND: Final = 14


def search_behind(clause: Clause, index: int) -> Governor | None:
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
            if folded in word_class("which_led"):
                return None
            if relative or words > 8:
                return None
            relative = True
            continue
        if subject and not relative and folded[:1] == WAW and _is_joined(folded):
            return None  # what is told next
        following = tokens[i + 1].folded if i + 1 < clause.end else ""
        for form in act_forms(folded):
            if following in unless_of(form.entry) or _is_mere_noun(folded, relative):
                continue
            if form.entry.kind in ("barrier", "name", "weak") or form.entry.includes or not has_needs(clause, form, i):
                continue
            if form.part == "participle" and not form.preposition:
                adjective = words <= 3 and form.article == term.definite and form.entry.kind in ("event", "report")
                called = words == 0 and term.definite and not form.article and form.entry.id == "end.failed"
                if called or adjective or relative or (subject and not form.article):
                    return Governor(i, form, behind=True, relative=relative)
            if form.part == "verb" and (relative or subject or (not term.definite and words <= 6)):
                predicate = _future_predicate(clause, i) if subject and relative else None
                return predicate or Governor(i, form, behind=True, relative=relative or not subject)
            if form.part == "noun" and (relative or subject) and words <= 12 and _after_passive(tokens, i):
                return Governor(i, form, behind=True, relative=True)
        if is_verb(folded) and not is_in(folded, "auxiliary"):
            return None
        words += 1
    return None


def _is_joined(folded: str) -> bool:
    """Whether a word is a verb behind `and`."""
    return any(f.part == "verb" for f in act_forms(folded)) and any(f.part == "verb" for f in act_forms(folded[1:]))


def _is_mere_noun(folded: str, relative: bool) -> bool:
    """A word that outside of a relative clause is a noun rather than the verb it looks like: a matter."""
    return not relative and folded in word_class("no_agent")


def _future_predicate(clause: Clause, at: int) -> Governor | None:
    """The predicate behind a relative clause whose verb stands at `at`: the truce that X declared will begin."""
    for i in range(at + 1, min(clause.end, at + 1 + _BEHIND)):
        token = clause.tokens[i]
        if token.text in CLAUSE_MARKS or opens_clause(clause.tokens, i) or is_complementizer(token):
            return None
        for form in act_forms(token.folded):
            if form.tense == "future" and form.entry.direct and has_needs(clause, form, i):
                return Governor(i, form, behind=True)
    return None


def _is_subject(clause: Clause, index: int) -> bool:
    """Whether a term stands where a subject stands: at the beginning of its clause."""
    tokens = clause.tokens
    i = clause.terms[index].first - 1
    if tokens[i + 1].folded.lstrip(WAW + FEH)[:1] == LAM and i >= clause.first and is_verb(tokens[i].folded):
        return False
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


def _after_passive(tokens: Sequence[Token], at: int) -> bool:
    return at > 0 and has_stem_in(tokens[at - 1].folded, "passive")
