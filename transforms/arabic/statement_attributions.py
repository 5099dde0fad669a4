"""According-to phrases: a source in a prepositional phrase, the content around it."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.arabic.clitics import BEH, FEH, LAM, WAW
from transforms.arabic.normalize import fold_word
from transforms.arabic.noun_phrases import phrase_end, starts_phrase
from transforms.arabic.particles import particle
from transforms.arabic.statement_openers import find_opener
from transforms.arabic.statement_reader import COMMAS, DASHES, Reader
from transforms.arabic.statement_vocabulary import Attribution
from transforms.arabic.statement_words import RESUMPTIVE, CueReading

_MA = particle("ma")
_ANNA = particle("anna")
_AN = particle("an")
_ILA = particle("ila")
_FI = particle("fi")
_CLAUSE_REACH = 30
_TELLING = ("speech", "report", "announce", "affirm")


@dataclass(frozen=True, slots=True)
class Attributed:
    """Half-open token ranges; `trailing` where the content precedes the phrase."""

    first: int
    last: int
    speaker: tuple[int, int] | None
    content: tuple[int, int]
    trailing: bool
    end: int


def find_attributions(reader: Reader) -> list[Attributed]:
    """All according-to phrases with a source, in order."""
    found: list[Attributed] = []
    for i, word in enumerate(reader.words):
        if word.attribution and reader.sentence_of[i] >= 0:
            phrase = _match(reader, i, word.attribution)
            if phrase:
                found.append(phrase)
                relay = any("relay" in c.form.cue.frames for k in range(i, phrase.last) for c in reader.words[k].cues)
                if phrase.speaker and relay:
                    found += _relayed_source(reader, phrase)
    return found


def _relayed_source(reader: Reader, phrase: Attributed) -> list[Attributed]:
    """The second source of `according to what X quoted from Y`."""
    assert phrase.speaker
    at = phrase.speaker[1]
    limit = reader.sentence(phrase.first)[1]
    if at + 1 >= limit or reader.words[at].folded != _AN or not starts_phrase(reader, at + 1):
        return []
    speaker = reader.trim(at + 1, phrase_end(reader, at + 1, limit))
    content = phrase.content
    if not phrase.trailing and content[0] < speaker[1] < content[1]:
        content = (speaker[1], content[1])
    return [Attributed(at, at + 1, speaker, content, phrase.trailing, speaker[1])] if speaker[0] < speaker[1] else []


def _match(reader: Reader, at: int, attribution: Attribution) -> Attributed | None:
    words, tokens = reader.words, reader.tokens
    limit = reader.sentence(at)[1]
    i = at + 1
    if i >= limit:
        return None
    verb = None
    cue_end = at + 1
    if attribution.ila or attribution.an:
        if words[i].folded != (_ILA if attribution.ila else _AN):
            return None
        i += 1
    if attribution.verb:
        if attribution.inside and (at == reader.sentence(at)[0] or tokens[at - 1].text not in COMMAS):
            return None
        verb = i
    elif words[i].folded in (_MA, LAM + _MA, BEH + _MA):
        verb = i + 1
    elif attribution.ma or (attribution.li and not words[i].li):
        return None
    if verb is not None:
        verb += _is_done(reader, verb, limit)
        published = verb < limit and "published" in words[verb].groups and not attribution.verb
        done = verb > i + 1 and not attribution.verb
        if verb >= limit or not (published or done or any(_tells(c, attribution) for c in words[verb].cues)):
            return None
        if attribution.ma and any("as" in c.form.cue.frames for c in words[verb].cues):
            return None  # on what he called ...
        if attribution.ma and verb + 1 < limit and words[verb + 1].that:
            return None  # on what he said was ...
        if attribution.verb and any(words[k].that for k in range(verb, min(limit, verb + 12))):
            return None
        if attribution.inside and _has_content(reader, verb, attribution):
            return None
        i = verb + 1
        cue_end = i
        found = any("source_fi" in c.form.cue.frames for c in words[verb].cues)  # what came in the statement
        found = found and i + 1 < limit and words[i].folded == _FI and not words[i + 1].pronominal
        if i < limit and (words[i].folded in RESUMPTIVE or found):
            i += 1
    while i < limit and words[i].groups & {"time"}:
        i += 1
    speaker = None
    end = i
    addressed = i < limit and verb is not None and bool(words[i].under_li & {"addressee"})
    if i < limit and not addressed and (i in reader.quote_from or verb is None or starts_phrase(reader, i)):
        end = phrase_end(reader, i, limit) if reader.is_word(i) or i in reader.quote_from else i
        if words[i].kind == "document":
            end = next((k for k in range(i + 1, end) if "published" in words[k].groups), end)
        speaker = reader.trim(i, end) if end > i else None
    if verb is None and i < limit and "own_words" in words[i].groups | words[i].under_li:
        first = at == reader.sentence(at)[0]  # elsewhere the cue before has the content
        return _around(reader, attribution, at, i + 1, None, i + 1) if first else None
    if (speaker is None and verb is None) or (speaker and not _is_source(reader, speaker)):
        return None
    return _around(reader, attribution, at, cue_end, speaker, end)


def _is_done(reader: Reader, at: int, limit: int) -> bool:
    """Whether at a token, `was done`, a definite verbal noun of a cue follows: what was announced."""
    if at + 1 >= limit or "done" not in reader.words[at].groups:
        return False
    told = ("speech", "report", "announce", "affirm")
    return any(
        c.form.kind == "masdar" and c.article and c.form.cue.cue_class in told for c in reader.words[at + 1].cues
    )


def _of_last_sentence(
    reader: Reader, at: int, cue_end: int, speaker: tuple[int, int] | None, end: int
) -> Attributed | None:
    """An according-to phrase that is a sentence of its own has the one before it as its content."""
    number = reader.sentence_of[at]
    if number < 1:
        return None
    first, last = reader.sentences[number - 1]
    if reader.paragraph_end[first] != reader.paragraph_end[at]:
        return None
    return Attributed(at, cue_end, speaker, reader.trim(first, last), True, end)


def _has_content(reader: Reader, verb: int, attribution: Attribution) -> bool:
    """Whether the verb behind `as` introduces a content of its own: as well, X said that ..."""
    limit = reader.sentence(verb)[1]
    end = next((i for i in range(verb + 1, limit) if reader.tokens[i].text in COMMAS), limit)
    words = reader.words
    for cue in words[verb].cues:
        if not _tells(cue, attribution):
            continue
        opener = find_opener(reader, verb, cue)
        if opener and opener.at < end:
            return True
        if "np" in cue.form.cue.frames and any(
            (words[i].masdar or "demonstrative" in words[i].groups)
            and not (words[i].li or words[i].bi or words[i].kind)
            and "preposition" not in words[i - 1].groups
            and (i == verb + 1 or not words[i - 1].masdar)
            for i in range(verb + 1, end)
        ):
            return True
    return False


def _tells(cue: CueReading, attribution: Attribution) -> bool:
    form = cue.form
    if form.kind not in ("past", "present") or cue.conjunction:
        return False
    return not attribution.inside or (not form.cue.near and form.cue.cue_class in _TELLING)


def _is_source(reader: Reader, speaker: tuple[int, int]) -> bool:
    word = reader.words[speaker[0]]
    if "not_source" in word.groups or "not_source" in word.under_li:
        return False
    return not (word.pronominal and speaker[1] - speaker[0] == 1 and not word.kind)


def before_aside(reader: Reader, at: int) -> int:
    """Where an according-to phrase begins, with the reporter's `and that` before it."""
    return at - 1 if at and {"aside", "demonstrative"} <= reader.words[at - 1].groups else at


def _around(
    reader: Reader, attribution: Attribution, at: int, cue_end: int, speaker: tuple[int, int] | None, end: int
) -> Attributed | None:
    begin, limit = reader.sentence(at)
    tokens, words = reader.tokens, reader.words
    start = begin
    for i in range(at - 1, begin - 1, -1):
        hina = "clause" in words[i].groups and i > begin and "preposition" in words[i - 1].groups
        if (words[i].groups & {"cut"} and not words[i].conjunction and "where" not in words[i].groups) or hina:
            start = i + 1
            break
    before = sum(reader.is_word(i) for i in range(start, at))
    nxt = next((i for i in range(end, limit) if reader.is_word(i) or i in reader.quote_from), limit)
    resumed = (
        nxt < limit
        and words[nxt].folded.startswith(FEH)
        and (words[nxt].and_that or words[nxt].groups >= {"auxiliary"})
    )
    telling = any("that" in c.form.cue.frames for w in words[start:at] for c in w.cues)
    if nxt < limit and telling and words[nxt].that and not words[nxt].bi:  # says a paper, quoting X, that ...
        return Attributed(at, cue_end, speaker, (nxt + words[nxt].that_bare, limit), False, end)
    joined = words[at].folded.startswith(WAW) and at > start and tokens[at - 1].is_punct
    joined = joined and fold_word(attribution.head) != words[at].folded
    if before <= 2 or resumed or joined:
        first = end
        while first < limit and tokens[first].is_punct and first not in reader.quote_from:
            first += 1
        if first < limit and words[first].groups & {"relative", "published"}:
            first = _behind_clause(reader, first, limit)
        if first < limit and words[first].folded == FEH + _ANNA:
            first += 1
        if first >= limit and before == 0:
            return _of_last_sentence(reader, at, cue_end, speaker, end)
        if first < limit:
            return Attributed(at, cue_end, speaker, (first, limit), False, end)
        if before <= 2:
            return None
    after = sum(reader.is_word(i) for i in range(end, limit))
    dashed = at > 0 and tokens[at - 1].text in DASHES
    opens = nxt < limit and (words[nxt].conjunction or words[nxt].groups & {"cut", "clause"} or bool(words[nxt].cues))
    if nxt + 1 < limit and words[nxt].groups & {"relative"} and words[nxt + 1].finite and words[nxt + 1].cues:
        opens = True  # according to X, who added that ...
    if dashed or (after > 3 and not opens and (after >= before or nxt in reader.quote_from)):
        return Attributed(at, cue_end, speaker, (start, limit), False, end)
    stop = before_aside(reader, at)
    while stop > start and tokens[stop - 1].is_punct and tokens[stop - 1].text in COMMAS:
        stop -= 1
    return Attributed(at, cue_end, speaker, (start, stop), True, end)


def _behind_clause(reader: Reader, at: int, limit: int) -> int:
    """Where the content begins behind a clause that qualifies the source: at a word that resumes, or behind a mark."""
    mark = None
    for i in range(at + 1, min(limit, at + _CLAUSE_REACH)):
        word, before = reader.words[i], reader.tokens[i - 1].text
        if before in COMMAS and word.folded.startswith(FEH) and (word.and_that or word.groups >= {"auxiliary"}):
            return i + 1 if word.folded == FEH + _ANNA else i
        if mark is None and (before in COMMAS or before == ":"):
            mark = i
        if before == ":":
            break
    return limit if mark is None else mark
