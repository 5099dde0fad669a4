"""Which of several records is kept does not depend on the runner's order."""

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.test_coders import RECORD
from transforms.record_steps import choose_record, next_revision
from transforms.state import RecordRow

RECORDS = st.lists(
    st.builds(
        lambda *values: dataclasses.replace(
            RECORD, **dict(zip(("feed_url", "entry_url", "content_hash", "published_us"), values, strict=True))
        ),
        st.sampled_from("ab"),
        st.sampled_from("cd"),
        st.sampled_from("ef"),
        st.none() | st.just(1),
    ),
    min_size=1,
    max_size=6,
)


@given(RECORDS, st.randoms())
def test_the_choice_is_the_same_in_any_order(records, random):
    chosen, others = choose_record(records)
    assert len(others) == len(records) - 1
    shuffled = list(records)
    random.shuffle(shuffled)
    assert choose_record(shuffled)[0] == chosen


def test_revisions_count_texts():
    assert next_revision(RECORD, None) == RECORD
    assert next_revision(RECORD, RecordRow(RECORD.record_id, 0, 3, RECORD.content_hash)) is None
    revised = next_revision(RECORD, RecordRow(RECORD.record_id, 0, 3, "other"))
    assert revised is not None
    assert revised.revision == 4
