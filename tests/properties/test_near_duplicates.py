"""Which text is whose duplicate does not depend on the order of a run's texts."""

import itertools
import tempfile

from hypothesis import given
from hypothesis import strategies as st

from tests.texts import make_body, make_text
from transforms import files
from transforms.known_texts import KnownTexts, mark_texts, texts_folder
from transforms.near_duplicates import choose_among_earlier, jaccard

DAY = 86_400_000_000
BODIES = [make_body(seed, changed) for seed in range(3) for changed in (0, 3, 6, 9, 12, 15, 30)]
TEXTS = st.lists(st.tuples(st.sampled_from(BODIES), st.integers(0, 5)), min_size=1, max_size=14).map(
    lambda rows: [make_text(f"r{n:02}", body, day * DAY) for n, (body, day) in enumerate(rows)]
)


@given(TEXTS, st.randoms())
def test_order_is_nothing(texts, random):
    with tempfile.TemporaryDirectory() as folder:
        known = KnownTexts(folder)
        expected = {text.record_id: text for text in mark_texts(texts, known, 2 * DAY)}
        shuffled = list(texts)
        random.shuffle(shuffled)
        assert {text.record_id: text for text in mark_texts(shuffled, known, 2 * DAY)} == expected
    assert set(expected) == {text.record_id for text in texts}


@given(TEXTS)
def test_one_by_one_is_as_all_at_once(texts):
    """A stream that knows nothing of a text but those before it says what a run says that has them all."""
    ordered = sorted(texts, key=lambda text: (text.time_us, text.record_id))
    with tempfile.TemporaryDirectory() as folder:
        expected = mark_texts(texts, KnownTexts(folder), 2 * DAY)
    found = [choose_among_earlier(text, ordered[:n], 2 * DAY) for n, text in enumerate(ordered)]
    assert found == expected


@given(TEXTS, st.integers(0, 14))
def test_no_chains_and_nothing_unlike(texts, first):
    """Also across two runs."""
    with tempfile.TemporaryDirectory() as folder:
        known, marked = KnownTexts(folder), {}
        for n, run in enumerate((texts[:first], texts[first:])):
            known.refresh(0)
            found = mark_texts(run, known, 2 * DAY)
            files.write_atomically(files.join(texts_folder(folder), f"{n}.texts"), known.next_file(found, 0)[0])
            marked |= {text.record_id: text for text in found}
    assert set(marked) == {text.record_id for text in texts}
    for text in marked.values():
        if text.original:
            original = marked[text.original]
            assert not original.original
            assert original.record_id != text.record_id
            likeness = jaccard(text.signature, original.signature)
            assert likeness >= 0.5
            assert 1 - likeness <= text.distance + 1e-9


@given(st.lists(st.sampled_from(BODIES), min_size=2, max_size=2), st.integers(0, 4))
def test_a_pair_is_marked_exactly_where_its_index_says(bodies, days):
    first, second = make_text("a", bodies[0], 0), make_text("b", bodies[1], days * DAY)
    with tempfile.TemporaryDirectory() as folder:
        marked = {text.record_id: text.original for text in mark_texts([second, first], KnownTexts(folder), 2 * DAY)}
    same = jaccard(first.signature, second.signature) >= 0.8 and days <= 2
    assert marked == {"a": "", "b": "a" if same else ""}


def test_the_bodies_are_of_every_kind():
    likeness = [
        jaccard(make_text("a", a).signature, make_text("b", b).signature) for a, b in itertools.combinations(BODIES, 2)
    ]
    assert any(0.8 <= each < 0.9 for each in likeness)
    assert any(0.5 <= each < 0.8 for each in likeness)
    assert any(each < 0.1 for each in likeness)
