"""Names across the article: short names, titles and documents stand for a source named in full elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.arabic.clitics import ALEF, HAMZA, WAW, readings
from transforms.arabic.inflection import HEH, NOON, TAA_MARBUTA, TEH, YEH
from transforms.arabic.normalize import fold_word
from transforms.arabic.noun_phrases import phrase_end
from transforms.arabic.particles import particle
from transforms.arabic.segment import QUOTES
from transforms.arabic.statement_drafts import Draft, agrees, bare, name_words
from transforms.arabic.statement_reader import COMMAS, Reader
from transforms.arabic.statement_words import Word, look_up

_LOOK_BACK = 12
_MARKS = '\u060c,"\u201c\u201d\u00ab\u00bb'
_ADJECTIVE = (YEH, YEH + TAA_MARBUTA)
_AN = particle("an")
_PAIR = " " + WAW  # two names joined by and


def adopt(source: Draft, draft: Draft) -> None:
    draft.ref, draft.ref_words, draft.speaker_kind = source.ref, source.ref_words, source.speaker_kind
    draft.ref_gender = source.ref_gender


def resolve_generic(drafts: Sequence[Draft], at: int, draft: Draft) -> None:
    """`the source`, `the statement`, `the Libyan official`: a definite noun stands for a source named before."""
    assert draft.speaker
    first, last = draft.speaker
    reader = draft.reader
    if "same" in reader.words[first].groups and first + 1 < last:
        first += 1
    if "honorific" in reader.words[first].groups:
        near = [d for d in reversed(drafts[max(0, at - _LOOK_BACK) : at]) if d.ref and d.ref != draft.ref]
        person = next((d for d in near if d.speaker_kind in ("person", "role")), None)
        if person:
            adopt(person, draft)
        return
    word = reader.words[first]
    length = sum(reader.is_word(i) for i in range(first, last))
    owned = reader.words[last - 1].pronominal or reader.tokens[last - 1].folded.endswith(HEH)
    if word.pronominal and word.kind in ("role", "anonymous"):
        return  # his brother is another one
    if not (word.definite or owned) or not _short(reader, last, length) or not word.kind:
        if word.kind == "document" and length >= 1:
            issuer = _issuer(reader, first, last, reader.sentence(first)[1])
            if issuer:
                draft.ref = draft.text(issuer)
                draft.ref_words = name_words(reader, issuer)
        return
    if word.kind == "document" and last < len(reader.words) and "relative" in reader.words[last].groups:
        issuer = _issuer(reader, last, last, reader.sentence(first)[1])  # the inquiry which X made
        if issuer:
            draft.ref = draft.text(issuer)
            draft.ref_words = name_words(reader, issuer)
            return
    source = _named_before(drafts, at, draft, word, length)
    if source:
        gender = draft.ref_gender
        adopt(source, draft)
        draft.ref_gender = gender  # of the noun that stands here, which the next verbs agree with


def _short(reader: Reader, last: int, length: int) -> bool:
    """Whether a name is a noun alone, or with one adjective or `himself`."""
    return length == 1 or (length == 2 and not reader.words[last - 1].kind)


def _named_before(drafts: Sequence[Draft], at: int, draft: Draft, word: Word, length: int) -> Draft | None:
    """The statement whose speaker a definite noun stands for."""
    head = next((r.stem for r in readings(word.folded) if r.article), word.folded)
    far = [d for d in reversed(drafts[max(0, at - 3 * _LOOK_BACK) : at]) if d.ref and d.speaker and d is not draft]
    near = [d for d in reversed(drafts[max(0, at - _LOOK_BACK) : at]) if d.ref and d.parent is None]
    personal = word.kind in ("role", "anonymous")
    for d in far:
        same = (
            d.speaker_kind in ("person", "role", "anonymous") if personal else d.speaker_kind not in ("person", "role")
        )
        if same and head in d.ref_words and len(d.ref_words) > 1 and _fits(draft, d, head, length, personal):
            return d
    if word.kind != "document" and word.folded.endswith(ALEF + NOON):
        return next((d for d in near if d.ref and _PAIR in d.ref and d.ref_words != draft.ref_words), None)
    if word.kind == "document":
        if word.folded.endswith(ALEF + TEH):
            return None  # several texts: leaflets, polls
        cited = next((d for d in far if d.speaker_kind == "document"), None)
        return cited or next((d for d in near if d.ref_words != draft.ref_words), None)
    if word.groups & {"generic_source"}:
        wanted = [d for d in near if d.ref_words != draft.ref_words]
        alike = [d for d in wanted if d.speaker_kind == "anonymous"] if length == 1 else []
        people = [d for d in wanted if _personal(d) or d.speaker_kind == "anonymous"]
        named = [d for d in people if _personal(d)] if length == 2 else []
        return next(iter(alike or named or people or wanted), None)
    if word.medium:
        return next((d for d in far if _media(d) and d.speaker_kind not in ("person", "role")), None)
    plural = word.folded.endswith((WAW + NOON, YEH + NOON, ALEF + HAMZA))
    himself = "self" in draft.reader.words[draft.speaker[1] - 1].groups if draft.speaker else False
    if word.kind == "role" and length - himself == 1 and not plural:
        return next((d for d in near if d.speaker_kind in ("person", "role") and agrees(d, draft)), None)
    return None


def _fits(draft: Draft, source: Draft, head: str, length: int, personal: bool) -> bool:
    """Whether a source's name begins with the noun that stands for it, or holds all words of a title."""
    assert draft.speaker
    assert source.speaker
    if personal and length == 2:
        second = draft.reader.words[draft.speaker[1] - 1]
        if "self" in second.groups or bare(second.folded) in source.ref_words:
            return True
        words = source.reader.words[source.speaker[0] + 1 : source.speaker[1]]
        told = [w for w in words if w.definite or source.speaker_kind == "anonymous"]
        return second.definite and not any(w.folded.endswith(_ADJECTIVE) for w in told)
    if personal or draft.speaker_kind == "document":
        return True
    first, last = source.speaker
    return head in (bare(source.reader.tokens[i].folded) for i in range(first, min(first + 2, last)))


def _media(draft: Draft) -> bool:
    """Whether a speaker is a medium, or a text that one published."""
    assert draft.speaker
    reader = draft.reader
    if draft.speaker_kind == "document":
        return any(i in reader.quote_from for i in range(*draft.speaker))
    return any(reader.words[i].medium or "addressee" in reader.words[i].groups for i in range(*draft.speaker))


def _issuer(reader: Reader, first: int, last: int, limit: int) -> tuple[int, int] | None:
    """Who issued a document: `a statement by ...`, `a statement issued by ...`."""
    marked = last < limit and reader.tokens[last].is_punct and reader.tokens[last].text not in COMMAS
    close = last + 1 if marked else last
    for i in range(first + 1, min(first + 6, limit)):
        word = reader.words[i]
        if word.folded == _AN and i + 1 < limit:
            end = phrase_end(reader, i + 1, close if i + 1 < last else limit)
            return (i + 1, end) if end > i + 1 else None
        adjective = word.kind == "role" and not word.definite  # a statement to the press
        published = i < limit and reader.words[i - 1].verb and reader.words[i - 1].pronominal
        source = word.kind in ("organisation", "role", "place") or "addressee" in word.groups
        quoted = i in reader.quote_from and i < last
        if "belongs" in reader.words[i - 1].groups:
            continue  # a draft in favour of X is not X's
        if (i < last or published or quoted) and (source or quoted) and not adjective:
            end = phrase_end(reader, i, close if i < last else limit)
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
                if draft.ref_words < by_text.get(text, frozenset()) and _lengthens(draft, text):
                    draft.ref = text
                    break


def _lengthens(draft: Draft, long: str) -> bool:
    """Whether a longer name is the same source's, and not the name of one that belongs to it, or of several."""
    assert draft.ref
    words, parts = long.split(), draft.ref.split()
    if "quantifier" in look_up(fold_word(words[0])).groups:
        return False  # both X and Y
    at = next((i for i, word in enumerate(words) if word.strip(_MARKS) == parts[0].strip(_MARKS)), 0)
    if at > 1 and words[at][0] in QUOTES:
        return False  # the editor of "X"
    last = at + len(parts) - 1
    return _personal(draft) or at < 2 or last >= len(words) - 1 or words[last][-1] in COMMAS


def name_roles(drafts: Sequence[Draft]) -> None:
    """A role first and its name behind it: `a former official said ...`, then `X added ...` are one source."""
    unnamed = None
    for draft in drafts:
        if draft.parent is not None or not draft.speaker or draft.kind == "attribution":
            continue
        named = draft.speaker_kind == "person" and len(draft.ref_words) > 1
        if unnamed and named and draft.continues and draft.ref:
            old = unnamed.ref
            for other in drafts:
                if other.ref == old:
                    adopt(draft, other)
        first = draft.reader.words[draft.speaker[0]]
        unnamed = draft if first.kind in ("role", "anonymous") and not _has_name(draft) else None


def _has_name(draft: Draft) -> bool:
    """Whether a name follows a title: it ends in a word that is neither definite nor known nor an adjective."""
    assert draft.speaker
    word = draft.reader.words[draft.speaker[1] - 1]
    return not (word.definite or word.kind or word.feminine)
