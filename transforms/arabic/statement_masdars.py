"""Verbal nouns as cues: X's announcement of ..., his saying that ..., demands by X for ..., X made an offer of ..."""

from __future__ import annotations

from dataclasses import replace

from transforms.arabic.adjacent_phrases import split_object
from transforms.arabic.clitics import ALEF, BEH, WAW
from transforms.arabic.inflection import TAA_MARBUTA, US, YEH
from transforms.arabic.noun_phrases import phrase_end, starts_phrase
from transforms.arabic.particles import PREPOSITIONS
from transforms.arabic.statement_guards import is_owned
from transforms.arabic.statement_openers import Hit, addresses, find_opener
from transforms.arabic.statement_prepositions import Opener, prepositional
from transforms.arabic.statement_reader import COMMAS, Reader
from transforms.arabic.statement_subjects import ELIDED, Subject, subject_after
from transforms.arabic.statement_words import RESUMPTIVE, CueReading, Word, look_up

_REACH = 14
_ADJECTIVES = 2
_HASH = "#"
_DAMMA = "\u064f"
_ADDRESSEE_REACH = 10


def match_masdar(reader: Reader, at: int, reading: CueReading, giver: Subject | None = None) -> Hit | None:
    """A verbal noun with its owner, or with the subject of the verb that it is the object of (`giver`)."""
    words = reader.words
    limit = min(reader.clause_limit(at), at + _REACH)
    form = reading.form
    if form.cue.cue_class == "opinion" or at + 1 >= limit:
        return None
    before = words[at - 1] if at else None
    if form.suffix == US and all(cue.form.kind == "masdar" for cue in words[at].cues):
        return None  # our announcement
    if before and ("demonstrative" in before.groups or before.folded == PREPOSITIONS["fi"]):
        return None
    begins = reading.conjunction and at == reader.sentence(at)[0] and not form.suffix
    if _DAMMA in reader.tokens[at].text[1:3] or (begins and giver is None):
        return None  # a verb
    if giver is None and not form.suffix:
        given = _given(reader, at, reading, limit)
        if given:
            return given
    if reading.article:
        return _definite(reader, at, reading)
    owner = None
    start = at + 1
    if not form.suffix:
        found = _owner(reader, at, reading, limit, giver)
        if found is None:
            return None
        owner, start = found
    tokens = reader.tokens
    while start < limit and (tokens[start].text in COMMAS or (form.suffix and "time" in words[start].groups)):
        start += 2 if start + 1 < limit and words[start + 1].definite and "time" in words[start].groups else 1
    if owner and start + 1 < limit and "time" in words[start].groups and words[start + 1].masdar:
        start += not words[start + 1].li  # the announcement, on Thursday, of
    if start + 1 < limit and words[start].groups & {"preposition"} and "event" in words[start + 1].groups and owner:
        start = next((i + 1 for i in range(start, limit) if tokens[i].text in COMMAS), start)  # , in a statement,
    while form.suffix and start < limit and words[start].under_li & {"addressee"}:
        start += 1
    if form.suffix and start + 1 < limit and words[start].folded == PREPOSITIONS["fi"]:
        voiced = _voiced(reader, at, reading, giver or ELIDED) if "event" in words[start + 1].groups else None
        if voiced:
            return voiced  # his saying, in a speech: ...
    if start >= limit:
        return None
    subject = giver or ELIDED
    if owner:
        subject = Subject("post", reader.trim(*owner))
    return _filled(reader, at, reading, start, limit, subject)


def _definite(reader: Reader, at: int, reading: CueReading) -> Hit | None:
    """A verbal noun with an article: `by saying that`, the first word of a title, accusations and claims."""
    if reader.is_title() and at == 0 and not reading.preposition:
        return _filled(reader, at, reading, at + 1, reader.clause_limit(at), ELIDED)
    if reading.preposition != BEH:
        return _claimed(reader, at, reading)
    word, frames = reader.words[at + 1], reading.form.cue.frames
    if word.that and "that" in frames:
        return Hit(at, at + 1, reading, "that", at + 2 if word.that_bare else at + 1, ELIDED)
    if reader.tokens[at + 1].text == ":" and "bare" in frames:
        return Hit(at, at + 1, reading, "colon", at + 2, ELIDED)
    if at + 1 in reader.quote_from and "bare" in frames:
        return Hit(at, at + 1, reading, "quote", at + 1, ELIDED)
    return None


def _claimed(reader: Reader, at: int, reading: CueReading) -> Hit | None:
    """Accusations and claims that everybody knows of: the (mutual) accusations of breaching the truce."""
    if reading.form.number != "p" or reading.preposition or reading.form.cue.cue_class not in ("accuse", "claim"):
        return None
    limit = reader.clause_limit(at)
    start = at + 1
    while start < limit and reader.words[start].definite and not reader.words[start].kind and start - at <= _ADJECTIVES:
        start += 1
    if start >= limit or not (reader.words[start].bi or reader.words[start].that):
        return None
    return _filled(reader, at, reading, start, limit, ELIDED)


def _given(reader: Reader, at: int, reading: CueReading, limit: int) -> Hit | None:
    """`the criticism that X voiced of ...`, `a proposal that X made to ...`: a light verb's subject is the agent."""
    words = reader.words
    i = at + 1
    if reading.article:
        i += words[i].definite and "relative" not in words[i].groups
        if i >= limit or "relative" not in words[i].groups:
            return None
        i += 1
    if i + 1 >= limit:
        return None
    light = next((c for c in words[i].cues if "light" in c.form.cue.frames and c.form.kind == "past"), None)
    taken_up = words[i + 1].folded in RESUMPTIVE and words[i + 1].folded.startswith(BEH)
    if light is None or not (light.form.suffix or taken_up) or i + taken_up + 1 >= limit:
        return None
    found = _owner(reader, i + taken_up, reading, limit, None)
    if found is None or found[0] is None:
        return None
    return _filled(reader, at, reading, found[1], limit, Subject("post", reader.trim(*found[0])))


def _owner(
    reader: Reader, at: int, reading: CueReading, limit: int, giver: Subject | None
) -> tuple[tuple[int, int] | None, int] | None:
    """The agent that a verbal noun names, and where its content may begin; None where it has to name one."""
    words, form = reader.words, reading.form
    given = giver is not None or form.number == "p"
    loose = given or (reader.is_title() and at == 0)
    start = at + 1 + (reader.tokens[at + 1].text == _HASH)
    while loose and start + 1 < limit and _adjective(reader, start):
        start += 1
    if start >= limit:
        return None
    by = words[start].folded == PREPOSITIONS["min"] and start + 1 < limit
    by = by and (form.cue.cue_class == "demand" or bool(words[start + 1].kind) or words[start + 1].pronominal)
    start += by
    if giver is not None and words[start].li:
        return None, start  # whom it is given to
    named = starts_phrase(reader, start) and not (
        words[start].masdar or words[start].bi or (words[start].li and not words[start].kind)
    )
    named = named and "completes" not in words[start].groups
    said = named and _opens_clause(reader, min(phrase_end(reader, start, limit), limit - 1), limit)
    said = said and not (words[start].feminine and words[at].feminine)  # an adjective
    some = bool(words[start].groups & {"partitive", "quantifier"}) and start == at + 1
    known = (
        some
        or bool(words[start].kind)
        or words[start].definite
        or words[start].pronominal
        or "name" in words[start].groups
    )
    if not named or not (known or by or said or _genitive(reader, at, start)):
        return (None, start) if loose and not by and (given or not named) else None
    end = phrase_end(reader, start, limit)
    frames = form.cue.frames
    end = next((i for i in range(start + 1, end) if words[i].bi and prepositional(reader, i, limit, frames)), end)
    if form.cue.cue_class in ("condemn", "accuse"):  # X's criticism of Y
        end = next((i for i in range(start + 1, end) if words[i].to and words[i].kind), end)
    end = next((i for i in range(start + 1, end) if is_owned(reader, i) and not words[i].kind), end)
    if form.cue.cue_class == "demand":  # asked for by X of Y
        end = next((i for i in range(start + 1, end) if words[i].folded == PREPOSITIONS["min"]), end)
    transitive = form.cue.cue_class in ("accuse", "demand") and {"who_bi", "who_ala", "who_np"} & set(frames)
    if transitive and not by and form.cue.past:
        border = split_object(reader, start, end)
        return (None, start) if border is None else ((start, border), border)
    for i in range(start + 1, end):
        complete = words[i - 1].definite or words[i - 1].kind == "place" or words[i - 1].pronominal
        if words[i].masdar and (words[i].bi or complete):
            end = i
            break
    return (start, end), end


def _opens_clause(reader: Reader, at: int, limit: int) -> bool:
    """Whether a complementiser stands at a token, or behind a preposition there."""
    words = reader.words
    return words[at].that or (words[at].groups == {"preposition"} and at + 1 < limit and words[at + 1].that)


def _genitive(reader: Reader, at: int, start: int) -> bool:
    """Whether an unknown word behind a feminine verbal noun is its owner: no adjective, and the content follows."""
    words = reader.words
    if words[at].folded[-1] != TAA_MARBUTA or start != at + 1 or words[start].feminine or start + 1 >= len(words):
        return False
    return words[start + 1].groups == {"preposition"} and words[start + 1].folded != PREPOSITIONS["min"]


def _adjective(reader: Reader, at: int) -> bool:
    """Whether a word may be an indefinite adjective: feminine, or an accusative."""
    word = reader.words[at]
    noun = word.kind and not (word.kind == "role" and word.folded.endswith(YEH + TAA_MARBUTA))  # or: of the media
    plain = not (word.definite or noun or word.masdar or word.groups or word.bi or word.li or word.conjunction)
    return reader.is_word(at) and plain and word.folded.endswith((TAA_MARBUTA, ALEF))


def _filled(reader: Reader, at: int, reading: CueReading, start: int, limit: int, subject: Subject) -> Hit | None:
    """The cue with the frame that is filled at `start`, if one is."""
    word, frames, suffix = reader.words[start], reading.form.cue.frames, reading.form.suffix
    if word.that and "that" in frames:
        return Hit(at, at + 1, reading, "that", start + 1 if word.that_bare else start, subject)
    if reader.tokens[start].text == ":" and "quote" in frames and suffix:
        return Hit(at, at + 1, reading, "colon", start + 1, subject)
    if start in reader.quote_from and "quote" in frames and suffix:
        return Hit(at, at + 1, reading, "quote", start, subject)
    about = word.groups == {"preposition"} and "that" in frames and reading.form.number == "p" and start + 1 < limit
    if about and reader.words[start + 1].that_bare:
        return Hit(at, at + 1, reading, "that", start + 2, subject)  # reports about that ...
    opener = prepositional(reader, start, limit, frames)
    if opener is None and "ila" in frames and word.li and word.masdar and not word.kind and subject.mode == "post":
        opener = Opener("prep", start, start, False)  # X's pointing to, written in one word
    if (
        opener is None
        and reading.form.number == "p"
        and {"np", "quote"} & set(frames)
        and word.bi
        and word.masdar
        and not word.kind
    ):
        opener = Opener("prep", start, start, False)  # reports of, confirmations of
    vague = subject is ELIDED and not suffix and not reading.article and word.definite and not word.masdar
    if opener and not (vague and word.bi):
        return Hit(at, at + 1, reading, opener.kind, opener.content, subject)
    if (
        word.to
        and not (word.masdar or suffix)
        and (reading.form.number == "p" or subject.mode == "post")
        and _blames(reading)
    ):
        return Hit(at, at + 1, reading, "prep", start, subject)
    addressed = (
        word.to or word.folded in RESUMPTIVE or word.folded == PREPOSITIONS["ila"] or starts_phrase(reader, start)
    )
    if addressed and addresses(frames) and not suffix:
        for i in range(start + 1, min(limit, start + _ADDRESSEE_REACH)):
            if prepositional(reader, i, limit, frames):
                return Hit(at, at + 1, reading, "prep", start, subject)
    adverb = "not_bi" in word.groups and "content_noun" not in word.groups
    plain = word.masdar and not (word.li or word.bi or adverb or _is_joined(word))
    plain = plain or (suffix != "" and "demonstrative" in word.groups)  # his announcement of what ...
    begins = starts_phrase(reader, start) or is_owned(reader, start) or "demonstrative" in word.groups
    if "np" in frames and plain and begins:
        return Hit(at, at + 1, reading, "np", start, subject)
    return None


def _is_joined(word: Word) -> bool:
    """Whether a verbal noun stands behind `and`, and is none that begins with the same letter: a halt."""
    return word.folded.startswith(WAW) and (word.conjunction or word.definite or look_up(word.folded[1:]).masdar)


def _blames(reading: CueReading) -> bool:
    """Whether what follows with li- is the one blamed: harsh criticism of the government."""
    return reading.form.cue.cue_class == "condemn" and "np" in reading.form.cue.frames


def _voiced(reader: Reader, at: int, reading: CueReading, subject: Subject) -> Hit | None:
    """`levelled accusations at X: "..."`: what was said follows the verbal noun and those addressed."""
    opener = find_opener(reader, at, reading) if "quote" in reading.form.cue.frames else None
    if opener is None or opener.kind not in ("colon", "quote"):
        return None
    return Hit(at, at + 1, reading, opener.kind, opener.content, subject)


def match_light(reader: Reader, at: int, reading: CueReading, before: Subject) -> Hit | None:
    """`made an offer of`, `gave its consent to`: the verb has the subject, the verbal noun the content."""
    limit = min(reader.clause_limit(at), at + _REACH)
    for i in range(at + 1, limit):
        word = reader.words[i]
        if i > at + 1 and reader.tokens[i - 1].text in COMMAS and word.groups & {"clause", "cut", "then"}:
            return None
        if i > at + 1 and word.finite and not any(c.form.kind == "masdar" for c in word.cues):
            return None
        for saying in word.cues:
            given = saying.form.kind == "masdar" and not saying.form.suffix
            apart = not reader.is_word(i - 1) or reader.words[i - 1].definite or bool(reader.words[i - 1].kind)
            if saying.article and apart and saying.form.cue.cue_class in ("accuse", "condemn"):
                saying = replace(saying, article=False)  # exchanged the accusations
            if not given or saying.article or saying.preposition not in ("", BEH) or saying.conjunction:
                continue
            subject = before
            if before is ELIDED:
                span = subject_after(reader, at + 1, i)
                subject = Subject("post", span) if span else ELIDED
            hit = match_masdar(reader, i, saying, subject) or _voiced(reader, i, saying, subject)
            if hit and hit.subject is ELIDED and not reading.conjunction:
                return None  # an imperative, or no verb at all
            if hit:
                hit.first = at  # one cue from the verb to its noun
                hit.reading = replace(saying, conjunction=reading.conjunction)
                return hit
    return None
