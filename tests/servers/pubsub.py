"""Google's in-memory Pub/Sub server (pstest): built from Go, started on a free port of loopback, asked with real clients."""

import contextlib
import os
import subprocess
import time
import uuid
from pathlib import Path

from google.cloud import pubsub_v1

from tests.servers.support import BUILT, need_built, need_tools

SOURCE = Path(__file__).resolve().parent / "pstest"
PROJECT = "projects/rasid-test"


class PubSub:
    """A running server; `address` is what PUBSUB_EMULATOR_HOST must say."""

    def __init__(self, address):
        self.address = address
        self.publisher = pubsub_v1.PublisherClient()
        self.subscriber = pubsub_v1.SubscriberClient()

    def make(self, *, ordered=False, ack_deadline=10):
        """The names of a new topic and of a subscription to it."""
        name = f"t{uuid.uuid4().hex[:8]}"
        topic, subscription = f"{PROJECT}/topics/{name}", f"{PROJECT}/subscriptions/{name}"
        self.publisher.create_topic(name=topic)
        self.subscriber.create_subscription(
            request={
                "name": subscription,
                "topic": topic,
                "enable_message_ordering": ordered,
                "ack_deadline_seconds": ack_deadline,
            }
        )
        return topic, subscription

    def publish(self, topic, *texts):
        data = [text if isinstance(text, bytes) else text.encode() for text in texts]
        for future in [self.publisher.publish(topic, each) for each in data]:
            future.result(timeout=30)

    def drain(self, subscription, wait_s=1.0):
        """All messages that come, acknowledged, until none has come for `wait_s` seconds."""
        found = []
        until = time.monotonic() + wait_s
        while time.monotonic() < until:
            request = {"subscription": subscription, "max_messages": 1000}
            received = self.subscriber.pull(request=request, timeout=60).received_messages
            if received:  # without any, it answers after half a second
                found += [each.message for each in received]
                ids = [each.ack_id for each in received]
                self.subscriber.acknowledge(subscription=subscription, ack_ids=ids)
                until = time.monotonic() + wait_s
        return found


def build():
    """Half a minute; Go's own cache makes it quick where nothing changed."""
    need_tools("The Pub/Sub server", "go")
    BUILT.mkdir(exist_ok=True)
    subprocess.run(["go", "build", "-o", str(BUILT / "pstest"), "."], cwd=SOURCE, check=True)


def location():
    """The server's path. Raises MissingServerError where it is not built."""
    return need_built("The Pub/Sub server", BUILT / "pstest")


@contextlib.contextmanager
def start_pubsub():
    """A server, with PUBSUB_EMULATOR_HOST set for this process and those it starts."""
    process = subprocess.Popen([location(), "0"], stdout=subprocess.PIPE, text=True)
    before = os.environ.get("PUBSUB_EMULATOR_HOST")
    try:
        address = process.stdout.readline().strip()
        assert address.startswith("127.0.0.1:"), "the Pub/Sub server did not start"
        os.environ["PUBSUB_EMULATOR_HOST"] = address
        yield PubSub(address)
    finally:
        os.environ.pop("PUBSUB_EMULATOR_HOST")
        if before is not None:
            os.environ["PUBSUB_EMULATOR_HOST"] = before
        process.kill()
        process.communicate()
