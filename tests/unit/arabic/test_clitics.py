import pytest

from transforms.arabic.clitics import readings


def _read(word):
    return {(r.conjunction, r.preposition, r.article, r.stem) for r in readings(word)}


@pytest.mark.parametrize(
    ("word", "reading"),
    [
        ("هدنة", ("", "", "", "هدنة")),
        ("والهدنة", ("و", "", "ال", "هدنة")),
        ("للهدنة", ("", "ل", "ال", "هدنة")),
        ("وللهدنة", ("و", "ل", "ال", "هدنة")),
        ("بالهدنة", ("", "ب", "ال", "هدنة")),
        ("فبوقف", ("ف", "ب", "", "وقف")),
        ("لليل", ("", "ل", "ال", "ليل")),
        ("سيعلن", ("", "س", "", "يعلن")),
        ("كاتفاق", ("", "ك", "", "اتفاق")),
    ],
)
def test_offers_the_reading(word, reading):
    assert reading in _read(word)


def test_least_peeled_reading_comes_first():
    assert readings("وفق")[0].bare
    assert readings("وفق")[0].stem == "وفق"


@pytest.mark.parametrize("word", ["و", "ب", "ال", "ولا"])
def test_never_peels_to_less_than_a_stem(word):
    assert all(r.stem for r in readings(word))


def test_nothing_to_read():
    assert readings("") == ()
