"""`rasid replay`: dead letters go back in at the stage where they failed."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Iterable, Sequence

from pipeline.engine import beam_options
from pipeline.options import (
    HelpFormatter,
    add_output_arguments,
    add_web_arguments,
    add_work_arguments,
    make_config,
    with_defaults,
)
from pipeline.remote import check_remote
from pipeline.run import execute
from pipeline.sources import Sources
from transforms import files
from transforms.elements import Article, DeadLetter, Entry, Feed, Message, Record
from transforms.errors import IngestError, InputError
from transforms.record_format import dead_letter_from_json, element_from_json

LOG = logging.getLogger(__name__)


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="rasid replay",
        description="Runs dead letters again from the stage where they failed. What comes out is as from `rasid run`: "
        "records that are there already are not written twice.",
        formatter_class=HelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("dead_letters", nargs="+", metavar="PATH", help="files of dead letters, or folders of such")
    parser.add_argument("--languages", default="ar", metavar="CODES", help="languages to keep")
    add_output_arguments(parser)
    add_web_arguments(parser)
    add_work_arguments(parser)
    args, rest = parser.parse_known_args(argv)
    options = beam_options(rest, parser)
    config = make_config(with_defaults(args))
    check_remote(options, config)
    letters = [letter for path in args.dead_letters for letter in read_dead_letters(path)]
    if not letters:
        raise InputError("no dead letters there", file=", ".join(args.dead_letters))
    return execute(config, sources_of(letters), options)


def read_dead_letters(path: str) -> list[DeadLetter]:
    """The dead letters of a file, or of all .jsonl files below a folder. Raises InputError naming file and line."""
    found = [path] if path.endswith(".jsonl") else files.match(files.join(path, "**", "*.jsonl"))
    found += [] if path.endswith(".jsonl") else files.match(files.join(path, "*.jsonl"))
    letters = []
    for name in sorted(set(found)):
        try:
            lines = files.read_bytes(name).splitlines()
        except OSError as error:
            raise InputError(f"cannot be read: {error}", file=name) from error
        for number, line in enumerate(lines, 1):
            try:
                letters.append(dead_letter_from_json(line))
            except IngestError as error:
                raise InputError(str(error), file=name, line=number) from error
    return letters


def sources_of(letters: Iterable[DeadLetter]) -> Sources:
    """The elements of the dead letters, each once, where they join the flow. Raises InputError."""
    feeds: dict[Feed, None] = {}
    messages: dict[Message, None] = {}
    documents: dict[Entry, None] = {}
    archives: dict[Entry, None] = {}
    entries: dict[Entry, None] = {}
    articles: dict[Article, None] = {}
    records: dict[Record, None] = {}
    for letter in letters:
        try:
            element = element_from_json(letter.element_type, letter.element)
        except IngestError as error:
            raise InputError(f"the dead letter of {letter.url} cannot be replayed: {error}") from error
        if isinstance(element, Feed):
            feeds[element] = None
        elif isinstance(element, Message):
            messages[element] = None
        elif isinstance(element, Entry):
            whole = letter.stage == "read_archives" and element.url == element.feed_url  # a file, not a page in it
            (documents if letter.stage == "read_documents" else archives if whole else entries)[element] = None
        elif isinstance(element, Article):
            articles[element] = None
        else:
            records[element] = None
    return Sources(
        feeds=tuple(feeds),
        documents=tuple(documents),
        archives=tuple(archives),
        entries=tuple(entries),
        articles=tuple(articles),
        records=tuple(records),
        messages=tuple(messages),
    )
