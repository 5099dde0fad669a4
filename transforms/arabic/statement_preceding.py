"""The subject that stands before its verb."""

from __future__ import annotations

from transforms.arabic.clitics import ALEF, BEH, FEH, LAM, WAW, readings
from transforms.arabic.inflection import YEH
from transforms.arabic.noun_phrases import phrase_end, starts_phrase
from transforms.arabic.particles import particle
from transforms.arabic.statement_forms import Form
from transforms.arabic.statement_reader import COMMAS, DASHES, Reader, is_quote_mark
from transforms.arabic.statement_subjects import ELIDED, Subject, phrase_before
from transforms.arabic.statement_words import RESUMPTIVE, CueReading, Word, look_up

_REACH = 34
_CITED = 8
_DAMMA = "\u064f"
_ROOT = 3  # letters
_ASIDE = 8
_SHORT_NAME = 4
_MA = particle("ma")
_WAS = frozenset(["elided", "auxiliary"])
_HAD = (frozenset(["auxiliary"]), frozenset(["auxiliary", "verb_ahead"]))
_AMMA = ALEF + _MA


def subject_before(reader: Reader, at: int, reading: CueReading) -> Subject:
    """The subject that stands before a finite cue, if one does."""
    words, tokens = reader.words, reader.tokens
    begin = reader.sentence(at)[0]
    if reading.conjunction == FEH:
        begin = next((k for k in range(at - 1, max(begin, at - _REACH) - 1, -1) if words[k].folded == _AMMA), begin)
    if reading.conjunction == FEH and words[begin].folded == _AMMA and begin + 1 < at:
        end = phrase_end(reader, begin + 1, at) if starts_phrase(reader, begin + 1) else begin
        return Subject("pre", reader.trim(begin + 1, end)) if end > begin + 1 else ELIDED
    if reading.conjunction:
        return ELIDED
    if at and words[at - 1].folded == _MA and reading.form.suffix:
        return ELIDED  # what he called
    quote = reader.quote_in[at]
    if quote:
        begin = max(begin, quote.first + 1)
    i = at - 1
    while i >= begin and (_between(words[i]) or (i > begin and i < at - 1 and words[i].groups >= _WAS)):
        i -= 1
    if any(_opens_clause(reader, k, begin) for k in range(max(i + 1, begin), at) if "pronoun" in words[k].groups):
        return Subject("pronoun")
    if i < begin:
        return ELIDED
    if "then" in words[i].groups:
        return ELIDED
    if "relative" in words[i].groups:
        return Subject("relative", antecedent=phrase_before(reader, i, begin))
    if i > begin and "elided" in words[i - 1].groups and i + 1 < at and words[i + 1].groups in _HAD:
        return Subject("pre", (i, i + 1))  # had X said, whatever X looks like
    if (words[i].that or words[i].and_that or words[i].groups & {"clause", "cut"}) and words[i].pronominal:
        return Subject("pronoun")
    last = i + 1
    if (
        words[i].kind == "document"
        and not words[i].definite
        and at + 1 < len(words)
        and words[at + 1].folded in RESUMPTIVE
    ):
        return ELIDED  # a statement in which she said
    cited = at + 1 < len(words) and words[at + 1].folded.startswith(FEH + YEH) and words[at + 1].folded in RESUMPTIVE
    if cited and reader.is_word(i) and any(w.kind == "document" for w in words[max(begin, i - _CITED) : i]):
        return ELIDED  # a report by X in which he said
    joined = _joined_source(reader, i, begin) if reader.is_title() and reading.form.number == "s" else None
    if joined is not None:
        return Subject("pre", (joined, i + 1))
    first = _clause_start(reader, _before_insertion(reader, i, begin), begin)
    single = reading.form.gender == "m" and reading.form.number == "s"  # of two joined nouns it would not be
    if (first is None and _begins_clause(words[i])) or (reader.is_title() and single and _may_be_and_name(words[i])):
        return Subject("pre", (i, i + 1))
    if first is None and reading.form.suffix:
        return ELIDED  # the pronoun stands for the noun before
    if first is None:
        span = phrase_before(reader, last, begin)
        known = span is not None and any(reader.words[i].kind for i in range(*span))
        if span and known and not (words[span[0]].definite or words[span[0]].bi) and span[1] == last:
            return Subject("pre", span)  # an indefinite noun with its clause: a decision that demands
        return ELIDED
    if first > begin and "verb_ahead" in words[first - 1].groups:
        return ELIDED  # had published a note, when he saw
    anchored = first > begin and not tokens[first - 1].is_punct
    if anchored and "demonstrative" in words[first].groups and words[first - 1].groups & {"adjunct", "preposition"}:
        return ELIDED  # despite that
    return _checked(reader, first, last, anchored, reading.form)


def _opens_clause(reader: Reader, at: int, begin: int) -> bool:
    return at == begin or reader.words[at].conjunction or not reader.is_word(at - 1)


def _begins_clause(word: Word) -> bool:
    """Whether a word is `and` with a source: it begins another clause."""
    return word.conjunction and word.kind in ("place", "organisation") and not word.governed


def _joined_source(reader: Reader, last: int, begin: int) -> int | None:
    """`and` with a source and its adjectives, up to a verb in the singular: two sources would have a dual."""
    for i in range(last, max(begin, last - 2), -1):
        word = reader.words[i]
        if word.conjunction and word.kind in ("place", "organisation", "role") and not word.governed:
            return i
        if not (word.definite and reader.is_word(i)) or word.kind:
            return None
    return None


def _may_be_and_name(word: Word) -> bool:
    plain = not (word.definite or word.kind or word.groups or word.finite or word.participle)
    return plain and word.folded.startswith(WAW) and len(word.folded) > _SHORT_NAME


def _before_insertion(reader: Reader, at: int, begin: int) -> int:
    """From the mark right before a verb back over what it closes: a relative clause in commas, an aside in dashes."""
    if reader.tokens[at].text in DASHES:
        return next((i - 1 for i in range(at - 2, max(begin, at - _ASIDE), -1) if reader.tokens[i].text in DASHES), at)
    if reader.tokens[at].text not in COMMAS:
        return at
    for i in range(at - 1, max(begin + 1, at - _REACH), -1):
        if reader.words[i].that or reader.words[i].and_that or reader.tokens[i].text == ":":
            return at
        if "relative" in reader.words[i].groups and reader.tokens[i - 1].text in COMMAS:
            return i - 1
    return at


def _between(word: Word) -> bool:
    """What may stand between a subject and its verb: particles, and time words that are no noun."""
    if "elided" in word.groups or word.definite:
        return False
    return (
        bool(word.groups & {"auxiliary", "negation"})
        or word.folded == _MA
        or ("time" in word.groups and word.folded[-1] == ALEF)
    )


def _clause_start(reader: Reader, at: int, begin: int) -> int | None:
    """The first word of the clause that reaches up to `at`, or None where another verb stands between."""
    words, tokens = reader.words, reader.tokens
    i = at
    while i >= max(begin, at - _REACH):
        token, word = tokens[i], words[i]
        if token.is_punct:
            if is_quote_mark(token):
                opener = reader.quote_ending(i)
                if opener is None or opener.first < begin:
                    return i + 1
                i = opener.first - 1
                continue
            if token.text in (":", ";", "\u061b") or (token.text in DASHES and token.space_before):
                return i + 1
        elif word.that or word.and_that or word.groups & {"elided", "clause", "cut"}:
            return i + 1
        elif (word.finite or word.perfect) and not _in_relative(reader, i, begin):
            return None
        i -= 1
    return begin if i < begin else None


def _in_relative(reader: Reader, at: int, begin: int) -> bool:
    return any("relative" in reader.words[i].groups for i in range(max(begin, at - 4), at))


def _checked(reader: Reader, first: int, last: int, anchored: bool, form: Form) -> Subject:
    words, tokens = reader.words, reader.tokens
    while first < last and (
        (tokens[first].is_punct and not is_quote_mark(tokens[first]))
        or words[first].groups & {"auxiliary"}
        or words[first].folded == _AMMA
    ):
        first += 1
    if first < last and ((words[first].bi and words[first].definite) or _is_adverb(words[first])):
        return ELIDED  # on this occasion
    if first >= last or not (is_quote_mark(tokens[first]) or starts_phrase(reader, first)):
        return ELIDED
    if tokens[first].text[1:2] == _DAMMA and len(words[first].folded) == _ROOT:
        return ELIDED  # a passive
    end = phrase_end(reader, first, last)
    if end <= first:
        return ELIDED
    if words[first].kind == "place" and end - first > 3 and first not in reader.quote_from:
        end = first + 2 if words[first + 1].definite else first + 1
        if not anchored and not reader.is_title():
            return ELIDED
    present = form.kind == "present"
    if not _agrees(words[first], form):
        return ELIDED
    quoted = reader.quote_in[last - 1] is not None and present
    had = anchored and "elided" in words[first - 1].groups and end + 1 < last and "relative" in words[end + 1].groups
    if ((anchored and not had and reader.tokens[last - 1].text in COMMAS) or quoted) and not any(
        words[i].kind for i in range(first, end)
    ):
        return ELIDED
    if last - first > 3 and not words[last - 1].definite and words[last - 1].kind in ("document", "anonymous"):
        span = phrase_before(reader, last, first)
        return Subject("pre", span) if span else ELIDED
    if not anchored and not reader.is_title():
        titled = end >= last - 1 and any(tokens[i].text in COMMAS for i in range(first, end))  # name, title, verb
        head_known = any(words[i].kind for i in range(first, end if titled else min(end, first + 3)))
        lead = last - first <= 3 and not words[first].groups and (present or not words[last - 1].definite)
        lead = lead and not (present and words[first].definite and form.number != "p") and len(words[first].folded) > 2
        head_known = head_known or (lead and first == reader.sentence(first)[0])
        if not head_known or (end < last and not _only_insertions(reader, end)):
            return ELIDED
    return Subject("pre", reader.trim(first, end))


def _is_adverb(word: Word) -> bool:
    """Whether a demonstrative stands under bi- or li-: by this, for that."""
    under = [r.stem for r in readings(word.folded) if r.preposition in (BEH, LAM) and r.stem != _MA]
    return any("demonstrative" in look_up(stem).groups for stem in under)


def _agrees(head: Word, form: Form) -> bool:
    """Whether a head noun may be the subject of a singular verb, as far as its gender is known."""
    if form.number != "s" or not head.kind:
        return True
    if form.gender == "m":
        return not (head.feminine and head.kind == "organisation")
    return not (form.gender == "f" and head.kind == "role" and not head.feminine and not head.conjunction)


def _only_insertions(reader: Reader, first: int) -> bool:
    """Whether what stands between a subject and its verb is set off: commas, brackets, a relative clause, a time."""
    if reader.tokens[first].text in COMMAS or reader.tokens[first].is_punct:
        return True
    return bool(reader.words[first].groups & {"relative", "time"})
