"""When to come again."""

from datetime import UTC, datetime

import pytest

from transforms.web.headers import parse_max_age, parse_retry_after

NOW = datetime(2020, 3, 8, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "date", "seconds"),
    [
        ("2", None, 2.0),
        (" 120 ", None, 120.0),
        ("Sun, 08 Mar 2020 12:00:07 GMT", None, 7.0),
        ("Sun, 08 Mar 2020 12:00:07 GMT", "Sun, 08 Mar 2020 12:00:03 GMT", 4.0),  # the server's own clock counts
        ("Sun, 08 Mar 2020 11:00:00 GMT", None, 0.0),
        ("Sun, 08 Mar 2020 12:00:07 GMT", "nonsense", 7.0),
        (None, None, None),
        ("", None, None),
        ("-5", None, None),
        ("soon", None, None),
        ("9" * 400, None, None),
        ("Sun, 99 Mar 2020 12:00:07 GMT", None, None),
    ],
)
def test_retry_after(value, date, seconds):
    assert parse_retry_after(value, date, NOW) == seconds


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("max-age=300", 300.0),
        ("public, Max-Age = 60", 60.0),
        ("s-maxage=9, max-age=5", 5.0),
        ("no-cache, max-age=300", 0.0),
        ("s-maxage=9", None),
        (None, None),
    ],
)
def test_max_age(value, seconds):
    assert parse_max_age(value) == seconds
