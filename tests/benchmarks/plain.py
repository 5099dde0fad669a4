"""The bare work, for comparison: the same pages, already in memory, in two processes of plain Python.

    plain.py PAGES.jsonl [own | trafilatura]

A line of PAGES.jsonl is {url, content (base64)}. Printed is {"seconds", "work_seconds", "articles"}: `seconds` is from the
start of the program, imports and processes included; `work_seconds` without those. `own` (the default) extracts as
the pipeline does, `trafilatura` as trafilatura does with its defaults.
"""

import time

STARTED = time.perf_counter()

import base64  # noqa: E402
import json  # noqa: E402
import multiprocessing  # noqa: E402
import sys  # noqa: E402

import trafilatura  # noqa: E402

from transforms.arabic.language import detect_language  # noqa: E402
from transforms.arabic.tagger import tag_text  # noqa: E402
from transforms.errors import IngestError  # noqa: E402
from transforms.web.article_extractor import extract_article  # noqa: E402


def work(page: tuple[str, bytes]) -> int:
    url, content = page
    try:
        article = extract_article(content, url)
    except IngestError:
        return 0
    detect_language(article.body)
    tag_text(article.title or "", article.body)
    return 1


def work_plainly(page: tuple[str, bytes]) -> int:
    url, content = page
    document = trafilatura.bare_extraction(content, url=url, with_metadata=True)
    if document is None or not document.text:
        return 0
    detect_language(document.text)
    tag_text(document.title or "", document.text)
    return 1


def main() -> None:
    do = {"own": work, "trafilatura": work_plainly}[sys.argv[2] if len(sys.argv) > 2 else "own"]
    with open(sys.argv[1], encoding="utf-8") as lines:
        pages = [(page["url"], base64.b64decode(page["content"])) for page in map(json.loads, lines)]
    with multiprocessing.Pool(2) as pool:
        pool.map(str, range(4), chunksize=1)
        began = time.perf_counter()
        articles = sum(pool.imap_unordered(do, pages, chunksize=4))
        ended = time.perf_counter()
    figures = {"seconds": ended - STARTED, "work_seconds": ended - began, "articles": articles}
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
