"""How far the name of a source reaches, and where a subject ends and an object begins."""

from __future__ import annotations

from typing import Final

from transforms.arabic.clitics import ALEF, ARTICLE, FEH, HAMZA, LAM, WAW
from transforms.arabic.inflection import NOON, TAA_MARBUTA, YEH
from transforms.arabic.particles import particle
from transforms.arabic.statement_reader import COMMAS, OPEN_BRACKETS, Reader, is_quote_mark
from transforms.arabic.statement_words import RESUMPTIVE, Word

_LONGEST: Final = 32
_FI: Final = FEH + YEH
_FIRST, _MA, _ILA, _AN, _LADA = (particle(name) for name in ("first", "ma", "ila", "an", "lada"))
_REMIT_REACH: Final = 4
_QUOTED_NAME: Final = 7
_LONGEST_BRACKET: Final = 8
_PLURALS: Final = (ALEF + HAMZA, WAW + NOON, YEH + NOON)


def starts_phrase(reader: Reader, at: int) -> bool:
    """Whether a noun phrase may begin at a word: it is no particle, preposition, adjunct or verb."""
    word = reader.words[at]
    if not reader.is_word(at) or word.that or word.and_that or word.folded in RESUMPTIVE:
        return False
    if (word.participle and not word.definite) or word.folded == _MA:
        return False
    if word.folded == _FIRST and at + 1 < len(reader.words) and "preposition" in reader.words[at + 1].groups:
        return False  # the day before yesterday
    if word.groups & {"time", "adjunct", "relative", "auxiliary", "preposition", "clause", "cut"}:
        return False
    return not (word.finite or word.attribution) or bool(word.kind)


def phrase_end(reader: Reader, first: int, limit: int) -> int:
    """The end of the noun phrase that begins at `first`: before a relative clause, an adjunct, a verb, a content."""
    tokens, words = reader.tokens, reader.words
    limit = min(limit, first + _LONGEST)
    i = first
    while i < limit:
        token, _word = tokens[i], words[i]
        if token.is_punct:
            if token.text in COMMAS:
                after = _apposition_end(reader, i, limit)
                if after is None:
                    break
                i = after
                continue
            quote = reader.quote_from.get(i)
            if quote and quote.closed and quote.last < limit and quote.last - i - 1 <= _QUOTED_NAME:
                i = quote.last + 1
                if i < limit and _unknown(reader, i):
                    break  # a name in marks is complete
                continue
            if i > first and token.text in OPEN_BRACKETS:
                after = reader.skip_bracket(i, limit)
                if i + 1 < after <= i + _LONGEST_BRACKET and not tokens[i + 1].text[:1].isdigit():
                    i = after
                    continue
            if token.text in ("/", ".", "'", "&", "#") or (token.text == "-" and not token.space_before):
                i += 1
                continue
            break
        if i > first and "self" in _word.groups:
            i += 1
            break
        if i > first and _stops(reader, first, i, limit):
            break
        i += 1
    while i > first and (
        (tokens[i - 1].is_punct and not is_quote_mark(tokens[i - 1])) or "preposition" in words[i - 1].groups
    ):
        i -= 1
    return i


def _unknown(reader: Reader, at: int) -> bool:
    """Whether an indefinite word stands at a token that is no known noun and no particle."""
    word = reader.words[at]
    plain = not (word.definite or word.kind or word.groups or word.li or word.bi or word.conjunction)
    return reader.is_word(at) and plain and HAMZA <= word.folded[:1] <= YEH


def _stops(reader: Reader, first: int, at: int, limit: int) -> bool:
    word = reader.words[at]
    groups = word.groups
    if word.that or word.and_that or groups & {"relative", "auxiliary", "clause", "cut", "time", "adjunct"}:
        return True
    if word.attribution and not word.kind:
        return True
    before = reader.words[at - 1]
    if "verb" in groups or _beyond_definite(reader, first, at):
        return True
    if word.pronominal and not (word.conjunction or word.li or word.bi or word.kind):
        # A noun with a pronoun is an object, unless a construct governs it.
        return before.definite or not (before.kind or before.groups & {"preposition", "partitive"})
    if "event" in groups and at + 1 < limit and reader.words[at + 1].folded[:1].isdigit():
        return True
    if word.finite or (word.participle and not word.definite):
        return True
    if word.perfect and at + 1 < limit and reader.words[at + 1].folded in RESUMPTIVE:
        return True  # sources whom it had called
    if "preposition" in groups:
        return _preposition_stops(reader, first, at, limit)
    text = at == first + 1 and (reader.words[first].kind == "document" or "addressee" in reader.words[first].groups)
    if word.folded == LAM and at + 1 < limit and at + 1 in reader.quote_from:
        return not (text or _named_behind(reader, first, at + 1, limit))  # `told "the paper"`, but: its editorial
    if word.li and word.masdar and not word.kind and not word.definite:
        body = reader.words[first].kind == "organisation" and "remit" in word.under_li and at - first <= _REMIT_REACH
        return not (body or (reader.words[first].kind == "role" and at + 1 in reader.quote_from))
    # After a name, or the addressee of a medium: `told the court`; after a title it belongs to it.
    named = not before.definite and not before.kind and reader.is_word(at - 1)
    named = named and not any(w.li and w.kind == "organisation" for w in reader.words[first:at])
    return (bool(word.under_li & {"addressee"}) and not text) or (word.to and named and at - first <= 4)


def _named_behind(reader: Reader, first: int, at: int, limit: int) -> bool:
    """Whether a quoted name belongs to a title, as the name of a person follows: the director of "X", Y, said."""
    quote = reader.quote_from[at]
    after = quote.last + 1
    if reader.words[first].kind != "role" or not quote.closed or after + 1 >= limit:
        return False
    return reader.tokens[after].text in COMMAS and starts_phrase(reader, after + 1)


def _beyond_definite(reader: Reader, first: int, at: int) -> bool:
    """Whether an indefinite noun follows `the government`, `the experts`: it cannot belong to them."""
    head, word = reader.words[first], reader.words[at]
    group = head.kind == "organisation" or (head.kind == "anonymous" and head.folded.endswith(_PLURALS))
    if not group or not head.folded.startswith(ARTICLE) or word.definite or word.conjunction:
        return False
    if word.kind or word.groups or word.bi or word.li or not reader.is_word(at) or not word.folded[0] >= HAMZA:
        return False
    return all(reader.words[i].definite for i in range(first, at))


def _preposition_stops(reader: Reader, first: int, at: int, limit: int) -> bool:
    word = reader.words[at]
    if at + 1 >= limit:
        return True
    following = reader.words[at + 1]
    if word.folded == _FI or word.folded.endswith(_FI):
        if following.groups & {"event", "time", "relative", "demonstrative"} or following.folded[:1].isdigit():
            return True
        head = reader.words[first]
        if "holder" in reader.words[at - 1].groups:
            return False
        known = following.kind in ("organisation", "place", "role") or following.definite
        return following.pronominal or (not known and (head.definite or not head.kind))
    if word.folded == _ILA and reader.words[first].kind == "role" and following.kind in ("place", "organisation"):
        return False  # the envoy to ...
    if _is_an(word) and "issued" in reader.words[at - 1].groups:
        return False
    if len(word.folded) == 2:  # min
        aside = bool(following.groups & {"relative", "adjunct", "time", "own_side"})
        return word.folded == FEH or following.that or aside or _is_an(word)
    known = following.definite or following.kind in ("role", "organisation")
    return not (len(word.folded) == 3 and known and word.folded.startswith(_LADA[:-1]))


def _is_an(word: Word) -> bool:
    return word.folded == _AN


def _apposition_end(reader: Reader, comma: int, limit: int) -> int | None:
    """The end of an apposition after a comma (a title, or a name after a title), or None where none follows."""
    first = comma + 1
    if first >= limit or not starts_phrase(reader, first) or reader.words[first].masdar:
        return None
    word = reader.words[first]
    if word.to or word.perfect or word.under_li & {"addressee"}:
        return None
    title_before = any(reader.words[i].kind == "role" for i in range(max(0, comma - 12), comma))
    if word.conjunction or (word.kind != "role" and not title_before and not _before_clause(reader, first, limit)):
        return None
    i = first
    while i < limit and not reader.tokens[i].is_punct and (i == first or not _stops(reader, first, i, limit)):
        i += 1
    if i < limit and (reader.tokens[i].text in COMMAS or reader.words[i].that or reader.words[i].finite):
        return i
    saying = i < limit and any(c.form.kind == "masdar" and c.form.suffix for c in reader.words[i].cues)
    if i < limit and (word.kind == "role" or saying) and reader.is_word(i):
        return i
    return i if i < limit and (reader.tokens[i].text == ":" or is_quote_mark(reader.tokens[i])) else None


def _before_clause(reader: Reader, first: int, limit: int) -> bool:
    """Whether an indefinite noun with its genitive, between commas, is all that stands before a complementiser."""
    words, tokens = reader.words, reader.tokens
    if words[first].definite or words[first].kind or first + 1 >= limit or not words[first + 1].definite:
        return False
    close = next((i for i in range(first, limit) if tokens[i].text in COMMAS), limit)
    return close + 1 < len(words) and words[close + 1].that_bare


def split_object(reader: Reader, first: int, last: int) -> int | None:
    """Where, in two noun phrases side by side, the second begins; None where there seems to be one only."""
    words = reader.words
    if first + 1 < last and words[first].kind in ("anonymous", "document") and not words[first].definite:
        following = words[first + 1]
        if (
            "content_noun" in following.groups
            and following.masdar
            and not (following.definite or following.bi or following.conjunction)
        ):
            return first + 1  # confirmed a source the death of
    for i in range(first + 1, last):
        word, before = words[i], words[i - 1]
        if "relative" in word.groups:
            return None
        if not reader.is_word(i):
            if reader.tokens[i].text in COMMAS and i + 1 < last and words[i + 1].masdar and not words[i + 1].kind:
                return i + 1
            if i in reader.quote_from and words[i + 1].pronominal and not before.kind:
                return i  # denied "his knowledge" of
            continue
        if not reader.is_word(i - 1):
            closed = is_quote_mark(reader.tokens[i - 1]) and not (word.definite and _is_adjective(word))
            if closed and (word.masdar or "content_noun" in word.groups):
                return i
            continue
        if word.conjunction or "preposition" in before.groups or reader.quote_in[i] is not reader.quote_in[first]:
            continue
        if "quantifier" in word.groups and not (word.kind or word.bi or word.li):
            return i
        if "demonstrative" in word.groups or (
            word.pronominal
            and (not before.kind or before.definite)
            and "partitive" not in before.groups
            and not word.bi
            and word.folded not in RESUMPTIVE
        ):
            return i
        complete = before.definite or before.kind == "place" or before.pronominal
        complete = complete or (not before.kind and (i - first >= 2 or words[first].kind == ""))
        if word.masdar and complete and not _is_adjective(word) and not (before.masdar and not before.kind):
            return i
        if word.kind == "document" and before.definite and not (word.definite or word.li or word.bi):
            return i
        plural = not before.definite and before.folded.endswith((WAW + NOON, YEH + NOON))
        if plural and word.definite and not _is_adjective(word):
            return i
        named = not (before.kind or before.bi or before.groups or before.masdar or before.folded in RESUMPTIVE)
        named = named and i - first >= 2
        if "addressed" in word.groups and word.definite and not word.bi and (before.definite or named):
            return i
        named = named or (
            i == first + 1 and not (before.kind or before.definite or before.bi or before.masdar or before.groups)
        )
        if (
            word.kind in ("place", "organisation")
            and not (word.li or word.bi)
            and (before.kind == "place" or before.definite or (named and "partitive" not in before.groups))
        ):
            return i
        other = word.definite and not _is_adjective(word) and not (word.kind or word.groups)
        other = other and (before.definite or not word.folded.endswith((TAA_MARBUTA, ALEF + HAMZA)))
        if before.kind == "place" and other:
            return i
        unknown = not before.kind and not before.definite and not before.bi
        if word.definite and unknown and i - first >= 3 and not _is_adjective(word) and not (word.kind or word.groups):
            earlier = words[i - 2]
            if reader.is_word(i - 2) and not (earlier.definite or earlier.kind or earlier.masdar or before.masdar):
                return i  # a first name and a surname are complete
        alone = i == first + 1 and before.kind == "place" and not before.governed and len(before.folded) > 3
        foreign = not (word.definite or word.kind or word.groups or word.pronominal or word.conjunction)
        foreign = foreign and len(word.folded) > 3 and not (word.li or word.bi or word.folded.endswith(ALEF))
        if alone and foreign:
            return i  # the name of a country is complete
        if (
            words[first].kind == "place"
            and before.definite
            and i - first >= 2
            and not (word.definite or word.li or word.bi or word.conjunction or word.groups)
        ):
            return i  # North Korea, then a name
        if (
            "addressed" in word.groups
            and not word.definite
            and (unknown or before.definite)
            and "quantifier" not in before.groups
        ):
            return i
    return None


def _is_adjective(word: Word) -> bool:
    """Whether a word ends like an adjective of relation."""
    return word.folded.endswith((YEH, YEH + TAA_MARBUTA, YEH + "\u0646"))
