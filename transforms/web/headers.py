"""Reading the answer headers that say when to come again."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

_SECONDS: Final = re.compile(r"[0-9]{1,12}", re.ASCII)
_MAX_AGE: Final = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?([0-9]{1,12})", re.ASCII | re.IGNORECASE)
_NO_STORE: Final = re.compile(r"(?:^|[\s,])no-(?:store|cache)(?:$|[\s,])", re.IGNORECASE)


def parse_retry_after(value: str | None, date: str | None, now: datetime) -> float | None:
    """Seconds to wait by a Retry-After header, None when absent or unreadable.

    A date counts from the answer's own `Date`, so that neither side's clock has to be right, else from `now`.
    """
    text = (value or "").strip()
    if _SECONDS.fullmatch(text):
        return float(text)
    until = _parse_date(text)
    if until is None:
        return None
    return max(0.0, (until - (_parse_date(date or "") or now)).total_seconds())


def parse_max_age(cache_control: str | None) -> float | None:
    """Seconds that Cache-Control calls an answer fresh for, None when it doesn't say."""
    text = cache_control or ""
    if _NO_STORE.search(text):
        return 0.0
    found = _MAX_AGE.search(text)
    return float(found[1]) if found else None


def _parse_date(text: str) -> datetime | None:
    if not text or len(text) > 64:
        return None
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
