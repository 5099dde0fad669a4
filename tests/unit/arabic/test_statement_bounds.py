"""Where contents begin and end."""

import pytest

from transforms.arabic.statements import find_statements


def contents(body: str) -> list[tuple[str | None, str]]:
    return [(s.cue.text if s.cue else None, s.content.text) for s in find_statements("", body)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # which is what came of it
        (
            "اعترفت الجامعة بأنها تراقب الرسائل، وهو ما أثار غضب الطلاب.",
            [("اعترفت", "بأنها تراقب الرسائل")],
        ),
        (
            "قال الوزير إن الأسعار ارتفعت، وهو ما يضر الفقراء.",
            [("قال", "الأسعار ارتفعت، وهو ما يضر الفقراء")],
        ),
        # a participle without a comma before it
        (
            "أكدت الشركة أنها لن ترفع الأسعار مشيرة إلى أن العقود باقية.",
            [("أكدت", "أنها لن ترفع الأسعار"), ("مشيرة", "العقود باقية")],
        ),
        # the main clause behind the one with the cue
        (
            "وبينما تصر الدول على ضرورة الانسحاب، تكشف الوثيقة عن خلاف قديم.",
            [("تصر", "على ضرورة الانسحاب"), ("تكشف", "عن خلاف قديم")],
        ),
        (
            "وبعدما قال المكتب إن البحث مستمر، وصل فريق جديد.",
            [("قال", "البحث مستمر")],
        ),
        # what stands against a phrase
        (
            "دعت الحكومة إلى احترام الهدنة، لكن القتال استمر في الجنوب.",
            [("دعت", "إلى احترام الهدنة")],
        ),
        (
            "اتفق الطرفان على تبادل الأسرى، إلا أن الموعد لم يحدد بعد.",
            [("اتفق", "على تبادل الأسرى")],
        ),
        (
            "قال الوزير إن الطريق مفتوح، لكن الحركة ضعيفة.",
            [("قال", "الطريق مفتوح، لكن الحركة ضعيفة")],
        ),
        # what had come before, and what a phrase led to
        (
            "رفض الحزب الاتفاق بعد أن استقال رئيسه.",
            [("رفض", "الاتفاق")],
        ),
        (
            "أعلن الوزير إغلاق المصنع، وذلك بعد أن تكررت الحوادث فيه.",
            [("أعلن", "إغلاق المصنع")],
        ),
        (
            "رفض الحزب الاتفاق بعدما استقال رئيسه.",
            [("رفض", "الاتفاق")],
        ),
        (
            "رفضت الحكومة الطلب، مما أغضب السكان.",
            [("رفضت", "الطلب")],
        ),
        (
            "رحب الوزير بالوفد، كما استمرت المحادثات ساعتين.",
            [("رحب", "بالوفد")],
        ),
        # the main clause behind a relative one
        (
            "قال الخبير، الذي حذر من الفيضانات، أن السد آمن.",
            [("حذر", "من الفيضانات"), ("قال", "السد آمن")],
        ),
        # an according-to phrase behind `and that is`
        (
            "وافقت الشركة على شراء المصنع، وذلك وفقا لبيان رسمي.",
            [("وفقا", "وافقت الشركة على شراء المصنع"), ("وافقت", "على شراء المصنع")],
        ),
    ],
)
def test_contents_end_where_the_reporter_goes_on(body, expected):
    assert contents(body) == expected


def test_a_source_that_a_relative_clause_goes_on_with_has_the_sentence_before_it():
    found = contents(
        "تأخر الفريق في الوصول إلى القرية، وفق المدير الذي أضاف أن الطريق الجبلي ما زال مغلقا بسبب الثلوج."
    )
    assert found == [
        ("وفق", "تأخر الفريق في الوصول إلى القرية"),
        ("أضاف", "الطريق الجبلي ما زال مغلقا بسبب الثلوج"),
    ]


def test_a_phrase_ends_at_the_clause_in_which_others_judge_it():
    assert contents("انتقد الوزير القرار الذي وصفته الصحيفة بالخطأ.")[0] == ("انتقد", "القرار")


def test_a_short_name_in_marks_within_a_sentence_is_not_what_was_said():
    found = contents('أعلنت تركيا مقتل ثلاثة من جنودها في اشتباكات مع "حزب الجبل" في الشمال.')
    assert found == [("أعلنت", 'مقتل ثلاثة من جنودها في اشتباكات مع "حزب الجبل" في الشمال')]


@pytest.mark.parametrize("verb", ["قال", "أكد"])
def test_an_opening_mark_may_be_the_last_character(verb):
    assert contents(verb + "““") == []
