"""Where a subject ends and an object begins, in two noun phrases side by side."""

from __future__ import annotations

from typing import Final

from transforms.arabic.clitics import ALEF, ARTICLE, HAMZA, WAW
from transforms.arabic.inflection import NOON, TAA_MARBUTA, YEH
from transforms.arabic.noun_phrases import is_foreign
from transforms.arabic.statement_reader import CLOSE_BRACKETS, COMMAS, Reader, is_quote_mark
from transforms.arabic.statement_words import RESUMPTIVE, Word, look_up

_PLURAL_LENGTH: Final = 7
OF_NAMES: Final = frozenset(["name", "not_content", "not_verb", "not_bi"])  # groups that tell no meaning


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
    counted = first < last and reader.tokens[first].text[:1].isdigit()
    for i in range(first + 1 + counted, last):
        word, before = words[i], words[i - 1]
        if "kin" in word.groups or ("kin" in before.groups and not before.definite):
            continue
        if "relative" in word.groups:
            return None
        if ("time" in word.groups and not word.kind) or "manner" in before.groups:
            continue
        if not reader.is_word(i):
            if reader.tokens[i].text in COMMAS and i + 1 < last and words[i + 1].masdar and not words[i + 1].kind:
                return i + 1
            if i in reader.quote_from and i + 1 < last and words[i + 1].pronominal and not before.kind:
                return i  # denied "his knowledge" of
            continue
        if not reader.is_word(i - 1):
            if reader.tokens[i - 1].text in CLOSE_BRACKETS and word.masdar and not (word.kind or word.li or word.bi):
                return i
            closed = is_quote_mark(reader.tokens[i - 1]) and not (word.definite and _is_adjective(word))
            other = word.kind in ("place", "organisation") and reader.quote_ending(i - 1) is not None
            other = other and not (word.bi or word.li or word.conjunction)
            if closed and (word.masdar or "content_noun" in word.groups or (other and words[first].kind)):
                return i  # the paper "X", then a country
            continue
        if word.li and "belongs" in before.groups:
            continue
        if is_joined(word) or "preposition" in before.groups or reader.quote_in[i] is not reader.quote_in[first]:
            continue
        plain = not (word.definite or word.bi or word.li or word.conjunction)
        if plain and before.li and before.definite and i - 2 >= first and "belongs" in words[i - 2].groups:
            return i  # a party close to the union, then a name
        body = words[first].kind == "organisation" and all(word.definite for word in words[first:i])
        if body and plain and not (word.groups or word.folded[0] < HAMZA):
            return i  # the committee, then an indefinite noun
        titled = words[first].kind == "role" and words[first].definite and i == first + 1 and i + 1 < last
        if titled and plain and word.kind == "role" and words[i + 1].definite:
            return i  # the king, then the head of the government
        oblique = word.definite and word.folded.endswith(YEH + NOON) and not word.folded.endswith(YEH + YEH + NOON)
        oblique = oblique and not (word.kind or word.bi or word.li) and len(word.folded) >= _PLURAL_LENGTH
        if oblique and ("name" in before.groups or (before.definite and before.folded.endswith(TAA_MARBUTA))):
            return i  # a plural that no subject has, behind a name or a feminine adjective
        if "quantifier" in word.groups and not (word.kind or word.bi or word.li):
            return i
        if "demonstrative" in word.groups or (
            word.pronominal
            and (not before.kind or before.definite)
            and "partitive" not in before.groups
            and not word.bi
            and word.folded not in RESUMPTIVE
            and not is_foreign(reader, i)
        ):
            return i
        complete = before.definite or before.kind == "place" or before.pronominal
        construct = word.definite and words[first].kind in ("organisation", "document")
        construct = construct and not any(w.definite or w.groups & {"preposition"} for w in words[first + 1 : i])
        complete = complete or (not (before.kind or construct) and (i - first >= 2 or words[first].kind == ""))
        complete = complete or ("numeral" in words[first].groups and i == first + 2 and word.definite)
        complete = complete or (counted and i == first + 2)
        complete = complete and not before.groups & {"partitive"}
        if word.masdar and complete and not _is_adjective(word) and not (before.masdar and not before.kind):
            return i
        if word.kind == "document" and before.definite and not (word.definite or word.li or word.bi):
            return i
        plural = not before.definite and before.folded.endswith((WAW + NOON, YEH + NOON))
        if plural and word.definite and not _is_adjective(word):
            return i
        named = not (
            before.kind
            or before.bi
            or (before.groups and "name" not in before.groups)
            or before.masdar
            or before.folded in RESUMPTIVE
        )
        named = named and i - first >= 2
        if "addressed" in word.groups and word.definite and not word.bi and (before.definite or named):
            return i
        named = named or (
            i == first + 1
            and not (before.kind or before.definite or before.bi or before.masdar)
            and not (before.groups and "name" not in before.groups)
        )
        if (
            word.kind in ("place", "organisation")
            and not (word.li or word.bi or (before.definite and word.folded.endswith(YEH + TAA_MARBUTA)))
            and not (i - 2 >= first and words[i - 2].kind == "organisation" and not (before.kind or before.definite))
            and (before.kind == "place" or before.definite or (named and "partitive" not in before.groups))
        ):
            return i
        other = word.definite and not _is_adjective(word) and not (word.kind or word.groups)
        other = other and (before.definite or not word.folded.endswith((TAA_MARBUTA, ALEF + HAMZA)))
        if before.kind == "place" and other:
            return i
        unknown = not before.kind and not before.definite and not before.bi
        thing = word.definite and word.folded.endswith(TAA_MARBUTA) and not (word.kind or word.groups or word.bi)
        if thing and i == first + 1 and unknown and not (before.masdar or before.groups) and not _is_adjective(word):
            return i  # a name, and a feminine noun that is none
        long = i - first >= 3 and words[first].kind not in ("organisation", "document")
        if word.definite and unknown and long and not _is_adjective(word) and not (word.kind or word.groups):
            earlier = words[i - 2]
            if reader.is_word(i - 2) and not (earlier.definite or earlier.kind or earlier.masdar or before.masdar):
                return i  # a first name and a surname are complete
        office = word.kind == "role" and word.definite and not (word.bi or word.li)
        attribute = word.folded.endswith((YEH, YEH + TAA_MARBUTA)) or bool(word.groups & {"holder", "belongs"})
        office = office and before.definite and not attribute
        if office and words[first].kind in ("organisation", "place", "document"):
            return i  # the French authorities, then the minister
        if "claims" in word.groups and (before.definite or before.kind == "place") and not before.masdar:
            return i  # the ministry denied the reports
        officials = word.kind == "role" and word.definite and word.folded.endswith(YEH + NOON)
        if officials and i - first >= 2 and not (word.bi or word.li or before.kind or before.masdar):
            return i  # a plural that no subject has
        ranked = words[first].kind in ("role", "anonymous") and not words[first].definite and i - first >= 2
        ranked = ranked and _is_adjective(before) and not before.definite
        if ranked and word.kind == "place" and not (word.li or word.bi or word.definite):
            return i  # a high American general, then a country
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


def is_joined(word: Word) -> bool:
    """Whether a word is `and` with what goes on with the phrase before it."""
    if word.kind == "place":
        return word.folded[0] == WAW and look_up(word.folded[1:]).kind == "place"
    return word.conjunction or (word.folded.startswith(WAW + ARTICLE) and not word.kind)


def _is_adjective(word: Word) -> bool:
    """Whether a word ends like an adjective of relation, or is listed: the White House, the Supreme Council."""
    return word.folded.endswith((YEH, YEH + TAA_MARBUTA, YEH + "\u0646")) or "adjective" in word.groups
