"""Where a content ends: with its quotation, its sentence, or before what is no longer the source's."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from transforms.arabic.clitics import ARTICLE, FEH, WAW
from transforms.arabic.inflection import NOON, TAA_MARBUTA, TEH, YEH
from transforms.arabic.segment import Quote
from transforms.arabic.statement_attributions import Attributed
from transforms.arabic.statement_openers import Hit
from transforms.arabic.statement_reader import CLAUSE_MARKS, COMMAS, Reader, is_quote_mark
from transforms.arabic.statement_words import Word, look_up

_TRIES = 8
_MOST_QUOTES = 40
_LONGEST_NAME = 4
_LONGEST_SETTING = 8
_LONGEST_PHRASE = 30
_SHORTEST_VERB = 3
_ADJECTIVAL = (YEH + TAA_MARBUTA, YEH + WAW + NOON, YEH + YEH + NOON)  # relational adjectives
_LONGEST_UNCLOSED = 400
_FI = FEH + YEH
_MA = "\u0645\u0627"
_DUN = "\u062f\u0648\u0646"
_WA_HUWA = WAW + "\u0647" + WAW
_WA_QAD = WAW + "\u0642\u062f"


@dataclass(frozen=True, slots=True)
class Boundary:
    """A token before which contents end. A participle's or a coordinated verb's binds what agrees in gender with it."""

    at: int
    kind: str  # participle, verb, colon, clause, attribution
    gender: str


def find_boundaries(reader: Reader, hits: list[Hit], attributions: list[Attributed]) -> list[Boundary]:
    """All boundaries of a field, in order."""
    found = [Boundary(a.first, "attribution", "") for a in attributions if a.trailing]
    for hit in hits:
        form = hit.reading.form
        if hit.opener == "colon" and hit.reading.conjunction and hit.first:
            found.append(Boundary(hit.first, "colon", form.gender))
        if form.kind == "participle":
            found.append(Boundary(hit.first, "participle", form.gender))
        elif hit.reading.article and hit.first > 1 and reader.tokens[hit.first - 2].text in COMMAS:
            found.append(Boundary(hit.first - 1, "participle", ""))  # contenting himself with saying
        elif form.kind == "masdar" and hit.reading.conjunction and hit.last - hit.first > 1:
            found.append(Boundary(hit.first, "verb", ""))
        elif form.kind == "past" and hit.reading.conjunction:
            found.append(Boundary(hit.first, "verb", form.gender))
        elif form.kind == "present" and hit.reading.conjunction:
            found.append(Boundary(hit.first, "present", form.gender))
        elif form.kind in ("past", "present") and hit.first > 0:
            at = _connective(reader, hit)
            if at is not None:
                found.append(Boundary(at, "verb", "" if hit.subject.span else form.gender))
    for i, word in enumerate(reader.words):
        if i and (word.finite or word.perfect) and not word.conjunction and reader.tokens[i - 1].text in COMMAS:
            found.append(Boundary(i, "main", ""))
        if i and word.folded[:1] == WAW and _acts(word):
            found.append(Boundary(i, "act", ""))
        if word.folded == _DUN and _unsaid(reader, i):
            found.append(Boundary(i, "clause", ""))
        if not (word.boundary or word.perfect or "verb" in word.groups) or i == 0:
            continue
        own = _own_words(reader, i) if "own_words" in word.groups else None
        if own is not None:
            found.append(Boundary(own, "attribution", ""))
        elif "cut" in word.groups and reader.is_word(i - 1) and "where" not in word.groups:
            if not (i + 1 < len(reader.words) and reader.words[i + 1].groups & {"regarding"}):
                found.append(Boundary(i, "meanwhile", ""))
        elif reader.tokens[i - 1].text in COMMAS and (
            word.groups & {"cut", "amid"} or _aside(reader, i) or _purpose(word)
        ):
            if not (i + 1 < len(reader.words) and reader.words[i + 1].groups & {"regarding"}):
                found.append(Boundary(i, "clause", ""))
        elif word.folded == _FI and reader.tokens[i - 1].text in COMMAS and _is_comment(reader, i + 1):
            found.append(Boundary(i, "clause", ""))
        elif "late" in word.groups or (word.folded == _FI and _is_setting(reader, i)):
            found.append(Boundary(i, "late", ""))
        elif "relative" in word.groups:
            if reader.tokens[i - 1].text in COMMAS:
                found.append(Boundary(i, "relative", ""))
            elif reader.words[i - 1].masdar and reader.words[i - 1].pronominal:
                found.append(Boundary(i, "act", ""))  # his resignation, which ...
        elif "gloss" in word.groups and (reader.tokens[i - 1].text in COMMAS or _is_relative(reader, i + 1)):
            found.append(Boundary(i, "gloss", ""))
        elif word.folded == _WA_HUWA and i + 1 < len(reader.words) and reader.words[i + 1].folded == _MA:
            found.append(Boundary(i, "clause", ""))
        elif "contrary" in word.groups and i > 1 and reader.tokens[i - 2].text in COMMAS:
            found.append(Boundary(i - 1, "clause", ""))
        elif "demonstrative" in word.groups and _aside(reader, i):
            found.append(Boundary(i, "aside", ""))
        elif _meanwhile(reader, i):
            found.append(Boundary(i, "gloss", ""))
        elif word.folded[0] == WAW and (word.perfect or "verb" in word.groups):
            found.append(Boundary(i, "deed", "f" if word.folded[-1] == TEH else "m"))
        elif _in_while(reader, i):
            found.append(Boundary(i - 1, "clause", ""))
    found.sort(key=lambda b: b.at)
    return found


def _aside(reader: Reader, at: int) -> bool:
    """Whether the reporter goes on: and he had ..., and that in a speech."""
    word = reader.words[at]
    if "aside" not in word.groups:
        return False
    if "demonstrative" not in word.groups:
        return not ("auxiliary" in word.groups and at + 1 < len(reader.words) and _may_be(reader.words[at + 1]))
    return at + 1 < len(reader.words) and reader.words[at + 1].folded == _FI and _is_setting(reader, at + 1)


def _may_be(word: Word) -> bool:
    """Whether a word behind `qad` is an imperfect: may, and no longer the reporter's `had`."""
    return word.verb and word.folded[0] in (YEH, TEH)


def _is_setting(reader: Reader, at: int) -> bool:
    """Whether `in` begins the setting of the statement: in a speech, in the framework of, at the end of."""
    if at + 1 >= len(reader.words) or "event" not in reader.words[at + 1].groups:
        return False
    if "demonstrative" not in reader.words[at + 1].groups or at + 2 >= len(reader.words):
        return True
    shown = reader.words[at + 2].folded.removeprefix(ARTICLE)
    return shown != "" and "event" in look_up(shown).groups  # this speech, not: this sector


def _own_words(reader: Reader, at: int) -> int | None:
    """Where `in his words` begins whose last word stands at a token, or None where it is something else."""
    before = reader.words[at - 1]
    if before.attribution:
        return at - 1
    return at - 2 if "own_extent" in before.groups and at > 1 else None


def _is_comment(reader: Reader, at: int) -> bool:
    """Whether the reporter's comment begins: `, in an allusion to`, `, at a time when`."""
    if at + 1 >= len(reader.words):
        return False
    following = reader.words[at + 1]
    finite = following.finite or following.perfect or bool(following.groups & {"auxiliary"})
    return "comment" in reader.words[at].groups and (finite or "preposition" in following.groups)


def _is_relative(reader: Reader, at: int) -> bool:
    return at < len(reader.words) and "relative" in reader.words[at].groups


def _unsaid(reader: Reader, at: int) -> bool:
    """Whether the reporter adds what the source did not say: `, without giving ...`."""
    if at == 0 or at + 2 >= len(reader.words) or reader.tokens[at - 1].text not in COMMAS:
        return False
    return reader.words[at + 1].that_bare and any(c.form.kind == "present" for c in reader.words[at + 2].cues)


def _meanwhile(reader: Reader, at: int) -> bool:
    """Whether `while` opens a clause without a comma before it: a verb, an auxiliary or a negation follows."""
    if "amid" not in reader.words[at].groups or "cut" not in reader.words[at].groups or at + 1 >= len(reader.words):
        return False
    following = reader.words[at + 1]
    negated = following.groups & {"auxiliary", "negation"}
    return not following.groups & {"regarding"} and bool(negated or following.finite or following.perfect)


def _in_while(reader: Reader, at: int) -> bool:
    """Whether a word is the second one of `fi hina`, while, behind a comma."""
    if at < 2 or "clause" not in reader.words[at].groups or reader.words[at - 1].folded != _FI:
        return False
    return reader.tokens[at - 2].text in COMMAS


def _acts(word: Word) -> bool:
    """Whether a word is `and` with a finite verb: what the source of a nominal content did next, or someone else."""
    if len(word.folded) <= _SHORTEST_VERB or word.kind or word.pronominal:
        return False
    if any(c.form.kind == "masdar" or not c.conjunction for c in word.cues):
        return False
    stem = look_up(word.folded[1:])
    finite = stem.finite and (stem.folded[0] != TEH or bool(stem.cues))
    return not (stem.kind or stem.masdar) and (word.perfect or stem.perfect or finite)


def _purpose(word: Word) -> bool:
    """Whether a word is an imperfect under li: what came of it, in the reporter's words."""
    return word.li and not word.kind and word.folded[1:2] in (YEH, TEH) and len(word.folded) >= 5 and not word.masdar


def _connective(reader: Reader, hit: Hit) -> int | None:
    """The 'but' or 'while' that a clause with this cue begins with."""
    first = hit.subject.span[0] if hit.subject.mode == "pre" and hit.subject.span else hit.first
    if reader.tokens[first - 1].text in COMMAS:
        return _setting_before(reader, first - 1)
    for i in range(first - 1, max(first - 4, -1), -1):
        word = reader.words[i]
        if word.groups & {"clause", "cut"} and not word.kind:
            return None if "when" in word.groups else i
        if not (word.that or word.groups & {"auxiliary", "elided"}):
            return None
    return None


def _setting_before(reader: Reader, comma: int) -> int | None:
    """Where `and in` begins between two commas: and earlier, X said."""
    for i in range(comma - 1, max(comma - _LONGEST_SETTING, 1), -1):
        if not reader.is_word(i):
            return None
        if reader.words[i].folded == WAW + _FI:
            return i if reader.tokens[i - 1].text in COMMAS else None
    return None


def content_end(reader: Reader, hit: Hit, boundaries: list[Boundary]) -> int:
    """The end of the content of a cue, exclusive."""
    if hit.fixed_end is not None:
        return hit.fixed_end
    limit = reader.clause_limit(hit.first)
    start = hit.content
    while start < limit and reader.tokens[start].is_punct and start not in reader.quote_from:
        start += 1
    if hit.opener == "colon" and start in reader.quote_from:
        closed = reader.quote_from[start]
        after = closed.last + 1
        if not closed.closed or after >= limit or not reader.is_word(after) or _opens_anew(reader, after):
            return _quotation_end(reader, start)
        return _bounded(reader, after, limit, hit, boundaries, quoted=True)
    quote = reader.quote_from.get(start)
    described = hit.opener == "prep" and "as" in hit.reading.form.cue.frames
    if described and quote is None:
        quote = next(
            (reader.quote_from[i] for i in range(start, min(start + 3, limit)) if i in reader.quote_from), None
        )
        if quote and quote.closed and quote.last + 1 < limit and reader.is_word(quote.last + 1):
            after_word = reader.words[quote.last + 1]
            named = hit.first > 0 and reader.words[hit.first - 1].folded == _MA  # what he called "..."
            if named or not (after_word.conjunction or after_word.groups):
                return quote.last
        quote = None
    if quote:
        if not quote.closed:
            return min(quote.last, quote.first + _LONGEST_UNCLOSED)
        after = quote.last + 1
        goes_on = after < limit and (reader.tokens[after].text in COMMAS or not reader.tokens[after].is_punct)
        if not goes_on or (hit.opener == "quote" and reader.tokens[after].text in COMMAS):
            return _quotation_end(reader, start)
        start = after
    if hit.opener == "colon" and not quote:
        return _unmarked_end(reader, start, limit, hit, boundaries)
    return _bounded(reader, start, limit, hit, boundaries, quoted=quote is not None)


def _unmarked_end(reader: Reader, start: int, limit: int, hit: Hit, boundaries: list[Boundary]) -> int:
    """The end of speech behind a colon without quotation marks: before the same source's next colon or participle."""
    gender = hit.reading.form.gender
    for boundary in boundaries[bisect_left(boundaries, start + 1, key=lambda b: b.at) :]:
        if boundary.at >= limit:
            break
        parted = reader.tokens[boundary.at - 1].text in CLAUSE_MARKS
        if boundary.kind in ("colon", "participle") and parted and gender in (boundary.gender, ""):
            return boundary.at
    return limit


def _opens_anew(reader: Reader, at: int) -> bool:
    """Whether the words behind a quotation are the reporter's: a verb, a conjunction, an attribution, a setting."""
    word = reader.words[at]
    return bool(
        word.conjunction
        or word.and_that
        or word.finite
        or word.perfect
        or word.attribution
        or word.groups
        or word.participle
    )


def _quotation_end(reader: Reader, at: int) -> int:
    """The end of a quotation, and of quoted sentences of the same paragraph that carry it on without a cue."""
    quote = reader.quote_from[at]
    end = quote.last
    paragraph = reader.paragraph_end[at]
    if not quote.closed:
        return min(end, at + _LONGEST_UNCLOSED)
    while quote.closed:
        i = quote.last + 1
        while i < paragraph and reader.tokens[i].is_punct and i not in reader.quote_from:
            i += 1
        if i >= paragraph or i not in reader.quote_from or i == quote.last + 1:
            break
        quote = reader.quote_from[i]
        end = quote.last
    return end


def _bounded(reader: Reader, start: int, limit: int, hit: Hit, boundaries: list[Boundary], quoted: bool) -> int:
    gender = hit.reading.form.gender if hit.reading.form.kind != "masdar" else ""
    i = bisect_left(boundaries, max(start, hit.last), key=lambda b: b.at)
    tries = 0
    quote_here = reader.quote_in[start] if start < len(reader.tokens) else None
    while i < len(boundaries) and boundaries[i].at < limit and tries < _TRIES:
        boundary = boundaries[i]
        if boundary.kind == "late" and (
            hit.opener not in ("np", "prep", "quote") or boundary.at - start < _least(reader, start)
        ):
            i += 1
            continue
        if boundary.kind == "colon":
            i += 1
            continue
        if boundary.kind == "meanwhile" and hit.opener not in ("np", "prep"):
            i += 1
            continue
        if boundary.kind == "deed" and not _goes_on(reader, hit, start, boundary.at):
            i += 1
            continue
        if boundary.kind == "act" and (
            hit.opener not in ("np", "prep") or boundary.at <= start or _subordinates(reader, start, boundary.at)
        ):
            i += 1
            continue
        if boundary.kind == "main" and (hit.reading.form.kind != "masdar" or hit.opener not in ("np", "prep")):
            i += 1
            continue
        if boundary.kind == "gloss" and hit.opener not in ("np", "prep"):
            i += 1
            continue
        if boundary.kind == "relative" and (
            hit.reading.form.kind != "masdar" or hit.reading.form.suffix or hit.opener not in ("np", "prep")
        ):
            i += 1
            continue
        if boundary.kind == "present" and hit.reading.form.kind != "present":
            i += 1
            continue
        inside = reader.quote_in[boundary.at]
        if inside is not None and inside.closed and inside is not quote_here:
            i += 1
            continue
        if (
            boundary.kind in ("clause", "attribution", "aside", "late", "relative", "gloss", "meanwhile", "act", "main")
            or not gender
            or (boundary.kind == "participle" and hit.subject.mode == "relative")
            or not boundary.gender
            or boundary.gender == gender
            or (
                boundary.kind == "participle"
                and hit.opener in ("np", "prep")
                and not _subordinates(reader, start, boundary.at)
            )
        ) and (boundary.at > start or (quoted and boundary.at == start)):
            return boundary.at
        i += 1
        tries += 1
    return limit


def _least(reader: Reader, start: int) -> int:
    """How many words a content has at least: a phrase with its preposition one, any other two."""
    return 1 if reader.words[start].bi else 2


def _goes_on(reader: Reader, hit: Hit, start: int, at: int) -> bool:
    """Whether a perfect joined with `and` goes on with the cue's own verb, as the content is a phrase without one."""
    form = hit.reading.form
    if hit.opener not in ("np", "prep") or form.kind != "past" or at - start > _LONGEST_PHRASE:
        return False
    return not any(w.that or w.finite or w.groups & {"relative", "clause"} for w in reader.words[start:at])


def _subordinates(reader: Reader, first: int, last: int) -> bool:
    """Whether a clause of its own begins within a range, so that a verb behind it may belong to that."""
    return any(
        w.that or w.and_that or w.finite or w.groups & {"relative", "demonstrative"} for w in reader.words[first:last]
    )


def trim_content(reader: Reader, first: int, last: int) -> tuple[int, int]:
    """Without marks at the edges; a bracket that closes inside stays."""
    while first < last and reader.tokens[first].is_punct:
        first += 1
    while last > first and reader.tokens[last - 1].is_punct:
        last -= 1
    return first, last


def quotation_kind(reader: Reader, first: int, last: int) -> str:
    """direct, mixed or indirect, by the quotation marks that hold or lie in a content."""
    outer = reader.quote_in[first]
    if outer is not None and last <= outer.last:
        return "direct"
    at = bisect_left(reader.quotes, first, key=_opening)
    for quote in reader.quotes[at : at + _MOST_QUOTES]:
        if quote.first >= last:
            break
        if _counts(reader, quote.first, min(quote.last, last)):
            return "mixed"
    if outer is not None and outer.last < last and (outer.last - first > 2 or _counts(reader, outer.first, outer.last)):
        return "mixed"
    return "indirect"


def _opening(quote: Quote) -> int:
    return quote.first


def _counts(reader: Reader, opening: int, last: int) -> bool:
    """Whether words in marks are a quotation and neither a name nor one ironic word."""
    words = sum(reader.is_word(i) for i in range(opening + 1, last))
    if words < 2:
        return words == 1 and reader.words[opening + 1].folded.endswith(_ADJECTIVAL)
    first = reader.words[opening + 1]
    if first.verb or first.groups & {"negation", "auxiliary"}:
        return True  # a clause is no name
    before = reader.words[opening - 1] if opening and not is_quote_mark(reader.tokens[opening - 1]) else None
    named = before is not None and bool(before.kind not in ("", "place") or "addressee" in before.groups)
    return not (named and before is not None and not before.definite and words <= _LONGEST_NAME)
