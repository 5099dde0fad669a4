"""How far the name of a source reaches."""

from __future__ import annotations

from typing import Final

from transforms.arabic.clitics import ALEF, ARTICLE, FEH, HAMZA, KAF, LAM, SEEN, WAW
from transforms.arabic.inflection import HEH, NOON, YEH
from transforms.arabic.particles import particle
from transforms.arabic.segment import ENDS
from transforms.arabic.statement_reader import COMMAS, OPEN_BRACKETS, Reader, is_quote_mark
from transforms.arabic.statement_words import RESUMPTIVE, Word, look_up

_LONGEST: Final = 32
_FI: Final = FEH + YEH
_IYEH: Final = YEH + HEH
_FIRST, _MA, _ILA, _AN, _LADA = (particle(name) for name in ("first", "ma", "ila", "an", "lada"))
_REMIT_REACH: Final = 4
_QUOTED_NAME: Final = 7
_LONGEST_BRACKET: Final = 8
_SYLLABLES: Final = (KAF + YEH, LAM + WAW)  # of foreign names; else: in order to, if
_LONGEST_NAME: Final = 4
_TITLE_REACH: Final = 12  # tokens from a title to the comma behind it
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


def is_foreign(reader: Reader, at: int) -> bool:
    """Whether a word in yeh and heh is a foreign name and no plural with a pronoun: another name follows it."""
    word = reader.words[at]
    if not word.folded.endswith(_IYEH) or word.masdar or word.kind or at + 1 >= len(reader.words):
        return False
    following = reader.words[at + 1]
    return word.folded not in RESUMPTIVE and _unknown(reader, at + 1) and not (following.masdar or following.that)


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
                if i < limit and words[first].kind != "role" and _unknown(reader, i):
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


def _continues_name(reader: Reader, first: int, at: int) -> bool:
    """Whether what looks like a particle or a future goes on with a foreign name: Kim Ki Guan, James Singer."""
    word = reader.words[at]
    if not _unknown(reader, at - 1) or at + 1 >= len(reader.words):
        return False
    following = reader.words[at + 1]
    if word.folded in _SYLLABLES:
        return _unknown(reader, at + 1) and not following.finite
    if at != first + 1 or word.cues or word.groups or not word.folded.startswith(SEEN + YEH):
        return False
    titled = following.kind == "role" and following.definite
    return titled or following.that or reader.tokens[at + 1].is_punct or bool(following.finite and following.cues)


def _stops(reader: Reader, first: int, at: int, limit: int) -> bool:
    word = reader.words[at]
    groups = word.groups
    if _continues_name(reader, first, at):
        return False
    if word.that or word.and_that or groups & {"relative", "auxiliary", "clause", "cut", "time", "adjunct"}:
        return True
    if word.attribution and not word.kind:
        return True
    before = reader.words[at - 1]
    if groups & {"verb", "completes"} or _beyond_definite(reader, first, at):
        return True
    if "belongs" in before.groups and word.li:
        return False  # gunmen who belong to the group
    if word.pronominal and not (word.conjunction or word.li or word.bi or word.kind or is_foreign(reader, at)):
        # A noun with a pronoun is an object, unless a construct governs it.
        return before.definite or not (before.kind or before.groups & {"preposition", "partitive"})
    if word.bi and word.masdar and word.definite and not word.kind and "charged" not in before.groups:
        return True  # the party unanimously
    addressed = word.to and ("addressed" in word.under_li or word.kind == "organisation")
    if addressed and reader.words[first].kind == "place" and before.kind != "role":
        return True  # the call of Tunis to the parties
    if "event" in groups and at + 1 < limit and reader.words[at + 1].folded[:1].isdigit():
        return True
    if word.finite or (word.participle and not word.definite):
        return True
    if word.perfect and at + 1 < limit and reader.words[at + 1].folded in RESUMPTIVE:
        return True  # sources whom it had called
    if "preposition" in groups:
        return _preposition_stops(reader, first, at, limit)
    text = at == first + 1 and "addressee" in reader.words[first].groups
    issuer = at == first + 1 or (at == first + 2 and word.kind in ("organisation", "place"))
    text = text or (reader.words[first].kind == "document" and issuer)
    if word.folded == LAM and at + 1 < limit and at + 1 in reader.quote_from:
        return not (text or _named_behind(reader, first, at + 1, limit))  # `told "the paper"`, but: its editorial
    if word.li and word.masdar and not word.kind and not word.definite:
        body = reader.words[first].kind == "organisation" and "remit" in word.under_li and at - first <= _REMIT_REACH
        return not (body or (reader.words[first].kind == "role" and at + 1 in reader.quote_from))
    # After a name, or the addressee of a medium: `told the court`; after a title it belongs to it.
    named = not before.definite and not before.kind and reader.is_word(at - 1)
    named = named and not any(w.li and w.kind == "organisation" for w in reader.words[first:at])
    document = text and reader.words[first].kind == "document"
    return (bool(word.under_li & {"addressee"}) and not text) or (
        word.to and named and not document and at - first <= 4
    )


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
    if word.groups or word.bi or word.li or not reader.is_word(at) or not word.folded[0] >= HAMZA:
        return False
    return all(reader.words[i].definite for i in range(first, at))


def _preposition_stops(reader: Reader, first: int, at: int, limit: int) -> bool:
    word = reader.words[at]
    if at + 1 >= limit:
        return True
    following = reader.words[at + 1]
    if word.folded == _FI or word.folded.endswith(_FI):
        if "holder" in reader.words[at - 1].groups and following.definite and "event" not in following.groups:
            return False
        event = "event" in following.groups or (following.definite and "event" in _bare_groups(following))
        if event or following.groups & {"time", "relative", "demonstrative"} or following.folded[:1].isdigit():
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
    represents = any("represents" in w.groups for w in reader.words[first:at])
    if _is_an(word) and represents and (following.kind in ("organisation", "place") or following.definite):
        return False  # a representative of
    if len(word.folded) == 2:  # min
        head = reader.words[first]
        if head.kind == "organisation" and head.definite and not (following.kind or following.definite):
            return True
        aside = bool(following.groups & {"relative", "adjunct", "time", "own_side"})
        return word.folded == FEH or following.that or aside or _is_an(word)
    known = following.definite or following.kind in ("role", "organisation", "place")
    return not (len(word.folded) == 3 and known and word.folded.startswith(_LADA[:-1]))


def _bare_groups(word: Word) -> frozenset[str]:
    """The groups of a definite word without its article."""
    return look_up(word.folded.removeprefix(ARTICLE)).groups if len(word.folded) > len(ARTICLE) else frozenset()


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
    title_before = any(reader.words[i].kind == "role" for i in range(max(0, comma - _TITLE_REACH), comma))
    if word.conjunction or (word.kind != "role" and not title_before and not _before_clause(reader, first, limit)):
        return None
    i = first
    while i < limit and not reader.tokens[i].is_punct and (i == first or not _stops(reader, first, i, limit)):
        i += 1
    opens = limit < len(reader.words) and (reader.words[limit].that or reader.tokens[limit].text == ":")
    if i == limit and i - first >= 2 and (word.kind == "role" or opens):
        return i  # up to the content
    if i < limit and (reader.tokens[i].text in COMMAS or reader.words[i].that or reader.words[i].finite):
        return i
    saying = i < limit and any(c.form.kind == "masdar" and c.form.suffix for c in reader.words[i].cues)
    if i < limit and (word.kind == "role" or saying) and reader.is_word(i):
        return i
    if 2 <= i - first <= _LONGEST_NAME and _names_holder(reader, comma, i):
        return i  # the Secretary-General, Antonio Guterres, on Sunday
    if i < limit and reader.tokens[i].text in ENDS and word.kind == "role":
        return i
    return i if i < limit and (reader.tokens[i].text == ":" or is_quote_mark(reader.tokens[i])) else None


def _names_holder(reader: Reader, comma: int, end: int) -> bool:
    """Whether the words behind a comma can only be a person's name, and a title, without a name, ends at the comma."""
    words = reader.words
    begin = max(reader.sentence(comma)[0], comma - _TITLE_REACH)
    if _unknown(reader, comma - 1) or "name" in words[comma - 1].groups:
        return False
    title = next((i for i in range(comma - 1, begin - 1, -1) if words[i].kind == "role"), None)
    if title is None or any(
        reader.tokens[i].text in COMMAS or words[i].finite or words[i].that or words[i].attribution
        for i in range(title, comma)
    ):
        return False
    name = range(comma + 1, end)
    return all((_unknown(reader, i) or words[i].groups & {"name", "kin"}) and not words[i].masdar for i in name)


def _before_clause(reader: Reader, first: int, limit: int) -> bool:
    """Whether an indefinite noun with its genitive, between commas, is all that stands before a complementiser."""
    words, tokens = reader.words, reader.tokens
    if words[first].definite or words[first].kind or first + 1 >= limit or not words[first + 1].definite:
        return False
    close = next((i for i in range(first, limit) if tokens[i].text in COMMAS), limit)
    return close + 1 < len(words) and words[close + 1].that_bare
