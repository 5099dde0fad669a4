"""Noun phrases: where a subject begins and ends, without a parser."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from transforms.arabic.ceasefire_clause import COMMAS
from transforms.arabic.ceasefire_grammar import begins_phrase, has_stem_in, is_in, is_verb, word_class
from transforms.arabic.ceasefire_lexicon import act_forms, is_negating_verb, negator_kind
from transforms.arabic.clitics import ALEF, ARTICLE, BEH, FEH, LAM, WAW, readings
from transforms.arabic.inflection import NOON, TAA_MARBUTA, TEH, YEH
from transforms.arabic.segment import QUOTES, Token

_PLURAL_F: Final = ALEF + TEH
_PLURAL_N: Final = WAW + NOON
_PLURAL_O: Final = YEH + NOON
_LONGEST: Final = 28
_LONGEST_APPOSITION: Final = 9
_SHORTEST_NAME: Final = 2
_SHORTEST_DEFINITE: Final = 4
_LONGEST_MARKED: Final = 3


def phrase_end(tokens: Sequence[Token], at: int, end: int, *, objects: bool = False) -> int:
    """The last token of the noun phrase that begins at `at`, or at - 1 if none does.

    `objects` tells that a second phrase (the object) may follow without a word between: it is then left out.
    """
    each = _past_each(tokens, at, end)
    start = max(at, each)
    last = at - 1
    role = group = apposed = False
    i = start
    while i < min(end, at + _LONGEST):
        token = tokens[i]
        if token.is_punct:
            closing = _closing_of_name(tokens, i, end) if i > start else -1
            if closing >= 0:
                last, i = closing - 1, closing + 1
                continue
            following = _past_mark(tokens, i, end, role, apposed=apposed, each=each > 0)
            if following < 0:
                break
            apposed = token.text in COMMAS and tokens[following].folded[:1] != WAW
            i = following
            continue
        if i > start and (_ends_phrase(tokens, i, role, group) or _is_no_name(tokens, i)):
            break
        if i > start and not role and _indefinite_after_definite(tokens, i):
            break
        if i == start and (
            _tells_why(tokens, i)
            or (begins_phrase(token) and not _is_country(tokens, i))
            or is_governed(token.folded)
            or is_verb_here(token)
        ):
            return at - 1
        if objects and i > start and (_begins_object(tokens, start, i) or _begins_document(tokens, start, i)):
            break
        if objects and i > start and token.folded in word_class("deed"):
            break
        if objects and i > start and not role and _behind_plural(tokens, start, i):
            break
        role = role or has_stem_in(token.folded, "role")
        group = group or has_stem_in(token.folded, "group")
        last = i
        i += 1
    return last


def _closing_of_name(tokens: Sequence[Token], i: int, end: int) -> int:
    """Where a short name in marks that opens at `i` closes: a coalition called "Hope"; -1 where none does."""
    if tokens[i].text not in QUOTES or not tokens[i].space_before:
        return -1
    for k in range(i + 1, min(end, i + 2 + _LONGEST_MARKED)):
        if tokens[k].text in QUOTES:
            return k if k > i + 1 else -1
        if tokens[k].is_punct or is_verb_here(tokens[k]) or begins_phrase(tokens[k]):
            return -1
    return -1


def _past_each(tokens: Sequence[Token], at: int, end: int) -> int:
    """Where the phrase goes on behind `each of` or `some`; 0 where it does not begin so."""
    if at + 2 < end and tokens[at].folded in word_class("each") and tokens[at + 1].folded in word_class("of"):
        return at + 2
    if at + 1 < end and tokens[at].folded in word_class("some") and not begins_phrase(tokens[at + 1]):
        return at + 1
    return 0


def _is_no_name(tokens: Sequence[Token], i: int) -> bool:
    """A number, a word that no name holds, or a time: the phrase before it is complete."""
    folded = tokens[i].folded
    if folded.isdigit() or folded in word_class("never_in_name"):
        return True
    timely = i + 1 < len(tokens) and tokens[i + 1].folded in word_class("time_adjective")
    return timely and folded in word_class("when_time")


def is_verb_here(token: Token) -> bool:
    return is_verb(token.folded) or any(
        f.part == "verb" and not f.pronoun for f in act_forms(token.folded) if f.tense != "past"
    )


def is_governed(folded: str) -> bool:
    """A masdar or a term's governor: the object of a verb and no part of its subject."""
    if has_stem_in(folded, "document"):
        return False
    return any(f.part == "noun" and f.entry.kind != "name" and f.entry.variant != "mediated" for f in act_forms(folded))


def _ends_phrase(tokens: Sequence[Token], i: int, role: bool, group: bool) -> bool:
    token = tokens[i]
    folded = token.folded
    if folded[:1] in (WAW, FEH) and is_verb_here(token):
        return True
    if begins_phrase(token) and not _is_country(tokens, i):
        if _is_of(folded) and not _is_object_of(folded) and _names_whose(tokens, i, role, group):
            return False
        if folded in word_class("of") and _is_kind_of(tokens, i):
            return False
        if _is_at_institution(tokens, i):
            return False
        return not (
            role
            and folded in word_class("behind_role")
            and ((folded in word_class("always_behind_role") and not _tells(tokens, i)) or _single_place(tokens, i))
        )
    if is_in(folded, "auxiliary") and not is_in(folded, "demonstrative"):
        return True
    if _tells_why(tokens, i):
        return True
    forms = act_forms(folded)
    if any(f.part == "noun" and f.entry.variant == "mediated" and (f.article or f.pronoun) for f in forms):
        return True
    if is_governed(folded) or negator_kind(folded) in ("particle", "future") or is_negating_verb(folded):
        return True
    if any(f.part == "verb" for f in act_forms(folded)) and not any(r.article for r in readings(folded)):
        return True
    return is_verb(folded)


def _indefinite_after_definite(tokens: Sequence[Token], i: int) -> bool:
    """A bare word behind a definite one is no part of its phrase, unless it names: an object, a state."""
    before, here = tokens[i - 1].folded, tokens[i].folded
    if tokens[i - 1].is_punct or here[:1] in (WAW, "#") or any(r.article for r in readings(here)):
        return False
    return before.startswith(ARTICLE) and here.endswith((TAA_MARBUTA, ALEF, _PLURAL_F)) and not is_in(here, "name")


def _names_whose(tokens: Sequence[Token], i: int, role: bool, group: bool) -> bool:
    """Close behind a role, or behind a group that goes by its purpose."""
    near = tokens[max(0, i - 2) : i]
    if has_stem_in(tokens[i - 1].folded, "belonging"):
        return True
    if role:
        return any(has_stem_in(t.folded, "role") or has_stem_in(t.folded, "institution") for t in near)
    return group


def _is_of(folded: str) -> bool:
    """lil-: behind a role it says whose it is."""
    return (
        folded.startswith(LAM)
        and not is_in(folded, "preposition")
        and any(r.preposition == LAM for r in readings(folded))
    )


def _is_at_institution(tokens: Sequence[Token], i: int) -> bool:
    """`bi-` before the house that somebody right before belongs to: the members of the council."""
    folded = tokens[i].folded
    at = folded[:1] == BEH and not is_in(folded, "preposition")
    house = has_stem_in(folded, "institution") or has_stem_in(folded, "house")
    before = tokens[i - 1].folded
    return at and house and (has_stem_in(before, "role") or has_stem_in(before, "member"))


def _tells(tokens: Sequence[Token], i: int) -> bool:
    """Whether what follows `about` is a deed or a hope, and no office: expressed his hope."""
    return i + 1 >= len(tokens) or is_governed(tokens[i + 1].folded) or tokens[i + 1].folded in word_class("an")


def _is_kind_of(tokens: Sequence[Token], i: int) -> bool:
    """`min` between bare people and what they are of: officials of the movement."""
    before = tokens[i - 1].folded
    people = before.endswith((_PLURAL_F, _PLURAL_N, _PLURAL_O)) and not before.startswith(ARTICLE) and len(before) > 4
    following = tokens[i + 1].folded if i + 1 < len(tokens) else ""
    return (people or is_in(before, "role")) and (following.startswith(ARTICLE) or has_stem_in(following, "group"))


def _tells_why(tokens: Sequence[Token], i: int) -> bool:
    """`kay` before a verb, and not the name that is written as it is."""
    return tokens[i].folded in word_class("so_that") and i + 1 < len(tokens) and is_verb_here(tokens[i + 1])


def _is_object_of(folded: str) -> bool:
    """Behind lil-, what is done and no whose: a masdar, a document."""
    return is_governed(folded) or has_stem_in(folded, "document")


def _single_place(tokens: Sequence[Token], i: int) -> bool:
    """A place or a whole behind a role, and then a name or the end: kept in the phrase only where a name goes on."""
    return (
        i + 2 < len(tokens)
        and not has_stem_in(tokens[i + 1].folded, "occasion")
        and not tokens[i + 1].is_punct
        and not tokens[i + 2].is_punct
        and not begins_phrase(tokens[i + 2])
        and not is_verb_here(tokens[i + 2])
        and not is_governed(tokens[i + 2].folded)
    )


def _begins_document(tokens: Sequence[Token], first: int, i: int) -> bool:
    folded = tokens[i].folded
    return has_stem_in(folded, "document") and folded[:1] != WAW and not has_stem_in(tokens[first].folded, "document")


def _begins_object(tokens: Sequence[Token], first: int, i: int) -> bool:
    """A new head behind a complete phrase: an organisation or a role in construct, the parties behind a name."""
    before, here = tokens[i - 1].folded, tokens[i].folded
    own = here in word_class("group") or here in word_class("role")
    if (here[:1] == WAW and not own) or tokens[i - 1].is_punct:
        return False
    definite = any(r.article for r in readings(before))
    if i == first + 1 and _disagrees(before, here):
        return True
    titled = here.startswith(ARTICLE) and has_stem_in(here, "role")
    if titled and (definite or is_in(before, "country")) and not any(_has_role(tokens[k]) for k in range(first, i)):
        return True
    bare_head = is_in(here, "group") or is_in(here, "role")
    if definite and (bare_head or (here.startswith(ARTICLE) and has_stem_in(here, "feminine_group"))):
        return True
    heads = any(has_stem_in(before, name) for name in ("group", "role", "preposition")) or before in word_class(
        "in_name_of"
    )
    named = i - first >= _SHORTEST_NAME and not (definite or heads)
    if not named or not (is_in(tokens[first].folded, "name") or any(_is_title(tokens[k]) for k in range(first, i - 1))):
        return False
    parties = here.startswith(ARTICLE) and here.endswith((_PLURAL_F, _PLURAL_O))
    country = here in word_class("country") and any(tokens[k].folded.startswith(ARTICLE) for k in range(first, i - 1))
    return bare_head or parties or country or (here.startswith(ARTICLE) and has_stem_in(here, "addressee"))


def _behind_plural(tokens: Sequence[Token], first: int, i: int) -> bool:
    """A bare word behind definite people: what they do."""
    before, here = tokens[i - 1].folded, tokens[i].folded
    people = tokens[first].folded.startswith(ARTICLE) and tokens[first].folded.endswith(
        (_PLURAL_N, _PLURAL_O, _PLURAL_F)
    )
    return people and before.startswith(ARTICLE) and not here.startswith((ARTICLE, WAW))


def _is_country(tokens: Sequence[Token], i: int) -> bool:
    """A country that is named by its place, which elsewhere only tells where: South Sudan."""
    following = tokens[i + 1].folded if i + 1 < len(tokens) else ""
    return tokens[i].folded.removeprefix(WAW) in word_class("compass") and following in word_class("compass_country")


def _disagrees(head: str, here: str) -> bool:
    """Whether a definite word cannot be the adjective of the definite head before it, by its gender."""
    if not (head.startswith(ARTICLE) and here.startswith(ARTICLE)) or len(here) <= _SHORTEST_DEFINITE:
        return False
    if head.endswith(TAA_MARBUTA):
        return not here.endswith((TAA_MARBUTA, YEH, ALEF)) and has_stem_in(head, "feminine_group")
    single = has_stem_in(head, "masculine_head") or has_stem_in(head, "role")
    return single and here.endswith(TAA_MARBUTA) and not head.endswith((_PLURAL_F, _PLURAL_N, _PLURAL_O))


def _has_role(token: Token) -> bool:
    return has_stem_in(token.folded, "role") or has_stem_in(token.folded, "institution")


def _is_title(token: Token) -> bool:
    return token.folded.startswith(ARTICLE) or has_stem_in(token.folded, "role")


def _past_mark(tokens: Sequence[Token], i: int, end: int, role: bool, *, apposed: bool, each: bool) -> int:
    """Where a phrase goes on behind the mark at `i`, or -1.

    Past quotation marks; past a comma into one apposition, and of `each of X, ..., and Y` into the next one named.
    """
    token = tokens[i]
    if token.text in QUOTES or token.text in ("(", ")", "#"):
        return i + 1
    if token.text in COMMAS and i + 1 < end:
        if each and tokens[i + 1].folded[:1] == WAW and not is_verb_here(tokens[i + 1]):
            return i + 1
        titled = has_stem_in(tokens[i + 1].folded, "role")
        if apposed or not (role or titled):
            return -1
        for j in range(i + 1, min(end, i + 2 + _LONGEST_APPOSITION)):
            if tokens[j].is_punct:
                return i + 1 if tokens[j].text in COMMAS and j > i + 1 else -1
            whose = titled and j > i + 1 and (_is_of(tokens[j].folded) or tokens[j].folded in word_class("behind_role"))
            if (begins_phrase(tokens[j]) and not whose) or is_verb_here(tokens[j]) or is_governed(tokens[j].folded):
                return -1
    if token.text == "-" and not token.space_before:
        return i + 1
    return -1
