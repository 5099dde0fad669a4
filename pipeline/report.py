"""`rasid report`: the records of a folder as one page, for people to read and filter."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from pipeline.report_data import read_report
from pipeline.report_html import build_page
from transforms.errors import InputError


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="rasid report",
        description="Writes one HTML page, which needs no network, of the records below a folder: what happens to "
        "ceasefires over time, who says what about them, how the feeds are, and the articles with their tags marked. "
        "Arabic, with a switch to English. Of each record the last revision is shown.",
        allow_abbrev=False,
    )
    parser.add_argument("folder", metavar="DIR", help="folder that `rasid run --output` wrote to")
    parser.add_argument("-o", "--output", default="report.html", metavar="FILE", help="the page (default: report.html)")
    args = parser.parse_args(argv)
    page = build_page(read_report(args.folder))
    part = Path(f"{args.output}.part")
    try:
        part.write_text(page, encoding="utf-8")
        part.replace(args.output)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", file=args.output) from error
    print(f"{args.output}: {part.with_suffix('').stat().st_size / 1e6:.1f} MB", file=sys.stderr)
    return 0
