import pytest

from transforms.arabic.segment import pair_quotes, segment, split_paragraphs, tokenize


def _texts(text):
    return [t.text for t in tokenize(text)]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("قال: نعم.", ["قال", ":", "نعم", "."]),
        ("بلغ 1.5 مليون و21,00", ["بلغ", "1.5", "مليون", "و21", ",", "00"]),
        ("هُدنةٌ طويلة", ["هُدنةٌ", "طويلة"]),
        ("الـهدنة", ["الـهدنة"]),
        ("\u202bقال\u202c نعم", ["قال", "نعم"]),
        ("قال ''نعم''", ["قال", "''", "نعم", "''"]),
        ("سطر\n\nسطر", ["سطر", "\n\n", "سطر"]),
        ("", []),
    ],
)
def test_tokens(text, tokens):
    assert _texts(text) == tokens


def _quoted(text):
    seg = segment(text)
    return [(" ".join(t.text for t in seg.tokens[q.first + 1 : q.last]), q.closed) for q in seg.quotes]


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ('قال "نعم" ثم "لا".', [("نعم", True), ("لا", True)]),
        ("قال «نعم» ثم “لا”.", [("نعم", True), ("لا", True)]),
        ("قال ”نعم“ وغادر", [("نعم", True)]),
        ("قال «نعم وغادر", [("نعم وغادر", False)]),
        ('قال "نعم وغادر.\nثم "عاد" أمس', [("نعم وغادر .", False), ("عاد", True)]),
        ('قال لـ "القناة اليوم إن "الوضع" تحسن', [("القناة اليوم إن", False), ("الوضع", True)]),
        ("انتهى» هنا", []),
        ('""', []),
    ],
)
def test_quotes_are_paired_tolerantly(text, quotes):
    assert _quoted(text) == quotes


def _sentences(text):
    seg = segment(text)
    return [text[seg.tokens[a].start : seg.tokens[b - 1].end] for a, b in seg.sentences]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("وصل. ثم غادر.", ["وصل.", "ثم غادر."]),
        ('قال: "وصل. ثم غادر". وأضاف', ['قال: "وصل. ثم غادر".', "وأضاف"]),
        ("قال إن «الوضع صعب.» وغادر الوفد", ["قال إن «الوضع صعب.»", "وغادر الوفد"]),
        ("هل وصل؟ نعم!", ["هل وصل؟", "نعم!"]),
        ("وكالة دي.إيه.إن الخاصة", ["وكالة دي.إيه.إن الخاصة"]),
        ("كتب ج. أورويل رواية", ["كتب ج. أورويل رواية"]),
        ("سطر\nسطر", ["سطر", "سطر"]),
        ("وصل الوفد إلى المدينة.وقال الوزير إنه سيعود.", ["وصل الوفد إلى المدينة.", "وقال الوزير إنه سيعود."]),
    ],
)
def test_sentences(text, sentences):
    assert _sentences(text) == sentences


def test_a_text_without_full_stops_is_cut():
    seg = segment("كلمة " * 1000)
    assert len(seg.sentences) == 3
    assert max(b - a for a, b in seg.sentences) == 400


def test_paragraphs_hold_no_newlines():
    tokens = tokenize("\nسطر أول\n\nسطر ثان\n")
    paragraphs = split_paragraphs(tokens)
    assert [[t.text for t in tokens[a:b]] for a, b in paragraphs] == [["سطر", "أول"], ["سطر", "ثان"]]
    assert pair_quotes(tokens, paragraphs) == []
