"""Pulling and publishing against a real server: what is held stays held, what a killed reader held comes again."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from transforms import pubsub_client
from transforms.errors import IngestError, InputError
from transforms.message_format import OutgoingMessage, Subscription, Topic
from transforms.pubsub_client import Publisher, PubSubPuller, PubSubUnreachableError, check_topic

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
LEASE_S = 2  # the service takes 10 at least; the server of the tests takes any


@pytest.fixture
def queue(pubsub_server):
    return pubsub_server.make()


@pytest.fixture
def puller(queue):
    made = PubSubPuller(Subscription(queue[1]), lease_s=LEASE_S)
    yield made
    made.close()


def texts_of(received):
    return sorted(each.message.data for each in received)


def pull_all(puller, wait_s=1.0):
    found = []
    while received := puller.pull(100, wait_s):
        found += received
    return found


def test_what_is_held_is_delivered_to_nobody_until_it_is_given_back(pubsub_server, queue, puller):
    topic, subscription = queue
    pubsub_server.publish(topic, "a", "b", b"\xff c")
    received = pull_all(puller)
    assert texts_of(received) == ["\\xff c", "a", "b"]
    assert {each.message.feed_url for each in received} == {f"pubsub:{subscription}"}
    # Longer than the lease, and than the subscription's own deadline of 10 s.
    assert puller.pull(10, 12) == []
    by_text = {each.message.data: each.ack_id for each in received}
    puller.acknowledge([by_text["a"]])
    puller.release([by_text["b"]])
    assert texts_of(pull_all(puller)) == ["b"]
    puller.close()
    assert sorted(m.data for m in pubsub_server.drain(subscription)) == [b"b", b"\xff c"]


def test_a_message_given_back_for_later_comes_later(pubsub_server, queue, puller):
    pubsub_server.publish(queue[0], "a")
    puller.release([each.ack_id for each in puller.pull(10, 5)], 4)
    assert puller.pull(10, 1) == []
    assert texts_of(puller.pull(10, 10)) == ["a"]


def test_what_nobody_settles_is_held_so_long_and_no_longer(pubsub_server, queue):
    pubsub_server.publish(queue[0], "a")
    puller = PubSubPuller(Subscription(queue[1]), lease_s=LEASE_S, hold_s=5)
    assert texts_of(puller.pull(10, 5)) == ["a"]
    assert puller.pull(10, 3) == []
    assert texts_of(puller.pull(10, 10)) == ["a"]
    puller.close()


def test_a_pull_takes_no_more_than_it_is_told(pubsub_server, queue, puller):
    pubsub_server.publish(queue[0], *"abcde")
    assert len(puller.pull(3, 5)) == 3
    assert len(pull_all(puller)) == 2


def test_what_only_the_user_can_mend_names_it(queue):
    with pytest.raises(InputError, match="none-such"):
        check_topic(Topic("projects/rasid-test/topics/none-such"))
    check_topic(Topic(queue[0]))
    puller = PubSubPuller(Subscription("projects/rasid-test/subscriptions/none-such"))
    with pytest.raises(InputError, match="none-such"):
        puller.pull(1, 1)
    puller.close()


def test_a_service_that_does_not_answer(monkeypatch):
    monkeypatch.setenv("PUBSUB_EMULATOR_HOST", "127.0.0.1:9")
    monkeypatch.setattr(pubsub_client, "ANSWER_DEADLINE_S", 1.0)
    monkeypatch.setattr(pubsub_client, "PUBLISH_DEADLINE_S", 1.0)
    with pytest.raises(PubSubUnreachableError, match="t-1: the service does not answer"):
        check_topic(Topic("projects/rasid-test/topics/t-1"))
    puller = PubSubPuller(Subscription("projects/rasid-test/subscriptions/s-1"))
    with pytest.raises(PubSubUnreachableError, match="s-1"):
        puller.pull(1, 1)
    puller.close()
    for key in ("", "feed_url"):
        monkeypatch.setattr(pubsub_client, "_GRACE_S", 2.0)
        publisher = Publisher(Topic("projects/rasid-test/topics/t-1", key))
        refused = publisher.publish(OutgoingMessage(b"x", {}, key)).wait()
        assert refused is not None
        assert refused.reason == "sink_refused"
        publisher.close()


def test_publishing_is_confirmed_or_refused(pubsub_server, queue):
    topic, subscription = queue
    publisher = Publisher(Topic(topic))
    confirmations = [publisher.publish(OutgoingMessage(b"%d" % n, {"language": "ar"})) for n in range(250)]
    assert [each.wait() for each in confirmations] == [None] * 250
    with pytest.raises(IngestError) as caught:
        publisher.publish(OutgoingMessage(b"x" * 10_000_000))
    assert caught.value.reason == "too_large"
    publisher.close()
    messages = pubsub_server.drain(subscription)
    assert sorted(int(m.data) for m in messages) == list(range(250))
    assert {m.attributes["language"] for m in messages} == {"ar"}


def test_an_ordering_key_goes_on_behind_a_refused_message(pubsub_server):
    topic, subscription = pubsub_server.make(ordered=True)
    publisher = Publisher(Topic(topic, "feed_url"))
    confirmations = [publisher.publish(OutgoingMessage(b"%d" % n, {}, f"key{n % 2}")) for n in range(40)]
    assert [each.wait() for each in confirmations] == [None] * 40
    found = pubsub_server.drain(subscription)
    for key in range(2):
        assert [int(m.data) for m in found if m.ordering_key == f"key{key}"] == list(range(key, 40, 2))

    pubsub_server.publisher.delete_topic(topic=topic)
    refused = publisher.publish(OutgoingMessage(b"lost", {}, "key0")).wait()
    assert refused is not None
    assert refused.reason == "sink_refused"
    pubsub_server.publisher.create_topic(name=topic)
    assert publisher.publish(OutgoingMessage(b"again", {}, "key0")).wait() is None
    publisher.close()


READER = """
import os, random, sys, time
from transforms.message_format import Subscription
from transforms.pubsub_client import PubSubPuller

subscription, folder, seed = sys.argv[1:]
choose = random.Random(int(seed))
puller = PubSubPuller(Subscription(subscription), lease_s=2)
print("ready", flush=True)
while received := puller.pull(3, 12):  # longer than any lease
    time.sleep(choose.uniform(0, 0.1))  # the round
    path = os.path.join(folder, f"{seed}-{received[0].message.message_id}")
    with open(path + ".part", "w") as file:
        file.write("\\n".join(each.message.data for each in received))
        file.flush()
        os.fsync(file.fileno())
    time.sleep(choose.uniform(0, 0.05))
    os.rename(path + ".part", path)  # the commit
    time.sleep(choose.uniform(0, 0.05))
    puller.acknowledge([each.ack_id for each in received])
puller.close()
"""


def test_no_message_is_lost_when_its_reader_is_killed_twenty_times(pubsub_server, queue, tmp_path):
    """A reader that acknowledges behind its commit, with SIGKILL at random moments before, in and behind both."""
    topic, subscription = queue
    sent = [f"message {n}" for n in range(100)]
    pubsub_server.publish(topic, *sent)
    choose = random.Random(20)

    def start(seed):
        command = [sys.executable, "-c", READER, subscription, str(tmp_path), str(seed)]
        reader = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert reader.stdout.readline() == "ready\n"
        return reader

    for seed in range(20):
        with start(seed) as reader:
            time.sleep(choose.uniform(0, 0.4))
            reader.send_signal(signal.SIGKILL)
            reader.wait()
            assert reader.returncode == -signal.SIGKILL
    with start(20) as last:
        assert last.wait(timeout=120) == 0
    files = [path for path in tmp_path.iterdir() if path.suffix != ".part"]
    found = [line for path in files for line in path.read_text().splitlines()]
    print(f"{len(sent)} messages, {len(set(sent) - set(found))} lost, {len(found) - len(set(found))} repeated")
    assert set(found) == set(sent)
    assert pubsub_server.drain(subscription) == []
