"""The article that the project began with, as a scraper left it."""

from pathlib import Path

from transforms.web.documents import parse_document

from .web_quality import read_jsonl


def test_the_document_equals_its_gold(shared: Path) -> None:
    text = (shared / "corpus" / "documents" / "haftar.txt").read_text(encoding="utf-8")
    gold = next(row for row in read_jsonl(shared / "tagging" / "gold" / "seed.jsonl") if row["id"] == "seed-haftar")
    document = parse_document(text, "haftar.txt")
    assert (document.title, document.body) == (gold["title"], gold["body"])
    assert document.body.count("\n") == 10
