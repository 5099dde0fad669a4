"""Frames of acts, agents, denials and conditions that stand further off from the term."""

import pytest

from transforms.arabic.ceasefire import find_ceasefire_mentions
from transforms.elements import CeasefireMention


def one(text: str) -> CeasefireMention:
    found = find_ceasefire_mentions("", text, ())
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "act", "actor"),
    [
        # who is warned, punished, denies, and whose deed a breach is
        ("حذرت الحكومة الفصيل من أي عمل يهدد الهدنة.", "violate", "الفصيل"),
        ("حذرت الأحزاب المسلحين العام الماضي من رد على انتهاك الهدنة.", "violate", "المسلحين"),
        ("تستهدف العقوبات الجديدة وزير الدفاع نبيل سالم لانتهاكه وقف إطلاق النار.", "violate", "وزير الدفاع نبيل سالم"),
        ("الغارات التي ينفذها الجيش تمثل انتهاكا للهدنة.", "violate", "الجيش"),
        ("يمثل ذلك انتهاكا واضحا من قبل الجيش للهدنة.", "violate", "الجيش"),
        ("استهدف المتمردون موقعا في خرق للهدنة.", "violate", "المتمردون"),
        ("وفي خرق للهدنة، قصفت قوات الحكومة القرية.", "violate", "قوات الحكومة القرية"),
        ("دأبت الفصائل على التصعيد، وذلك عبر خرق الهدنة.", "violate", "الفصائل"),
        ("دعا الوزير إلى عدم خرق الهدنة.", "call", "الوزير"),
        ("تعهد الجيش بعدم خرق الهدنة.", "agree", "الجيش"),
        # duties, responses, efforts
        ("قال الوزير إن على الجميع احترام الهدنة.", "call", "الوزير"),
        ("قال الوزير إن على جميع الأطراف أن تلتزم بهدنة.", "call", "الوزير"),
        ("استجابت الحركة لدعوات الهدنة.", "agree", "الحركة"),
        ("المحاولات التي يقوم بها الوسيط للتوصل إلى هدنة متعثرة.", "negotiate", "الوسيط"),
        ("أعرب الوزير عن أمله في أن تؤدي المفاوضات إلى هدنة.", "negotiate", "الوزير"),
        ("تقاربت الدولتان بهدف إرساء هدنة.", "negotiate", "الدولتان"),
        ("بعد اتصالات مكثفة تم التوصل إلى هدنة.", "agree", None),
        ("توجه الوفد إلى العاصمة لبحث الهدنة.", "negotiate", "الوفد"),
        # where subjects end
        ("زار المبعوث المدينة سعيا إلى هدنة.", "negotiate", "المبعوث"),
        ("أبلغت الحركة الوسطاء موافقتها على الهدنة.", "agree", "الحركة"),
        ("وافقت الدول الأعضاء بمجلس الأمن على هدنة.", "agree", "الدول الأعضاء بمجلس الأمن"),
        ("دعا وزير الخارجية سليم في مؤتمر صحفي إلى هدنة.", "call", "وزير الخارجية سليم"),
        ("اللجنة التي شكلها السكان، رفضت الهدنة.", "refuse", "اللجنة"),
        ("ودعا روسيا إلى هدنة.", "call", None),
        ("درس المجلس قبل أيام مسودة قرار تطالب بهدنة.", "call", "مسودة قرار"),
        # declared behind the term
        ("قبيل سريان الهدنة التي تبدأ غدا والتي أعلنتها القيادة، قصفت المدينة.", "declare", "القيادة"),
        ("عادوا قبل سريان هدنة من طرف التحالف.", "declare", "التحالف"),
        ("بدأ العمل بالهدنة فجرا.", "declare", None),
        ("قال القائد إن الهدنة أمر مختلف.", "mention", None),
        ("طلب ذلك في أثناء التقسيم الذي أرسته الهدنة.", "mention", None),
    ],
)
def test_act_and_actor(text, act, actor):
    mention = one(text)
    assert (mention.act, mention.actor and mention.actor.text) == (act, actor)


@pytest.mark.parametrize(
    ("text", "act", "negated", "actor"),
    [
        ("نفى الوزير التوصل إلى هدنة.", "agree", True, None),
        ("نفى الجيش خرق الهدنة.", "violate", True, "الجيش"),
        ("أكد الجيش أنه لم يخرق الهدنة.", "violate", True, "الجيش"),
        ("لم تشهد المدينة أي هدنة.", "hold", True, None),
        ("لم يكن هناك وقف لإطلاق النار.", "hold", True, None),
        ("لا يوجد مباحثات عن هدنة.", "negotiate", True, None),
        ("فشل الوسطاء في وقف القتال.", "negotiate", True, "الوسطاء"),
        ("فشلت الدعوة إلى هدنة في إنهاء الحرب.", "call", False, None),
        ("وصلت مفاوضات الهدنة إلى طريق مسدود.", "negotiate", True, None),
        ("قال الوزير إنه لا مجال لهدنة مع المسلحين.", "refuse", False, "الوزير"),
        ("لا نية لديهم لتمديد الهدنة.", "refuse", False, None),
    ],
)
def test_negation(text, act, negated, actor):
    mention = one(text)
    assert (mention.act, mention.negated, mention.actor and mention.actor.text) == (act, negated, actor)


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("سنلتزم بالهدنة ما التزم بها الجيش.", "ما التزم بها الجيش"),
        ("سنقبل الهدنة إن وافق عليها الجيش.", "إن وافق عليها الجيش"),
        ("لن تبدأ الهدنة حتى ينسحب الجيش.", "حتى ينسحب الجيش"),
        ("ستبدأ الهدنة عندما تتفق الأطراف.", "عندما تتفق الأطراف"),
        ("بدأت الهدنة عندما اتفقت الأطراف.", None),
        ("حتى لو تم التوصل إلى هدنة، فسيبقى الخوف.", None),
        ("وافقوا وفق شروط أهمها التزام الجيش بالهدنة.", None),
        ("شدد على هدنة، على أن يعود السكان.", None),
    ],
)
def test_condition(text, condition):
    mention = one(text)
    assert (mention.condition and mention.condition.text) == condition
