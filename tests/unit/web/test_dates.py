from datetime import UTC, datetime, timedelta

import pytest

from transforms.arabic.lexicon import load_lexicon
from transforms.web.dates import HalfDay, Month, parse_date


def iso(text: str) -> str | None:
    us = parse_date(text)
    return None if us is None else datetime.fromtimestamp(us / 1e6, UTC).strftime("%Y-%m-%dT%H:%M:%S")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sun, 08 Mar 2020 20:40:00 +0300", "2020-03-08T17:40:00"),
        ("Sun, 08 Mar 2020 20:40:00 -0000", "2020-03-08T20:40:00"),
        ("Sun, 08 Mar 2020 20:40 +03", "2020-03-08T17:40:00"),
        ("Sun, 08 Mar 2020 20:40:00 +03:00", "2020-03-08T17:40:00"),
        ("Sun, 08 Mar 2020 20:40:00 EST", "2020-03-09T01:40:00"),
        ("Sun Mar 08 2020 20:40:00 GMT+0300 (Arabian Standard Time)", "2020-03-08T17:40:00"),
        ("08 Mar 2020 8:40 PM", "2020-03-08T20:40:00"),
        ("March 8, 2020 12:05 a.m.", "2020-03-08T00:05:00"),
        ("08-Mar-2020 20:40", "2020-03-08T20:40:00"),
        ("٢٠٢٠/٠٣/٠٨ - ١٥:٣٠", "2020-03-08T15:30:00"),
        ("٠٨/٠٣/٢٠٢٠", "2020-03-08T00:00:00"),
        ("۸ مارس ۲۰۲۰", "2020-03-08T00:00:00"),
        ("\u200f8\u00a0مارس\u200f 2020", "2020-03-08T00:00:00"),
        ("الأحد - 8 - مارس - 2020", "2020-03-08T00:00:00"),
        ("8 كانون أول 2019", "2019-12-08T00:00:00"),
        ("8 دجنبر 2020 على الساعة 08:40 م", "2020-12-08T20:40:00"),
        ("الأحد 13 رجب 1441 هـ 08 مارس 2020 م 20:40", "2020-03-08T20:40:00"),
        ("8 March 2020", "2020-03-08T00:00:00"),
        ("March 8, 2020", "2020-03-08T00:00:00"),
        ("2020-03-08T20:40:00.123+03:00", "2020-03-08T17:40:00"),
        ("2020-03-08 20:40", "2020-03-08T20:40:00"),
        ("20200308T204000Z", "2020-03-08T20:40:00"),
        ("08/03/2020", "2020-03-08T00:00:00"),
        ("2020/03/08 13:43", "2020-03-08T13:43:00"),
        ("الأحد، 8 آذار 2020", "2020-03-08T00:00:00"),
        ("٨ آذار/مارس ٢٠٢٠", "2020-03-08T00:00:00"),
        ("10 جويلية 2019 - 14:30", "2019-07-10T14:30:00"),
        ("9 غشت 2021", "2021-08-09T00:00:00"),
        ("كانون الثاني 12, 2021", "2021-01-12T00:00:00"),
        ("23 تشرين الأول 2020 9:05 مساءً", "2020-10-23T21:05:00"),
        ("8 آذار 2020 14:00 (GMT+0400)", "2020-03-08T10:00:00"),
        ("10 مارس 2020م الموافق 15 رجب 1441 هـ", "2020-03-10T00:00:00"),
    ],
)
def test_dates_of_the_press(text: str, expected: str) -> None:
    assert iso(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "15 رمضان 2020", "1441/07/15", "08/03/20", "8 مارس 2099", "أمس", "منذ ساعتين", "15 رجب 1441 هـ", "15/07/1441", "32/13/2020", "مارس 2020", "2020-03", "2020", "31 شباط 2020",
     "2020-03-08T25:99:00Z", "Thu, 01 Jan 1970 00:00:00 GMT", "8 آذار/أيار 2020", "0001-01-01T00:00:00Z", "9" * 5000],
)  # fmt: skip
def test_what_is_no_certain_date_is_none(text: str) -> None:
    assert parse_date(text) is None


def test_the_future_is_none() -> None:
    assert parse_date((datetime.now(UTC) + timedelta(days=30)).isoformat()) is None
    assert parse_date((datetime.now(UTC) + timedelta(hours=3)).isoformat()) is not None


def test_lexicon_examples() -> None:
    for month in load_lexicon("dates.toml", "month", Month):
        for text in month.match:
            us = parse_date(text)
            assert us is not None, text
            assert datetime.fromtimestamp(us / 1e6, UTC).month == int(month.number), text
        for text in month.no_match:
            assert parse_date(text) is None, text
    for half in load_lexicon("dates.toml", "half_day", HalfDay):
        for text in half.match:
            us = parse_date(text)
            assert us is not None, text
            assert (datetime.fromtimestamp(us / 1e6, UTC).hour >= 12) == (half.half == "pm"), text
