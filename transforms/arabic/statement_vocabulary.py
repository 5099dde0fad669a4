"""The lexicons that the statement rules use, indexed by folded form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from transforms.arabic.clitics import ALEF
from transforms.arabic.inflection import PRONOUNS, TAA_MARBUTA, TEH
from transforms.arabic.lexicon import Entry, key_field, load_lexicon, one_of
from transforms.arabic.normalize import fold_word
from transforms.arabic.statement_forms import Cue, Form, cue_forms

GROUPS: Final = (
    "time", "adjunct", "relative", "auxiliary", "negation", "preposition", "clause", "cut", "event", "addressee",
    "not_bi", "not_source", "elided", "demonstrative", "no_source", "content_noun", "not_verb", "not_content", "verb",
    "aside", "regarding", "late", "generic_source", "with_that", "addressed", "quantifier", "name", "utterance",
    "comment", "amid", "own_words", "own_extent", "masculine", "issued", "when", "gloss", "where", "own_side",
    "holder", "self", "withheld", "verb_ahead", "identity", "pronoun", "partitive", "interrogative",
    "condition", "done", "modal", "no_cue", "published", "contrary", "titled", "remit", "completes", "belongs",
    "charged", "same", "then", "honorific", "represents", "group", "contrast", "numeral", "authorities",
    "but_that", "after_that", "after", "upshot", "also", "kin", "not_goal",
    "manner", "summons", "adjective", "seat", "claims",
    "governing", "untold", "utterances", "evidence", "object",
)  # fmt: skip
KINDS: Final = ("anonymous", "document", "organisation", "role", "place")


@dataclass(frozen=True, kw_only=True)
class WordGroup(Entry):
    """Function words and other closed groups that bound phrases."""

    group: str = one_of(*GROUPS, key=True)
    words: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SourceNouns(Entry):
    """Nouns that head the name of a source."""

    kind: str = one_of(*KINDS, key=True)
    words: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Attribution(Entry):
    """The head of an according-to phrase; what must follow it before the source: li, ila, an, or a verb of saying.

    `ma`: only with the particle ma and a verb. `inside`: never at the head of a sentence. `except`: forms with a
    conjunction that are another word.
    """

    head: str = key_field()
    li: bool = False
    to: bool = False  # li- with what can only be addressed: a definite noun, a source, a medium
    ila: bool = False
    an: bool = False
    verb: bool = False
    ma: bool = False
    inside: bool = False
    except_: tuple[str, ...] = ()


@dataclass(frozen=True)
class Vocabulary:
    """The lexicons, indexed by folded form."""

    forms: dict[str, list[Form]]
    groups: dict[str, frozenset[str]]
    kinds: dict[str, str]
    attributions: dict[str, Attribution]
    paired: frozenset[str]  # first words of names of two words
    owned_kinds: dict[str, str]  # nouns of `kinds` with a pronoun; documents also as accusatives
    content_nouns: frozenset[str]  # as accusatives and with pronouns too


@cache
def load_vocabulary(folder: Path | None = None) -> Vocabulary:
    """Read and index the lexicons that the statement rules use."""
    forms: dict[str, list[Form]] = defaultdict(list)
    for cue in load_lexicon("cues.toml", "cue", Cue, folder):
        for text, form in cue_forms(cue):
            forms[text].append(form)
    groups: dict[str, set[str]] = defaultdict(set)
    for entry in load_lexicon("words.toml", "words", WordGroup, folder):
        for word in entry.words:
            groups[fold_word(word)].add(entry.group)
    kinds: dict[str, str] = {}
    for nouns in load_lexicon("nouns.toml", "nouns", SourceNouns, folder):
        for word in nouns.words:
            kinds.setdefault(fold_word(word), nouns.kind)
    attributions = {fold_word(a.head): a for a in load_lexicon("attributions.toml", "attribution", Attribution, folder)}
    paired = frozenset(word.split()[0] for word, marks in groups.items() if " " in word and "name" in marks)
    marked = {word: frozenset(marks) for word, marks in groups.items()}
    owned: dict[str, str] = {}
    for suffix in (*PRONOUNS, ALEF):
        for noun, kind in kinds.items():
            if suffix != ALEF or kind == "document":
                owned.setdefault(noun + suffix, kind)
    nouns = [word for word, found in marked.items() if "content_noun" in found]
    content = frozenset(form for noun in nouns for form in _noun_forms(noun))
    return Vocabulary(dict(forms), marked, kinds, attributions, paired, owned, content)


def _noun_forms(noun: str) -> Iterator[str]:
    """A folded noun, its accusative, and both with pronouns."""
    for suffix in ("", *PRONOUNS):
        yield noun + suffix
        yield noun + ALEF + suffix
        if suffix and noun[-1] == TAA_MARBUTA:
            yield noun[:-1] + TEH + suffix
