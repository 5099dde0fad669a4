"""`rasid COMMAND` and `python -m pipeline COMMAND`. Commands are imported when they are called: --help is quick."""

from __future__ import annotations

import atexit
import importlib
import logging
import os
import sys
from collections.abc import Sequence
from typing import Final

STOPPED: Final = 130
COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "run": ("pipeline.run", "read feeds and documents once, write what is new as records"),
    "poll": ("pipeline.poll", "read feeds once, publish what is new as messages for runs that read a subscription"),
    "tag": ("pipeline.tag", "tag articles from JSON lines: who said what, what happens to ceasefires"),
    "feeds": ("pipeline.feeds_command", "check which feeds answer; find the feeds that a page announces"),
    "retag": ("pipeline.retag", "tag records already written anew, with the present tagger and lexicons"),
    "replay": ("pipeline.replay", "run dead letters again from the stage where they failed"),
    "report": ("pipeline.report", "write one page of the records, for people to read and filter"),
    "query": ("pipeline.query", "ask the records in SQL (DuckDB)"),
    "tail": ("pipeline.tail", "print new records as they come"),
}


def usage() -> str:
    rows = "\n".join(f"  {name:8} {text}" for name, (_, text) in COMMANDS.items())
    head = "usage: rasid COMMAND [options]\n\nArabic news, read as it is published.\n\ncommands:\n"
    return f"{head}{rows}\n\nrasid COMMAND --help says more; rasid --verbose COMMAND logs what goes on inside.\n"


def main(argv: Sequence[str] | None = None) -> int:
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(usage(), end="")
        return 0 if arguments else 2
    verbose = arguments[0] == "--verbose"
    name, *rest = arguments[verbose:] or ["--verbose"]
    if name not in COMMANDS:
        print(f"rasid: {name}: no such command\n\n{usage()}", file=sys.stderr, end="")
        return 2
    set_up_logging(verbose)
    from transforms.errors import InputError
    from transforms.processes import start_fork_server
    from transforms.web.text import printable

    if name in ("run", "poll", "replay") and not {"-h", "--help"} & set(rest):
        start_fork_server()  # its imports and Beam's here take about as long, on two cores
    try:
        return int(importlib.import_module(COMMANDS[name][0]).main(rest))
    except InputError as error:
        print("\n".join(f"rasid: {line}" for line in printable(str(error)).splitlines()), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("rasid: stopped; nothing of this run was written, the next one reads it again", file=sys.stderr)
        return STOPPED
    except BrokenPipeError:
        return 0
    except Exception as error:
        logging.getLogger("pipeline").debug("failed", exc_info=True)
        print(f"rasid: failed: {printable(_last_cause(error))}", file=sys.stderr)
        return 1


def set_up_logging(verbose: bool) -> None:
    """Our own lines; Beam's only when asked for: it warns of every optional part that is not installed."""
    logging.basicConfig(
        level=logging.INFO if verbose else logging.CRITICAL, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    for own in ("pipeline", "transforms"):
        logging.getLogger(own).setLevel(logging.DEBUG if verbose else logging.INFO)


def _last_cause(error: BaseException) -> str:
    """The error that the others came from, in one line; Beam wraps it in its own."""
    while error.__cause__ is not None:
        error = error.__cause__
    return f"{type(error).__name__}: {error}".splitlines()[0]


def leave() -> None:
    """Runs the command of the process's arguments, and ends the process.

    Where Ctrl-C meets Beam as it starts its state sampler, a thread of it is left that nothing ends and that the
    interpreter's own exit would wait for; so a stopped process cleans up and goes.
    """
    code = main()
    if code == STOPPED:
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    leave()
