"""Dates of feeds and pages, right or None.

dateparser knows Arabic but takes milliseconds a date and fills in what is missing from today; a wrong date is worse
here than none.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Final

from transforms.arabic.lexicon import Entry, key_field, load_lexicon, one_of
from transforms.arabic.normalize import fold_text

EARLIEST_YEAR: Final = 1990  # before it a date on the web is an unset clock or another calendar
_SLACK: Final = timedelta(days=2)
_MAX_LENGTH: Final = 160

_ISO: Final = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)(?:[T ]+(\d\d?):(\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)?\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?",
    re.IGNORECASE | re.ASCII,
)
_COMPACT: Final = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?)?", re.ASCII)
_LATIN_MONTH: Final = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b\.?", re.IGNORECASE)
_MONTH_FIRST: Final = re.compile(r"([a-z]{3,9})\.? (\d\d?)(?:st|nd|rd|th)?,? (\d{4})", re.IGNORECASE)
# Zones and halves of the day that email's parser, which reads the rest, takes for something else.
_EMAIL_ZONE: Final = re.compile(
    r"(?:GMT|UTC|(?<=[\d ]))\s*([+-])(\d\d?)(?::?(\d\d))?(?!\d)(?:\s*\(.*)?$", re.IGNORECASE | re.ASCII
)
_DASHED: Final = re.compile(r"(?<=\d)-([a-z]{3,9})-(?=\d{4})", re.IGNORECASE | re.ASCII)
_TWELVE_HOURS: Final = re.compile(r"(?<!\d)(\d\d?)(:\d\d(?::\d\d)?)\s*([ap])\.?m\b\.?", re.IGNORECASE | re.ASCII)
_YEAR_FIRST: Final = re.compile(r"(?<!\d)(\d{4})[/.](\d\d?)[/.](\d\d?)(?!\d)", re.ASCII)
_DAY_FIRST: Final = re.compile(r"(?<!\d)(\d\d?)([/.-])(\d\d?)\2(\d{4})(?!\d)", re.ASCII)
_TIME: Final = re.compile(r"(?<![\d:+-])(\d\d?):(\d\d)(?::(\d\d))?(?![\d:])", re.ASCII)
_ZONE: Final = re.compile(r"(?:GMT|UTC)\s*([+-]\d\d?)(?::?(\d\d))?", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Month(Entry):
    """A month of the Gregorian calendar and its names."""

    number: str = key_field()
    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class HalfDay(Entry):
    """Marks that a time of a twelve-hour clock lies in this half of the day."""

    half: str = one_of("am", "pm", key=True)
    names: tuple[str, ...]


def parse_date(text: str) -> int | None:
    """Microseconds since the epoch, UTC; None for what is no date, ambiguous, in another calendar or in the future.

    Understood: ISO 8601, RFC 822, English and Arabic month names, Arabic-Indic digits, numeric dates with the day
    first (as all of the Arabic press writes them). Without a zone a time is UTC; without a time it is midnight UTC.
    """
    if not text or len(text) > _MAX_LENGTH:
        return None
    line = " ".join(fold_text(unicodedata.normalize("NFC", text)).split())
    found = _parse_iso(line) or _parse_english(line) or _parse_arabic(line) or _parse_numeric(line)
    if found is None or found.year < EARLIEST_YEAR or found > datetime.now(UTC) + _SLACK:
        return None
    return round(found.timestamp()) * 1_000_000


def _make(
    year: str, month: int, day: str, hour: int = 0, minute: int = 0, second: int = 0, zone: timezone = UTC
) -> datetime | None:
    try:
        return datetime(int(year), month, int(day), hour, minute, min(second, 59), tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _parse_iso(line: str) -> datetime | None:
    match = _ISO.match(line) or _COMPACT.fullmatch(line)
    if not match or line[match.end() : match.end() + 1].isdigit():
        return None
    year, month, day, hour, minute, second, zone = match.groups()
    return _make(year, int(month), day, int(hour or 0), int(minute or 0), int(second or 0), _zone(zone))


def _zone(text: str | None) -> timezone:
    if not text or text[0] not in "+-":
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(offset if text[0] == "+" else -offset) if offset < timedelta(hours=15) else UTC


def _parse_english(line: str) -> datetime | None:
    if not _LATIN_MONTH.search(line):
        return None
    line = _DASHED.sub(r" \1 ", line)
    line = _TWELVE_HOURS.sub(_twenty_four_hours, _MONTH_FIRST.sub(r"\2 \1 \3", line))
    line = line if ":" in line else f"{line} 00:00"
    line = _EMAIL_ZONE.sub(lambda zone: f" {zone[1]}{zone[2]:0>2}{zone[3] or '00'}", line)
    try:
        found = parsedate_to_datetime(line)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    try:
        return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _twenty_four_hours(clock: re.Match[str]) -> str:
    hour = int(clock[1])
    if not 1 <= hour <= 12:
        return clock[0]
    return f"{hour % 12 + 12 * (clock[3] in 'pP'):02}{clock[2]}"


@cache
def _arabic_date() -> tuple[re.Pattern[str], dict[str, int]]:
    months = {fold_text(name): int(m.number) for m in load_lexicon("dates.toml", "month", Month) for name in m.names}
    # The longer name first: one month's name may begin another's.
    word = "|".join(sorted(map(re.escape, months), key=len, reverse=True))
    day_first = rf"(?<!\d)(\d\d?) ?[-,\u060c/]? ?({word})(?:\s?[-/(]\s?({word})\)?)?[ ,\u060c/-]{{1,3}}(\d{{4}})(?!\d)"
    month_first = rf"(?<!\w)({word}) (\d\d?)[ ,\u060c]{{1,3}}(\d{{4}})(?!\d)"
    return re.compile(f"{day_first}|{month_first}"), months


@cache
def _half_day() -> re.Pattern[str]:
    groups = {
        h.half: "|".join(fold_text(name) for name in h.names) for h in load_lexicon("dates.toml", "half_day", HalfDay)
    }
    return re.compile(rf"\s?(?:(?P<am>am|{groups['am']})|(?P<pm>pm|{groups['pm']}))(?!\w)", re.IGNORECASE)


def _parse_arabic(line: str) -> datetime | None:
    pattern, months = _arabic_date()
    match = pattern.search(line)
    if not match:
        return None
    day, name, other, year, name_2, day_2, year_2 = match.groups()
    if other and months[other] != months[name]:
        return None
    rest = line[: match.start()] + " " + line[match.end() :]
    return _with_time(year or year_2, months[name or name_2], day or day_2, rest)


def _parse_numeric(line: str) -> datetime | None:
    if match := _YEAR_FIRST.search(line):
        year, month, day = match.groups()
    elif match := _DAY_FIRST.search(line):
        day, _, month, year = match.groups()
        if int(month) > 12 >= int(day):
            day, month = month, day
    else:
        return None
    return _with_time(year, int(month), day, line[: match.start()] + " " + line[match.end() :])


def _with_time(year: str, month: int, day: str, rest: str) -> datetime | None:
    clock = _TIME.search(rest)
    if not clock:
        return _make(year, month, day)
    hour = int(clock[1])
    half = _half_day().match(rest, clock.end())
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half["pm"] else 0)
    zone = _ZONE.search(rest)
    offset = _zone(f"{zone[1][0]}{zone[1][1:].zfill(2)}{zone[2] or '00'}") if zone else UTC
    return _make(year, month, day, hour, int(clock[2]), int(clock[3] or 0), offset)
