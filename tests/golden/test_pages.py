"""Extraction on saved pages and on newsworld: floors that only rise."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from transforms.errors import IngestError
from transforms.web.article_extractor import Extracted, extract_article
from transforms.web.page_metadata import title_key
from transforms.web.text import plain_line

from .web_quality import make_world, mean, read_jsonl, recall_and_precision, word_f1

DAY_US = 86_400_000_000


@pytest.fixture(scope="module")
def arabic(shared: Path) -> list[tuple[dict[str, Any], Extracted]]:
    folder = shared / "corpus" / "html"
    gold = [page for page in read_jsonl(folder / "gold.jsonl") if page["lang"] == "ar"]
    assert len(gold) > 5
    return [(page, extract_article((folder / page["file"]).read_bytes(), page["url"])) for page in gold]


def test_bodies_of_saved_arabic_pages(arabic: list[tuple[dict[str, Any], Extracted]]) -> None:
    scores = [word_f1(extracted.body, page["gold_body"]) for page, extracted in arabic if page.get("gold_body")]
    assert mean(scores) >= 0.98, scores


def test_wanted_segments_are_in_and_unwanted_out(arabic: list[tuple[dict[str, Any], Extracted]]) -> None:
    for page, extracted in arabic:
        for segment in page.get("gold_with") or ():
            assert segment in extracted.body, page["file"]
        for segment in page.get("gold_without") or ():
            assert segment not in extracted.body, page["file"]


def test_titles_of_saved_arabic_pages(arabic: list[tuple[dict[str, Any], Extracted]]) -> None:
    for page, extracted in arabic:
        if page.get("gold_title"):
            assert title_key(extracted.title or "") == title_key(page["gold_title"]), page["file"]


def test_dates_of_saved_arabic_pages_are_right_or_none(arabic: list[tuple[dict[str, Any], Extracted]]) -> None:
    found = 0
    for page, extracted in arabic:
        if page.get("gold_date") and extracted.published_us is not None:
            found += 1
            # The gold is a local day or an instant, so that a day's difference is the time zone's.
            gold = datetime.fromisoformat(page["gold_date"][:10] + "T00:00:00+00:00").timestamp() * 1e6
            assert -DAY_US < extracted.published_us - gold < DAY_US, page["file"]
    assert found >= 4


@pytest.fixture(scope="module")
def world(shared: Path) -> Any:
    return make_world(shared)


@pytest.mark.slow
def test_newsworld_articles(world: Any) -> None:
    recalls, precisions = [], []
    for i in range(120):
        site, n = i % 20, (i * 7) % 97
        title, body, _ = world.article(site, n)
        extracted = extract_article(world.page(site, n), world.link(site, n), "text/html; charset=utf-8")
        recall, precision = recall_and_precision(extracted.body, body)
        recalls.append(recall)
        precisions.append(precision)
        assert extracted.title == plain_line(title)
    assert mean(recalls) >= 0.999
    assert mean(precisions) >= 0.999


def test_newsworld_faults(world: Any) -> None:
    for n in range(6):
        with pytest.raises(IngestError) as fault:
            extract_article(world.page(221, n), world.link(221, n), "text/html; charset=utf-8")
        assert fault.value.reason == "no_body"
        for site in (208, 223):
            _, body, _ = world.article(site, n)
            extracted = extract_article(world.page(site, n), world.link(site, n), "text/html; charset=utf-8")
            wanted = body if site == 208 else body.replace("ال", "ا\u0640ل", 5).replace("لا", "\ufefb", 5)
            assert word_f1(extracted.body, wanted) >= 0.98
    assert "\ufefb" in extracted.body
    assert "\u200f" in extracted.body
