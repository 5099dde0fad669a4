"""Stages that wait for the web: requests overlap on an event loop inside the worker."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import apache_beam as beam
from apache_beam.utils.shared import Shared

from transforms.errors import IngestError
from transforms.steps import OverlappedStepFn
from transforms.web.http import WebClient
from transforms.web.messages import HttpSettings, Request
from transforms.web.urls import host_of

_SHARED = Shared()
T = TypeVar("T")


class _Client:
    """Closes the client with the last stage that uses it; weakly referenced by Beam's Shared."""

    def __init__(self, settings: HttpSettings) -> None:
        self.client = WebClient(settings)

    def __del__(self) -> None:
        self.client.close()


class WebStepFn(OverlappedStepFn):
    """Base of stages that ask the web; one client a process, so that a host's limits hold across stages."""

    def __init__(self, http: HttpSettings) -> None:
        self._http = http

    def setup(self) -> None:
        self._shared = _SHARED.acquire(lambda: _Client(self._http), tag=self._http)

    def start_bundle(self) -> None:
        super().start_bundle()
        self._session = self._shared.client.session()

    def ask(self, request: Request, element: Any, timestamp: Any, window: Any) -> None:
        self.window = window
        self._session.submit(request, (element, timestamp, [window]))

    def done(self) -> Iterator[Any]:
        """The outputs of what is done by now."""
        yield from self.emit(self._session.ready())

    def wait(self) -> Iterable[tuple[Any, Any]]:
        with self._session:
            yield from self._session.drain()


def group_by_host(elements: Any, kind: type, host: Any, label: str) -> Any:
    """Brings all elements of a host to one worker, which keeps the limits on asking it; a shuffle of small elements."""
    return (
        elements
        | f"Key{label}ByHost" >> beam.Map(host).with_output_types(tuple[str, kind])  # type: ignore[valid-type]
        | f"Group{label}ByHost" >> beam.GroupByKey()
    )


def host_key(url: str) -> str:
    """The host that a URL asks; a URL that names none shares one group, and fails there."""
    try:
        return host_of(url)
    except IngestError:
        return ""
