"""What stands around a cue and decides on it: names of media, may and might, occasions, titles; invented sentences."""

import pytest

from tests.tags import tags
from transforms.arabic.statements import find_statements


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # the name of a medium in marks right before the verb
        (
            'وفي تصريحات خاصة لـ"الخبر" أكد سالم ماهر، مدير النادي، أن اللاعب بخير.',
            ("أكد", "سالم ماهر، مدير النادي", "اللاعب بخير"),
        ),
        # a medium reports in its own words
        ('نقلت قناة الخبر: "الوضع خطير جدا في المدينة".', ("نقلت", "قناة الخبر", "الوضع خطير جدا في المدينة")),
        (
            'ونقل التلفزيون الرسمي في شريط عاجل "قصف عنيف على أطراف المدينة".',
            ("ونقل", "التلفزيون الرسمي", "قصف عنيف على أطراف المدينة"),
        ),
        # the occasion before what is doubted
        ("وشكك الوزير في اتصال هاتفي مع القناة في مصداقية التقرير.", ("وشكك", "الوزير", "في مصداقية التقرير")),
        # a name, and a feminine noun that is none
        ("وأعلن سالم التشكيلة النهائية للفريق.", ("وأعلن", "سالم", "التشكيلة النهائية للفريق")),
        # adverbs are no part of a name
        ("وأشار العديد من المانحين بالفعل إلى أنهم سيدفعون.", ("وأشار", "العديد من المانحين", "أنهم سيدفعون")),
        # by the mouth of
        ("دعا أقارب الشاب إلى التهدئة على لسان محاميهم.", ("دعا", "أقارب الشاب", "إلى التهدئة")),
        ("وحسب أقواله فقد اتخذ القرار قبل شهر.", ("وحسب أقواله", None, "فقد اتخذ القرار قبل شهر")),
    ],
)
def test_statement(body, expected):
    assert tags(body) == [expected]


@pytest.mark.parametrize(
    "body",
    [
        "وقد يرفضون أي محاولة للتهدئة.",
        "استُبعدت المدينة من استضافة المباريات.",
        "ودعت المغرب البطولة إلى جانب تونس.",
        "يسود هدوء حذر من صباح الجمعة.",
        "وتشير هذه التصريحات إلى خطورة الوضع.",
        "وجود أصوات معارضة يشير إلى انقسامات متنامية.",
        "ذبحت الخراف بحسب الطريقتين القديمة والحديثة.",
        "نقل الجرحى إلى المستشفى.",
    ],
)
def test_no_statement(body):
    assert tags(body) == []


@pytest.mark.parametrize("title", ["الوزير محذرا: لن ننسحب", "الوزير يرد: لن ننسحب"])
def test_a_colon_title_with_a_cue_is_one_statement(title):
    found = find_statements(title, "قال الوزير سالم ماهر أمس إن بلاده لن تنسحب.")
    assert [(s.field, s.quote, s.speaker_ref) for s in found] == [
        ("title", "headline", "الوزير سالم ماهر"),
        ("body", "indirect", "الوزير سالم ماهر"),
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # the verb is the cue, the participle only goes on with it
        ('وأضاف المصدر قائلا: "الطريق مغلق منذ أمس".', [("وأضاف", "المصدر", "الطريق مغلق منذ أمس")]),
        ('تابع المدير موضحا: "سأزور المدينة غدا".', [("تابع", "المدير", "سأزور المدينة غدا")]),
        # a participle behind a comma ends a content, also where its own is not found
        (
            "أكد الوزير أن العمل يسير جيدا، داعيا المقيمين المسارعة في العودة.",
            [("أكد", "الوزير", "العمل يسير جيدا")],
        ),
        # ... and those that lie within it
        (
            "قال المدير إن الحركة تتوقع أن تفوز، مشيرا إلى أن النتائج قريبة.",
            [
                ("قال", "المدير", "الحركة تتوقع أن تفوز"),
                ("تتوقع", "الحركة", "تفوز"),
                ("مشيرا", None, "النتائج قريبة"),
            ],
        ),
        # where something goes on belongs to the content; where somebody said something does not
        (
            "وذكر المدير أن الحافلات توجهت شرقا، حيث ما يزال الطريق مفتوحا.",
            [("وذكر", "المدير", "الحافلات توجهت شرقا، حيث ما يزال الطريق مفتوحا")],
        ),
        ("أشاد المدير بما حققته اللجان.", [("أشاد", "المدير", "بما حققته اللجان")]),
        ("وأعلنت 7 دول قطع علاقاتها بالنظام.", [("وأعلنت", "7 دول", "قطع علاقاتها بالنظام")]),
        (
            "وتعتبر تركيا والولايات المتحدة الجماعة منظمة إرهابية.",
            [("وتعتبر", "تركيا والولايات المتحدة", "الجماعة منظمة إرهابية")],
        ),
        ("أما مدير النادي سالم ماهر فقال إن الفريق جاهز.", [("فقال", "مدير النادي سالم ماهر", "الفريق جاهز")]),
    ],
)
def test_statements(body, expected):
    assert tags(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        "وتعتبر المدينة مركزا صناعيا مهما.",
        "ستتغير الخطة إذا ما اعتبرت موسكو هذه الخطوة تهديدا.",
        "ستبدأ الهدنة إذا وافق الحزب على الخطة.",
    ],
)
def test_what_is_no_statement(body):
    assert tags(body) == []


def test_quotations_in_a_row_are_direct():
    (statement,) = find_statements("", 'وهتف المتظاهرون: "نحن هنا"، و"لن نعود"، و"الأرض لنا".')
    assert statement.content.text == 'نحن هنا"، و"لن نعود"، و"الأرض لنا'
    assert statement.quote == "direct"


@pytest.mark.parametrize(
    ("body", "content"),
    [
        ("وناشدت المنظمة المجتمع الدولي التدخل لوقف القتل.", "المجتمع الدولي التدخل لوقف القتل"),
        ("وحمل الوزير إسرائيل مسؤولية التصعيد.", "إسرائيل مسؤولية التصعيد"),
    ],
)
def test_whom_an_appeal_names_belongs_to_the_content(body, content):
    assert [tag[2] for tag in tags(body)] == [content]


def test_the_issuer_of_a_statement_ends_with_its_name():
    (statement,) = find_statements("", "ودعا بيان صادر عن الخارجية جميع الأطراف إلى ضبط النفس.")
    assert statement.speaker_ref == "الخارجية"


def test_what_we_do_in_a_quotation_is_the_sources():
    found = find_statements("", 'وأضاف الوزير: "ندعو الجميع إلى ضبط النفس، ونشدد على وحدة الصف، ولا نستبعد الحوار".')
    assert [(s.cue.text, s.speaker, s.speaker_ref, s.content.text, s.parent) for s in found[1:]] == [
        ("ندعو", None, "الوزير", "الجميع إلى ضبط النفس", 0),
        ("ونشدد", None, "الوزير", "على وحدة الصف، ولا نستبعد الحوار", 0),
    ]


@pytest.mark.parametrize("body", ["نحن ندعو الجميع إلى الحوار.", '"ندعو الجميع إلى الحوار".'])
def test_whose_words_are_not_told_says_nothing(body):
    assert tags(body) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("ولطالما دعت دول غربية إلى حظر السلاح.", [("دعت", "دول غربية", "إلى حظر السلاح")]),
        ("ونشر المقطع قديما، وحسب الصور فقد بدا الشارع خاليا.", []),
    ],
)
def test_small_words(body, expected):
    assert tags(body) == expected
