"""`rasid feeds check` and `rasid feeds find`: look before you run."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from typing import cast

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.feeds import load_feeds
from pipeline.options import (
    HelpFormatter,
    add_web_arguments,
    default_feed_list,
    make_config,
    with_defaults,
)
from pipeline.reading import read_address
from transforms.elements import Feed
from transforms.errors import IngestError, InputError
from transforms.feed_steps import MAX_FEED_SHARE
from transforms.web.feed_parser import find_feed_links, parse_feed
from transforms.web.http import WebClient
from transforms.web.messages import FEEDS, Answer, HttpSettings, Outcome, Request
from transforms.web.text import printable


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="rasid feeds", allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    check = commands.add_parser(
        "check", help="which feeds answer, with what, how many items, why not",
        formatter_class=HelpFormatter, allow_abbrev=False,
    )  # fmt: skip
    check.add_argument("--feeds", metavar="LIST", help="feed list (default: the list that comes with rasid)")
    find = commands.add_parser(
        "find", help="the feeds that a page announces",
        formatter_class=HelpFormatter, allow_abbrev=False,
    )  # fmt: skip
    find.add_argument("url", metavar="URL", help="the page, a site's front page say")
    for sub in (check, find):
        add_web_arguments(sub)
    args = parser.parse_args(argv)
    http = make_config(with_defaults(args)).http
    if args.command == "find":
        return find_feeds(args.url, http)
    address = args.feeds or default_feed_list()
    return check_feeds(load_feeds(address, lambda path: read_address(path, http)), http)


def check_feed_answers(feeds: Sequence[Feed], http: HttpSettings) -> Iterator[tuple[Feed, bool, str]]:
    """For each feed, as it answers: whether it can be read, and how many items or why not."""
    client = WebClient(http)
    try:
        with client.session() as session:
            for feed in feeds:
                session.submit(Request(feed.url, check_robots=False, accept=FEEDS, share=MAX_FEED_SHARE), feed)
            for tag, answer in session.drain():
                feed = cast(Feed, tag)
                yield (feed, *_describe_answer(feed, answer))
    finally:
        client.close()


def _describe_answer(feed: Feed, answer: Outcome) -> tuple[bool, str]:
    if not isinstance(answer, Answer):
        return False, str(answer)
    try:
        parsed = parse_feed(answer.content, feed, answer.final_url, answer.content_type)
    except IngestError as error:
        return False, str(error)
    moved = f", moved to {answer.final_url}" if answer.final_url != feed.url else ""
    damaged = f", damaged: {parsed.damaged}" if parsed.damaged else ""
    refused = f", {len(parsed.rejected)} with a link that cannot be followed" if parsed.rejected else ""
    return not damaged, f"{len(parsed.entries)} items{refused}{damaged}{moved}"


def check_feeds(feeds: Sequence[Feed], http: HttpSettings) -> int:
    """Prints a row a feed; 1 where none can be read."""
    table = Table()
    for name in ("feed", "", "answer"):
        table.add_column(name, overflow="fold")
    good = 0
    for feed, readable, text in check_feed_answers(feeds, http):
        good += readable
        shown = f"{feed.name}\n{feed.url}" if feed.name else feed.url
        table.add_row(Text(printable(shown)), "ok" if readable else "no", Text(printable(text)))
    Console().print(table)
    print(f"{good} of {len(feeds)} feeds can be read", file=sys.stderr)
    return 0 if good else 1


def find_feeds(url: str, http: HttpSettings) -> int:
    """Prints the URL and title of each feed that a page announces; 1 where it announces none."""
    if not url.startswith(("http://", "https://")):
        raise InputError("not an http or https URL", file=url)
    links = find_feed_links(read_address(url, http), url)
    for link, title in links:
        print(f"{printable(link)}\t{printable(title)}")
    if not links:
        print(f"rasid: {url} announces no feed", file=sys.stderr)
    return 0 if links else 1
