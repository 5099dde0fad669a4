"""Where records come from and go to: the addresses that --source and --sink take."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from transforms.file_formats import FileSink
from transforms.message_format import ORDERING_KEYS, Subscription, Topic

Sink = FileSink | Topic

_PROJECT: Final = r"projects/[a-z][a-z0-9:.-]{4,}"
_NAME: Final = r"[A-Za-z][\w.~+%-]{2,254}"
_TOPIC: Final = re.compile(rf"{_PROJECT}/topics/{_NAME}", re.ASCII)
_SUBSCRIPTION: Final = re.compile(rf"{_PROJECT}/subscriptions/{_NAME}", re.ASCII)


def absolute_path(path: str) -> str:
    """Workers may run in another folder; addresses with a scheme are absolute already."""
    return path if "://" in path else str(Path(path).absolute())


def parse_sink(address: str) -> Sink:
    """The sink that an address names. Raises ValueError that says which forms there are."""
    kind, _, rest = address.partition(":")
    if kind not in _SINKS or not rest:
        raise ValueError(f"{' or '.join(form for form, _ in _SINKS.values())}")
    return _SINKS[kind][1](rest)


def parse_source(address: str) -> Subscription:
    """The source that an address names. Raises ValueError."""
    kind, _, rest = address.partition(":")
    if kind != "pubsub" or not _SUBSCRIPTION.fullmatch(rest):
        raise ValueError("pubsub:projects/P/subscriptions/S")
    return Subscription(rest)


def _parse_topic(rest: str) -> Topic:
    name, _, query = rest.partition("?")
    option, _, key = query.partition("=")
    if not _TOPIC.fullmatch(name):
        raise ValueError("pubsub:projects/P/topics/T")
    if query and (option != "ordering_key" or key not in ORDERING_KEYS):
        raise ValueError(f"?ordering_key={' or '.join(ORDERING_KEYS)}")
    return Topic(name, key)


# A kind of sink: the form of its address, and what reads the part behind the colon.
_SINKS: Final[dict[str, tuple[str, Callable[[str], Sink]]]] = {
    "jsonl": ("jsonl:DIR", lambda rest: FileSink("jsonl", absolute_path(rest))),
    "parquet": ("parquet:DIR", lambda rest: FileSink("parquet", absolute_path(rest))),
    "pubsub": ("pubsub:projects/P/topics/T", _parse_topic),
}
