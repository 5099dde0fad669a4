"""What tagging costs beside extracting: CPU seconds of both over the same articles, as a ratio taken in one run.

    tagging.py [--articles 750] [--json FILE]

Needs the shared material (RASID_SHARED, or ../shared beside the project): its articles, each put into one of the saved
page shells, are extracted by plain trafilatura with its defaults, and their texts are tagged, in a process set up as those of
the pool are.
"""

from __future__ import annotations

import argparse
import html
import json
import os
import sys
import time
from pathlib import Path

import trafilatura

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from transforms.arabic.tagger import tag_text  # noqa: E402
from transforms.work import collect_rarely  # noqa: E402


def fill_shell(shell: str, article: dict[str, str]) -> str:
    paragraphs = "".join(f"<p>{html.escape(p)}</p>" for p in article["body"].split("\n"))
    fills = {"TITLE": html.escape(article["title"]), "BODY": paragraphs, "SUMMARY": "", "DATE": "", "URL": ""}
    for name, text in fills.items():
        shell = shell.replace(f"@@{name}@@", text)
    return shell


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=750)
    parser.add_argument("--json", type=Path, help="also write the figures there")
    args = parser.parse_args()
    shared = Path(os.environ.get("RASID_SHARED", ROOT.parent / "shared"))
    if not shared.is_dir():
        raise SystemExit(f"tagging: no shared material at {shared}; set RASID_SHARED")
    with (shared / "corpus/articles.jsonl").open(encoding="utf-8") as lines:
        articles = [json.loads(line) for line in lines]
    articles = articles[:: max(1, len(articles) // args.articles)]
    shells = [path.read_text(encoding="utf-8") for path in sorted((shared / "newsworld/shells").glob("*.html"))]
    pages = [fill_shell(shells[n % len(shells)], article) for n, article in enumerate(articles)]
    tag_text(articles[0]["title"], articles[0]["body"])  # loads the lexicons
    trafilatura.extract(pages[0])
    collect_rarely()
    began = time.process_time()
    for page in pages:
        trafilatura.extract(page)
    extracted = time.process_time()
    for article in articles:
        tag_text(article["title"], article["body"])
    tagged = time.process_time()
    figures = {
        "articles": len(articles),
        "extract_ms": 1000 * (extracted - began) / len(articles),
        "tag_ms": 1000 * (tagged - extracted) / len(articles),
        "ratio": (tagged - extracted) / (extracted - began),
    }
    for name, value in figures.items():
        print(f"{name:12} {value:8.3f}")
    if args.json:
        args.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
