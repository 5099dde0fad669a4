"""Decisions about several elements don't depend on their order, and lose none of them."""

from hypothesis import given
from hypothesis import strategies as st

from transforms.elements import Entry
from transforms.feed_steps import choose_entries
from transforms.page_steps import merge_duplicates

TIMES = st.none() | st.integers(0, 5)
ENTRIES = st.lists(
    st.builds(
        Entry,
        url=st.sampled_from([f"http://a.example/{n}" for n in range(4)]),
        link=st.text("xyz", max_size=2),
        feed_url=st.sampled_from(["http://a.example/rss", "http://b.example/rss"]),
        published_us=TIMES,
    ),
    max_size=12,
)


@given(ENTRIES, st.randoms())
def test_merging_duplicates(entries, random):
    kept, others = merge_duplicates(entries)
    assert sorted(map(repr, [*kept, *others])) == sorted(map(repr, entries))
    assert {e.url for e in kept} == {e.url for e in entries}
    assert len({e.url for e in kept}) == len(kept)
    shuffled = list(entries)
    random.shuffle(shuffled)
    assert merge_duplicates(shuffled)[0] == kept


@given(ENTRIES)
def test_the_publishers_own_feed_wins(entries):
    kept, _ = merge_duplicates(entries)
    for entry in kept:
        own = [e for e in entries if e.url == entry.url and e.feed_url.startswith("http://a.")]
        assert not own or entry in own


@given(ENTRIES, TIMES, st.integers(0, 6))
def test_choosing_entries(entries, since, most):
    taken, old, beyond = choose_entries(entries, since, most)
    assert sorted(map(repr, [*taken, *old, *beyond])) == sorted(map(repr, entries))
    assert not most or len(taken) <= most
    assert all(since is not None and e.published_us is not None and e.published_us < since for e in old)
    assert all(since is None or e.published_us is None or e.published_us >= since for e in taken)
    if beyond:
        assert len(taken) == most
        assert min(e.published_us or 0 for e in taken) >= max(e.published_us or 0 for e in beyond)
