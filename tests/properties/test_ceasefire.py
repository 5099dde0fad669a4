"""Whatever the text, spans are spans of it, the order is that of the text, and the answer is the same twice."""

from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.arabic.ceasefire import find_ceasefire_mentions
from transforms.arabic.normalize import fold, fold_text
from transforms.elements import Span, Statement

WORDS = st.sampled_from(
    [
        "هدنة", "الهدنة", "وقف", "إطلاق", "النار", "لإطلاق", "أعلن", "دعا", "إلى", "خرق", "الذي", "التي", "إن", "أن", "لم", "لن",
        "إذا", "بين", "الجيش", "والمتمردين", "،", ".", ":", '"', "«", "»", "-", "(", ")", "\n", "قال", "اتهم", "بخرق", "فشل",
        "ما", "التهدئة", "قصف", "صامدة", "رئيس", "في", "من", "هـُدْنَة", "ﻫﺪﻧﺔ", "\u200f", "ولا", "يزال", "القرار", "مشروع",
    ]
)  # fmt: skip
TEXTS = st.lists(st.one_of(WORDS, st.text(max_size=4)), max_size=40).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS, st.data())
def test_spans_lie_in_their_field(title, body, data):
    statements = []
    if body:
        for _ in range(data.draw(st.integers(0, 3))):
            start = data.draw(st.integers(0, len(body) - 1))
            end = data.draw(st.integers(start + 1, len(body)))
            content = Span(start, end, body[start:end])
            statements.append(Statement("body", None, content, None, content, "indirect"))
    found = find_ceasefire_mentions(title, body, statements)
    assert found == find_ceasefire_mentions(title, body, statements)
    assert list(found) == sorted(found, key=lambda m: (m.field != "title", m.term.start))
    for mention in found:
        field = title if mention.field == "title" else body
        for span in (mention.term, mention.actor, mention.condition, *mention.parties):
            if span is not None:
                assert field[span.start : span.end] == span.text
                assert span.text
        if mention.statement is not None:
            content = statements[mention.statement].content
            assert content.start <= mention.term.start < mention.term.end <= content.end
        assert (mention.condition is not None) is mention.conditional
        assert (mention.act == "mention") is (mention.cameo is None)


@given(st.text(max_size=60))
def test_the_fast_folding_is_the_folding(text):
    assert fold_text(text) == fold(text).text
