import pytest

from transforms.arabic.language import detect_language

ARABIC = "أعلنت وزارة الصحة افتتاح مركز طبي جديد في المدينة القديمة"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (ARABIC, "ar"),
        ("هدنة في المدينة", "ar"),
        (ARABIC + " الذي يحمل اسم چوني ڤيكتور", "ar"),
        (ARABIC.replace("ي", "ی").replace("ك", "ک"), "ar"),
        (ARABIC + " WHO and UNICEF", "ar"),
        ("سخنگوی دولت گفت که گفت‌وگوها تا رسیدن به توافق ادامه خواهد یافت", "fa"),
        ("سرکاری ترجمان نے بتایا کہ جنگ بندی آج صبح سے نافذ ہو گئی ہے", "ur"),
        ("وەزارەتی تەندروستی بنکەیەکی نوێی پزیشکی کردەوە", "ckb"),
        ("سەھىيە مىنىستىرلىقى يېڭى دوختۇرخانا ئاچتى", "ug"),
        ("The ministry of health opened a new medical centre", "en"),
        ("Le ministère de la santé a ouvert un nouveau centre médical", "fr"),
        ("", "und"),
        ("12:30 - 2020 !", "und"),
    ],
)
def test_languages(text: str, code: str) -> None:
    assert detect_language(text)[0] == code


def test_the_answer_stays_the_same_and_its_score_is_a_probability() -> None:
    answers = {detect_language("وفد في المدينة اليوم") for _ in range(20)}
    assert len(answers) == 1
    assert 0.0 < answers.pop()[1] <= 1.0


def test_only_a_prefix_is_read() -> None:
    assert detect_language((ARABIC + " ") * 10 + "word " * 1_000_000)[0] == "ar"
