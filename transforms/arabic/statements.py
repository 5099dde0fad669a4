"""Statements: who said what. Rules over the lexicons in transforms/lexicon, in stages that can be tested alone.

Reading (statement_reader), cues and their frames (statement_cues), subjects (statement_subjects,
statement_preceding), according-to phrases (statement_attributions), headlines (statement_headlines), where contents
may end and where they do (statement_boundaries, statement_bounds), speakers across the article (statement_speakers).
Time is linear in the length of the text: every search is bounded.
"""

from __future__ import annotations

from collections.abc import Sequence

from transforms.arabic.noun_phrases import phrase_end
from transforms.arabic.particles import PREPOSITIONS
from transforms.arabic.statement_attributions import find_attributions
from transforms.arabic.statement_boundaries import find_boundaries
from transforms.arabic.statement_bounds import content_end
from transforms.arabic.statement_cues import find_cues
from transforms.arabic.statement_drafts import Draft
from transforms.arabic.statement_headlines import also_named, find_headline, find_subheadings, find_verbless
from transforms.arabic.statement_openers import Hit
from transforms.arabic.statement_quotations import quotation_kind
from transforms.arabic.statement_reader import Reader, read_field
from transforms.arabic.statement_relays import TONGUE, cites
from transforms.arabic.statement_speakers import resolve
from transforms.arabic.statement_words import RESUMPTIVE, CueReading
from transforms.elements import Span, Statement

_NESTING = 24


def find_statements(title: str, body: str) -> tuple[Statement, ...]:
    """All statements of an article, the title's first, in order of their contents and cues."""
    body_reader = read_field("body", body)
    body_drafts = _drafts(body_reader)
    title_reader = read_field("title", title)
    title_drafts = _drafts(title_reader)
    resolve(body_drafts)
    sources = [d.ref_words for d in body_drafts if d.ref_words]
    body_drafts = _with_subheadings(body_drafts, find_subheadings(body_reader, sources))
    headline = find_headline(title_reader, sources)
    said = {draft.content[0] for draft in title_drafts if draft.opener == "colon"}
    if headline and headline.content[0] not in said:
        title_drafts = [headline, *(d for d in title_drafts if d.content[0] >= headline.content[0])]
    _link_parents(title_drafts)
    resolve([*body_drafts, *title_drafts][len(body_drafts) :])
    _match_title(title_drafts, body_drafts)
    return _finish(title_drafts, body_drafts)


def _drafts(reader: Reader) -> list[Draft]:
    hits = find_cues(reader)
    attributions = find_attributions(reader)
    inside = {i for a in attributions for i in range(a.first, a.last)}
    hits = [h for h in hits if h.first not in inside]
    boundaries = find_boundaries(reader, hits, attributions)
    drafts = []
    for hit in hits:
        draft = _draft(reader, hit, content_end(reader, hit, boundaries))
        if draft:
            drafts.append(draft)
            if hit.opener == "relay":
                drafts += _relayed_source(reader, draft, hit.reading)
    for a in attributions:
        content = reader.trim(*a.content)
        if content[0] < content[1]:
            rule = "attribution.trailing" if a.trailing else "attribution.leading"
            drafts.append(Draft(reader, (a.first, a.last), a.speaker, content, "", rule, "report", "attribution"))
    if not reader.is_title():
        drafts += [d for s in reader.sentences if (d := find_verbless(reader, s))]
    drafts.sort(key=lambda d: (d.content[0], -d.content[1], d.position()))
    _keep_within(drafts)
    _link_parents(drafts)
    if any(d.mode == "first" and d.parent is None for d in drafts):  # whose words these are is not told
        drafts = [d for d in drafts if d.mode != "first" or d.parent is not None]
        _link_parents(drafts)
    return drafts


def _keep_within(drafts: Sequence[Draft]) -> None:
    """End a content where the one that it begins in ends; one in marks has an end of its own. Drafts are sorted."""
    open_drafts: list[Draft] = []
    for draft in drafts:
        first, last = draft.content
        marked = draft.opener in ("colon", "quote", "attribution")
        open_drafts = [d for d in open_drafts[-_NESTING:] if d.content[1] > first]
        for outer in open_drafts:
            if not marked and outer.content[0] <= draft.position() < first and outer.content[1] < last:
                last = outer.content[1]
        draft.content = draft.reader.trim(first, last)
        open_drafts.append(draft)


def _with_subheadings(drafts: list[Draft], found: list[Draft]) -> list[Draft]:
    taken = {draft.content[0] for draft in drafts}
    found = [draft for draft in found if draft.content[0] not in taken]
    if not found:
        return drafts
    resolve(found)
    _match_title(found, drafts)
    drafts = sorted([*drafts, *found], key=lambda d: (d.content[0], -d.content[1], d.position()))
    _link_parents(drafts)
    return drafts


def _draft(reader: Reader, hit: Hit, end: int) -> Draft | None:
    first, last = reader.trim(hit.content, end)
    if first >= last:
        return None
    form = hit.reading.form
    speaker = hit.subject.span
    if form.kind == "masdar" and form.suffix and speaker is None and not reader.words[hit.first].bi:
        speaker = _relayed(reader, hit.first)  # by saying: the verb's own subject says it
    return Draft(
        reader,
        (hit.first, hit.last),
        speaker,
        (first, last),
        hit.opener,
        f"{form.kind}.{hit.opener}.{hit.subject.mode}",
        form.cue.cue_class,
        form.kind,
        gender=form.gender if form.kind != "masdar" else "",
        number=form.number,
        mode="first" if form.first_person else hit.subject.mode,
        conjunction=bool(hit.reading.conjunction),
        continues=form.cue.continues,
        describes="as" in form.cue.frames,
        antecedent=hit.subject.antecedent if hit.opener != "antecedent" else None,
    )


def _relayed_source(reader: Reader, relay: Draft, reading: CueReading) -> list[Draft]:
    """The source that a relay cites without `saying`: `the agency quoted X that ...`."""
    first, last = relay.content
    if not cites(reader, first, reading) or reader.words[first].folded in RESUMPTIVE:
        return []  # a verbal noun of the source's introduces the content
    cue = (first, first + 1)
    if reader.words[first + 1].folded == TONGUE:
        first += 1
    end = phrase_end(reader, first + 1, last)
    speaker = reader.trim(first + 1, end)
    that = next((i for i in range(end, min(end + 8, last)) if reader.words[i].that), None)
    if speaker[0] >= speaker[1] or that is None:
        return []
    if any(c.form.kind == "masdar" and c.form.suffix for i in range(first, that) for c in reader.words[i].cues):
        return []  # that saying is a cue of its own
    content = reader.trim(that + 1 if reader.words[that].that_bare else that, last)
    if content[0] >= content[1]:
        return []
    return [Draft(reader, cue, speaker, content, "that", "relay.source", "report", "masdar", mode="post")]


def _relayed(reader: Reader, at: int) -> tuple[int, int] | None:
    """`quoted X as saying`: the source whose saying a verbal noun with a pronoun relays."""
    for i in range(at - 1, max(reader.sentence(at)[0] - 1, at - 25), -1):
        ascribed = any(
            {"relay", "ila"} <= set(c.form.cue.frames) for word in reader.words[max(0, i - 2) : i] for c in word.cues
        )
        cited = reader.words[i].folded
        if cited in (PREPOSITIONS["an"], TONGUE) or (ascribed and cited == PREPOSITIONS["ila"]):
            end = phrase_end(reader, i + 1, at)
            return reader.trim(i + 1, end) if end > i + 1 else None
    return None


def _link_parents(drafts: Sequence[Draft]) -> None:
    """Set each draft's parent: the innermost content before it that holds its cue. Drafts are sorted by content."""
    open_drafts: list[int] = []
    for i, draft in enumerate(drafts):
        at = draft.position()
        while open_drafts and drafts[open_drafts[-1]].content[1] <= draft.content[0]:
            open_drafts.pop()
        draft.parent = next(
            (
                j
                for j in reversed(open_drafts[-_NESTING:])
                if drafts[j].content[0] <= at < drafts[j].content[1]
                and draft.content[1] <= drafts[j].content[1]
                and drafts[j].content != draft.content
            ),
            None,
        )
        open_drafts.append(i)


def _match_title(title_drafts: Sequence[Draft], body_drafts: Sequence[Draft]) -> None:
    """Give a title's speakers the names that the body gives them."""
    for draft in title_drafts:
        if draft.ref is None and draft.kind == "masdar":
            draft.ref = next((d.ref for d in body_drafts if d.ref and d.parent is None), None)
        if not draft.ref_words:
            continue
        best = None
        for other in body_drafts:
            if other.ref and _alike(draft, other) and draft.ref_words & other.ref_words:
                share = len(draft.ref_words & other.ref_words) / len(draft.ref_words)
                if share >= 0.5 and (best is None or share > best[0]):
                    best = (share, other)
        if best is None and draft.speaker:
            wider = also_named(draft.ref_words)
            for other in body_drafts:
                same_kind = draft.speaker_kind == "anonymous" == other.speaker_kind and len(draft.ref_words) == 1
                if other.ref and other.ref_words and (other.ref_words <= wider or same_kind):
                    best = (1.0, other)
                    break
        if best is None and draft.speaker and draft.cue is None and _nameless(draft):
            people = [d for d in body_drafts if d.ref and d.parent is None and d.speaker_kind in ("person", "role")]
            best = (1.0, people[0]) if people else None  # `a researcher: ...` is the one whom the article cites first
        if best:
            draft.ref = best[1].ref


def _alike(draft: Draft, other: Draft) -> bool:
    """Whether two names may be one source's: not where one is a body, by its noun, and the other an office."""
    return {draft.speaker_kind, other.speaker_kind} != {"organisation", "role"}


def _nameless(draft: Draft) -> bool:
    """Whether a title names its source by an indefinite noun: an official, a researcher."""
    assert draft.speaker
    word = draft.reader.words[draft.speaker[0]]
    return word.kind in ("role", "anonymous") and not word.definite and draft.speaker[1] - draft.speaker[0] <= 3


def _finish(title_drafts: Sequence[Draft], body_drafts: Sequence[Draft]) -> tuple[Statement, ...]:
    out: list[Statement] = []
    for offset, drafts in ((0, title_drafts), (len(title_drafts), body_drafts)):
        out += [_statement(draft, offset, drafts) for draft in drafts]
    return tuple(out)


def _statement(draft: Draft, offset: int, drafts: Sequence[Draft]) -> Statement:
    quote = quotation_kind(draft.reader, *draft.content)
    if draft.opener == "colon":
        if draft.reader.is_title():
            quote = "headline" if quote == "indirect" else quote
        elif not (quote == "mixed" and draft.reader.quote_in[draft.content[0]]):
            quote = "direct"
    elif draft.mode == "first":
        quote = "indirect"  # the verb reports it, though within marks: six of ten such in the annotated articles
    elif draft.parent is not None and drafts[draft.parent].quote == "direct":
        quote = "direct"
    if quote == "indirect" and draft.describes and any(i in draft.reader.quote_from for i in range(*draft.content)):
        quote = "mixed"  # what something is called is the source's own word
    draft.quote = quote
    return Statement(
        field=draft.reader.field,
        cue=_span(draft, draft.cue),
        speaker=_span(draft, draft.speaker),
        speaker_ref=draft.ref,
        content=_must(_span(draft, draft.content)),
        quote=quote,
        cue_class=draft.cue_class,
        speaker_kind=draft.speaker_kind,
        anonymous=draft.speaker_kind == "anonymous",
        parent=None if draft.parent is None else draft.parent + offset,
        rule=draft.rule,
    )


def _span(draft: Draft, tokens: tuple[int, int] | None) -> Span | None:
    if tokens is None:
        return None
    start = draft.reader.tokens[tokens[0]].start
    end = draft.reader.tokens[tokens[1] - 1].end
    return Span(start, end, draft.reader.text[start:end])


def _must(span: Span | None) -> Span:
    assert span is not None
    return span
