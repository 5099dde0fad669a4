"""Which of Beam's runners runs a job."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from typing import Any

import grpc
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.portability.api import beam_job_api_pb2
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.runners.portability.job_server import ExternalJobServer

from transforms.errors import InputError

LOG = logging.getLogger(__name__)
JOB_SERVER_TIMEOUT_S = 30


def beam_options(flags: Sequence[str], own: argparse.ArgumentParser) -> PipelineOptions:
    """Beam's options from the flags that `own` leaves over.

    Raises InputError for what neither Beam nor the job server that --job_endpoint names knows.
    """
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    for kind in {cls.__name__: cls for cls in _subclasses(PipelineOptions)}.values():
        kind._add_argparse_args(_Tolerant(parser))
    args, unknown = parser.parse_known_args(list(flags))
    if unknown and args.job_endpoint:
        _add_server_options(parser, args.job_endpoint)
        _, unknown = parser.parse_known_args(list(flags))
    if unknown:
        known = sorted({s for p in (own, parser) for action in p._actions for s in action.option_strings})
        raise InputError("\n".join(_unknown_option(flag, known) for flag in unknown))
    return PipelineOptions(list(flags))


def _add_server_options(parser: argparse.ArgumentParser, endpoint: str) -> None:
    """Adds the options of the engine behind a job server, which Beam here knows nothing of (checkpoints, say)."""
    try:
        server = ExternalJobServer(endpoint, JOB_SERVER_TIMEOUT_S).start()
        described = server.DescribePipelineOptions(
            beam_job_api_pb2.DescribePipelineOptionsRequest(), timeout=JOB_SERVER_TIMEOUT_S
        )
    except (grpc.RpcError, grpc.FutureTimeoutError) as error:
        raise InputError(f"--job_endpoint {endpoint}: no job server answers there") from error
    for option in described.options:
        is_flag = option.type == beam_job_api_pb2.PipelineOptionType.BOOLEAN
        _Tolerant(parser).add_argument(f"--{option.name}", action="store_true" if is_flag else "store")


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
