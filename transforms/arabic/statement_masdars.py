"""Verbal nouns as cues: X's announcement of ..., his saying that ..."""

from __future__ import annotations

from transforms.arabic.clitics import BEH
from transforms.arabic.noun_phrases import phrase_end, starts_phrase
from transforms.arabic.statement_openers import PREPOSITIONS, Hit, prepositional
from transforms.arabic.statement_reader import COMMAS, Reader
from transforms.arabic.statement_subjects import ELIDED, Subject
from transforms.arabic.statement_words import CueReading


def match_masdar(reader: Reader, at: int, reading: CueReading) -> Hit | None:
    """A verbal noun with its owner: X's announcement of ..., his saying that ..."""
    tokens, words = reader.tokens, reader.words
    limit = min(reader.clause_limit(at), at + 14)
    form = reading.form
    if form.cue.cue_class == "opinion" or at + 1 >= limit:
        return None
    if reading.article:
        word = words[at + 1]
        if reading.preposition == BEH and word.that and "that" in form.cue.frames:
            return Hit(at, at + 1, reading, "that", at + 2 if word.that_bare else at + 1, ELIDED)
        return None
    owner = None
    start = at + 1
    if not form.suffix:
        by = words[start].folded == PREPOSITIONS["min"] and form.cue.cue_class == "demand" and start + 1 < limit
        start += by
        if not starts_phrase(reader, start) or words[start].masdar or words[start].bi:
            return None
        if not (words[start].kind or words[start].definite or by):
            return None
        end = phrase_end(reader, start, limit)
        owner = (start, end)
        for i in range(start, end):
            if i > start and ((words[i].bi and words[i].masdar) or (words[i].masdar and words[i - 1].definite)):
                owner = (start, i)
                break
        start = owner[1]
    while start < limit and (tokens[start].text in COMMAS or (form.suffix and "time" in words[start].groups)):
        start += 2 if start + 1 < limit and words[start + 1].definite and "time" in words[start].groups else 1
    while form.suffix and start < limit and words[start].under_li & {"addressee"}:
        start += 1
    if start >= limit:
        return None
    word = words[start]
    subject = Subject("post", reader.trim(*owner)) if owner else Subject("elided")
    frames = form.cue.frames
    if word.that and "that" in frames:
        return Hit(at, at + 1, reading, "that", start + 1 if word.that_bare else start, subject)
    if tokens[start].text == ":" and "quote" in frames and form.suffix:
        return Hit(at, at + 1, reading, "colon", start + 1, subject)
    if start in reader.quote_from and "quote" in frames and form.suffix:
        return Hit(at, at + 1, reading, "quote", start, subject)
    opener = prepositional(reader, start, limit, frames)
    if opener:
        return Hit(at, at + 1, reading, opener.kind, opener.content, subject)
    if "np" in frames and word.masdar and not (word.li or word.bi) and starts_phrase(reader, start):
        return Hit(at, at + 1, reading, "np", start, subject)
    return None
