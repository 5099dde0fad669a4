"""Who the speakers are, across the article: elided subjects and pronouns find their antecedent."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.arabic.adjacent_phrases import split_object
from transforms.arabic.clitics import ALEF, HAMZA, WAW
from transforms.arabic.inflection import NOON, TAA_MARBUTA, TEH, YEH
from transforms.arabic.noun_phrases import phrase_end, starts_phrase
from transforms.arabic.statement_drafts import Draft, agrees, kind_of, name_words
from transforms.arabic.statement_names import adopt, lengthen_names, name_roles, resolve_generic
from transforms.arabic.statement_reader import Reader

_LOOK_BACK = 12
_PLURALS = (WAW + NOON, YEH + NOON, ALEF + HAMZA, WAW)
_TOPIC_REACH = 60


def resolve(drafts: Sequence[Draft]) -> None:
    """Fill `ref` of every draft of the body, in order of the text."""
    for i, draft in enumerate(drafts):
        if draft.speaker and _appeals(drafts, i):
            draft.content, draft.speaker, draft.mode = (draft.speaker[0], draft.content[1]), None, "elided"
        if draft.speaker:
            draft.speaker_kind = kind_of(draft.reader, draft.speaker)
            draft.ref = draft.text(draft.speaker)
            draft.ref_words = name_words(draft.reader, draft.speaker)
            draft.ref_gender = draft.gender or _gender(draft)
            resolve_generic(drafts, i, draft)
        elif draft.antecedent:
            draft.ref = draft.text(draft.antecedent)
            draft.ref_words = name_words(draft.reader, draft.antecedent)
            draft.ref_gender = draft.gender
            draft.speaker_kind = kind_of(draft.reader, draft.antecedent)
        else:
            source = _antecedent(drafts, i)
            if source:
                if source.kind == "topic":
                    resolve_generic(drafts, i, source)
                adopt(source, draft)
    name_roles(drafts)
    lengthen_names(drafts)


def _appeals(drafts: Sequence[Draft], at: int) -> bool:
    """Whether a woman who has just spoken goes on to appeal to the authorities: they are no subject of the verb."""
    draft = drafts[at]
    if not (draft.speaker and draft.cue_class == "demand" and draft.conjunction and draft.gender == "f"):
        return False
    if draft.mode != "post" or draft.kind != "past" or draft.speaker[0] != draft.position() + 1:
        return False
    said = next((d for d in reversed(drafts[:at]) if d.ref and d.parent is None and d.kind != "attribution"), None)
    if said is None or draft.sentence() - said.sentence() > 1 or draft.speaker[1] != draft.content[0]:
        return False
    powers = "authorities" in draft.reader.words[draft.speaker[0]].groups
    return powers and said.gender == "f" and said.speaker_kind in ("person", "role")


def _gender(draft: Draft) -> str:
    assert draft.speaker
    for i in range(draft.speaker[0], draft.speaker[1]):
        folded = draft.reader.tokens[i].folded
        if draft.reader.is_word(i):
            word = draft.reader.words[i]
            if folded.endswith(TAA_MARBUTA):
                return "f"
            if "masculine" in word.groups:
                return "m"
            if word.kind == "place":
                return "f"
            single = word.kind == "role" and not folded.endswith(_PLURALS)
            return "m" if single and not folded.endswith(ALEF + TEH) else ""
    return ""


def _antecedent(drafts: Sequence[Draft], at: int) -> Draft | None:
    """The statement whose speaker an elided subject continues."""
    draft = drafts[at]
    if draft.mode == "first":
        return drafts[draft.parent] if draft.parent is not None and drafts[draft.parent].ref else None
    sentence = draft.sentence()
    before = [d for d in reversed(drafts[max(0, at - _LOOK_BACK) : at]) if d.ref and d.reader is draft.reader]
    before = [d for d in before if d.opener != "antecedent" and d.mode != "relative"] or before
    same = [d for d in before if d.sentence() == sentence and d.kind != "attribution"]
    if not same or draft.kind == "masdar":
        topic = _mentioned(drafts, at) or _topic(draft)
        if topic:
            return topic
    if draft.kind in ("participle", "masdar") or draft.conjunction or draft.mode == "pronoun":
        for d in sorted(same, key=lambda d: (_depth(drafts, d), -d.position())):
            if agrees(d, draft) and not _inside(draft, d):
                return d
        for d in same:
            if agrees(d, draft):
                return d
    outer = drafts[draft.parent] if draft.parent is not None else None
    if outer and draft.kind == "participle" and not agrees(outer, draft):
        subject = _clause_subject(outer, draft)
        if subject:
            return subject
    nested = outer is not None and draft.kind in ("past", "present") and not draft.conjunction and draft.number == "s"
    if outer and nested and draft.mode == "elided" and outer.kind != "attribution" and draft.gender == "f":
        subject = _clause_subject(outer, draft)
        if subject and subject.speaker_kind == "organisation":
            return subject
    if (
        outer
        and outer.kind != "attribution"
        and draft.mode == "elided"
        and outer.ref
        and draft.kind != "participle"
        and agrees(outer, draft)
    ):
        return outer
    for d in before:
        if _depth(drafts, d) == 0 and d.kind != "attribution" and agrees(d, draft):
            return d
    for d in before:
        if agrees(d, draft):
            return d
    return before[0] if before and draft.kind == "participle" else None


def _clause_subject(outer: Draft, draft: Draft) -> Draft | None:
    """The noun that begins the clause which a participle goes on with: that a rich man said so, complaining."""
    reader, (first, last) = outer.reader, outer.content
    if not starts_phrase(reader, first) or reader.words[first].feminine != (draft.gender == "f"):
        return None
    span = reader.trim(first, phrase_end(reader, first, last))
    if span[0] >= span[1]:
        return None
    return _topic_draft(reader, span)


def _mentioned(drafts: Sequence[Draft], at: int) -> Draft | None:
    """The person who speaks elsewhere in the article and whom the sentence names first, before the cue."""
    draft = drafts[at]
    if draft.kind not in ("past", "present") or draft.number != "s":
        return None
    reader, end = draft.reader, draft.position()
    begin = max(reader.sentence(end)[0], end - _TOPIC_REACH)
    known: dict[str, Draft] = {}
    for d in drafts[max(0, at - 3 * _LOOK_BACK) : at]:
        if d.ref and d.speaker and d.speaker_kind in ("person", "role") and d.reader is reader and agrees(d, draft):
            last = reader.words[d.speaker[1] - 1]
            told = any(w.bi and w.masdar for w in reader.words[slice(*d.speaker)])
            if not (told or last.definite or last.kind or last.groups - {"name"}):
                known[last.folded] = d
    for i in range(begin, end):
        before = reader.words[i - 1].groups if i > begin else frozenset()
        if reader.tokens[i].folded in known and not before & {"preposition", "adjunct"}:
            return known[reader.tokens[i].folded]
    return None


def _topic(draft: Draft) -> Draft | None:
    """The source-like noun that the sentence before the cue is about: who published the statement that warns."""
    reader = draft.reader
    begin, limit = reader.sentence(draft.position())
    at = draft.position()
    if draft.kind == "attribution":
        begin, at = draft.content
    at = min(at, begin + _TOPIC_REACH) if draft.kind != "masdar" else at
    begin = max(begin, at - _TOPIC_REACH)
    order = range(at - 1, begin - 1, -1) if draft.kind == "masdar" else range(begin, at)
    found = _source_noun(draft, begin, order, (at, limit))
    if found:
        return found
    if draft.kind == "participle" and begin + 1 < at and starts_phrase(reader, begin + 1):
        # The sentence begins with a verb that no lexicon knows; its subject follows.
        span = reader.trim(begin + 1, phrase_end(reader, begin + 1, at))
        if span[0] < span[1] and not reader.words[begin].groups and not reader.words[begin].kind:
            return _topic_draft(reader, span)
    return None


def _source_noun(draft: Draft, begin: int, order: range, ends: tuple[int, int]) -> Draft | None:
    """The first source-like noun, no preposition's and no genitive, that agrees with the cue."""
    reader, (at, limit) = draft.reader, ends
    for i in order:
        word = reader.words[i]
        if word.kind not in ("organisation", "role", "anonymous", "place") or word.governed:
            continue
        if i > begin and (reader.words[i - 1].groups & {"preposition", "adjunct"} or reader.words[i - 1].kind):
            continue
        feminine = word.feminine or word.kind == "place"
        if draft.gender and (draft.gender == "f") != feminine and draft.number == "s":
            continue
        span = reader.trim(i, phrase_end(reader, i, min(limit, at) if i < at else limit))
        if span[0] >= span[1]:
            continue
        border = split_object(reader, *span)
        span = reader.trim(span[0], border) if border else span
        return _topic_draft(reader, span)
    return None


def _topic_draft(reader: Reader, span: tuple[int, int]) -> Draft:
    found = Draft(reader, None, span, span, "", "", None, "topic")
    found.ref, found.ref_words = found.text(span), name_words(reader, span)
    found.speaker_kind = kind_of(reader, span)
    return found


def _depth(drafts: Sequence[Draft], draft: Draft) -> int:
    depth = 0
    while draft.parent is not None and depth < 6:
        draft = drafts[draft.parent]
        depth += 1
    return depth


def _inside(draft: Draft, other: Draft) -> bool:
    return other.content[0] <= draft.position() < other.content[1]
