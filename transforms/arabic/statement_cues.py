"""Cues in context: a word is a cue where one of its frames is filled, that is, where a content follows it."""

from __future__ import annotations

from transforms.arabic.clitics import WAW, readings
from transforms.arabic.statement_forms import sense_words, unwanted_words
from transforms.arabic.statement_look_alikes import INDICATING, is_no_cue
from transforms.arabic.statement_masdars import match_masdar
from transforms.arabic.statement_openers import Hit
from transforms.arabic.statement_participles import match_participle
from transforms.arabic.statement_preceding import subject_before
from transforms.arabic.statement_reader import Reader
from transforms.arabic.statement_subjects import ELIDED, Subject, subject_after
from transforms.arabic.statement_verbs import match_verb
from transforms.arabic.statement_words import CueReading

_SENSE_REACH = 6
_SAYING_REACH = 14


def find_cues(reader: Reader) -> list[Hit]:
    """All verbs, participles and verbal nouns that introduce a content, in order of the text."""
    hits: list[Hit] = []
    taken = -1
    for i, word in enumerate(reader.words):
        if not word.cues or i <= taken:
            continue
        for reading in word.cues:
            if (reading.article and reading.form.kind != "masdar") or is_no_cue(reader, i, reading):
                continue
            hit = _match(reader, i, reading)
            if hit and _has_sense(reader, hit):
                hits.append(hit)
                taken = hit.last - 1
                break
    _join_verbs(reader, hits)
    return [hit for i, hit in enumerate(hits) if not any(_repeats(hit, other) for other in hits[max(0, i - 3) : i])]


def _repeats(hit: Hit, other: Hit) -> bool:
    """Whether a cue only repeats another one on the same content: `he closed by saying`."""
    form = hit.reading.form
    if form.kind == "masdar" and form.suffix and hit.first == other.last and hit.content == other.content:
        return True  # adding his words: ...
    if form.kind == "masdar" and form.suffix and hit.subject.span is None and 0 <= hit.first - other.content <= 1:
        return other.opener in ("np", "prep")  # he renewed his call for ...
    if hit.content != other.content or other.opener == "relay":
        return False
    if _is_name(hit, other):
        assert other.subject.span
        assert hit.subject.span
        other.subject = Subject("post", (other.subject.span[0], hit.subject.span[1]))
        return True
    if form.kind == "masdar" and form.number == "p" and hit.first > other.last - 1:
        return True  # reports said that: the verb is the cue
    if form.kind == "participle" and hit.opener == other.opener == "quote" and hit.content - hit.last > 2:
        return hit.first > other.last  # said X, speaking in Y, "..."
    if form.kind == "participle" and hit.first == other.last:
        other.last = hit.last  # `he went on saying`: one cue of two words
        return True
    elided = hit.subject is ELIDED and not hit.reading.conjunction
    if hit.opener == other.opener == "that" and form.kind != "masdar" and elided:
        return True  # said X, asking not to be named, that
    if elided and form.kind == "present" and "bare" in form.cue.frames and hit.first - other.last <= _SAYING_REACH:
        return hit.opener in ("colon", "quote")  # X wrote in a message, saying: ...
    return hit.subject.mode == "relative" or (form.kind == "masdar" and bool(hit.reading.preposition))


def _is_name(hit: Hit, other: Hit) -> bool:
    """Whether what looks like a perfect goes on with the subject's name before it: said the activist Barak X that."""
    within = other.opener == "that" and hit.opener == "np" and hit.reading.form.kind == "past"
    within = within and not hit.reading.conjunction and hit.subject.span is not None and hit.first > other.last
    return within and other.subject.span is not None and other.subject.span[1] == hit.first


def _join_verbs(reader: Reader, hits: list[Hit]) -> None:
    """`answered X saying: ...`: the participle has the content, the verb before it the subject."""
    for number, hit in enumerate(hits):
        first = None if number and hits[number - 1].first == hit.first - 1 else _verb_shared_with(reader, hit)
        if first:
            hit.first -= 1  # said and stressed that: one cue
            hit.subject = subject_before(reader, hit.first, first) if hit.subject is ELIDED else hit.subject
        bare = "bare" in hit.reading.form.cue.frames
        if hit.reading.form.kind != "participle" or not (bare or hit.opener == "colon"):
            continue
        floor = max(reader.sentence(hit.first)[0], hit.first - 15, hits[number - 1].first + 1 if number else 0)
        for i in range(hit.first - 1, floor - 1, -1):
            verb = next((c for c in reader.words[i].cues if _may_join(c) and (bare or c.form.cue.continues)), None)
            if verb:
                span = subject_after(reader, i + 1, hit.first)
                hit.subject = Subject("post", span) if span else subject_before(reader, i, verb)
                if i == hit.first - 1:
                    hit.first = i
                elif _only_says(verb):
                    hit.first, hit.last, hit.reading = i, i + 1, verb
                break


def _verb_shared_with(reader: Reader, hit: Hit) -> CueReading | None:
    """The verb right before one behind `and`, where they have the content in common."""
    form, at = hit.reading.form, hit.first - 1
    if hit.reading.conjunction != WAW or form.kind not in ("past", "present") or at < reader.sentence(hit.first)[0]:
        return None
    for cue in reader.words[at].cues:
        like = (cue.form.kind, cue.form.gender, cue.form.number, cue.form.suffix)
        if like == (form.kind, form.gender, form.number, "") and _may_join(cue) and not is_no_cue(reader, at, cue):
            return cue
    return None


def _may_join(cue: CueReading) -> bool:
    verb = cue.form.kind in ("past", "present") and not cue.article
    return verb and "light" not in cue.form.cue.frames and not cue.form.cue.with_


def _only_says(cue: CueReading) -> bool:
    """Whether a verb has no message of its own beside that of the participle: went on X, saying: ..."""
    frames = cue.form.cue.frames
    return cue.form.cue.cue_class == "speech" and "quote" in frames and "np" not in frames and not cue.form.suffix


def _has_sense(reader: Reader, hit: Hit) -> bool:
    """Whether the content holds one of the nouns that the cue's sense needs, if it needs any."""
    if hit.content >= len(reader.tokens):
        return False
    source = hit.subject.span[0] if hit.subject.span is not None else hit.first - 1
    shows = source >= 0 and not hit.reading.conjunction and "evidence" in reader.words[source].groups
    if shows and hit.reading.form.cue.cue_class in INDICATING:
        return False  # signs confirm that
    if hit.first and hit.subject.span is None and "negation" in reader.words[hit.first - 1].groups:
        return False  # is not ruled out
    stems = {r.stem for r in readings(reader.words[hit.content].folded)}
    if stems & unwanted_words(hit.reading.form.cue):
        return False
    wanted = sense_words(hit.reading.form.cue)
    if not wanted:
        return True
    reach = _SENSE_REACH if "np" in hit.reading.form.cue.frames else 2 * _SENSE_REACH  # behind the one addressed
    first, last = min(hit.last, hit.content), min(hit.content + reach, len(reader.tokens))
    if hit.fixed_end is not None:
        last = min(last, hit.fixed_end)
    return any(r.stem in wanted for i in range(first, last) for r in readings(reader.words[i].folded))


def _match(reader: Reader, at: int, reading: CueReading) -> Hit | None:
    kind = reading.form.kind
    if kind == "masdar":
        return match_masdar(reader, at, reading)
    if kind in ("past", "present") and reader.words[at].kind and _after_preposition(reader, at):
        return None
    if kind == "participle":
        return match_participle(reader, at, reading)
    return match_verb(reader, at, reading)


def _after_preposition(reader: Reader, at: int) -> bool:
    return at > 0 and "preposition" in reader.words[at - 1].groups
