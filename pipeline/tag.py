"""`rasid tag`: JSON lines of articles in, JSON lines of their tags out."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from transforms.arabic.tagger import tag_text
from transforms.errors import InputError
from transforms.lexicons import check_lexicons
from transforms.record_format import tags_to_json

PLAIN_WIDTH = 160


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="rasid tag",
        description="Reads one JSON object {id, title, body} a line, writes {id, statements, ceasefire_mentions} a "
        "line to standard output. Spans are code-point offsets into title or body.",
        allow_abbrev=False,
    )
    parser.add_argument("file", metavar="FILE.jsonl", help="the articles, or - for standard input")
    parser.add_argument(
        "--explain",
        action="store_true",
        help="print each article for people to read: its tags in colour, and the rule that made each",
    )
    args = parser.parse_args(argv)
    check_lexicons()
    write = _explain if args.explain else _write
    if args.file == "-":
        write(sys.stdin.buffer, "standard input")
        return 0
    try:
        with open(args.file, "rb") as lines:
            write(lines, args.file)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=args.file) from error
    return 0


def _write(lines: Iterable[bytes], name: str) -> None:
    out = open(sys.stdout.fileno(), "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - standard output stays open
    for identity, title, body in read_articles(lines, name):
        tags = tag_text(title, body)
        out.write(tags_to_json(identity, tags.statements, tags.ceasefire_mentions) + "\n")
    out.flush()


def _explain(lines: Iterable[bytes], name: str) -> None:
    from rich.console import Console

    from pipeline.explain import explain_article

    console = Console(width=None if sys.stdout.isatty() else PLAIN_WIDTH)
    for identity, title, body in read_articles(lines, name):
        console.print(explain_article(str(identity), title, body, tag_text(title, body)))


def read_articles(lines: Iterable[bytes], name: str) -> Iterator[tuple[Any, str, str]]:
    """Id, title and body of each article. Raises InputError naming the line that is none."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            article = json.loads(line)
            identity, title, body = article["id"], article.get("title") or "", article["body"]
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise InputError(f"not an object with id, title and body ({error!r})", file=name, line=number) from error
        if not isinstance(title, str) or not isinstance(body, str):
            raise InputError("title and body must be strings", file=name, line=number)
        yield identity, title, body
