"""The rules of the language, one invented sentence each."""

import pytest

from transforms.arabic.statements import find_statements


def tags(body, title=""):
    return [
        (
            s.cue.text if s.cue else None,
            s.speaker.text if s.speaker else None,
            s.content.text,
        )
        for s in find_statements(title, body)
    ]


def refs(body, title=""):
    return [s.speaker_ref for s in find_statements(title, body)]


def quotes(body, title=""):
    return [s.quote for s in find_statements(title, body)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # the complementiser, alone, with a pronoun, under a preposition
        ("قال وزير النقل إن الجسر فتح.", [("قال", "وزير النقل", "الجسر فتح")]),
        ("قال وزير النقل إنه فتح الجسر.", [("قال", "وزير النقل", "إنه فتح الجسر")]),
        ("أفاد مصدر طبي بأن الجرحى نقلوا.", [("أفاد", "مصدر طبي", "الجرحى نقلوا")]),
        ("وأشارت الوزارة إلى أن العمل مستمر.", [("وأشارت", "الوزارة", "العمل مستمر")]),
        # quotations and colons
        ('وقال المدير: "سنعود غدا".', [("وقال", "المدير", "سنعود غدا")]),
        ("وقال المدير: سنعود غدا إلى العمل.", [("وقال", "المدير", "سنعود غدا إلى العمل")]),
        ('قال مدير شركة "النور" إن العمل مستمر.', [("قال", 'مدير شركة "النور', "العمل مستمر")]),
        ('"سنعود إلى العمل غدا"، تقول المديرة.', [("تقول", "المديرة", "سنعود إلى العمل غدا")]),
        # noun phrases as content
        ("أعلنت الحكومة الاستقالة.", [("أعلنت", "الحكومة", "الاستقالة")]),
        ("نفى الجيش، مساء الأحد، وقوع قتلى.", [("نفى", "الجيش", "وقوع قتلى")]),
        ("أعرب الأمين العام عن قلقه من التصعيد.", [("أعرب", "الأمين العام", "عن قلقه من التصعيد")]),
        ("رفضت الحركة هذا العرض.", [("رفضت", "الحركة", "هذا العرض")]),
        ("ورفضت المقترح الجديد.", [("ورفضت", None, "المقترح الجديد")]),
        # who is accused or urged belongs to the content
        ("اتهمت روسيا أوكرانيا بقصف الميناء.", [("اتهمت", "روسيا", "أوكرانيا بقصف الميناء")]),
        ("دعا المبعوث الأطراف إلى الحوار.", [("دعا", "المبعوث", "الأطراف إلى الحوار")]),
        ("اتهم المدعي، خلال الجلسة، الشركة بالتزوير.", [("اتهم", "المدعي", "الشركة بالتزوير")]),
        # subjects before the verb
        ("وكانت الوزارة أعلنت أن العمل مستمر.", [("أعلنت", "الوزارة", "العمل مستمر")]),
        ("إلا أن الجيش نفى ذلك.", [("نفى", "الجيش", "ذلك")]),
        ("أما المعارضة فتطالب بانتخابات جديدة.", [("فتطالب", "المعارضة", "بانتخابات جديدة")]),
        # up to but not including a relative clause, a time or a place of speaking
        ("قال المدير الذي عاد أمس إن العمل مستمر.", [("قال", "المدير", "العمل مستمر")]),
        ("قال المدير في مؤتمر صحفي اليوم إن العمل مستمر.", [("قال", "المدير", "العمل مستمر")]),
        ("قال سامي خليل، مدير الشركة، إن العمل مستمر.", [("قال", "سامي خليل، مدير الشركة", "العمل مستمر")]),
        # the antecedent of a relative clause is the content
        ("صمدت الهدنة التي أعلنها التحالف.", [("أعلنها", "التحالف", "الهدنة")]),
        ("صمدت الهدنة التي أعلنت عنها قيادة التحالف.", [("أعلنت", "قيادة التحالف", "الهدنة")]),
        # documents
        ("وجاء في بيان للوزارة أن العمل مستمر.", [("وجاء في", "بيان للوزارة", "العمل مستمر")]),
        # answered, saying: one statement
        ("وتابع قائلا إن العمل مستمر.", [("وتابع قائلا", None, "العمل مستمر")]),
        ('ورد المدير قائلا: "سنعود غدا".', [("قائلا", "المدير", "سنعود غدا")]),
    ],
)
def test_one_statement(body, expected):
    assert tags(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        "لم يعلن الجيش أي موعد.",
        "يذكر أن المدينة شهدت معارك.",
        "من المتوقع أن يصل الوفد غدا.",
        "تناول الوزير الغداء ثم غادر.",
        "زار الوزير مدينة الموصل بعد الهجوم.",
        "وزعت المساعدات وفق القانون.",
        "كان هذا أمر الطبيب بالراحة.",
        "قررت المحكمة حبس المتهم.",
        "ويعتقد أنه غادر المدينة.",
        "وصلت السفينة عبر البحر بحثا عن ملجأ.",
        "أُعلنت الهدنة مساء الأحد.",
        "كل من يقول إن الطريق مغلق مخطئ.",
        "",
    ],
)
def test_no_statement(body):
    assert tags(body) == []


def test_participle_ends_the_content_and_keeps_the_speaker():
    body = "قالت الوزيرة إن العمل مستمر، مضيفة أن الجسر سيفتح غدا."
    assert tags(body) == [("قالت", "الوزيرة", "العمل مستمر"), ("مضيفة", None, "الجسر سيفتح غدا")]
    assert refs(body) == ["الوزيرة", "الوزيرة"]


def test_participle_agrees_in_gender():
    body = "أفادت الوكالة بأن المدير أكد أن العمل مستمر، مشيرا إلى أن الجسر فتح."
    assert refs(body)[-1] == "المدير"


def test_nested_statement_names_its_parent():
    outer, inner = find_statements("", "قال مصدر إن الرئيس أكد أنه سيغادر غدا.")
    assert (outer.parent, inner.parent) == (None, 0)
    assert inner.content.text == "أنه سيغادر غدا"


def test_parents_count_the_title():
    statements = find_statements("الوزير: العمل مستمر", "قال مصدر إن الوزير أكد أنه سيغادر.")
    assert [s.parent for s in statements] == [None, None, 1]


@pytest.mark.parametrize(
    ("body", "cue", "speaker", "content"),
    [
        ("أغلق الطريق صباحا، وفق ما أفاد شهود.", "وفق ما أفاد", "شهود", "أغلق الطريق صباحا"),
        ("وبحسب مصدر أمني، فإن الطريق أغلق.", "وبحسب", "مصدر أمني", "الطريق أغلق"),
        ("وفقا لتقرير جديد، ارتفعت الأسعار.", "وفقا", "لتقرير جديد", "ارتفعت الأسعار"),
        ("وصل الوفد مساء، فيما أغلق الطريق صباحا، بحسب الشرطة.", "بحسب", "الشرطة", "أغلق الطريق صباحا"),
    ],
)
def test_according_to(body, cue, speaker, content):
    assert (cue, speaker, content) in tags(body)


def test_relay_is_two_statements():
    body = "ونقلت الصحيفة عن مسؤول أمني قوله إن الطريق أغلق."
    assert [(c, s) for c, s, _ in tags(body)] == [("ونقلت", "الصحيفة"), ("قوله", "مسؤول أمني")]


def test_relay_without_saying():
    body = "نقلت الصحيفة عن مسؤول أمني أن الطريق أغلق."
    assert [(c, s) for c, s, _ in tags(body)] == [("نقلت", "الصحيفة"), ("عن", "مسؤول أمني")]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("وقالت الوزيرة هدى سالم إن العمل مستمر.\nوأضافت أن الجسر فتح.", ["الوزيرة هدى سالم"] * 2),
        ("قال مصدر أمني إن الطريق أغلق.\nوأكد المصدر أن التحقيق بدأ.", ["مصدر أمني"] * 2),
        ("قال وزير النقل سامي خليل إن العمل مستمر.\nوأكد خليل أن الجسر فتح.", ["وزير النقل سامي خليل"] * 2),
        ("أصدرت وزارة النقل بيانا قالت فيه إن الجسر فتح.", ["وزارة النقل"]),
        ("وذكر بيان صادر عن وزارة النقل أن الجسر فتح.", ["وزارة النقل"]),
    ],
)
def test_speakers_are_resolved(body, expected):
    assert refs(body) == expected


@pytest.mark.parametrize(
    ("body", "quote"),
    [
        ('قال المدير إن "العمل سيستمر حتى نهاية العام".', "direct"),
        ('قال المدير إن العمل "سيستمر دون توقف" حتى نهاية العام.', "mixed"),
        ("قال المدير إن العمل سيستمر حتى نهاية العام.", "indirect"),
        ('قال المدير إن قناة "صوت المدينة" أغلقت.', "indirect"),
        ('قال المدير إن هذا "انتصار" للجميع هنا.', "indirect"),
        ("قال المدير: العمل سيستمر.", "direct"),
    ],
)
def test_quote_kind(body, quote):
    assert quotes(body) == [quote]


def test_quoted_sentence_that_carries_on_belongs_to_the_content():
    body = 'قال المدير: "العمل مستمر". "سنعود غدا إلى الموقع".'
    assert tags(body) == [("قال", "المدير", 'العمل مستمر". "سنعود غدا إلى الموقع')]


def test_unclosed_quotation_ends_with_its_paragraph():
    body = 'قال المدير: "العمل مستمر. سنعود غدا.\nوصل الوفد.'
    assert tags(body) == [("قال", "المدير", "العمل مستمر. سنعود غدا")]


@pytest.mark.parametrize(
    ("title", "body", "expected"),
    [
        ("مصدر أمني: الطريق مغلق", "", (None, "مصدر أمني", "الطريق مغلق")),
        ("خليل: لن نغادر", "قال سامي خليل إنه باق.", (None, "خليل", "لن نغادر")),
        ("موسكو: لن نغادر", "قالت روسيا إن قواتها باقية.", (None, "موسكو", "لن نغادر")),
        ("الجيش يعلن انتهاء العملية", "", ("يعلن", "الجيش", "انتهاء العملية")),
    ],
)
def test_headlines(title, body, expected):
    assert tags(body, title)[0] == expected


@pytest.mark.parametrize("title", ["لبنان: سقوط جرحى في انفجار", "عاجل: انفجار قرب الميناء", "للمزيد: تفاصيل الحادث"])
def test_topic_headlines_are_no_statements(title):
    assert tags("أصيب ثلاثة أشخاص.", title) == []


def test_lead_that_lost_its_verb():
    body = "مصدر في قصر الرئاسة، اليوم الأحد، إن الوفد وصل."
    assert tags(body) == [(None, "مصدر في قصر الرئاسة", "الوفد وصل")]


@pytest.mark.parametrize(
    ("body", "kind", "anonymous"),
    [
        ("قال مصدر أمني إن الطريق أغلق.", "anonymous", True),
        ("قالت وزارة النقل إن الطريق أغلق.", "organisation", False),
        ("قال وزير النقل إن الطريق أغلق.", "role", False),
        ("قال سامي خليل إن الطريق أغلق.", "person", False),
        ("ذكر تقرير أن الطريق أغلق.", "document", False),
    ],
)
def test_speaker_kind(body, kind, anonymous):
    (statement,) = find_statements("", body)
    assert (statement.speaker_kind, statement.anonymous) == (kind, anonymous)


def test_spans_point_into_the_text_as_published():
    body = "قالَ الوزيـر إنّ العمل مُستمرّ."
    (statement,) = find_statements("", body)
    assert (statement.cue.text, statement.speaker.text, statement.content.text) == (
        "قالَ",
        "الوزيـر",
        "العمل مُستمرّ",
    )
