"""Colon leads: `source: words` in a title or at the head of a sentence, and the source whose verb is missing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from transforms.arabic.clitics import ALEF, BEH
from transforms.arabic.inflection import NOON
from transforms.arabic.lexicon import Entry, load_lexicon
from transforms.arabic.normalize import fold_word
from transforms.arabic.noun_phrases import phrase_end, starts_phrase
from transforms.arabic.segment import ENDS
from transforms.arabic.statement_drafts import Draft, bare, name_words
from transforms.arabic.statement_openers import speaks
from transforms.arabic.statement_reader import COMMAS, Reader

_LONGEST_SOURCE = 9
_LONGEST_SUBHEADING = 30


@dataclass(frozen=True, kw_only=True)
class SameSource(Entry):
    """Names that headlines use for one source, such as a capital for its government."""

    names: tuple[str, ...]


@cache
def _same_sources() -> tuple[frozenset[str], ...]:
    entries = load_lexicon("synonyms.toml", "same", SameSource)
    return tuple(frozenset(bare(fold_word(w)) for name in e.names for w in name.split()) for e in entries)


def also_named(words: frozenset[str]) -> frozenset[str]:
    """The words of a name together with those of other names of the same source."""
    out = words
    for names in _same_sources():
        if words <= names:
            out |= names
    return out


def find_subheadings(reader: Reader, sources: Collection[frozenset[str]]) -> list[Draft]:
    """The colon form in paragraphs of a body that are no more than a headline."""
    found = []
    for first, last in reader.sentences:
        whole = reader.paragraph_end[first] == last and (first == 0 or reader.tokens[first - 1].is_break)
        if whole and last - first <= _LONGEST_SUBHEADING and reader.tokens[last - 1].text not in ENDS:
            draft = find_headline(reader, sources, first, last)
            words = name_words(reader, draft.speaker) if draft and draft.speaker else frozenset()
            if draft and (any(words & s for s in sources) or speaks(reader, draft.content[0])):
                draft.rule = "subheading.colon"
                found.append(draft)
    return found


def find_headline(
    reader: Reader, sources: Collection[frozenset[str]], begin: int = 0, limit: int | None = None
) -> Draft | None:
    """The colon form in a title: its first words are a source that the body cites, or one by its noun."""
    limit = len(reader.tokens) if limit is None else limit
    reach = min(limit - 1, begin + _LONGEST_SOURCE + 3)
    colon = next((i for i in range(begin + 1, reach) if reader.tokens[i].text == ":"), None)
    if not colon:
        return None
    if (not starts_phrase(reader, begin) and begin not in reader.quote_from) or (
        "no_source" in reader.words[begin].groups
    ):
        return None
    if any(reader.words[i].finite for i in range(begin, colon)) and not _first_person(reader, colon + 1):
        return None
    end = phrase_end(reader, begin, colon)
    end = next((i for i in range(begin + 1, end) if _addresses(reader, begin, i)), end)
    if end <= begin:
        return None
    first, last = reader.trim(begin, end)
    words = name_words(reader, (first, last))
    head = reader.words[first].kind
    if head == "place":
        wider = also_named(words)
        known = any(s <= wider for s in sources)
    else:
        places = frozenset(bare(w.folded) for w in reader.words[first:last] if w.kind == "place")
        known = any(words & s - places and len(words & s) * 2 >= min(len(words), len(s)) for s in sources)
    if not known and not (_first_person(reader, colon + 1) and head) and (not head or head == "place"):
        return None
    content = reader.trim(colon + 1, limit)
    if content[0] >= content[1]:
        return None
    return Draft(reader, None, (first, last), content, "colon", "headline.colon", "speech", "colon")


def _addresses(reader: Reader, begin: int, at: int) -> bool:
    """Whether a word behind a headline's source says whom it tells, or how: Seoul to Washington, X in "plain words"."""
    word = reader.words[at]
    state = reader.words[begin].kind == "place" or "name" in reader.words[begin].groups
    return word.folded == BEH or (state and word.li and word.kind == "place")


def _first_person(reader: Reader, at: int) -> bool:
    """Whether the words behind a colon are a source's own: we reject."""
    word = reader.words[at]
    if "negation" in word.groups and at + 1 < len(reader.words):
        return reader.words[at + 1].folded.startswith((NOON, ALEF))
    return any(c.form.first_person for c in word.cues)


def find_verbless(reader: Reader, sentence: tuple[int, int]) -> Draft | None:
    """`A source in the palace, on Monday, that ...`: the verb was lost, the complementiser and the source remain."""
    first, limit = sentence
    if first >= limit or not reader.words[first].kind or not starts_phrase(reader, first):
        return None
    if reader.words[first].definite or reader.words[first].kind not in ("anonymous", "role"):
        return None
    end = phrase_end(reader, first, limit)
    if end >= limit or reader.tokens[end].text not in COMMAS:
        return None
    for i in range(end, min(limit, end + 8)):
        word = reader.words[i]
        if word.finite:
            return None
        if word.that and word.that_bare and reader.tokens[i - 1].text in COMMAS:
            content = reader.trim(i + 1, limit)
            speaker = reader.trim(first, end)
            return Draft(reader, None, speaker, content, "that", "lead.verbless", "speech", "colon")
    return None
