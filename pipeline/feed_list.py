"""A feed list that may change while it is in use."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from transforms.elements import Feed
from transforms.errors import InputError

REMOTE_EVERY_S: Final = 300.0


class FeedList:
    """The feeds of a list, read again when its file changes; a list elsewhere every five minutes.

    An empty address is an empty list. `load` reads one and raises InputError. A list that has become unreadable is told
    to the user once, and the last good one stays in use.
    """

    def __init__(self, address: str, load: Callable[[str], tuple[Feed, ...]]) -> None:
        self._address, self._load = address, load
        self._version = self._look()
        self.feeds = load(address) if address else ()

    def read(self) -> tuple[Feed, ...]:
        version = self._look()
        if version != self._version:
            self._version = version
            try:
                self.feeds = self._load(self._address)
            except InputError as error:
                print(f"rasid: {error}; the feeds known before stay in use", file=sys.stderr)
        return self.feeds

    def _look(self) -> object:
        if not self._address:
            return None
        if "://" in self._address:
            return time.monotonic() // REMOTE_EVERY_S
        try:
            found = Path(self._address).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino
