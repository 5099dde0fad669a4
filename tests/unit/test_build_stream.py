"""The streaming graph as engines get it; nothing runs."""

import argparse

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.portability.api import beam_runner_api_pb2

from pipeline.build_stream import build_stream
from pipeline.options import make_config, with_defaults
from pipeline.submit import load_feed_list
from transforms.elements import Feed

PARDO = "beam:transform:pardo:v1"


def load_feeds():
    return (Feed("http://127.0.0.1/rss.xml"),)


@pytest.fixture(scope="module")
def components():
    arguments = argparse.Namespace(streaming=True, output="/tmp/out", sink=["jsonl:/tmp/a", "parquet:/tmp/b"])
    pipeline = beam.Pipeline(options=PipelineOptions(["--streaming"]))
    build_stream(pipeline, make_config(with_defaults(arguments)), load_feeds, "run")
    return pipeline.to_runner_api().components


def test_a_subscription_may_stand_beside_the_feeds_or_alone(tmp_path):
    arguments = argparse.Namespace(
        streaming=True,
        output=str(tmp_path),
        source="pubsub:projects/project/subscriptions/entries",
        sink=["pubsub:projects/project/topics/records"],
    )
    for load, first in ((load_feeds, {"ListFeeds", "PullMessages"}), (None, {"PullMessages"})):
        pipeline = beam.Pipeline(options=PipelineOptions(["--streaming"]))
        build_stream(pipeline, make_config(with_defaults(arguments)), load, "run")
        stages = {t.unique_name.split("/")[0] for t in pipeline.to_runner_api().components.transforms.values()}
        assert first == stages & {"ListFeeds", "PullMessages"}
        assert {"ReadMessages", "DropSeen", "PublishRecords0", "WriteDeadLetters", "WriteSummaries"} <= stages
        assert not [stage for stage in stages if stage.startswith("WriteRecords")]


def transforms_named(components, name):
    found = [t for t in components.transforms.values() if t.spec.urn == PARDO and f"{name}/" in f"{t.unique_name}/"]
    assert len(found) == 1, [t.unique_name for t in found]
    return found[0]


def test_pages_never_cross_a_shuffle(components):
    (pages,) = transforms_named(components, "ExtractArticles/ExtractArticles").inputs.values()
    assert pages in transforms_named(components, "FetchPages/FetchPages").outputs.values()
    (articles,) = transforms_named(components, "TagArticles/TagArticles").inputs.values()
    assert articles in transforms_named(components, "ExtractArticles/ExtractArticles").outputs.values()


def test_what_waits_has_state_and_timers(components):
    waiting = {}
    for transform in components.transforms.values():
        if transform.spec.urn == PARDO:
            pardo = beam_runner_api_pb2.ParDoPayload.FromString(transform.spec.payload)
            if pardo.state_specs:
                stage, _, step = transform.unique_name.partition("/")
                name = step.split("/")[0] if stage == "MarkDuplicates" else stage
                waiting[name] = len(pardo.timer_family_specs)
    assert waiting == {
        "ListFeeds": 0, "PollFeeds": 1, "DropSeen": 1, "FetchPages": 2, "KeepNewRecords": 1,
        "FindCandidates": 3, "FindTexts": 1, "ChooseOriginal": 1,
        "WriteRecords0": 2, "WriteRecords1": 2, "WriteDeadLetters": 2, "WriteSummaries": 2,
    }  # fmt: skip


def test_duplicates_can_be_switched_off(tmp_path):
    stages = []
    for days in (0, 3):
        arguments = argparse.Namespace(streaming=True, output=str(tmp_path), duplicate_days=days)
        pipeline = beam.Pipeline(options=PipelineOptions(["--streaming"]))
        build_stream(pipeline, make_config(with_defaults(arguments)), load_feeds, "run")
        names = {t.unique_name.split("/")[0] for t in pipeline.to_runner_api().components.transforms.values()}
        stages.append("MarkDuplicates" in names)
    assert stages == [False, True]


def test_only_small_things_go_to_the_bands_and_the_texts(components):
    """The record crosses one shuffle, to its own key."""
    steps = {name: transforms_named(components, f"MarkDuplicates/{name}") for name in ("GiveBand", "GiveText")}
    stateful = {
        name: set(transforms_named(components, f"MarkDuplicates/{name}").inputs.values())
        for name in ("FindCandidates", "FindTexts", "ChooseOriginal")
    }
    assert stateful["FindCandidates"] == set(steps["GiveBand"].outputs.values())
    (given,) = transforms_named(components, "MarkDuplicates/GiveOut").inputs.values()
    assert given in transforms_named(components, "KeepNewRecords/KeepNewRecords").outputs.values()
    assert len({next(iter(c)) for c in stateful.values()}) == 3


def test_everything_stays_in_the_global_window(components):
    """So nothing is ever late, whatever the timestamps of what timers give out."""
    strategies = {p.windowing_strategy_id for p in components.pcollections.values()}
    functions = {components.windowing_strategies[each].window_fn.urn for each in strategies}
    assert functions == {"beam:window_fn:global_windows:v1"}


def test_a_worker_finds_the_feed_list_that_comes_with_the_package(tmp_path):
    http = make_config(with_defaults(argparse.Namespace(output=str(tmp_path)))).http
    assert len(load_feed_list("", http)) > 5
    (tmp_path / "feeds.txt").write_text("http://a.example/rss\n")
    assert load_feed_list(str(tmp_path / "feeds.txt"), http) == (Feed("http://a.example/rss"),)
