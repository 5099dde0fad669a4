"""What a worker process keeps for as long as it lives.

Beam drops the DoFns of a stage that has had no bundle for a minute. Without this, the web client would go with them,
and with it what it knows of robots.txt and of each host's pause.
"""

from __future__ import annotations

import atexit
from typing import Any, Final

from transforms.pool import acquire_pool
from transforms.web.messages import HttpSettings
from transforms.web_steps import acquire_client

_HELD: Final[dict[object, Any]] = {}
atexit.register(_HELD.clear)


def hold_client(http: HttpSettings) -> Any:
    """As acquire_client, for good."""
    return _HELD.setdefault(http, acquire_client(http))


def hold_pool(processes: int) -> Any:
    """As acquire_pool, for good."""
    return _HELD.setdefault(processes, acquire_pool(processes))
