"""What looks like a cue and is none: passives, nouns, adverbs, what is negated, conditional or governed."""

from __future__ import annotations

from transforms.arabic.clitics import ALEF, FEH, WAW
from transforms.arabic.inflection import ALEF_HAMZA, ALEF_MADDA, ALEF_MAKSURA, MEEM, NOON, TEH, YEH
from transforms.arabic.normalize import fold_word
from transforms.arabic.particles import PREPOSITIONS, particle
from transforms.arabic.statement_forms import Cue, Form
from transforms.arabic.statement_reader import DASHES, Reader
from transforms.arabic.statement_words import CueReading, Word

_DAMMA = "\u064f"
_MA = particle("ma")
_PERFORMED = ("demand", "reject", "condemn", "expect", "pledge", "warn", "threaten", "affirm", "welcome", "express")
_MAY = (particle("qad"), WAW + particle("qad"), FEH + particle("qad"))
_WAS = particle("was")
_PREDICATE = 5
_LONGEST_MA = 4
_WHICH = (_MA, MEEM + _MA)
_PEOPLE = ("accuse", "demand", "reject", "condemn")  # whose participles also name people
INDICATING = ("speech", "report", "affirm")
_SHORTEST_SPEECH = 3
_SPEECH_REACH = 4
_PAIR_REACH = 14  # words from a preposition to its repetition


def is_no_cue(reader: Reader, at: int, reading: CueReading) -> bool:
    """What looks like a cue and is none: first person, passive, negated, an adjunct, an adjective."""
    form, word, token = reading.form, reader.words[at], reader.tokens[at]
    before = reader.words[at - 1] if at else None
    if form.cue.what and not (before and before.folded.endswith(_MA) and len(before.folded) <= _LONGEST_MA):
        return True
    if reading.conjunction and "preposition" in word.groups:
        earlier = reader.words[max(reader.sentence(at)[0], at - _PAIR_REACH) : at]
        if any(w.folded == word.folded[1:] for w in earlier):
            return True  # between X and between Y
    if (form.first_person and not _is_ours(reader, at, reading)) or (
        not reading.conjunction and word.groups & {"adjunct"} and not form.cue.near
    ):
        return True
    called = form.suffix != "" and "as" in form.cue.frames  # from whom they called rebels
    if form.kind == "past" and before and not (reading.conjunction or called) and before.groups == {"preposition"}:
        return True
    if form.kind == "past" and before and not reading.conjunction and "modal" in before.groups:
        return True
    if form.kind == "past" and not reading.conjunction and _is_condition(reader, at):
        return True
    if form.kind in ("past", "present") and not reading.conjunction and _is_shown(reader, at):
        return True
    verbal = form.kind == "present" or (form.kind == "past" and not form.suffix)
    if verbal and not reading.conjunction and _is_governed(reader, at):
        return True
    free = reading.conjunction or (before is not None and before.that)
    if form.kind == "past" and not form.suffix and before and not free and _governs(reader, at - 1):
        noun = any(c.form.kind == "masdar" and not c.preposition for c in word.cues)
        return noun or "quantifier" in word.groups
    if (
        form.kind in ("past", "present")
        and before
        and (
            (before.groups & {"negation"} and not form.cue.negated)
            or (
                "demonstrative" in before.groups
                and ((_is_noun(form, word) and not form.suffix) or "quantifier" in word.groups)
                and not reading.conjunction
            )
        )
    ):
        return True
    if form.kind in ("past", "masdar") and ALEF_MADDA in token.text[:2] and form.cue.past[:1] == ALEF_HAMZA:
        return True  # a commander
    if form.cue.near and form.kind == "past" and before and not reading.conjunction and "pronoun" in before.groups:
        return True  # it is a matter
    if form.kind == "masdar" and _in_short_quote(reader, at):
        return True  # the name of an event
    following = reader.words[at + 1] if at + 1 < len(reader.words) else None
    if following and _reads_otherwise(reader, at, reading, following):
        return True
    if form.kind == "past" and _DAMMA in token.text[1 : 5 if form.cue.past[0] in (ALEF, ALEF_HAMZA) else 3]:
        return True
    if form.kind == "present" and _DAMMA in token.text[1:3] and _base_form(form.cue):
        return True
    if form.kind == "present" and before and (before.that_bare or before.folded == PREPOSITIONS["min"]):
        return True  # what may be said, or whoever says it
    if form.kind == "present" and before and before.folded in _WHICH and _indicates(form):
        return True
    if form.kind == "present" and before and not reading.conjunction and before.folded in _MAY:
        return True  # he may demand
    if form.kind in ("past", "present") and before and "interrogative" in before.groups and not reading.conjunction:
        return True
    if form.kind == "past" and token.text[0] == ALEF_HAMZA and form.cue.past[0] == ALEF and form.gender == "m":
        return form.cue.cue_class in ("opinion", "expect") and at + 1 < len(reader.words) and reader.words[at + 1].that
    if reader.tells_yeh and not form.suffix and _other_ending(form, token.text[-1]):
        return True
    if form.kind == "participle" and "np" in form.cue.frames and at > 1 and _was(reader, at):
        return True  # he was critical
    counted = form.kind == "participle" and at > 0 and reader.tokens[at - 1].text.isdigit()
    if counted and form.cue.cue_class in _PEOPLE:
        return True  # 20 accused
    if form.kind == "participle" and form.gender == "f" and _is_byline(reader, at):
        return True
    if form.kind == "participle" and form.gender == "f" and form.number == "s" and at and not reading.conjunction:
        prepositional = at + 2 < len(reader.words) and "preposition" in reader.words[at + 1].groups
        opens = _opens_speech(reader, at + 2 if prepositional else at + 1)
        return reader.is_word(at - 1) and not (opens or _describes_speech(reader, at, form))
    return (
        form.kind == "past"
        and form.number == "d"
        and form.gender == "m"
        and len(word.folded) <= 4
        and not form.suffix
        and not ("bi" in form.cue.frames and at + 1 < len(reader.words) and reader.words[at + 1].bi)
    )


def _reads_otherwise(reader: Reader, at: int, reading: CueReading, following: Word) -> bool:
    """Whether the word behind tells that the form is another word: a passive, an adverb, an elative, a place."""
    form, word = reading.form, reader.words[at]
    if form.kind == "participle" and form.cue.cue_class == "accuse" and following.bi:
        return not following.that  # accused of
    if form.kind == "participle" and "time" in word.groups:
        object_ = (
            following.masdar and (following.definite or following.pronominal) and not (following.li or following.bi)
        )
        return not object_  # anew
    place = form.kind == "participle" and "seat" in word.groups
    if place and (
        (following.li and not following.definite) or (following.bi and not (following.that or following.masdar))
    ):
        return True  # a seat
    if form.kind == "past" and "quantifier" in word.groups and following.definite and not following.kind:
        return reading.conjunction != "" and following.folded.endswith(YEH + NOON)  # and the most prominent of
    opens = at == reader.sentence(at)[0] or not reader.is_word(at - 1)
    mine = form.kind == "past" and form.cue.cue_class == "opinion" and form.cue.past[0] == ALEF and following.that
    return mine and opens and reader.quote_in[at] is not None  # I believe, written without its hamza


def _is_ours(reader: Reader, at: int, reading: CueReading) -> bool:
    """Whether a verb is one of `we` within a quotation, by which the source does something: we demand, we reject."""
    form, word = reading.form, reader.words[at]
    performed = form.cue.cue_class in _PERFORMED or "deem" in form.cue.frames
    if form.kind != "present" or not performed or reader.quote_in[at] is None:
        return False
    if not word.folded.removeprefix(reading.conjunction).startswith(NOON):
        return False
    before = reader.words[at - 1]
    return not (before.that_bare or before.groups & {"negation", "modal", "auxiliary", "adjunct"})


def _is_condition(reader: Reader, at: int) -> bool:
    """Whether a condition opens right before a token: if (ever) he deems."""
    before = at - 1 - (at > 1 and reader.words[at - 1].folded == _MA)
    if before < 0 or "condition" not in reader.words[before].groups:
        return False
    return not (reader.words[before].that or reader.words[before].and_that)  # inna, and not in


def _in_short_quote(reader: Reader, at: int) -> bool:
    quote = reader.quote_in[at]
    return quote is not None and quote.closed and quote.last - quote.first <= _SHORTEST_SPEECH


def _was(reader: Reader, at: int) -> bool:
    """Whether a participle is what someone was: `was`, a name, and the participle."""
    span = range(max(reader.sentence(at)[0], at - _PREDICATE), at - 1)
    was = next((i for i in span if reader.words[i].folded in (_WAS, _WAS + TEH)), None)
    return was is not None and all(reader.is_word(i) and not reader.words[i].finite for i in range(was + 1, at))


def _indicates(form: Form) -> bool:
    """Whether a verb behind `which` tells what a fact shows: which indicates that; but not: what they say is."""
    return not form.suffix and form.cue.cue_class in INDICATING and "bare" not in form.cue.frames


def _other_ending(form: Form, last: str) -> bool:
    """Whether a verb in yeh or alef maksura ends in the other one: a passive (is called), a noun (opinion)."""
    verb = form.cue.past if form.kind == "past" else form.cue.present if form.kind == "present" else ""
    return last != verb[-1:] and {last, verb[-1:]} == {YEH, ALEF_MAKSURA}


def _is_byline(reader: Reader, at: int) -> bool:
    """Whether a word ends a byline at the head of a paragraph: name - paper - reports: ..."""
    if at + 1 >= len(reader.words) or reader.tokens[at + 1].text != ":":
        return False
    return at == 0 or reader.tokens[at - 1].text in DASHES or reader.tokens[at - 1].is_break


def _opens_speech(reader: Reader, at: int) -> bool:
    """Whether a complementiser, a colon or a quotation stands at a token."""
    return at < len(reader.words) and (
        reader.words[at].that or reader.tokens[at].text == ":" or at in reader.quote_from
    )


def _is_noun(form: Form, word: Word) -> bool:
    """Whether a bare perfect is also a noun: order, demand."""
    return form.kind == "past" and form.gender == "m" and (word.masdar or fold_word(form.cue.masdar) == word.folded)


def _describes_speech(reader: Reader, at: int, form: Form) -> bool:
    """Whether a participle tells what a statement or chant before it is about: chants condemning the raids."""
    if form.cue.cue_class not in ("condemn", "demand") or at + 1 >= len(reader.words) or not reader.words[at + 1].bi:
        return False
    before = reader.words[max(reader.sentence(at)[0], at - _SPEECH_REACH) : at]
    return any("utterances" in word.groups and not word.definite for word in before)


def _is_shown(reader: Reader, at: int) -> bool:
    """Whether the subject is a bare `this`, and what follows is what it shows: this showed that."""
    if at == 0 or "demonstrative" not in reader.words[at - 1].groups or reader.words[at - 1].folded == _MA:
        return False
    if at + 1 >= len(reader.words) or not reader.words[at + 1].that:
        return False
    return at == 1 or not reader.is_word(at - 2) or at - 1 == reader.sentence(at)[0]


def _is_governed(reader: Reader, at: int) -> bool:
    """Whether a preposition of time or cause stands right before what looks like a verb: after his exposure to."""
    return at > 0 and "governing" in reader.words[at - 1].groups


def _governs(reader: Reader, at: int) -> bool:
    """Whether a word puts the noun behind it in the genitive: a preposition, or the noun of one (in the shadow of)."""
    groups = reader.words[at].groups
    if groups & {"preposition", "adjunct", "quantifier", "partitive"} and not groups & {"clause", "cut"}:
        return True
    return at > 0 and bool(groups & {"auxiliary"}) and "preposition" in reader.words[at - 1].groups


def _base_form(cue: Cue) -> bool:
    """Whether damma on the imperfect's prefix makes the verb passive: in all stems but II, III and IV."""
    return not cue.participle.startswith(MEEM) or cue.past[0] in (TEH, ALEF)
