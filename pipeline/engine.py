"""Which of Beam's runners runs a job."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from typing import Any

from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from transforms.errors import InputError

LOG = logging.getLogger(__name__)


def beam_options(flags: Sequence[str], own: argparse.ArgumentParser) -> PipelineOptions:
    """Beam's options from the flags that `own` leaves over. Raises InputError for what Beam doesn't know either.

    With --job_endpoint all pass: which options there are (Flink's --checkpointing_interval, say) only its job server
    knows.
    """
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    for kind in {cls.__name__: cls for cls in _subclasses(PipelineOptions)}.values():
        kind._add_argparse_args(_Tolerant(parser))
    found, unknown = parser.parse_known_args(list(flags))
    if unknown and not found.job_endpoint:
        known = sorted({s for p in (own, parser) for action in p._actions for s in action.option_strings})
        raise InputError("\n".join(_unknown_option(flag, known) for flag in unknown))
    return PipelineOptions(list(flags))


def _unknown_option(flag: str, known: Sequence[str]) -> str:
    import difflib

    near = difflib.get_close_matches(flag.partition("=")[0], known, n=1)
    return f"{flag}: no such option" + (f"; did you mean {near[0]}?" if near else "; see rasid run --help")


class _Tolerant:
    """Adds arguments to a parser, the first of the same name only: Beam's classes repeat a few."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self._parser = parser

    def add_argument(self, *names: str, **kwargs: Any) -> None:
        try:
            self._parser.add_argument(*names, **kwargs)
        except argparse.ArgumentError:
            LOG.debug("%s is known already", names)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._parser, name)


def _subclasses(cls: type) -> list[Any]:
    direct: list[Any] = cls.__subclasses__()
    return [found for sub in direct for found in (sub, *_subclasses(sub))]


def runs_here(options: PipelineOptions) -> bool:
    """Whether the options name the engine that runs bounded jobs in this process, or none."""
    return options.get_all_options().get("runner") in (None, "DirectRunner", "FnApiRunner")


def choose_runner(options: PipelineOptions) -> Any:
    """The runner that the options name; locally FnApiRunner by name.

    `DirectRunner` becomes one of three engines, by the graph and by whether a download worked; this project names one.
    The reasons are in deploy/decisions/.
    """
    return FnApiRunner() if runs_here(options) else options.get_all_options()["runner"]
