"""Every lexicon entry's example sentences are tests: what `match` holds is found, what `no_match` holds is not."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from transforms.arabic.clitics import readings
from transforms.arabic.lexicon import Entry, key_field, load_lexicon, one_of
from transforms.arabic.normalize import fold_word
from transforms.arabic.particles import Particle
from transforms.arabic.segment import tokenize
from transforms.arabic.statement_forms import Cue, cue_forms
from transforms.arabic.statement_headlines import SameSource
from transforms.arabic.statement_vocabulary import KINDS, Attribution, SourceNouns, WordGroup
from transforms.arabic.statement_words import look_up
from transforms.arabic.statements import find_statements
from transforms.errors import InputError

CUES = load_lexicon("cues.toml", "cue", Cue)
NOUNS = load_lexicon("nouns.toml", "nouns", SourceNouns)
WORDS = load_lexicon("words.toml", "words", WordGroup)
ATTRIBUTIONS = load_lexicon("attributions.toml", "attribution", Attribution)
PARTICLES = load_lexicon("particles.toml", "particle", Particle)
SAME = load_lexicon("synonyms.toml", "same", SameSource)


def _examples(entries, key, which):
    return [pytest.param(e, s, id=f"{getattr(e, key)}-{i}") for e in entries for i, s in enumerate(getattr(e, which))]


def _cues_in(sentence, cue):
    """The cues of the statements of a sentence that are forms of an entry."""
    forms = {text for text, _ in cue_forms(cue)}
    found = []
    for statement in find_statements("", sentence):
        if statement.cue:
            words = [fold_word(t.text) for t in tokenize(statement.cue.text)]
            found += [w for w in words if any(r.stem in forms or r.article + r.stem in forms for r in readings(w))]
    return found


@pytest.mark.parametrize(("cue", "sentence"), _examples(CUES, "lemma", "match"))
def test_cue_matches(cue, sentence):
    assert _cues_in(sentence, cue), f"{cue.lemma}: no statement in {sentence!r}"


@pytest.mark.parametrize(("cue", "sentence"), _examples(CUES, "lemma", "no_match"))
def test_cue_does_not_match(cue, sentence):
    assert not _cues_in(sentence, cue)


def _attributions_in(sentence, entry):
    return [
        s
        for s in find_statements("", sentence)
        if s.rule.startswith("attribution") and fold_word(entry.head) in fold_word(s.cue.text)
    ]


@pytest.mark.parametrize(("entry", "sentence"), _examples(ATTRIBUTIONS, "head", "match"))
def test_attribution_matches(entry, sentence):
    assert _attributions_in(sentence, entry)


@pytest.mark.parametrize(("entry", "sentence"), _examples(ATTRIBUTIONS, "head", "no_match"))
def test_attribution_does_not_match(entry, sentence):
    assert not _attributions_in(sentence, entry)


def _kinds_in(sentence):
    return {s.speaker_kind for s in find_statements("", sentence)}


@pytest.mark.parametrize(("entry", "sentence"), _examples(NOUNS, "kind", "match"))
def test_noun_kind_matches(entry, sentence):
    wanted = "organisation" if entry.kind == "place" else entry.kind
    assert wanted in _kinds_in(sentence)


@pytest.mark.parametrize(("entry", "sentence"), _examples(NOUNS, "kind", "no_match"))
def test_noun_kind_does_not_match(entry, sentence):
    unwanted = "organisation" if entry.kind == "place" else entry.kind
    assert unwanted not in _kinds_in(sentence)


def _has_group(sentence, group):
    return any(
        group in look_up(t.folded).groups or group in look_up(t.folded).under_li
        for t in tokenize(sentence)
        if not t.is_punct
    ) or any(fold_word(w) == t.folded for e in WORDS if e.group == group for w in e.words for t in tokenize(sentence))


@pytest.mark.parametrize(("entry", "sentence"), _examples(WORDS, "group", "match"))
def test_word_group_matches(entry, sentence):
    bare = {r.stem for t in tokenize(sentence) if not t.is_punct for r in readings(t.folded)}
    assert _has_group(sentence, entry.group) or bare & {fold_word(w) for w in entry.words}


@pytest.mark.parametrize(("entry", "sentence"), _examples(WORDS, "group", "no_match"))
def test_word_group_does_not_match(entry, sentence):
    assert not _has_group(sentence, entry.group)


@pytest.mark.parametrize("entry", PARTICLES, ids=lambda entry: entry.name)
def test_particle_is_in_its_examples(entry):
    assert all(entry.word in sentence.rstrip(".").split() for sentence in entry.match)
    assert not any(entry.word in sentence.rstrip(".").split() for sentence in entry.no_match)


@pytest.mark.parametrize(("entry", "sentence"), [(e, s) for e in SAME for s in e.match])
def test_synonym_headline(entry, sentence):
    other = entry.names[1]
    statements = find_statements(sentence, f"أكدت {other} أن المحادثات مستمرة.")
    assert statements[0].rule == "headline.colon"
    assert statements[0].speaker_ref == other


def test_no_word_is_two_kinds_of_source():
    seen = {}
    for entry in NOUNS:
        for word in entry.words:
            folded = fold_word(word)
            assert seen.setdefault(folded, entry.kind) == entry.kind, f"{word} is {seen[folded]} and {entry.kind}"


def test_every_kind_has_nouns():
    assert {entry.kind for entry in NOUNS} == set(KINDS)


@dataclass(frozen=True, kw_only=True)
class _Sample(Entry):
    name: str = key_field()
    colour: str = one_of("red", "green")
    parts: tuple[str, ...] = ()
    big: bool = False


def _load(folder: Path, text: str):
    (folder / "sample.toml").write_text(text, encoding="utf-8")
    return load_lexicon("sample.toml", "sample", _Sample, folder)


GOOD = '[[sample]]\nname = "a"\ncolour = "red"\nparts = ["x"]\nbig = true\nmatch = ["m"]\n'


def test_loads_entries(tmp_path):
    assert _load(tmp_path, GOOD) == (_Sample(name="a", colour="red", parts=("x",), big=True, match=("m",)),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[sample]]\nname = \n", r"sample\.toml:2: not TOML"),
        ('[[other]]\nname = "a"\n', r"no \[\[sample\]\] entries"),
        (GOOD + 'size = "x"\n', r"sample\.toml:1: unknown key 'size'"),
        (GOOD.replace("red", "blue"), "unknown colour 'blue'; known are green, red"),
        (GOOD.replace('match = ["m"]\n', ""), "missing key 'match'"),
        (GOOD.replace('["m"]', "[]"), "no examples"),
        (GOOD.replace('name = "a"\n', ""), "missing key 'name'"),
        (GOOD + "\n" + GOOD, r"sample\.toml:8: duplicate name 'a', first in line 1"),
        (GOOD.replace('["x"]', '"x"'), "parts must be a list of strings"),
        (GOOD.replace('["x"]', '["x", ""]'), "parts must hold non-empty strings"),
        (GOOD.replace("big = true", 'big = "yes"'), "big must be true or false"),
        (GOOD.replace('name = "a"', "name = 3"), "name must hold non-empty strings"),
    ],
)
def test_faults_name_file_line_and_fault(tmp_path, text, message):
    with pytest.raises(InputError, match=message) as caught:
        _load(tmp_path, text)
    assert str(tmp_path / "sample.toml") in str(caught.value)


def test_missing_lexicon(tmp_path):
    with pytest.raises(InputError, match="no such lexicon"):
        load_lexicon("absent.toml", "sample", _Sample, tmp_path)


def test_lexicon_in_another_encoding(tmp_path):
    (tmp_path / "sample.toml").write_bytes(GOOD.encode() + "# é".encode("latin-1"))
    with pytest.raises(InputError, match="not UTF-8"):
        load_lexicon("sample.toml", "sample", _Sample, tmp_path)


def test_words_carry_no_clitics_twice():
    """A cue is listed once: its lemma under another entry's past would fire the same rule twice."""
    pasts = [(cue.past or cue.plural, cue.present, cue.frames) for cue in CUES]
    assert len(pasts) == len(set(pasts))


@pytest.mark.parametrize(
    "file", ["cues.toml", "words.toml", "nouns.toml", "attributions.toml", "particles.toml", "synonyms.toml"]
)
def test_lexicons_hold_one_table_each(file):
    text = (Path(__file__).resolve().parents[2] / "transforms" / "lexicon" / file).read_text(encoding="utf-8")
    assert len(tomllib.loads(text)) == 1
    assert not re.search(r"\t", text)
