"""Every entry of the ceasefire lexicons matches its `match` sentences and none of its `no_match` sentences."""

import pytest

from transforms.arabic.ceasefire import find_ceasefire_mentions
from transforms.arabic.ceasefire_grammar import FILE as GRAMMAR
from transforms.arabic.ceasefire_grammar import WordsEntry, has_stem_in
from transforms.arabic.ceasefire_lexicon import ActEntry, ConditionEntry, NegatorEntry
from transforms.arabic.ceasefire_senses import FILE as TERMS
from transforms.arabic.ceasefire_senses import ArmedEntry, FigurativeEntry, TermEntry, senses
from transforms.arabic.ceasefire_terms import find_terms
from transforms.arabic.lexicon import Entry, load_lexicon
from transforms.arabic.normalize import fold_text
from transforms.arabic.segment import tokenize
from transforms.elements import CeasefireMention


def cases(file: str, table: str, entry_type: type[Entry]) -> list:
    return list(_cases(file, table, entry_type))


def _cases(file: str, table: str, entry_type: type[Entry]):
    for entry in load_lexicon(file, table, entry_type):
        for sentence in entry.match:
            yield pytest.param(entry, sentence, True, id=f"{entry.id}+{sentence[:40]}")
        for sentence in entry.no_match:
            yield pytest.param(entry, sentence, False, id=f"{entry.id}-{sentence[:40]}")


def mentions(sentence: str) -> tuple[CeasefireMention, ...]:
    return find_ceasefire_mentions("", sentence, ())


def terms(sentence: str) -> list[str]:
    return [term.entry for term in find_terms(tokenize(sentence), fold_text(sentence))]


@pytest.mark.parametrize(("entry", "sentence", "wanted"), cases(TERMS, "term", TermEntry))
def test_terms(entry, sentence, wanted):
    assert (entry.id in terms(sentence)) is wanted
    if not wanted:
        assert terms(sentence) == []


@pytest.mark.parametrize(("entry", "sentence", "wanted"), cases("ceasefire_acts.toml", "act", ActEntry))
def test_acts(entry, sentence, wanted):
    found = mentions(sentence)
    assert found, "the sentence names no ceasefire"
    assert any(m.rule.partition("/")[0] == entry.id for m in found) is wanted, [m.rule for m in found]


@pytest.mark.parametrize(("entry", "sentence", "wanted"), cases("negation.toml", "negator", NegatorEntry))
def test_negation(entry, sentence, wanted):
    negated = any(m.negated for m in mentions(sentence))
    if entry.kind == "pseudo":
        assert not negated
        assert bool(mentions(sentence)) is wanted
    else:
        assert negated is wanted


@pytest.mark.parametrize(("entry", "sentence", "wanted"), cases("conditions.toml", "condition", ConditionEntry))
def test_conditions(entry, sentence, wanted):
    found = mentions(sentence)
    assert any(m.conditional for m in found) is wanted
    assert all((m.condition is not None) is m.conditional for m in found)


@pytest.mark.parametrize(("entry", "sentence", "wanted"), cases(GRAMMAR, "words", WordsEntry))
def test_word_classes(entry, sentence, wanted):
    assert any(has_stem_in(token.folded, entry.id) for token in tokenize(sentence)) is wanted


@pytest.mark.parametrize(("entry", "sentence", "wanted"), cases(TERMS, "figurative", FigurativeEntry))
def test_figurative_words(entry, sentence, wanted):
    assert (terms(sentence) == []) is wanted


@pytest.mark.parametrize(("entry", "sentence", "wanted"), cases(TERMS, "armed", ArmedEntry))
def test_armed_words(entry, sentence, wanted):
    pattern = senses().fighting if entry.id == "fighting" else senses().armed
    assert bool(pattern.search(fold_text(sentence))) is wanted
