"""Colon leads: `source: words` in a title or at the head of a sentence, and the source whose verb is missing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from transforms.arabic.clitics import ALEF
from transforms.arabic.lexicon import Entry, load_lexicon
from transforms.arabic.normalize import fold_word
from transforms.arabic.noun_phrases import phrase_end, starts_phrase
from transforms.arabic.statement_drafts import Draft, bare, name_words
from transforms.arabic.statement_forms import NOON
from transforms.arabic.statement_reader import COMMAS, Reader

_LONGEST_SOURCE = 9
_LONGEST_HEADING = 30


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


def find_headline(reader: Reader, sources: Collection[frozenset[str]], begin: int = 0, limit: int = 0) -> Draft | None:
    """The colon form in a title, or a heading in the body: its first words are a source that the body cites, or one
    by its noun.
    """
    limit = limit or len(reader.tokens)
    colon = next((i for i in range(begin, min(limit, begin + _LONGEST_SOURCE + 3)) if reader.tokens[i].text == ":"), 0)
    if colon <= begin or colon + 1 >= limit:
        return None
    if (not starts_phrase(reader, begin) and begin not in reader.quote_from) or "no_source" in reader.words[begin].groups:
        return None
    if any(reader.words[i].finite for i in range(begin, colon)) and not _first_person(reader, colon + 1):
        return None
    end = phrase_end(reader, begin, colon)
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


def find_leads(reader: Reader, drafts: Collection[Draft]) -> list[Draft]:
    """Headings within the body, `source: words`, of sources that statements of the body name."""
    sources = {name_words(reader, d.speaker) for d in drafts if d.speaker} - {frozenset()}
    found = []
    for first, last in reader.sentences:
        alone = (first == 0 or reader.sentence_of[first - 1] < 0) and last == reader.paragraph_end[first]
        if alone and last - first <= _LONGEST_HEADING and reader.tokens[last - 1].text != ".":
            lead = find_headline(reader, sources, first, last)
            opening = reader.words[lead.content[0]] if lead else None
            label = opening is not None and bool("preposition" in opening.groups or opening.kind)  # a photo, a profile
            if lead and not label and not any(d.content[0] == lead.content[0] for d in drafts):
                found.append(lead)
    return found


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
