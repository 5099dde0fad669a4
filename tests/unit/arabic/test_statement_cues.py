"""Which words are cues and which only look like one: invented sentences."""

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


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # a relative clause with a subject of its own
        ("تراجعت المخاطر التي تقول تركيا إنها قائمة.", ("تقول", "تركيا", "إنها قائمة")),
        ("بدأت الهدنة التي دعا لها مجلس الأمن.", ("دعا", "مجلس الأمن", "الهدنة")),
        # who sees is named with a pronoun, and the noun is no accusative
        ("وترى شركاتها أن السوق مستقرة.", ("وترى", "شركاتها", "السوق مستقرة")),
        # what something is called
        ("رفض الوزير ما سماه تدخلا في شؤون بلاده.", ("سماه", None, "تدخلا في شؤون بلاده")),
        ("رفض الوزير ما سماه التصعيد الخطير.", ("سماه", None, "التصعيد الخطير")),
        ('انتقد الوزير ما أسماه "حملة منظمة" ضد بلاده.', ("أسماه", None, "حملة منظمة")),
        ("احتج السفير على ما وصفه بالإهمال.", ("وصفه", None, "بالإهمال")),
        # what was announced
        ("سيبدأ العمل غدا، وفق ما تم الإعلان عنه.", ("وفق ما تم الإعلان", None, "سيبدأ العمل غدا")),
        # the preposition written in one word with the noun
        ("وصل الوزير، مشيرا للعلاقات بين البلدين.", ("مشيرا", None, "للعلاقات بين البلدين")),
        # a verbal noun whose agent is a name, and then a clause
        ("جاء ذلك بعد إعلان سامي خليل عن أنه سيستقيل.", ("إعلان", "سامي خليل", "أنه سيستقيل")),
        ("ونقل البيان عن الوزير أمله في أن تنجح المحادثات.", ("أمله", "الوزير", "تنجح المحادثات")),
        # a light verb: in a relative clause, and with the one addressed behind its verbal noun
        ("ناقش الحزب الدعوة التي وجهها الرئيس إلى الحوار.", ("الدعوة", "الرئيس", "إلى الحوار")),
        ("وجهت المعارضة انتقادات حادة للحكومة.", ("وجهت المعارضة انتقادات", "المعارضة", "للحكومة")),
        # a clause between the verb and its content
        ("قال الوزير في تقرير قدمه للمجلس أمس إن الخطة فشلت.", ("قال", "الوزير", "الخطة فشلت")),
        # a relative clause qualifies the source, and the content clause follows
        ("وأكد المسؤول الذي رفض الكشف عن اسمه أن الطريق آمن.", ("وأكد", "المسؤول", "الطريق آمن")),
        ("أكدت الفحوص التي خضع لها اللاعب أنه سليم.", ("أكدت", "الفحوص", "أنه سليم")),
        ("وأعلن وزير المالية تخلفه عن الاجتماع.", ("وأعلن", "وزير المالية", "تخلفه عن الاجتماع")),
        # in a statement that someone carried
        (
            'وصل الوزير، قائلا في تصريحات نقلتها وكالة الأنباء الرسمية أمس: "الطريق مفتوح".',
            ("قائلا", None, "الطريق مفتوح"),
        ),
        # names that look like verbs
        ('وقال سينجر: "الطريق مفتوح".', ("وقال", None, "الطريق مفتوح")),
        ("وأوضح ستوكر أن الطريق مفتوح.", ("وأوضح", None, "الطريق مفتوح")),
        # to whom, and where it was said
        (
            'وتابع قائلا للصحفيين عند وصوله لحضور اجتماع وزراء المالية: "الطريق مفتوح".',
            ("وتابع قائلا", None, "الطريق مفتوح"),
        ),
        (
            'وأبلغ الصحفيين ببروكسل "سيكون هناك حل يشارك به كل من له نفوذ".',
            ("وأبلغ", None, "سيكون هناك حل يشارك به كل من له نفوذ"),
        ),
    ],
)
def test_is_found(body, expected):
    assert expected in tags(body)


@pytest.mark.parametrize(
    ("body", "cues"),
    [
        # the quotation belongs to the verb that takes a clause
        ('قال الوزير الذي كان يتحدث في الندوة إن "الطريق أغلق صباح اليوم".', ["قال"]),
        # one cue, one statement
        ('كتب الوزير يقول: "الطريق أغلق صباح اليوم".', ["كتب"]),
        # an adjective is no agent
        ("يرسل هذا العمل رسالة واضحة بأن الاتفاق قائم.", []),
        # adverbs and not sources
        ("يعمل الوزير وفق تعليمات الحكومة.", []),
        # `on what he called` attributes nothing
        ("احتج السفير على ما وصفه البيان بالإهمال.", ["احتج", "وصفه"]),
        ("كان المشهد لافتا للأنظار.", []),
        ('يفتتح الوزير المعرض ويختتمه الرئيس بمحاضرة عنوانها "مستقبل المياه في المنطقة".', []),
        ("رصد الوزير أخطاء مكررة في الدقيقة 01:12 من التسجيل.", []),
        # what a fact shows
        ("لم يحضر الوفد، مما يشير إلى أن المحادثات فشلت.", []),
        ("أغلق المعبر، وهو ما يؤكد أن الاتفاق انتهى.", []),
        # a conjunction of time, and a verb that moves
        ("ولد في القرية وتنقل بين المدن قبل أن يستقر في العاصمة.", []),
        ("يعرف الناس تصريحات خليل التي تستحق أن تناقش.", []),
    ],
)
def test_is_no_cue(body, cues):
    assert [cue for cue, _, _ in tags(body)] == cues
