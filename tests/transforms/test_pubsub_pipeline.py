"""The graph with a topic behind it and a subscription before it, on a real server."""

import json

import pytest
from apache_beam.options.pipeline_options import PipelineOptions

from pipeline import inbox, poll, replay, run
from pipeline.options import make_config
from pipeline.run import execute, make_parser
from pipeline.sources import Sources
from tests.newsworld import ALLOW, last_summary, read_lines
from tests.site import serve
from transforms import message_format, pubsub_client
from transforms.elements import Feed
from transforms.errors import InputError
from transforms.record_format import validate_record
from transforms.summary import unbalanced_stages

pytestmark = pytest.mark.slow


@pytest.fixture
def site():
    with serve() as made:
        for n in range(4):
            made.add(n)
        yield made


@pytest.fixture
def go(tmp_path, site):
    """Runs over the site's feed; gives the exit code and what the stages counted."""

    def start(*flags):
        arguments = ["--output", str(tmp_path / "out"), *ALLOW, "--host_pause", "0", *flags]
        config = make_config(make_parser().parse_args(arguments))
        code = execute(config, Sources(feeds=(Feed(site.address + "/rss.xml", "موقع"),)), PipelineOptions([]))
        return code, checked_stages(tmp_path / "out")

    return start


def checked_stages(output):
    summary = last_summary(output)
    assert unbalanced_stages(summary) == []
    return summary["stages"]


def test_records_are_published_beside_files(pubsub_server, site, go, tmp_path):
    topic, subscription = pubsub_server.make()
    sinks = ["--sink", f"pubsub:{topic}", "--sink", f"jsonl:{tmp_path}/records"]
    code, stages = go(*sinks)
    assert (code, stages["publish_records"]) == (0, {"in": 4, "out": 4})
    messages = pubsub_server.drain(subscription)
    published = [json.loads(message.data) for message in messages]
    assert sorted(published, key=str) == sorted(read_lines(tmp_path / "records"), key=str)
    assert [fault for record in published for fault in validate_record(record)] == []
    for message, record in zip(messages, published, strict=True):
        assert message.attributes["record_id"] == record["record_id"]
        assert message.attributes["has_ceasefire"] == ("true" if record["ceasefire_mentions"] else "false")
    code, stages = go(*sinks)
    assert code == 0
    assert "publish_records" not in stages
    assert pubsub_server.drain(subscription) == []


def test_an_ordering_key_is_sent(pubsub_server, site, go):
    topic, subscription = pubsub_server.make(ordered=True)
    assert go("--sink", f"pubsub:{topic}?ordering_key=feed_url")[0] == 0
    messages = pubsub_server.drain(subscription)
    assert {message.ordering_key for message in messages} == {site.address + "/rss.xml"}
    assert len(messages) == 4


def test_a_record_that_is_too_large_is_a_dead_letter_for_good(pubsub_server, site, go, tmp_path, monkeypatch):
    topic, subscription = pubsub_server.make()
    site.pages["/news/1.html"] += "\n" + "\n".join(
        f"وقال الناطق رقم {n} إن العمل في الجسر الكبير مستمر." for n in range(40)
    )
    monkeypatch.setattr(message_format, "MAX_DATA_BYTES", 5000)
    code, stages = go("--sink", f"pubsub:{topic}")
    assert code == 0
    assert stages["publish_records"] == {"in": 4, "out": 3, "dead_lettered_too_large": 1}
    [letter] = read_lines(tmp_path / "out" / "dead_letters")
    assert (letter["stage"], letter["reason"]) == ("publish_records", "too_large")
    assert len(pubsub_server.drain(subscription)) == 3
    assert "publish_records" not in go("--sink", f"pubsub:{topic}")[1]


def test_a_refused_record_is_published_by_the_next_run(pubsub_server, site, go, tmp_path, monkeypatch):
    topic, subscription = pubsub_server.make()
    wait = pubsub_client.Confirmation.wait
    taken = []

    def refuse_the_first(self):
        if not taken:
            taken.append(self)
            wait(self)
            return pubsub_client.IngestError("sink_refused", "503 for a minute")
        return wait(self)

    monkeypatch.setattr(pubsub_client.Confirmation, "wait", refuse_the_first)
    code, stages = go("--sink", f"pubsub:{topic}")
    assert stages["publish_records"] == {"in": 4, "out": 3, "dead_lettered_sink_refused": 1}
    assert code == 0
    first = {message.attributes["record_id"] for message in pubsub_server.drain(subscription)}
    site.asked.clear()
    code, stages = go("--sink", f"pubsub:{topic}")
    assert stages["publish_records"] == {"in": 1, "out": 1}
    assert len([path for path in site.asked if path.startswith("/news/")]) == 1
    [again] = pubsub_server.drain(subscription)
    assert again.attributes["record_id"] in first
    assert json.loads(again.data)["revision"] == 1
    assert len(read_lines(tmp_path / "out" / "dead_letters")) == 1


def test_a_topic_that_is_not_there_starts_nothing(pubsub_server, site, go, tmp_path):
    with pytest.raises(InputError, match="none-such"):
        go("--sink", "pubsub:projects/rasid-test/topics/none-such")
    assert site.asked == []
    assert not (tmp_path / "out" / "summary").exists()


@pytest.fixture
def read(tmp_path, pubsub_server):
    """Runs on a subscription; gives the exit code and what the stages counted."""

    def start(subscription, *flags):
        arguments = ["--source", f"pubsub:{subscription}", "--source_wait", "1", "--output", str(tmp_path / "out")]
        code = run.main([*arguments, *ALLOW, "--host_pause", "0", *flags])
        return code, checked_stages(tmp_path / "out")

    return start


def test_a_run_reads_a_subscription_and_acknowledges(pubsub_server, site, read, tmp_path):
    topic, subscription = pubsub_server.make()
    entry = {"url": site.address + "/news/0.html", "feed_url": site.address + "/rss.xml", "title": "عنوان آخر"}
    entry["published_at"] = "2026-01-31T08:00:00Z"
    pubsub_server.publish(topic, json.dumps(entry), site.address + "/news/1.html", "no entry", b"\xff\xfe")
    code, stages = read(subscription)
    assert code == 0
    assert stages["read_messages"] == {"in": 4, "out": 2, "dead_lettered_bad_element": 2}
    records = {record["url"]: record for record in read_lines(tmp_path / "out" / "records")}
    pushed, bare = (records[f"{site.address}/news/{n}.html"] for n in range(2))
    assert (pushed["title"], pushed["published_at"]) == ("عنوان آخر", entry["published_at"])
    assert pushed["feed_url"] == entry["feed_url"]
    assert bare["feed_url"] == f"pubsub:{subscription}"
    letters = read_lines(tmp_path / "out" / "dead_letters")
    assert {(each["stage"], each["element_type"]) for each in letters} == {("read_messages", "Message")}
    assert sorted(each["element"]["data"] for each in letters) == ["\\xff\\xfe", "no entry"]
    assert pubsub_server.drain(subscription) == []

    pubsub_server.publish(topic, json.dumps(entry))  # delivered again
    code, stages = read(subscription)
    assert (code, stages["drop_seen"]) == (0, {"in": 1, "dropped_seen": 1})
    assert pubsub_server.drain(subscription) == []
    code, stages = read(subscription)
    assert (code, "read_messages" in stages) == (0, False)


def test_a_run_takes_at_most_so_many_messages(pubsub_server, site, read):
    topic, subscription = pubsub_server.make()
    pubsub_server.publish(topic, *(f"{site.address}/news/{n}.html" for n in range(4)))
    assert read(subscription, "--max_messages", "3")[1]["read_messages"]["in"] == 3
    assert read(subscription)[1]["read_messages"]["in"] == 1


def test_a_message_whose_entry_may_succeed_later_comes_again(pubsub_server, site, read, tmp_path, monkeypatch):
    monkeypatch.setattr(inbox, "RETRY_S", 1)
    topic, subscription = pubsub_server.make()
    page = site.pages["/news/1.html"]
    site.pages["/news/1.html"] = (503, {}, b"")
    site.pages["/news/2.html"] = (404, {}, b"")
    pubsub_server.publish(topic, *(f"{site.address}/news/{n}.html" for n in range(3)))
    code, stages = read(subscription)
    assert stages["fetch_pages"] == {"in": 3, "out": 1, "dead_lettered_http_server_error": 1, "dead_lettered_http_client_error": 1}  # fmt: skip
    site.pages["/news/1.html"] = page
    code, stages = read(subscription, "--source_wait", "5")
    assert (code, stages["fetch_pages"]) == (0, {"in": 1, "out": 1})
    assert sorted(r["url"][-6:] for r in read_lines(tmp_path / "out" / "records")) == ["0.html", "1.html"]
    assert pubsub_server.drain(subscription, 2) == []


def test_a_failed_run_gives_its_messages_back(pubsub_server, site, read, monkeypatch):
    topic, subscription = pubsub_server.make()
    pubsub_server.publish(topic, site.address + "/news/0.html")

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(run, "execute", fail)
    with pytest.raises(OSError, match="No space"):
        read(subscription)
    assert len(pubsub_server.drain(subscription)) == 1


def test_bad_messages_can_be_replayed_once_they_are_mended(pubsub_server, site, read, tmp_path):
    topic, subscription = pubsub_server.make()
    pubsub_server.publish(topic, f"<{site.address}/news/0.html>")
    read(subscription)
    [path] = (tmp_path / "out" / "dead_letters").rglob("*.jsonl")
    arguments = ["--output", str(tmp_path / "out"), *ALLOW, "--host_pause", "0"]
    assert replay.main([str(path), *arguments]) == 0
    assert len(read_lines(tmp_path / "out" / "dead_letters")) == 2
    mended = path.read_text(encoding="utf-8").replace("<", "").replace(">", "")
    (tmp_path / "mended.jsonl").write_text(mended, encoding="utf-8")
    assert replay.main([str(tmp_path / "mended.jsonl"), *arguments]) == 0
    assert [r["url"] for r in read_lines(tmp_path / "out" / "records")] == [site.address + "/news/0.html"]


def test_a_poll_publishes_what_is_new_and_tries_again_what_was_refused(pubsub_server, site, tmp_path, monkeypatch):
    topic, subscription = pubsub_server.make()
    (tmp_path / "feeds.txt").write_text(site.address + "/rss.xml\n")
    arguments = ["--feeds", str(tmp_path / "feeds.txt"), "--output", str(tmp_path / "out"), *ALLOW, "--host_pause", "0"]

    def start():
        assert poll.main([*arguments, "--sink", f"pubsub:{topic}"]) == 0
        stages = checked_stages(tmp_path / "out")
        return stages, [json.loads(message.data)["link"][-6:] for message in pubsub_server.drain(subscription)]

    def refuse(self):
        return pubsub_client.IngestError("sink_refused", "503 for a minute")

    monkeypatch.setattr(pubsub_client.Confirmation, "wait", refuse)
    stages, _ = start()
    assert stages["publish_entries"] == {"in": 4, "dead_lettered_sink_refused": 4}
    monkeypatch.undo()
    stages, links = start()
    assert stages["publish_entries"] == {"in": 4, "out": 4}
    assert sorted(links) == [f"{n}.html" for n in range(4)]
    assert start()[1] == []
    site.add(4)
    assert start()[1] == ["4.html"]
    assert [path for path in site.asked if path.startswith("/news/")] == []
