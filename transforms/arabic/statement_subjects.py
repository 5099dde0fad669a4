"""Who says it, as far as the sentence expresses it: the subject before or behind the cue, or none."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.arabic.clitics import ALEF, FEH, WAW
from transforms.arabic.inflection import YEH
from transforms.arabic.noun_phrases import phrase_end, starts_phrase
from transforms.arabic.statement_forms import Form
from transforms.arabic.statement_reader import COMMAS, DASHES, Reader, is_quote_mark
from transforms.arabic.statement_words import RESUMPTIVE, CueReading, Word

_REACH = 34
_CITED = 8
_SHORT_NAME = 4
_MA = "\u0645\u0627"
_WAS = frozenset(["elided", "auxiliary"])
_HAD = (frozenset(["auxiliary"]), frozenset(["auxiliary", "verb_ahead"]))
_AMMA = ALEF + _MA


@dataclass(frozen=True, slots=True)
class Subject:
    """`mode`: pre, post, elided, relative or pronoun. `antecedent` is what a relative clause qualifies."""

    mode: str
    span: tuple[int, int] | None = None
    antecedent: tuple[int, int] | None = None


ELIDED = Subject("elided")


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
    return _checked(reader, first, last, anchored, reading.form)


def _opens_clause(reader: Reader, at: int, begin: int) -> bool:
    return at == begin or reader.words[at].conjunction or not reader.is_word(at - 1)


def _begins_clause(word: Word) -> bool:
    """Whether a word is `and` with a source: it begins another clause."""
    return word.conjunction and word.kind in ("place", "organisation") and not word.governed


def _may_be_and_name(word: Word) -> bool:
    plain = not (word.definite or word.kind or word.groups or word.finite or word.participle)
    return plain and word.folded.startswith(WAW) and len(word.folded) > _SHORT_NAME


def _before_insertion(reader: Reader, at: int, begin: int) -> int:
    """From the comma right before a verb back over the relative clause that it closes."""
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
        (tokens[first].is_punct and not is_quote_mark(tokens[first])) or words[first].groups & {"auxiliary"}
    ):
        first += 1
    if first >= last or not (is_quote_mark(tokens[first]) or starts_phrase(reader, first)):
        return ELIDED
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
    if ((anchored and reader.tokens[last - 1].text in COMMAS) or quoted) and not any(
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


def phrase_before(reader: Reader, end: int, begin: int) -> tuple[int, int] | None:
    """The noun phrase that ends before a relative pronoun: back to a verb, a preposition or a mark."""
    words, tokens = reader.words, reader.tokens
    while end > begin and tokens[end - 1].text in COMMAS:
        end -= 1
    i = end
    while i > max(begin, end - 8):
        word, token = words[i - 1], tokens[i - 1]
        if token.is_punct:
            quote = reader.quote_ending(i - 1)
            if quote is None or (i < end and quote.first < i - 8):
                break
            i = quote.first
            continue
        if word.that or word.groups & {"preposition", "time", "adjunct", "relative", "clause", "auxiliary"}:
            break
        if word.finite or word.perfect:
            break
        if i < end and words[i].definite and not word.definite and not word.kind and words[i].kind:
            break
        if i < end and word.definite and not words[i].definite and word.kind != "role":
            break
        i -= 1
        if (word.bi or (word.li and not word.kind)) and not word.definite:
            break
    return reader.trim(i, end) if i < end else None


def subject_after(reader: Reader, first: int, last: int) -> tuple[int, int] | None:
    """The subject among the words between a cue and its content; adjuncts before it are passed over."""
    words, tokens = reader.words, reader.tokens
    i = first
    passed = 0
    while i < last:
        word = words[i]
        if (is_quote_mark(tokens[i]) and i in reader.quote_from) or (starts_phrase(reader, i) and not word.to):
            break
        if tokens[i].is_punct or word.folded in RESUMPTIVE:
            i += 1
            continue
        if word.to and not tokens[i].is_punct:
            i = _after_addressee(reader, i, max(phrase_end(reader, i, last), i + 1))
            passed += 1
            continue
        if "preposition" in word.groups or (word.groups & {"adjunct"} and not _stands_alone(reader, i)):
            i = _after_adjunct(reader, i, last)
            passed += 1
            continue
        if word.groups & {"time"}:
            i += 1
            continue
        return None
    if i >= last:
        return None
    if words[i].pronominal and not words[i].kind and words[i].folded not in RESUMPTIVE:
        return None
    if words[i].under_li & {"addressee"} or (
        not words[i].kind and ((words[i].bi and (words[i].masdar or words[i].definite)) or words[i].li)
    ):
        return None
    end = phrase_end(reader, i, last)
    if end <= i:
        return None
    if passed and not words[i].kind and tokens[i - 1].text not in COMMAS:
        return None
    return reader.trim(i, end)


def _after_addressee(reader: Reader, first: int, end: int) -> int:
    """The end of whom a speech is addressed to, before an indefinite source: told Reuters a minister."""
    words = reader.words
    for i in range(first + 1, end):
        if words[i].kind in ("role", "anonymous") and not words[i].definite and not words[i].conjunction:
            return i
    return end


def _stands_alone(reader: Reader, at: int) -> bool:
    return reader.words[at].bi or reader.words[at].folded.endswith("\u0627")


def _after_adjunct(reader: Reader, at: int, last: int) -> int:
    """Past an adjunct phrase: to the next comma, or over the preposition and its noun."""
    for i in range(at + 1, last):
        if reader.tokens[i].text in COMMAS:
            return i + 1
    return last
