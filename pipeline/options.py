"""The options of `rasid run`, and the validated configuration that they give."""

from __future__ import annotations

import argparse
import ipaddress
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files as package_files
from math import isfinite
from typing import Any

from pipeline.addresses import Sink, absolute_path, parse_sink, parse_source
from transforms.errors import InputError
from transforms.message_format import Subscription
from transforms.polling import PollLimits
from transforms.state import DAY_US
from transforms.web.messages import HttpSettings

USER_AGENT = "rasid/0.1 (Arabic news pipeline; reads feeds and the articles they link)"
_MIB = 1024 * 1024


class HelpFormatter(argparse.ArgumentDefaultsHelpFormatter):
    """Shows the defaults that say something."""

    def _get_help_string(self, action: argparse.Action) -> str | None:
        if action.default is None or action.default is False or action.default in ("", []):
            return action.help
        return super()._get_help_string(action)


def add_feed_arguments(group: Any) -> None:
    group.add_argument(
        "--feeds",
        metavar="LIST",
        help="feed list: TOML, OPML or one URL a line; a path or an http(s) URL (default: the list that comes with "
        "rasid, unless --documents or --source is given)",
    )
    group.add_argument(
        "--since",
        metavar="TIME",
        help="leave out entries known to be older: 2026-01-31, 2026-01-31T08:00:00Z, or an age such as 12h or 7d",
    )
    group.add_argument(
        "--max_items_per_feed", type=int, default=0, metavar="N", help="take a feed's newest N entries; 0: all"
    )


def add_input_arguments(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what to read")
    add_feed_arguments(group)
    group.add_argument(
        "--documents",
        metavar="GLOB",
        help="text documents to read instead of feeds, or beside --feeds: title, blank line, paragraphs joined "
        "with '., '",
    )
    group.add_argument(
        "--source",
        metavar="ADDRESS",
        help="subscription with entries to read instead of feeds, or beside --feeds: pubsub:projects/P/subscriptions/S",
    )
    group.add_argument(
        "--max_messages", type=int, default=1000, metavar="N", help="messages of --source that a run takes at most"
    )
    group.add_argument(
        "--source_wait", type=float, default=5.0, metavar="S", help="seconds without a message that end the taking"
    )
    group.add_argument(
        "--languages", default="ar", metavar="CODES", help="languages to keep, as codes with commas between"
    )


RECORD_SINKS = (
    "where records go, may be repeated: jsonl:DIR, parquet:DIR or pubsub:projects/P/topics/T"
    "[?ordering_key=record_id|feed_url] (default: jsonl:OUTPUT/records)"
)


def add_output_arguments(
    parser: argparse.ArgumentParser, *, state: str = "OUTPUT/state", sink: str = RECORD_SINKS
) -> None:
    """`state` is the default folder of the state, `sink` what the help says of --sink."""
    group = parser.add_argument_group("where to write")
    group.add_argument("--output", metavar="DIR", default="out", help="folder for records/, dead_letters/ and summary/")
    group.add_argument("--state", metavar="DIR", help=f"folder of the state between runs (default: {state})")
    group.add_argument(
        "--state_days",
        type=int,
        default=60,
        metavar="N",
        help="days after which entries no longer listed are forgotten",
    )
    group.add_argument(
        "--sink",
        action="append",
        default=[],
        metavar="ADDRESS",
        help=sink,
    )
    group.add_argument(
        "--file_bytes", type=int, default=64 * _MIB, metavar="N", help="bytes after which a file is closed"
    )


def add_streaming_arguments(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("for ever")
    group.add_argument(
        "--streaming",
        action="store_true",
        help="read for ever, each feed at its own pace, until Ctrl-C or SIGTERM",
    )
    group.add_argument(
        "--poll_interval", type=float, default=300.0, metavar="S", help="seconds between two polls of a busy feed"
    )
    group.add_argument(
        "--max_poll_interval", type=float, default=3600.0, metavar="S", help="seconds between two polls of a quiet feed"
    )
    group.add_argument(
        "--file_seconds", type=float, default=10.0, metavar="S", help="seconds after which files with news are closed"
    )


def add_web_arguments(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("how to ask the web")
    group.add_argument("--user_agent", default=USER_AGENT, help="the identity sent with every request")
    group.add_argument("--host_concurrency", type=int, default=2, metavar="N", help="requests at once on a host")
    group.add_argument("--host_pause", type=float, default=0.5, metavar="S", help="seconds between two on a host")
    group.add_argument("--request_deadline", type=float, default=30.0, metavar="S", help="seconds for all of a request")
    group.add_argument(
        "--max_bytes",
        type=int,
        default=10 * _MIB,
        metavar="N",
        help="bytes of a page, unpacked, at most; a feed may have three times as many",
    )
    group.add_argument(
        "--allow_networks",
        default="",
        metavar="CIDRS",
        help="private networks that may be asked all the same, with commas between, such as 127.0.0.0/24",
    )


def add_work_arguments(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("how to work")
    group.add_argument(
        "--workers", type=int, default=0, metavar="N", help="processes that extract and tag; 0: one a core"
    )
    group.add_argument(
        "--page_deadline", type=float, default=20.0, metavar="S", help="seconds for extracting or tagging one page"
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """All options of a run, grouped.

    They are no PipelineOptions of Beam's: Beam has a --user_agent too, and refuses a second one. What travels with a
    job is the configuration in its transforms.
    """
    add_input_arguments(parser)
    add_output_arguments(parser)
    add_streaming_arguments(parser)
    add_web_arguments(parser)
    add_work_arguments(parser)


def with_defaults(args: argparse.Namespace) -> argparse.Namespace:
    """All options of a run: those that another command has, the others at their defaults."""
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return argparse.Namespace(**{**vars(parser.parse_args([])), **vars(args)})


@dataclass(frozen=True)
class IngestConfig:
    """A run's configuration; valid once it exists. Times are seconds unless their name says microseconds (`_us`)."""

    output: str
    state: str
    sinks: tuple[Sink, ...]
    source: Subscription | None
    max_messages: int
    source_wait: float
    languages: tuple[str, ...]
    since_us: int | None
    max_items_per_feed: int
    http: HttpSettings
    workers: int
    page_deadline: float
    state_keep_us: int
    file_bytes: int
    streaming: bool
    polling: PollLimits
    file_seconds: float


def make_config(args: argparse.Namespace, *, now: datetime | None = None) -> IngestConfig:
    """Validates the options. Raises InputError that names every fault at once."""
    faults: list[str] = []
    for name, least in (
        ("max_items_per_feed", 0),
        ("max_messages", 1),
        ("host_concurrency", 1),
        ("host_pause", 0),
        ("max_bytes", 1),
        ("workers", 0),
        ("state_days", 1),
        ("file_bytes", 1),
    ):
        if getattr(args, name) < least:
            faults.append(f"--{name} {getattr(args, name)}: at least {least}")
    times = ("request_deadline", "page_deadline", "source_wait", "poll_interval", "max_poll_interval", "file_seconds")
    faults += [f"--{name} {getattr(args, name)}: more than 0 seconds" for name in times if not getattr(args, name) > 0]
    faults += [
        f"--{n} {getattr(args, n)}: not finite" for n in (*times, "host_pause") if not isfinite(getattr(args, n))
    ]
    if args.max_poll_interval < args.poll_interval:
        faults.append(f"--max_poll_interval {args.max_poll_interval:g}: at least --poll_interval")
    if args.streaming and args.documents:
        faults.append("--documents: read once; leave out --streaming")
    if not args.user_agent.strip() or not args.user_agent.isprintable():
        faults.append(f"--user_agent {args.user_agent!r}: empty, or not printable")
    if not args.output:
        faults.append("--output: empty")
    languages = tuple(code.strip().lower() for code in args.languages.split(",") if code.strip())
    if not languages or not all(re.fullmatch(r"[a-z]{2,3}", code) for code in languages):
        faults.append(f"--languages {args.languages!r}: ISO 639 codes with commas between, such as ar,fa")
    networks = tuple(network.strip() for network in args.allow_networks.split(",") if network.strip())
    faults += [fault for network in networks if (fault := _network_fault(network))]
    sinks, sink_faults = _parse_sinks(args.sink or [f"jsonl:{args.output.rstrip('/')}/records"])
    faults += sink_faults
    source = None
    if args.source:
        try:
            source = parse_source(args.source)
        except ValueError as error:
            faults.append(f"--source {args.source!r}: {error}")
    since_us = None
    if args.since:
        try:
            since_us = parse_since(args.since, now or datetime.now(UTC))
        except (ValueError, OverflowError):
            faults.append(f"--since {args.since!r}: a date, a time, or an age such as 12h or 7d")
    if faults:
        raise InputError("\n".join(faults))
    return IngestConfig(
        output=absolute_path(args.output),
        state=absolute_path(args.state or f"{args.output.rstrip('/')}/state"),
        sinks=tuple(sinks),
        source=source,
        max_messages=args.max_messages,
        source_wait=args.source_wait,
        languages=languages,
        since_us=since_us,
        max_items_per_feed=args.max_items_per_feed,
        http=HttpSettings(
            user_agent=args.user_agent.strip(),
            host_concurrency=args.host_concurrency,
            host_pause=args.host_pause,
            request_deadline=args.request_deadline,
            max_bytes=args.max_bytes,
            allow_networks=networks,
        ),
        workers=args.workers,
        page_deadline=args.page_deadline,
        state_keep_us=args.state_days * DAY_US,
        file_bytes=args.file_bytes,
        streaming=args.streaming,
        polling=PollLimits(args.poll_interval, args.max_poll_interval),
        file_seconds=args.file_seconds,
    )


def _network_fault(network: str) -> str:
    try:
        ipaddress.ip_network(network)
    except ValueError as error:
        return f"--allow_networks {network!r}: {error}"
    return ""


def _parse_sinks(addresses: list[str]) -> tuple[list[Sink], list[str]]:
    sinks, faults = [], []
    for address in addresses:
        try:
            sinks.append(parse_sink(address))
        except ValueError as error:
            faults.append(f"--sink {address!r}: {error}")
    if len(set(sinks)) < len(sinks):
        faults.append("--sink: the same address twice")
    return sinks, faults


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


def default_feed_list() -> str:
    """The path of the feed list that comes with the package."""
    return str(package_files("pipeline") / "feeds.toml")
