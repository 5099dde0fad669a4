"""Who the speakers are, across the article: elided subjects, pronouns, short names and titles find their antecedent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from transforms.arabic.clitics import ARTICLE, BEH, LAM, WAW, readings
from transforms.arabic.noun_phrases import phrase_end, split_object, starts_phrase
from transforms.arabic.statement_forms import TAA_MARBUTA
from transforms.arabic.statement_reader import Reader

_LOOK_BACK = 12
_TOPIC_REACH = 60
_AN = "\u0639\u0646"
_PREPOSED = (LAM + LAM, BEH + ARTICLE, LAM + WAW, BEH + WAW)


@dataclass(slots=True)
class Draft:
    """A statement in the making: token ranges in one field, and what agreement asks of its speaker."""

    reader: Reader
    cue: tuple[int, int] | None
    speaker: tuple[int, int] | None
    content: tuple[int, int]
    opener: str
    rule: str
    cue_class: str | None
    kind: str  # of the cue: past, present, participle, masdar, attribution, colon
    gender: str = ""
    number: str = ""
    mode: str = ""
    conjunction: bool = False
    antecedent: tuple[int, int] | None = None
    parent: int | None = None
    ref: str | None = None
    ref_words: frozenset[str] = field(default_factory=frozenset)
    ref_gender: str = ""
    speaker_kind: str | None = None
    quote: str = ""

    def text(self, span: tuple[int, int]) -> str:
        tokens = self.reader.tokens
        return self.reader.text[tokens[span[0]].start : tokens[span[1] - 1].end]

    def sentence(self) -> int:
        at = self.cue[0] if self.cue else self.content[0]
        return self.reader.sentence_of[at]

    def position(self) -> int:
        return self.cue[0] if self.cue else self.content[0]


def name_words(reader: Reader, span: tuple[int, int]) -> frozenset[str]:
    """The words of a name, bare of article and conjunction."""
    out = set()
    for i in range(*span):
        if reader.is_word(i):
            out.add(bare(reader.tokens[i].folded))
    return frozenset(out)


def bare(folded: str) -> str:
    return folded.removeprefix(ARTICLE) if len(folded) > 4 else folded


def kind_of(reader: Reader, span: tuple[int, int]) -> str | None:
    """The kind of speaker that a name's first known noun tells; a person where none is known."""
    for i in range(span[0], min(span[1], span[0] + 3)):
        kind = reader.words[i].kind
        if kind:
            return "organisation" if kind == "place" else kind
    return "person"


def resolve(drafts: Sequence[Draft]) -> None:
    """Fill `ref` of every draft of the body, in order of the text."""
    for i, draft in enumerate(drafts):
        if draft.speaker:
            draft.speaker_kind = kind_of(draft.reader, draft.speaker)
            draft.ref = draft.text(draft.speaker)
            draft.ref_words = name_words(draft.reader, draft.speaker)
            draft.ref_gender = draft.gender or _gender(draft)
            _resolve_generic(drafts, i, draft)
        elif draft.antecedent:
            draft.ref = draft.text(draft.antecedent)
            draft.ref_words = name_words(draft.reader, draft.antecedent)
            draft.ref_gender = draft.gender
            draft.speaker_kind = kind_of(draft.reader, draft.antecedent)
        else:
            source = _antecedent(drafts, i)
            if source:
                if source.kind == "topic":
                    _resolve_generic(drafts, i, source)
                _copy(source, draft)
    _lengthen(drafts)


def _copy(source: Draft, draft: Draft) -> None:
    draft.ref, draft.ref_words, draft.speaker_kind = source.ref, source.ref_words, source.speaker_kind
    draft.ref_gender = source.ref_gender


def _gender(draft: Draft) -> str:
    assert draft.speaker
    for i in range(draft.speaker[0], draft.speaker[1]):
        folded = draft.reader.tokens[i].folded
        if draft.reader.is_word(i):
            return "f" if folded.endswith(TAA_MARBUTA) else ""
    return ""


def _antecedent(drafts: Sequence[Draft], at: int) -> Draft | None:
    """The statement whose speaker an elided subject continues."""
    draft = drafts[at]
    sentence = draft.sentence()
    before = [d for d in reversed(drafts[max(0, at - _LOOK_BACK) : at]) if d.ref and d.reader is draft.reader]
    before = [d for d in before if d.opener != "antecedent" and d.mode != "relative"] or before
    same = [d for d in before if d.sentence() == sentence and d.kind != "attribution"]
    if not same or draft.kind == "masdar":
        topic = _topic(draft)
        if topic:
            return topic
    if draft.kind in ("participle", "masdar") or draft.conjunction or draft.mode == "pronoun":
        for d in sorted(same, key=lambda d: (_depth(drafts, d), -d.position())):
            if _agrees(d, draft) and not _inside(draft, d):
                return d
        for d in same:
            if _agrees(d, draft):
                return d
    outer = drafts[draft.parent] if draft.parent is not None else None
    if (
        outer
        and outer.kind != "attribution"
        and draft.mode == "elided"
        and outer.ref
        and draft.kind != "participle"
        and _agrees(outer, draft)
    ):
        return outer
    for d in before:
        if _depth(drafts, d) == 0 and d.kind != "attribution" and _agrees(d, draft):
            return d
    for d in before:
        if _agrees(d, draft):
            return d
    return before[0] if before and draft.kind == "participle" else None


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
    for i in order:
        word = reader.words[i]
        if word.kind not in ("organisation", "role", "anonymous", "place") or word.folded.startswith(_PREPOSED):
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
        found = Draft(reader, None, span, span, "", "", None, "topic")
        found.ref, found.ref_words = found.text(span), name_words(reader, span)
        found.speaker_kind = kind_of(reader, span)
        return found
    if draft.kind == "participle" and begin + 1 < at and starts_phrase(reader, begin + 1):
        # The sentence begins with a verb that no lexicon knows; its subject follows.
        span = reader.trim(begin + 1, phrase_end(reader, begin + 1, at))
        if span[0] < span[1] and not reader.words[begin].groups and not reader.words[begin].kind:
            found = Draft(reader, None, span, span, "", "", None, "topic")
            found.ref, found.ref_words = found.text(span), name_words(reader, span)
            found.speaker_kind = kind_of(reader, span)
            return found
    return None


def _depth(drafts: Sequence[Draft], draft: Draft) -> int:
    depth = 0
    while draft.parent is not None and depth < 6:
        draft = drafts[draft.parent]
        depth += 1
    return depth


def _inside(draft: Draft, other: Draft) -> bool:
    return other.content[0] <= draft.position() < other.content[1]


def _agrees(source: Draft, draft: Draft) -> bool:
    if draft.number == "p" and draft.gender == "m" and draft.kind in ("past", "present") and source.number == "s":
        return source.speaker_kind == "anonymous"
    if draft.gender and source.ref_gender:
        return draft.gender == source.ref_gender
    return True


def _resolve_generic(drafts: Sequence[Draft], at: int, draft: Draft) -> None:
    """`the source`, `the statement`, `the minister`: a definite noun alone stands for one named before."""
    assert draft.speaker
    first, last = draft.speaker
    reader = draft.reader
    word = reader.words[first]
    length = sum(reader.is_word(i) for i in range(first, last))
    if (not word.definite and not draft.text(draft.speaker).endswith("\u0647")) or length > 2 or not word.kind:
        if word.kind == "document" and length >= 1:
            issuer = _issuer(reader, first, last, reader.sentence(first)[1])
            if issuer:
                draft.ref = draft.text(issuer)
                draft.ref_words = name_words(reader, issuer)
        return
    head = next((r.stem for r in readings(word.folded) if r.article), word.folded)
    for d in reversed(drafts[max(0, at - 3 * _LOOK_BACK) : at]):
        if d.ref and d.speaker and d is not draft and head in d.ref_words and len(d.ref_words) > 1:
            _copy(d, draft)
            return
    if word.kind == "document":
        for d in reversed(drafts[max(0, at - 3 * _LOOK_BACK) : at]):
            if d.ref and d.speaker and d.speaker_kind == "document":
                _copy(d, draft)
                return
    if word.kind == "document" or word.groups & {"generic_source"}:
        for d in reversed(drafts[max(0, at - _LOOK_BACK) : at]):
            wanted = word.kind == "document" or d.speaker_kind in ("anonymous",)
            if d.ref and d.parent is None and wanted and d.ref_words != draft.ref_words:
                _copy(d, draft)
                return
    if (
        word.kind == "role"
        and length == 1
        and not word.folded.endswith(("\u0627\u0646", "\u0648\u0646", "\u064a\u0646", "\u0627\u0621"))
    ):
        for d in reversed(drafts[max(0, at - _LOOK_BACK) : at]):
            if d.ref and d.parent is None and d.speaker_kind in ("person", "role") and _agrees(d, draft):
                _copy(d, draft)
                return


def _issuer(reader: Reader, first: int, last: int, limit: int) -> tuple[int, int] | None:
    """Who issued a document: `a statement by ...`, `a statement issued by ...`."""
    for i in range(first + 1, min(first + 6, limit)):
        word = reader.words[i]
        if word.folded == _AN and i + 1 < limit:
            end = phrase_end(reader, i + 1, limit)
            return (i + 1, end) if end > i + 1 else None
        if i < last and (word.kind in ("organisation", "role", "place") or "addressee" in word.groups):
            end = phrase_end(reader, i, limit)
            return (i, end) if end > i else None
        if word.that:
            return None
    return None


def _personal(draft: Draft) -> bool:
    return draft.speaker_kind in ("person", "role")


def _lengthen(drafts: Sequence[Draft]) -> None:
    """Give each speaker the fullest name that any statement gives the same source."""
    full: dict[tuple[str, bool], tuple[int, str]] = {}
    for draft in drafts:
        if draft.ref and len(draft.ref_words) >= 2:
            for word in draft.ref_words:
                key = (word, _personal(draft))
                if len(word) > 2 and (key not in full or len(draft.ref_words) > full[key][0]):
                    full[key] = (len(draft.ref_words), draft.ref)
    by_text = {d.ref: d.ref_words for d in drafts if d.ref}
    for draft in drafts:
        if draft.ref and draft.ref_words:
            options = [full[k] for w in draft.ref_words if (k := (w, _personal(draft))) in full]
            for _, text in sorted(options, reverse=True):
                if draft.ref_words < by_text.get(text, frozenset()):
                    draft.ref = text
                    break
