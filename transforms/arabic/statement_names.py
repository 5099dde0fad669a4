"""Names across the article: short names, titles and documents stand for a source named in full elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.arabic.clitics import readings
from transforms.arabic.noun_phrases import phrase_end
from transforms.arabic.statement_drafts import Draft, agrees, name_words
from transforms.arabic.statement_reader import Reader

_LOOK_BACK = 12
_AN = "\u0639\u0646"


def adopt(source: Draft, draft: Draft) -> None:
    draft.ref, draft.ref_words, draft.speaker_kind = source.ref, source.ref_words, source.speaker_kind
    draft.ref_gender = source.ref_gender


def resolve_generic(drafts: Sequence[Draft], at: int, draft: Draft) -> None:
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
            adopt(d, draft)
            return
    if word.kind == "document":
        for d in reversed(drafts[max(0, at - 3 * _LOOK_BACK) : at]):
            if d.ref and d.speaker and d.speaker_kind == "document":
                adopt(d, draft)
                return
    if word.kind == "document" or word.groups & {"generic_source"}:
        for d in reversed(drafts[max(0, at - _LOOK_BACK) : at]):
            wanted = word.kind == "document" or d.speaker_kind in ("anonymous",)
            if d.ref and d.parent is None and wanted and d.ref_words != draft.ref_words:
                adopt(d, draft)
                return
    if (
        word.kind == "role"
        and length == 1
        and not word.folded.endswith(("\u0627\u0646", "\u0648\u0646", "\u064a\u0646", "\u0627\u0621"))
    ):
        for d in reversed(drafts[max(0, at - _LOOK_BACK) : at]):
            if d.ref and d.parent is None and d.speaker_kind in ("person", "role") and agrees(d, draft):
                adopt(d, draft)
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


def lengthen_names(drafts: Sequence[Draft]) -> None:
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
