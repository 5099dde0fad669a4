"""Ceasefire mentions: each place where a title or body names a ceasefire, and what is done to it there.

The stages, each in its own module: terms (where), acts (the governing word), flags (negation and condition), actors,
codes. Pure and deterministic; linear in the length of the text, since every search is bounded by its sentence and a
fixed reach.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from transforms.arabic.ceasefire_actors import ActorFinder
from transforms.arabic.ceasefire_acts import find_governance
from transforms.arabic.ceasefire_clause import Clause, Governance
from transforms.arabic.ceasefire_codes import event_codes
from transforms.arabic.ceasefire_conditions import find_condition
from transforms.arabic.ceasefire_flags import resolve_negation
from transforms.arabic.ceasefire_grammar import is_in, is_verb, word_class
from transforms.arabic.ceasefire_parties import Range, find_parties, split_parties
from transforms.arabic.ceasefire_terms import Term, find_terms, may_name_ceasefire
from transforms.arabic.clitics import WAW
from transforms.arabic.normalize import fold_text, fold_word
from transforms.arabic.segment import ENDS, Segmented, Token, segment
from transforms.elements import CeasefireMention, Span, Statement

_LONGEST_CONTEXT = 4000
_SPEAKER_REACH = 40
_LONGEST_CLAUSE = 300
_FEW = 3


def find_ceasefire_mentions(title: str, body: str, statements: Sequence[Statement]) -> tuple[CeasefireMention, ...]:
    """All ceasefire mentions of an article, the title's first, in the order of the text.

    `statements` are the article's statements, whose speakers are whom `I` and `he` are in what they say; the
    mention's `statement` is an index into them.
    """
    out: list[CeasefireMention] = []
    context: str | None = None
    for field, text in (("title", title), ("body", body)):
        if not may_name_ceasefire(text):
            continue
        if context is None:
            context = fold_text(f"{title}\n{body}"[:_LONGEST_CONTEXT])
        spoken = _Spoken(field, statements)
        offset = 0
        for paragraph in text.split("\n"):
            if may_name_ceasefire(paragraph):
                out += _tag_paragraph(field, paragraph, offset, context, spoken)
            offset += len(paragraph) + 1
    return tuple(out)


class _Spoken:
    """The statements of one field, asked by position."""

    def __init__(self, field: str, statements: Sequence[Statement]) -> None:
        self._statements = statements
        self._speakers = {(s.field, s.speaker.start): s.speaker for s in statements if s.speaker is not None}
        spans = [(s.content.start, -s.content.end, i) for i, s in enumerate(statements) if s.field == field]
        self._spans = sorted(spans)
        self._starts = [start for start, _, _ in self._spans]
        # For each span the nearest one that encloses it, so that a look-up climbs only as deep as statements nest.
        self._parents: list[int] = []
        stack: list[int] = []
        for at, (_, end, _) in enumerate(self._spans):
            while stack and -self._spans[stack[-1]][1] < -end:
                stack.pop()
            self._parents.append(stack[-1] if stack else -1)
            stack.append(at)

    def innermost(self, start: int, end: int) -> int | None:
        """The index of the innermost statement whose content holds the span."""
        at = bisect_right(self._starts, start) - 1
        while at >= 0:
            if -self._spans[at][1] >= end:
                return self._spans[at][2]
            at = self._parents[at]
        return None

    def speaker(self, index: int | None) -> Span | None:
        return None if index is None else self._statements[index].speaker

    def widen(self, field: str, span: Span, term: Span) -> Span:
        """The whole of a speaker's name, where the span begins as a speaker does.

        A name does not run into the term, nor on by more than a few words.
        """
        speaker = self._speakers.get((field, span.start), span)
        more = speaker.text[len(span.text) :].split()
        few = 0 < len(more) <= max(_FEW, len(span.text.split())) and more[0][:1] != WAW
        folded = [fold_word(word) for word in more]
        few = few and not any(w.isdigit() or is_verb(w) or w in word_class("never_in_name") for w in folded)
        few = few and not (is_in(folded[0], "group") or is_in(folded[-1], "preposition"))
        return speaker if few and not span.start <= term.start < speaker.end else span


def _tag_paragraph(
    field: str, paragraph: str, offset: int, context: str, spoken: _Spoken
) -> Iterator[CeasefireMention]:
    segmented = segment(paragraph)
    terms = find_terms(segmented.tokens, context)
    for first, end, of_sentence in _by_sentence(segmented, terms):
        clause = Clause(segmented.tokens, first, end, of_sentence)
        done: list[CeasefireMention] = []
        for index in range(len(of_sentence)):
            mention = _tag_term(field, clause, index, offset, paragraph, spoken, done)
            done.append(mention)
            yield mention


def _by_sentence(segmented: Segmented, terms: Sequence[Term]) -> Iterator[tuple[int, int, list[Term]]]:
    at = 0
    for first, end in _clauses(segmented):
        of_sentence = []
        while at < len(terms) and terms[at].first < end:
            of_sentence.append(terms[at])
            at += 1
        if of_sentence:
            yield first, max(end, of_sentence[-1].last + 1), of_sentence


def _clauses(segmented: Segmented) -> Iterator[tuple[int, int]]:
    """Sentences, and within a quotation of several sentences each of those."""
    tokens = segmented.tokens
    for first, end in segmented.sentences:
        begin = first
        for i in range(first, end - 1):
            at_end = tokens[i].text in ENDS and tokens[i + 1].space_before and not tokens[i + 1].is_punct
            if at_end or i - begin >= _LONGEST_CLAUSE:
                yield begin, i + 1
                begin = i + 1
        yield begin, end


def _tag_term(
    field: str,
    clause: Clause,
    index: int,
    offset: int,
    paragraph: str,
    spoken: _Spoken,
    done: Sequence[CeasefireMention],
) -> CeasefireMention:
    term = clause.terms[index]
    term_span = _span(clause.tokens, (term.first, term.last), offset, paragraph)
    statement = spoken.innermost(term_span.start, term_span.end)
    found = find_governance(clause, index)
    if found.sibling is not None:
        return replace(done[found.sibling], term=term_span, statement=statement)
    act, negated = resolve_negation(clause, term, found)
    found.act = act
    parties = find_parties(clause, index, found)
    start = term_span.start
    if found.decider is not None and found.decider.at < term.first:
        start = clause.tokens[found.decider.at].start + offset
    speaker = _range_of(clause, spoken.speaker(spoken.innermost(start, term_span.end)), offset)
    actor = ActorFinder(clause, index, found, speaker).find(parties)
    withheld = negated or act == "refuse"
    condition = find_condition(clause, term, found, withheld=withheld) if act != "mention" else None
    cameo, plover = event_codes(act, found.variant)
    named = split_parties(clause.tokens, parties) if parties else []
    return CeasefireMention(
        field=field,
        term=term_span,
        act=act,
        negated=negated,
        conditional=condition is not None,
        actor=spoken.widen(field, _span(clause.tokens, actor, offset, paragraph), term_span) if actor else None,
        condition=_span(clause.tokens, condition, offset, paragraph) if condition else None,
        parties=tuple(_span(clause.tokens, party, offset, paragraph) for party in named),
        statement=statement,
        cameo=cameo,
        plover=plover,
        rule=_rule(found),
    )


def _rule(found: Governance) -> str:
    if found.decider is None:
        return f"{found.act}.default"
    if found.accuser is not None:
        return f"{found.accuser.entry.id}/{found.accuser.form.part}"
    return f"{found.decider.entry.id}/{'behind' if found.decider.behind else found.decider.form.part}"


def _span(tokens: Sequence[Token], words: Range, offset: int, paragraph: str) -> Span:
    start, end = tokens[words[0]].start, tokens[words[1]].end
    return Span(offset + start, offset + end, paragraph[start:end])


def _range_of(clause: Clause, span: Span | None, offset: int) -> Range | None:
    """The tokens of a span, where it lies in or near the clause."""
    if span is None:
        return None
    tokens = clause.tokens
    inside = [
        i
        for i in range(max(0, clause.first - _SPEAKER_REACH), min(len(tokens), clause.end + _SPEAKER_REACH))
        if tokens[i].start + offset < span.end and tokens[i].end + offset > span.start
    ]
    return (inside[0], inside[-1]) if inside else None
