"""Near duplicates against pairs whose Jaccard index of word 4-grams is given."""

import csv
import json

import pytest

from transforms.elements import SignedText
from transforms.known_texts import KnownTexts, mark_texts
from transforms.near_duplicates import jaccard, sign_text

SAME, NEVER = 0.8, 0.5


@pytest.fixture(scope="module")
def texts(shared):
    lines = (shared / "corpus/near_duplicates/docs.jsonl").read_text(encoding="utf-8").splitlines()
    docs = sorted(map(json.loads, lines), key=lambda doc: doc["id"])
    made = [SignedText(doc["id"], 1, n, n, sign_text(doc["body"])) for n, doc in enumerate(docs)]
    return {text.record_id: text for text in made}


@pytest.fixture(scope="module")
def pairs(shared):
    with (shared / "corpus/near_duplicates/pairs.tsv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    return [(row["id1"], row["id2"], float(row["jaccard_word4"])) for row in rows]


def mark(texts, folder):
    return {text.record_id: text for text in mark_texts(texts, KnownTexts(str(folder)), 10**9)}


def test_the_given_index_is_ours(texts, pairs):
    errors = [abs(jaccard(texts[a].signature, texts[b].signature) - given) for a, b, given in pairs]
    assert sum(errors) / len(errors) < 0.005


def test_pairs(texts, pairs, tmp_path):
    found = [(given, any(t.original for t in mark([texts[a], texts[b]], tmp_path).values())) for a, b, given in pairs]
    same = sum(given >= SAME for given, _ in found)
    hits = sum(marked and given >= SAME for given, marked in found)
    marked = sum(marked for _, marked in found)
    assert same > 50
    assert not [given for given, marked in found if marked and given < NEVER]
    assert hits / marked >= 0.98
    assert hits / same >= 0.95
    print(f"{same} pairs: precision {hits / marked:.3f}, recall {hits / same:.3f}")


def test_all_texts_as_one_run(texts, pairs, tmp_path):
    marked = mark(texts.values(), tmp_path)
    assert len(marked) == len(texts)
    group = {name: text.original or name for name, text in marked.items()}
    same = [(a, b) for a, b, given in pairs if given >= SAME]
    assert sum(group[a] == group[b] for a, b in same) / len(same) >= 0.95
    assert not [(a, b) for a, b, given in pairs if group[a] == group[b] and given < NEVER]
    for text in marked.values():
        if text.original:
            assert not marked[text.original].original
            assert jaccard(text.signature, texts[text.original].signature) >= NEVER
