"""Who says it, as far as the sentence expresses it: the subject behind the cue, or none."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.arabic.noun_phrases import is_foreign, phrase_end, starts_phrase
from transforms.arabic.statement_reader import COMMAS, Reader, is_quote_mark
from transforms.arabic.statement_words import RESUMPTIVE

_LONGEST_INSERTION = 14


@dataclass(frozen=True, slots=True)
class Subject:
    """`mode`: pre, post, elided, relative or pronoun. `antecedent` is what a relative clause qualifies."""

    mode: str
    span: tuple[int, int] | None = None
    antecedent: tuple[int, int] | None = None


ELIDED = Subject("elided")


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


def insertion_end(reader: Reader, comma: int, limit: int) -> int | None:
    """The comma that closes what one behind a subject opens: a time, a place, an occasion, a relative clause."""
    if comma + 1 >= limit or reader.tokens[comma].text not in COMMAS:
        return None
    if not reader.words[comma + 1].groups & {"preposition", "adjunct", "time", "relative"}:
        return None
    last = min(limit, comma + _LONGEST_INSERTION)
    return next((i for i in range(comma + 2, last) if reader.tokens[i].text in COMMAS), None)


def skip_time(reader: Reader, at: int) -> int:
    """Past the time words right behind a verb (today, this week), up to the last word before a mark."""
    if at + 1 < len(reader.words) and "demonstrative" in reader.words[at].groups:
        at += "time" in reader.words[at + 1].groups
    while at + 1 < len(reader.words) and "time" in reader.words[at].groups and reader.is_word(at + 1):
        at += 1
    return at


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
        if "manner" in word.groups:
            i = min(i + 2, last)
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
    owned = words[i].pronominal and not words[i].kind and not is_foreign(reader, i)
    if "completes" in words[i].groups or (owned and words[i].folded not in RESUMPTIVE):
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
