"""Elements keep their class wherever they are decoded."""

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.util import assert_that, equal_to

from transforms.coders import ELEMENTS, ElementCoder
from transforms.elements import CeasefireMention, Entry, Feed, Page, Record, Span, Statement

RECORD = Record(
    record_id="r",
    revision=1,
    url="u",
    canonical_url="c",
    feed_url="f",
    source="s",
    title="عنوان",
    body="نص",
    summary=None,
    authors=("أ", "ب"),
    language="ar",
    language_score=0.5,
    published_us=None,
    published_from=None,
    fetched_us=2**60,
    content_hash="h",
    duplicate_of=None,
    statements=(Statement("body", None, Span(0, 2, "نص"), None, Span(0, 2, "نص"), "direct", parent=0),),
    ceasefire_mentions=(
        CeasefireMention("body", Span(0, 1, "ن"), "call", False, True, None, parties=(Span(0, 2, "نص"),)),
    ),
    tagger_version="1",
)


def test_every_element_has_the_coder():
    assert len(ELEMENTS) > 8
    for element in ELEMENTS:
        assert beam.coders.registry.get_coder(element) == ElementCoder(element)


@pytest.mark.parametrize(
    "element", [RECORD, Page(Entry("u", "l", "f", authors=("x",)), "u", "", b"\x00\xff", 1), Feed("u")]
)
def test_an_element_comes_back_as_it_was(element):
    coder = ElementCoder(type(element))
    back = coder.decode(coder.encode(element))
    assert back == element
    assert type(back) is type(element)


def describe(element):
    kinds = [
        type(s).__module__ + "." + type(s).__name__ for s in (element, *element.statements, *element.ceasefire_mentions)
    ]
    return " ".join(kinds), element == RECORD


@pytest.mark.slow
def test_classes_survive_worker_processes():
    options = PipelineOptions(["--direct_running_mode=multi_processing", "--direct_num_workers=2"])
    kinds = " ".join(f"transforms.elements.{name}" for name in ("Record", "Statement", "CeasefireMention"))
    with beam.Pipeline(runner=FnApiRunner(), options=options) as pipeline:
        records = pipeline | beam.Create([RECORD]).with_output_types(Record) | beam.Reshuffle()
        assert_that(records | beam.Map(describe), equal_to([(kinds, True)]))
