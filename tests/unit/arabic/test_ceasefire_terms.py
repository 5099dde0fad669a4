import pytest

from transforms.arabic.ceasefire_terms import find_terms, may_name_ceasefire
from transforms.arabic.normalize import fold_text
from transforms.arabic.segment import tokenize


def terms(text: str) -> list[str]:
    tokens = tokenize(text)
    return [text[tokens[t.first].start : tokens[t.last].end] for t in find_terms(tokens, fold_text(text))]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("وبوقف إطلاق النار", ["وبوقف إطلاق النار"]),
        ("على وقفٍ شاملٍ ودائمٍ لإطلاق النار في الإقليم", ["وقفٍ شاملٍ ودائمٍ لإطلاق النار"]),
        ("الوقف الفوري لاطلاق النار", ["الوقف الفوري لاطلاق النار"]),
        ("هـــدنة للهدنة والهدنتين", ["هـــدنة", "للهدنة", "والهدنتين"]),
        ("وقف جميع الأعمال العدائية", ["وقف جميع الأعمال العدائية"]),
        ("بوقف عملياته العسكرية", ["بوقف عملياته العسكرية"]),
        ("هدنة لوقف إطلاق النار", ["هدنة", "لوقف إطلاق النار"]),
        ("إطلاق النار لا بد من وقفه", ["إطلاق النار"]),
        ("لوقف واحدة من الهجمات", []),
        ("موقف من إطلاق النار", []),
        ("وقف الحرب التجارية", []),
    ],
)
def test_the_term_is_the_naming_words_with_their_clitics(text, wanted):
    assert terms(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "دعا المدرب إلى هدنة بين لاعب الوسط والنادي",
        "هدنة تجارية",
        "تهدئة المخاوف",
        "دعا الوزير إلى التهدئة بعد المباراة",
    ],
)
def test_a_figure_of_speech_is_no_term(text):
    assert terms(text) == []


def test_a_lull_is_a_term_where_the_article_tells_of_fighting():
    assert terms("بعد قصف المدينة بدأت التهدئة") == ["التهدئة"]
    assert terms("بعد الامتحان بدأت التهدئة") == []


@pytest.mark.parametrize("text", ["هدنة", "وقف إطلاق النار", "بوقفٍ فوريٍّ لإطلاق النّار", "إسكات المدافع", "ﻫﺪﻧﺔ"])
def test_the_prefilter_lets_through_what_may_name_one(text):
    assert may_name_ceasefire(text)


@pytest.mark.parametrize("text", ["", "مطر في المدينة", "وقف القطار في المحطة", "سمع إطلاق النار"])
def test_the_prefilter_stops_the_rest(text):
    assert not may_name_ceasefire(text)
