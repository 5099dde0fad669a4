import time

import pytest

from transforms.errors import IngestError
from transforms.web.documents import parse_document
from transforms.web.text import content_hash, plain_line, strip_controls, strip_tags


def test_strip_tags_keeps_words_apart_and_drops_scripts() -> None:
    markup = 'قال<br/>الوزير <b>إن</b>ه<script>alert("<b>")</script> &quot;هدنة&quot; 3 < 5<style>p{}</style>'
    assert plain_line(strip_tags(markup)) == 'قال الوزير إنه "هدنة" 3 < 5'


def test_plain_line_shows_all_that_it_holds() -> None:
    assert plain_line("a\u202ab\ufeffc\x00d\U000e0041e\n\tf\u00a0 g\u202c") == "a\u202abcde f g\u202c"
    assert plain_line("می\u200cرود") == "می\u200cرود"


def test_strip_controls_keeps_text() -> None:
    assert strip_controls("ا\x00ل\u0640\ufefb\u200f\n\ud800") == "ال\u0640\ufefb\u200f\n"


def test_content_hash_ignores_spacing_and_diacritics() -> None:
    assert content_hash("هُدنـة  جديدة\n") == content_hash("هدنة جديدة")
    assert content_hash("هدنة جديدة") != content_hash("هدنة قديمة")


def test_strip_tags_is_linear() -> None:
    start = time.process_time()
    for hostile in ("<" * 1_000_000, "<script" * 150_000, "<!--" * 250_000, "<a " * 300_000):
        strip_tags(hostile)
    assert time.process_time() - start < 5


def test_document_is_split_at_its_joints() -> None:
    document = parse_document("عنوان الخبر \n\nالفقرة الأولى., الفقرة الثانية، وفيها فاصلة.,الثالثة.\n", "d.txt")
    assert document.title == "عنوان الخبر"
    assert document.body == "الفقرة الأولى.\nالفقرة الثانية، وفيها فاصلة.\nالثالثة."


@pytest.mark.parametrize("text", ["", " \n\n ", "title only", "one\ntwo\n\nbody.", "one\ntwo"])
def test_bad_documents_are_named(text: str) -> None:
    with pytest.raises(IngestError, match=r"d\.txt") as fault:
        parse_document(text, "d.txt")
    assert fault.value.reason == "bad_document"
