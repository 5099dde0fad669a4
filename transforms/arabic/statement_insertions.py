"""Cues behind or within their content: `"...", says X`; `the crisis, says X, is over`."""

from __future__ import annotations

from transforms.arabic.clitics import LAM, WAW
from transforms.arabic.statement_openers import Hit, find_opener
from transforms.arabic.statement_quotations import quote_length
from transforms.arabic.statement_reader import COMMAS, Reader
from transforms.arabic.statement_subjects import ELIDED, Subject, subject_after
from transforms.arabic.statement_words import CueReading

_REACH = 14
_LONGEST_END = 8


def match_insertion(reader: Reader, at: int, reading: CueReading) -> Hit | None:
    """`the crisis, says X, is over`: cue and source stand between commas within the content."""
    form = reading.form
    telling = form.kind == "present" and {"that", "quote"} <= set(form.cue.frames) and not form.cue.near
    if not telling or form.suffix or reading.conjunction or at == 0:
        return None
    begin, limit = reader.sentence(at)
    if reader.tokens[at - 1].text not in COMMAS or at - begin <= 2:
        return None
    span = subject_after(reader, at + 1, min(limit, at + _REACH))
    if span is None or span[0] != at + 1:
        return None
    if span[1] + 1 >= limit and limit - at <= _LONGEST_END and not _has_cue(reader, begin, at):
        return Hit(at, at + 1, reading, "inserted", begin, Subject("post", span), at - 1)
    if span[1] + 1 >= limit or reader.tokens[span[1]].text not in COMMAS:
        return None
    following = reader.words[span[1] + 1]
    if span[1] + 1 in reader.quote_from or not reader.is_word(span[1] + 1) or following.that or following.participle:
        return None
    if following.conjunction or following.folded.startswith(WAW):
        return None
    if following.groups & {"time", "adjunct", "preposition", "relative"} or following.kind or following.attribution:
        return None
    if find_opener(reader, at, reading) and not (
        following.finite or following.perfect or following.groups & {"auxiliary"}
    ):
        return None
    start = begin
    for i in range(at - 1, begin, -1):
        if (reader.words[i].that and "with_that" in reader.words[i - 1].groups) or reader.quote_ending(i):
            start = i + 1
            break
    return Hit(at, at + 1, reading, "inserted", start, Subject("post", span), limit)


def _has_cue(reader: Reader, begin: int, at: int) -> bool:
    """Whether a finite cue stands before: a sentence that says who speaks already."""
    return any(w.finite and w.cues and not w.kind for w in reader.words[begin:at])


def is_inverted(reader: Reader, at: int) -> bool:
    """Whether a quotation ends right before a cue: `"...", says X`."""
    i = at - 1
    if i > 0 and reader.tokens[i].text in COMMAS:
        i -= 1
    quote = reader.quote_ending(i) if i > 0 else None
    if quote is None:
        return False
    before = reader.words[quote.first - 1] if quote.first else None
    return not (before and (before.folded == LAM or before.kind or "preposition" in before.groups))  # told "the paper"


def match_inverted(reader: Reader, at: int, reading: CueReading) -> Hit | None:
    i = at - 1 if reader.quote_ending(at - 1) else at - 2
    quote = reader.quote_ending(i)
    if quote is None or quote_length(reader, quote.first) < 3:
        return None
    span = subject_after(reader, at + 1, reader.clause_limit(at))
    return Hit(at, at + 1, reading, "inverted", quote.first, Subject("post", span) if span else ELIDED, quote.last)
