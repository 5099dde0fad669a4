"""How an article's fields are chosen from the feed's and the page's."""

import pytest

from transforms.elements import Entry
from transforms.work import NEAR_US, choose_time

MARCH = 1_583_700_000_000_000


def entry(published=None, earliest=None, latest=None):
    return Entry("u", "u", "f", published_us=published, earliest_us=earliest, latest_us=latest)


@pytest.mark.parametrize(
    ("made", "page", "expected"),
    [
        (entry(MARCH), MARCH + 5, (MARCH, "feed")),
        (entry(), MARCH, (MARCH, "page")),
        (entry(), None, (None, None)),
        (entry(earliest=MARCH, latest=MARCH + 10), MARCH + 3, (MARCH + 3, "page")),
        (entry(earliest=MARCH, latest=MARCH), MARCH + NEAR_US + 1, (None, None)),
        (entry(earliest=MARCH, latest=MARCH), MARCH - NEAR_US - 1, (None, None)),
    ],
)
def test_the_feeds_date_comes_first_and_the_pages_must_be_near_its_neighbours(made, page, expected):
    assert choose_time(made, page) == expected
