"""`rasid tail`: new records, printed as they come."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from pipeline.records_input import find_record_files, read_records
from transforms.elements import CeasefireMention, Record, Statement
from transforms.errors import InputError
from transforms.json_values import format_time
from transforms.record_format import record_to_json
from transforms.web.text import printable

SHOWN_TAGS = 5  # a record
SHOWN_CHARS = 90  # of what somebody says


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="rasid tail",
        description="Prints the newest records below a folder, then new ones as runs write them, until Ctrl-C. Only "
        "complete files are read.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--input", required=True, metavar="DIR", help="folder of record files, such as `rasid run --output` names"
    )
    parser.add_argument(
        "--last", type=int, default=10, metavar="N", help="records to begin with, of those already there (default: 10)"
    )
    parser.add_argument(
        "--interval", type=float, default=2.0, metavar="S", help="seconds between two looks at the folder (default: 2)"
    )
    parser.add_argument("--json", action="store_true", help="print each record as one line of JSON")
    args = parser.parse_args(argv)
    show = print_line if args.json else print_short
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job inherits it ignored
    try:
        for record in follow_files(args.input, args.last, lambda: time.sleep(args.interval)):
            show(record)
    except KeyboardInterrupt:
        pass  # the way to end it
    return 0


def follow_files(folder: str, last: int, wait: Callable[[], None]) -> Iterator[Record]:
    """The `last` newest records below a folder, by the time that they were fetched, then those of each file that
    appears there, for ever; `wait` is called between two looks. Raises InputError where there is no such folder. A
    damaged file is named on standard error and left.
    """
    seen = set(find_record_files(folder))
    newest: list[Record] = []
    for path in sorted(seen, key=_written_ns, reverse=True):
        if len(newest) >= last:
            break
        newest += _records_of(path)
    yield from sorted(newest, key=lambda record: record.fetched_us)[max(0, len(newest) - last) :]
    while True:
        wait()
        new = [path for path in find_record_files(folder) if path not in seen]
        for path in sorted(new, key=_written_ns):
            yield from _records_of(path)
        seen.update(new)


def _written_ns(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:  # taken away since it was listed
        return 0


def _records_of(path: Path) -> list[Record]:
    """All records of a file, or none of a damaged one."""
    try:
        return list(read_records(path)) if path.exists() else []
    except InputError as error:
        print(f"rasid: {error}", file=sys.stderr)
        return []


def print_line(record: Record) -> None:
    print(record_to_json(record), flush=True)


def print_short(record: Record) -> None:
    """Title, source and time, then what is said and what happens to ceasefires, in short."""
    console = Console(highlight=False, soft_wrap=True)
    when = format_time(record.fetched_us if record.published_us is None else record.published_us)
    console.print(Text(one_line(record.title), style="bold"))
    console.print(Text(f"  {when}  {one_line(record.source)}  {one_line(record.url)}", style="dim"))
    tags = [*map(describe_mention, record.ceasefire_mentions), *map(describe_statement, record.statements)]
    for text in tags[:SHOWN_TAGS]:
        console.print(Text(f"  {text}"))
    if len(tags) > SHOWN_TAGS:
        console.print(Text(f"  and {len(tags) - SHOWN_TAGS} more", style="dim"))


def describe_mention(mention: CeasefireMention) -> str:
    """One line: the act, who does it, the words that name the ceasefire."""
    act = f"{'not ' if mention.negated else ''}{mention.act}{' if' if mention.conditional else ''}"
    actor = f"{one_line(mention.actor.text)}: " if mention.actor else ""
    return f"[{act}] {actor}{one_line(mention.term.text)}"


def describe_statement(statement: Statement) -> str:
    """One line: who says what."""
    speaker = statement.speaker_ref or (statement.speaker.text if statement.speaker else "?")
    content = one_line(statement.content.text)
    short = content if len(content) <= SHOWN_CHARS else f"{content[:SHOWN_CHARS]}..."
    return f"[{statement.cue_class or 'says'}] {one_line(speaker)}: {short}"


def one_line(text: str) -> str:
    """Text that steers no terminal and takes one line."""
    return " ".join(printable(text).split())
