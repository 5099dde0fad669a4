import pytest

from transforms.arabic.normalize import fold, fold_word


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("أحمد إلى آل ٱلله", "احمد الي ال الله"),
        ("هُدْنَةٌ", "هدنة"),
        ("الـهـدنة", "الهدنة"),
        ("\u202bالهدنة\u202c", "الهدنة"),
        ("ﻻ ﷲ", "لا الله"),
        ("٢٠٢٤ ۱۲", "2024 12"),
        ("کیف", "كيف"),
        ("مستشفى", "مستشفي"),
        ("قوله وقولة", "قوله وقولة"),
        ("e\u0301té №", "e\u0301té No"),
        ("", ""),
    ],
)
def test_folds(text, folded):
    assert fold(text).text == folded


@pytest.mark.parametrize("word", ["أُعلِنَت", "الـهدنة", "ﻻ", "plain", "٣"])
def test_word_folding_agrees(word):
    assert fold_word(word) == fold(word).text


def test_span_leads_back_to_the_text_as_published():
    text = "بدأت «الهُـدْنـة» أمس"
    folded = fold(text)
    at = folded.text.index("الهدنة")
    start, end = folded.span(at, at + len("الهدنة"))
    assert text[start:end] == "الهُـدْنـة"


def test_expanded_characters_lead_back_to_one():
    text = "قال ﷲ"
    folded = fold(text)
    start, end = folded.span(4, 8)
    assert text[start:end] == "ﷲ"


def test_empty_span():
    assert fold("أب").span(1, 1) == (1, 1)
