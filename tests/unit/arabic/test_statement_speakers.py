"""Whom a speaker stands for across the article, one invented text a rule."""

import pytest

from transforms.arabic.statements import find_statements


def refs(body, title=""):
    return [(s.cue.text if s.cue else None, s.speaker_ref) for s in find_statements(title, body)]


@pytest.mark.parametrize(
    ("body", "last"),
    [
        # agreement in gender
        (
            "قال المدير سامي إن العمل مستمر. وأعلنت الشركة الخطة. وأضاف أن الطريق مغلق.",
            ("وأضاف", "المدير سامي"),
        ),
        (
            "قالت الوزيرة ليلى خليل إن العمل مستمر. وقال الوزير إن الطريق أغلق. وأضافت أن الجسر مغلق.",
            ("وأضافت", "الوزيرة ليلى خليل"),
        ),
        # the person whom the sentence names first
        (
            "قال الوزير سامي خليل إن الطريق أغلق. وقال نبيل درويش إن الجسر فتح. "
            "لكن زيارة خليل انتهت أمس حين أعلن أن العمل مستمر.",
            ("أعلن", "الوزير سامي خليل"),
        ),
        # titles with a pronoun
        (
            "قال وزير النقل سامي خليل إن الطريق أغلق. وأوضح معاليه أن العمل مستمر.",
            ("وأوضح", "وزير النقل سامي خليل"),
        ),
        # the very same source
        (
            "قال سامي خليل إن الطريق أغلق. وذكر مصدر أمني أن الجسر فتح. وأفاد ذات المصدر أن العمل مستمر.",
            ("وأفاد", "مصدر أمني"),
        ),
        # another one's relative is another one
        ("قال الوزير سامي خليل إن الطريق أغلق. وقال شقيقه إن العمل مستمر.", ("وقال", "شقيقه")),
        # who made an inquiry, who issued figures
        (
            "انتشرت الصورة، إلا أن التحري الذي أجراه فريق المنصة كشف أن الصورة قديمة.",
            ("كشف", "فريق المنصة"),
        ),
        (
            "وبحسب آخر حصيلة صدرت عن وزارة الصحة، فإن العمل مستمر.",
            ("وبحسب", "وزارة الصحة"),
        ),
        # a body is not what belongs to it, nor one of two both
        (
            "قالت الأمم المتحدة إن الطريق أغلق. وذكر مكتب حقوق الطفل التابع للأمم المتحدة في ليبيا أن الجسر فتح. "
            "وقالت الأمم المتحدة إن العمل مستمر.",
            ("وقالت", "الأمم المتحدة"),
        ),
        (
            "أعلن كل من الرئيس سامي خليل والوزير نبيل درويش أن الطريق أغلق. وقال خليل إن العمل مستمر.",
            ("وقال", "خليل"),
        ),
    ],
)
def test_last_reference(body, last):
    assert refs(body)[-1] == last
