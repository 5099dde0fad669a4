"""Extraction on page shells of our own: the article's text, all of it and nothing else, whatever stands about it."""

import pytest

from tests.golden.shells import BODY, SHELLS, TITLE, UNWANTED
from tests.golden.web_quality import word_f1
from transforms.web.article_extractor import extract_article


@pytest.mark.parametrize("name", SHELLS)
def test_shells(name: str) -> None:
    extracted = extract_article(SHELLS[name]().encode(), "http://akhbar.example/n/1", "text/html; charset=utf-8")
    assert word_f1(extracted.body, "\n".join(BODY)) >= 0.99
    assert [text for text in UNWANTED if text in extracted.body] == []
    assert extracted.title == TITLE
