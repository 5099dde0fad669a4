"""`rasid tag`: JSON lines of articles in, JSON lines of their tags out."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence

from transforms.arabic.tagger import tag_text
from transforms.errors import InputError
from transforms.record_format import tags_to_json


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="rasid tag",
        description="Reads one JSON object {id, title, body} a line, writes {id, statements, ceasefire_mentions} a "
        "line to standard output. Spans are code-point offsets into title or body.",
        allow_abbrev=False,
    )
    parser.add_argument("file", metavar="FILE.jsonl", help="the articles, or - for standard input")
    args = parser.parse_args(argv)
    if args.file == "-":
        _write(tag_lines(sys.stdin.buffer, "standard input"))
        return 0
    try:
        with open(args.file, "rb") as lines:
            _write(tag_lines(lines, args.file))
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=args.file) from error
    return 0


def _write(lines: Iterator[str]) -> None:
    out = open(sys.stdout.fileno(), "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - standard output stays open
    for line in lines:
        out.write(line + "\n")
    out.flush()


def tag_lines(lines: Iterable[bytes], name: str) -> Iterator[str]:
    """The tags of each article, as JSON. Raises InputError naming the line that is no article."""
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
        tags = tag_text(title, body)
        yield tags_to_json(identity, tags.statements, tags.ceasefire_mentions)
