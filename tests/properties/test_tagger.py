"""What holds for any text: spans are valid, tags are deterministic, and time grows with the length, not faster."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from transforms.arabic.normalize import fold
from transforms.arabic.segment import segment, tokenize
from transforms.arabic.statement_forms import CUE_CLASSES
from transforms.arabic.tagger import tag_text

WORDS = [
    "قال",
    "وأكد",
    "أعلن",
    "نفى",
    "مشيرا",
    "مؤكدة",
    "إن",
    "أن",
    "أنه",
    "بأن",
    "إلى",
    "على",
    "عن",
    "من",
    "في",
    "الوزير",
    "الحكومة",
    "مصدر",
    "بيان",
    "وفق",
    "بحسب",
    "لـ",
    "هدنة",
    "بوقف",
    "إطلاق",
    "النار",
    "التي",
    "الذي",
    "«",
    "»",
    '"',
    "“",
    "”",
    "'",
    ":",
    "،",
    ".",
    "؟",
    "!",
    "(",
    ")",
    "-",
    "\n",
    "قوله",
    "كما",
    "فيما",
    "حيث",
    "ما",
    "لا",
    "لم",
    "كان",
    "وكانت",
    "اتهم",
    "طالب",
    "دعا",
    "بـ",
]
ARABIC = st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join)
ANY = st.one_of(st.text(max_size=200), ARABIC, st.tuples(ARABIC, st.text(max_size=20), ARABIC).map("".join))


def _spans(tags):
    for statement in tags.statements:
        for span in (statement.cue, statement.speaker, statement.content):
            if span:
                yield statement.field, span
    for mention in tags.ceasefire_mentions:
        for span in (mention.term, mention.actor, mention.condition, *mention.parties):
            if span:
                yield mention.field, span


@settings(max_examples=400, deadline=None)
@given(title=ANY, body=ANY)
@example(title="قال", body="قال")
@example(title="", body='قال: "')
@example(title=":", body="وفق ما")
@example(title="\u202b\u202c", body="\ufefa\u0640\u064b")
@example(title="", body="قال الوزير إن\n\nأن")
def test_spans_are_valid_and_tags_deterministic(title, body):
    tags = tag_text(title, body)
    fields = {"title": title, "body": body}
    for field, span in _spans(tags):
        assert 0 <= span.start < span.end <= len(fields[field])
        assert fields[field][span.start : span.end] == span.text
    for i, statement in enumerate(tags.statements):
        assert statement.parent is None or (0 <= statement.parent < len(tags.statements) and statement.parent != i)
        assert statement.quote in ("direct", "indirect", "mixed", "headline")
        assert statement.cue_class in CUE_CLASSES
        assert statement.rule
        assert statement.speaker_ref is None or statement.speaker_ref in title or statement.speaker_ref in body
    order = [(s.field != "title", s.content.start) for s in tags.statements]
    assert order == sorted(order)
    assert tag_text(title, body) == tags


@given(st.text(max_size=300))
def test_folding_keeps_the_way_back(text):
    folded = fold(text)
    assert len(folded.offsets) == len(folded.text) + 1
    assert list(folded.offsets) == sorted(folded.offsets)
    assert folded.offsets[-1] == len(text)
    assert fold(folded.text).text == folded.text or "\u0640" in text


@given(ANY)
def test_tokens_tile_the_text_in_order(text):
    last = 0
    for token in tokenize(text):
        assert token.start >= last
        assert text[token.start : token.end] == token.text
        last = token.end


@given(ANY)
def test_sentences_and_quotes_stay_within_paragraphs(text):
    seg = segment(text)
    paragraph_of = {i: n for n, (first, last) in enumerate(seg.paragraphs) for i in range(first, last)}
    assert [i for first, last in seg.sentences for i in range(first, last)] == sorted(paragraph_of)
    for quote in seg.quotes:
        assert paragraph_of[quote.first] == paragraph_of[quote.last - 1]


HOSTILE = {
    "unbalanced quotes": 'قال "الوزير ',
    "only quotes": '"',
    "opening guillemets": "« قال ",
    "one cue": "قال ",
    "one cue with that": "أكد أن ",
    "participles": "مؤكدا أن ",
    "according to": "وفق مصدر ",
    "no full stop": "وقال الوزير إن الهدنة مستمرة ",
    "nested relatives": "الذي قال إن ",
    "commas": "، قال، ",
    "colons": "قال: ",
    "brackets": "( قال ",
    "relays": "نقلت عن ",
    "one word": "ا",
    "paragraphs": "قال إن\n",
    "full stops": ". ",
    "ceasefires": "وقف إطلاق النار ",
}


@pytest.mark.slow
@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE.keys())
def test_time_is_linear_in_the_length(unit):
    def cost(length, mark=""):
        text = mark + unit * (length // len(unit))
        started = time.process_time()
        tag_text("", text)
        return time.process_time() - started

    cost(2_000)
    small, large = min(cost(25_000, mark) for mark in "123"), cost(200_000)
    assert large < 8 * 5 * max(small, 0.01), f"8 times the text took {large / small:.0f} times as long"
