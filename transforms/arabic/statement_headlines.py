"""Colon leads: `source: words` in a title or at the head of a sentence, and the source whose verb is missing."""

from __future__ import annotations

from collections.abc import Collection

from transforms.arabic.noun_phrases import is_finite, phrase_end, starts_phrase
from transforms.arabic.statement_reader import COMMAS, Reader
from transforms.arabic.statement_speakers import Draft, name_words

_LONGEST_SOURCE = 9


def find_headline(reader: Reader, sources: Collection[frozenset[str]]) -> Draft | None:
    """The colon form in a title: its first words are a source that the body cites, or one by its noun."""
    colon = next((i for i, t in enumerate(reader.tokens[: _LONGEST_SOURCE + 3]) if t.text == ":"), None)
    if not colon or colon + 1 >= len(reader.tokens):
        return None
    if not starts_phrase(reader, 0) and 0 not in reader.quote_from or "no_source" in reader.words[0].groups:
        return None
    if any(is_finite(reader.words[i]) for i in range(colon)):
        return None
    end = phrase_end(reader, 0, colon)
    if end <= 0:
        return None
    first, last = reader.trim(0, end)
    words = name_words(reader, (first, last))
    known = any(len(words & s) * 2 >= min(len(words), len(s)) and words & s for s in sources)
    head = reader.words[first].kind
    if not known and (not head or head == "place" or head == "document"):
        return None
    limit = len(reader.tokens)
    content = reader.trim(colon + 1, limit)
    if content[0] >= content[1]:
        return None
    return Draft(reader, None, (first, last), content, "colon", "headline.colon", "speech", "colon")


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
        if is_finite(word):
            return None
        if word.that and word.that_bare and reader.tokens[i - 1].text in COMMAS:
            content = reader.trim(i + 1, limit)
            speaker = reader.trim(first, end)
            return Draft(reader, None, speaker, content, "that", "lead.verbless", "speech", "colon")
    return None
