import time

import pytest

from transforms.arabic.ceasefire import find_ceasefire_mentions
from transforms.elements import CeasefireMention, Span, Statement


def one(text: str) -> CeasefireMention:
    found = find_ceasefire_mentions("", text, ())
    assert len(found) == 1, found
    return found[0]


def span(text: str, part: str) -> Span:
    return Span(text.index(part), text.index(part) + len(part), part)


@pytest.mark.parametrize(
    ("text", "act", "actor"),
    [
        ("أعلنت قيادة التحالف هدنة لخمسة أيام.", "declare", "قيادة التحالف"),
        ("دخل وقف إطلاق النار حيز التنفيذ فجرا.", "declare", None),
        ("توصل الطرفان إلى هدنة.", "agree", "الطرفان"),
        ("تم التوصل إلى هدنة بين الجيش والمتمردين.", "agree", "الجيش والمتمردين"),
        ("رحبت فرنسا بوقف إطلاق النار.", "agree", "فرنسا"),
        ("تسعى مصر إلى التوصل إلى هدنة.", "negotiate", "مصر"),
        ("دعا مجلس الأمن إلى تمديد الهدنة.", "call", "مجلس الأمن"),
        ("الحكومة تطالب بوقف القتال.", "call", "الحكومة"),
        ("رفضت الحركة وقف إطلاق النار.", "refuse", "الحركة"),
        ("الهدنة التي دعا إليها الوسيط ستبدأ غدا.", "declare", None),
        ("أعلن الفصيل انتهاء الهدنة.", "end", "الفصيل"),
        ("لم يتضح موعد بدء الهدنة التي أعلنها الفصيل.", "declare", "الفصيل"),
        ("خرق المتمردون الهدنة.", "violate", "المتمردون"),
        ("أفاد السكان بخرق الجيش للهدنة.", "violate", "الجيش"),
        ("تواصل القصف رغم الهدنة.", "violate", None),
        ("مددت الحكومة الهدنة أسبوعا.", "hold", "الحكومة"),
        ("الهدنة لا تزال صامدة في المدينة.", "hold", None),
        ("انهارت الهدنة بعد ساعات.", "end", None),
        ("عاد النازحون بعد الهدنة.", "mention", None),
        ("الهدنة التي أعلنها الجيش قصيرة.", "declare", "الجيش"),
    ],
)
def test_act_and_actor(text, act, actor):
    mention = one(text)
    assert (mention.act, mention.actor and mention.actor.text) == (act, actor)


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        # where the subject ends
        ("دعا الرئيس سليم منصور الفصائل المسلحة إلى هدنة.", "الرئيس سليم منصور"),
        ("أعلنت الحكومة جماعات مسلحة أخرى تلتزم بهدنة.", "الحكومة"),
        (
            "دعا كل من الوزير سليم، رئيس الوفد، والقائد نبيل، نائب الوزير، الحركة إلى هدنة.",
            "كل من الوزير سليم، رئيس الوفد، والقائد نبيل، نائب الوزير",
        ),
        ("دعت الأمم المتحدة في السادس من مارس إلى هدنة.", "الأمم المتحدة"),
        ("وقع رئيس جنوب السودان اتفاق هدنة.", "رئيس جنوب السودان"),
        ("طالب نواب من الحزب بهدنة.", "نواب من الحزب"),
        ("واصل المسلحون الجدد قصف البلدة رغم الهدنة.", "المسلحون الجدد"),
        # objects, and who is elided
        ("أصدرت القيادة بيانا دعت فيه عناصرها إلى احترام الهدنة.", "القيادة"),
        ("رحب الوزير بالخطة، لكنه دعا الحركة إلى هدنة.", "الوزير"),
        ("أصدر الحزب بيانا، كما أعلن هدنة.", "الحزب"),
        ("كان الحلف الذي يقوده القائد ويحاصر المدينة قد أعلن هدنة.", "الحلف"),
        # documents and who adopted them
        ("تبنى المجلس قرارا في مارس يطالب بهدنة.", "المجلس"),
        ("أصدر المجلس قرارا بوقف إطلاق النار.", "المجلس"),
        ("انتقد السكان قرار الحزب بإنهاء الهدنة.", "الحزب"),
        ("رحبوا بأي مبادرة تدعو إلى هدنة.", None),
        # talks, pacts, parties
        ("المحادثات بين الوفد والقبائل فشلت في التوصل إلى هدنة.", "الوفد والقبائل"),
        ("خرج الوفدان باتفاق على هدنة.", "الوفدان"),
        ("انهارت هدنة كانت سارية منذ عامين بين الجيش والقبائل.", "الجيش والقبائل"),
        ("أرسل القائد وفدا للمشاركة في المفاوضات بشأن هدنة.", "القائد"),
        ("غادر المبعوث المدينة بعد جولة من المفاوضات حول هدنة.", None),
        ("يعتزم الوزير إجراء محادثات مع القائد تتناول وقف إطلاق النار.", "الوزير"),
        ("جاء ذلك بعد إعلان الحكومة وقفا لإطلاق النار.", "الحكومة"),
        ("تبذل الدولة جهودا للتوصل إلى هدنة بين الجيش والقبائل.", "الدولة"),
        ("خاب النداء الذي وجهه المجلس لوقف إطلاق النار.", "المجلس"),
        ("دعا المجلس، في بيان صدر أمس، إلى هدنة.", "المجلس"),
        # who fights on
        ("شن الجيش هجوما على البلدة رغم الهدنة.", "الجيش"),
        ("استمر قصف قوات الحكومة رغم الهدنة.", "قوات الحكومة"),
        ("استمر قصف المدينة رغم الهدنة.", None),
        ("تجددت المعارك في الجنوب إثر خرق للهدنة.", None),
        ("هدد الحزب بقطع الهدنة.", "الحزب"),
    ],
)
def test_actor(text, actor):
    mention = one(text)
    assert (mention.actor and mention.actor.text) == actor


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("قال القائد إن الهدنة لن تشمل المدينة.", "mention"),
        ("تصر الدولة على أنه لا هدنة مع الحركة.", "refuse"),
        ("وقع ذلك في منطقة خفض التصعيد.", "mention"),
        ("تأخر بدء تنفيذ الهدنة.", "declare"),
        ("سجلوا أول خرق لاتفاق تثبيت الهدنة.", "violate"),
        ("كان مقررا أن ينتهي سريان الهدنة غدا.", "end"),
        ("احتفلوا بالهدنة مما أسفر عن زحام.", "mention"),
        ("أسفرت المحادثات عن اتفاق من حيث المبدأ على هدنة.", "agree"),
        ("توصل الوفد مع وفد التفاوض إلى هدنة.", "agree"),
    ],
)
def test_act(text, act):
    assert one(text).act == act


def test_the_accused_is_the_actor_and_the_code_tells_the_accusation():
    mention = one("اتهمت الحكومة المتمردين بخرق الهدنة.")
    assert (mention.act, mention.actor.text, mention.cameo) == ("violate", "المتمردين", "1123")


@pytest.mark.parametrize(
    ("text", "act", "negated"),
    [
        ("لم يتم التوصل إلى هدنة.", "agree", True),
        ("فشلت محاولات التوصل إلى هدنة.", "negotiate", True),
        ("نفت القيادة التوصل إلى هدنة.", "agree", True),
        ("لن تبدأ الهدنة غدا.", "declare", True),
        ("لن نلتزم بالهدنة.", "refuse", False),
        ("لم تلتزم القوات بالهدنة.", "violate", False),
        ("لا تزال الهدنة قائمة.", "hold", False),
    ],
)
def test_negation(text, act, negated):
    mention = one(text)
    assert (mention.act, mention.negated) == (act, negated)


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("لن نلتزم بالهدنة ما لم ينسحب الجيش.", "ما لم ينسحب الجيش"),
        ("إذا توقف القصف، سنلتزم بالهدنة.", "إذا توقف القصف"),
        ("سيعلن الجيش هدنة مقابل الإفراج عن الأسرى، كما قال.", "مقابل الإفراج عن الأسرى"),
        ("أعلن الجيش هدنة، لكنه سيرد إذا قصف.", None),
    ],
)
def test_the_condition_is_a_span(text, condition):
    mention = one(text)
    assert mention.conditional is (condition is not None)
    assert (mention.condition and mention.condition.text) == condition


def test_parties_are_split():
    mention = one("هدنة بين الجيش والمتمردين في المدينة.")
    assert [party.text for party in mention.parties] == ["الجيش", "والمتمردين"]


@pytest.mark.parametrize(
    ("text", "cameo", "plover"),
    [
        ("أعلن الجيش هدنة.", "0871", "RETREAT, ceasefire"),
        ("وقع الوفدان اتفاق هدنة.", "057", "AGREE"),
        ("توسط الشيخ في هدنة.", "045", "CONSULT"),
        ("طالب السكان بهدنة.", "1056", "REQUEST, yield"),
        ("تراقب البعثة الهدنة.", "074", "RETREAT, ceasefire"),
        ("عاد السكان بعد الهدنة.", None, None),
    ],
)
def test_event_codes(text, cameo, plover):
    mention = one(text)
    assert (mention.cameo, mention.plover) == (cameo, plover)


def test_the_innermost_statement_is_named_and_its_speaker_is_whom_we_is():
    text = "قال الناطق إن القائد أكد: لن نلتزم بالهدنة."
    outer = Statement(
        "body", span(text, "قال"), span(text, "الناطق"), None, span(text, "القائد أكد: لن نلتزم بالهدنة"), "indirect"
    )
    inner = Statement("body", span(text, "أكد"), span(text, "القائد"), None, span(text, "لن نلتزم بالهدنة"), "direct")
    (mention,) = find_ceasefire_mentions("", text, (outer, inner))
    assert mention.statement == 1
    assert mention.actor == span(text, "القائد")
    (without,) = find_ceasefire_mentions("", text, ())
    assert without.statement is None


def test_the_speaker_of_a_statement_gives_the_whole_name():
    text = "دعا المبعوث إلى اليمن خالد بن سالم إلى هدنة."
    speaker = span(text, "المبعوث إلى اليمن خالد بن سالم")
    statement = Statement("body", span(text, "دعا"), speaker, None, span(text, "إلى هدنة"), "indirect")
    (mention,) = find_ceasefire_mentions("", text, (statement,))
    assert mention.actor == speaker


def test_title_first_and_offsets_count_paragraphs():
    title, body = "هدنة في المدينة", "مطر.\nأعلن الجيش هدنة.\nخرق الجيش الهدنة."
    found = find_ceasefire_mentions(title, body, ())
    assert [(m.field, m.act) for m in found] == [("title", "mention"), ("body", "declare"), ("body", "violate")]
    for mention in found:
        field = title if mention.field == "title" else body
        assert field[mention.term.start : mention.term.end] == mention.term.text


def test_coordinated_terms_share_their_act():
    found = find_ceasefire_mentions("", "أعلن الجيش هدنة لوقف القتال.", ())
    assert [m.act for m in found] == ["declare", "declare"]


@pytest.mark.parametrize(
    "piece",
    [
        "هدنة ",
        "دعا إلى وقف إطلاق النار ",
        "هدنة التي أعلن أن ",
        "أعلن الرئيس الذي هدنة بين ",
        "(- هدنة -) ",
        'وقف "هدنة إذا ',
    ],
)
def test_the_time_is_linear_in_the_text(piece):
    def seconds(times: int) -> float:
        start = time.process_time()
        find_ceasefire_mentions("", piece * times, ())
        return time.process_time() - start

    seconds(50)
    assert min(seconds(1600), seconds(1600)) < 16 * max(seconds(400), 0.01)
