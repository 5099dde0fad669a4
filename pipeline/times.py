"""Times as people write them in options."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta


def parse_since(text: str, now: datetime) -> int:
    """A date, an RFC 3339 time (UTC where it names no zone), or an age before `now`, in microseconds since the epoch.

    Raises ValueError for anything else.
    """
    if age := re.fullmatch(r"(\d{1,6})([hd])", text.strip()):
        hours = int(age[1]) * (24 if age[2] == "d" else 1)
        moment = now - timedelta(hours=hours)
    else:
        moment = datetime.fromisoformat(text.strip())
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
    return int(moment.timestamp() * 1_000_000)
