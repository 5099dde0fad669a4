"""Google Cloud Pub/Sub: publishing that waits for the server's word, pulling that keeps what it holds. No Beam.

The only module that knows the client library. PUBSUB_EMULATOR_HOST names another server, as in all of Google's clients.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from google.api_core import exceptions, retry
from google.auth.exceptions import GoogleAuthError
from google.cloud import pubsub_v1
from google.cloud.pubsub_v1.publisher.exceptions import MessageTooLargeError, PublishToPausedOrderingKeyException

from transforms.elements import Message
from transforms.errors import IngestError, InputError
from transforms.message_format import OutgoingMessage, Subscription, Topic

LOG = logging.getLogger(__name__)

PUBLISH_DEADLINE_S: Final = 60.0
# With ordering keys the client library tries for ever; behind the deadline it is left to that, and not waited for.
_GRACE_S: Final = 10.0
# A message under way is delivered again at the latest so long after the process that holds it died.
LEASE_S: Final = 60
# A bounded run may take so long; what is neither acknowledged nor released by then belongs to work that failed.
HOLD_S: Final = 3600.0
# How long a service that does not answer is asked again.
ANSWER_DEADLINE_S: Final = 30.0
_LEAST_WAIT_S: Final = 0.05
# The service's limit, and that of a request with its acknowledgement ids of some 200 bytes (512 KiB).
MAX_PULL: Final = 1000
_IDS_PER_REQUEST: Final = 1000
_TRANSIENT: Final = retry.if_exception_type(
    exceptions.Aborted,
    exceptions.Cancelled,
    exceptions.DeadlineExceeded,
    exceptions.InternalServerError,
    exceptions.ResourceExhausted,
    exceptions.ServiceUnavailable,
    exceptions.Unknown,
)
_USERS_FAULT: Final = (
    exceptions.NotFound,
    exceptions.PermissionDenied,
    exceptions.Unauthenticated,
    exceptions.InvalidArgument,
)


class Confirmation:
    """A message that was handed to the client, until the server has it."""

    def __init__(self, future: Any, topic: str, resume: Callable[[], None]) -> None:
        self._future, self._topic, self._resume = future, topic, resume
        self._deadline = time.monotonic() + PUBLISH_DEADLINE_S + _GRACE_S

    def done(self) -> bool:
        return bool(self._future.done())

    def wait(self) -> IngestError | None:
        """None once the server has the message, else why it has not: "sink_refused"."""
        try:
            self._future.result(timeout=max(0.0, self._deadline - time.monotonic()))
        except concurrent.futures.TimeoutError:
            return IngestError("sink_refused", f"{self._topic}: no confirmation after {PUBLISH_DEADLINE_S:.0f} s")
        except (exceptions.GoogleAPIError, GoogleAuthError, PublishToPausedOrderingKeyException) as error:
            self._resume()
            return IngestError("sink_refused", f"{self._topic}: {_one_line(error)}")
        return None


class Publisher:
    """Publishes to one topic; batches, retries and bounded memory are the client library's."""

    def __init__(self, topic: Topic) -> None:
        self._topic = topic
        with _naming(topic.name):
            self._client = pubsub_v1.PublisherClient(
                batch_settings=pubsub_v1.types.BatchSettings(max_bytes=1_000_000, max_latency=0.02, max_messages=100),
                publisher_options=pubsub_v1.types.PublisherOptions(
                    enable_message_ordering=bool(topic.ordering_key),
                    flow_control=pubsub_v1.types.PublishFlowControl(
                        message_limit=1000,
                        byte_limit=64 * 1024 * 1024,
                        limit_exceeded_behavior=pubsub_v1.types.LimitExceededBehavior.BLOCK,
                    ),
                    retry=retry.Retry(
                        _TRANSIENT, initial=0.1, maximum=10.0, multiplier=2.0, timeout=PUBLISH_DEADLINE_S
                    ),
                    timeout=PUBLISH_DEADLINE_S,
                ),
            )

    def publish(self, message: OutgoingMessage) -> Confirmation:
        """Hands the message over; waits only where too much is under way. Raises IngestError("too_large")."""
        key = message.ordering_key
        try:
            future = self._client.publish(self._topic.name, message.data, ordering_key=key, **message.attributes)
        except MessageTooLargeError as error:
            raise IngestError("too_large", _one_line(error)) from error
        return Confirmation(future, self._topic.name, lambda: self._resume(key))

    def _resume(self, key: str) -> None:
        """An ordering key whose message failed takes no others until it is told to go on."""
        if key:
            with contextlib.suppress(RuntimeError, ValueError):  # another of its messages has done it
                self._client.resume_publish(self._topic.name, key)

    def close(self) -> None:
        self._client.stop()


class PubSubUnreachableError(InputError):
    """The service does not answer."""


def _patient(ask: Callable[[], Any]) -> Callable[[], Any]:
    return retry.Retry(_TRANSIENT, initial=0.1, maximum=5.0, timeout=ANSWER_DEADLINE_S)(ask)  # type: ignore[no-any-return]


def check_topic(topic: Topic) -> None:
    """Raises InputError where the topic does not exist or cannot be asked for; one that may not be asked for passes."""
    with _naming(topic.name), contextlib.suppress(exceptions.PermissionDenied):
        client = pubsub_v1.PublisherClient()
        _patient(lambda: client.get_topic(topic=topic.name, retry=None, timeout=ANSWER_DEADLINE_S))()


@contextlib.contextmanager
def _naming(name: str) -> Iterator[None]:
    """Turns what only the user can mend into an InputError, and silence into one that a loop may wait out."""
    try:
        yield
    except (exceptions.RetryError, exceptions.ServiceUnavailable) as error:
        raise PubSubUnreachableError(f"the service does not answer: {_one_line(error)}", file=name) from None
    except (*_USERS_FAULT, GoogleAuthError) as error:
        raise InputError(_one_line(error), file=name) from error


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:500]


@dataclass(frozen=True)
class ReceivedMessage:
    """A message, and the id by which this delivery of it is acknowledged."""

    ack_id: str
    message: Message


class PubSubPuller:
    """Pulls messages, and holds them so that nobody else gets them.

    A thread prolongs the leases of what is held, until it is acknowledged or released, for `hold_s` seconds at most.
    What a killed process held is delivered again `lease_s` seconds later (10 to 600). At least once: a message may come
    again although it was acknowledged. Thread-safe.
    """

    def __init__(self, subscription: Subscription, *, lease_s: int = LEASE_S, hold_s: float = HOLD_S) -> None:
        self._subscription, self._lease_s, self._hold_s = subscription, lease_s, hold_s
        with _naming(subscription.name):
            self._client = pubsub_v1.SubscriberClient()
        self._held: dict[str, float] = {}
        self._lock = threading.Lock()
        self._closed = threading.Event()
        threading.Thread(target=self._keep_leases, daemon=True, name="leases").start()

    def pull(self, max_messages: int, wait_s: float) -> list[ReceivedMessage]:
        """Up to `max_messages` (at most MAX_PULL) as soon as there are any; none after `wait_s` seconds without.

        Raises InputError where the subscription does not exist or may not be pulled from, PubSubUnreachableError where
        nobody answers.
        """
        pulled = self._pull(min(max_messages, MAX_PULL), wait_s)
        ids = [each.ack_id for each in pulled]
        with self._lock:
            self._held.update(dict.fromkeys(ids, time.monotonic() + self._hold_s))
        self.extend(ids, self._lease_s)  # the subscription's own deadline may be shorter than the thread's pause
        return [
            ReceivedMessage(
                each.ack_id,
                Message(
                    each.message.data.decode("utf-8", "backslashreplace"),
                    each.message.message_id,
                    self._subscription.address,
                ),
            )
            for each in pulled
        ]

    def _pull(self, max_messages: int, wait_s: float) -> Sequence[Any]:
        request = {"subscription": self._subscription.name, "max_messages": max_messages}
        until = time.monotonic() + wait_s

        def ask() -> Sequence[Any]:
            left = max(_LEAST_WAIT_S, until - time.monotonic())
            try:
                return self._client.pull(request=request, retry=None, timeout=left).received_messages  # type: ignore[no-any-return]
            except exceptions.DeadlineExceeded:
                return ()

        with _naming(self._subscription.name):
            # The server may say early that there is nothing.
            while not (received := _patient(ask)()) and time.monotonic() < until:
                time.sleep(_LEAST_WAIT_S)
        return received  # type: ignore[no-any-return]

    def acknowledge(self, ack_ids: Iterable[str]) -> None:
        """The messages are done with. Where the server does not take that, they come again, which is no loss."""
        ids = list(ack_ids)
        self._forget(ids)
        self._in_parts(ids, self._client.acknowledge)

    def extend(self, ack_ids: Iterable[str], seconds: int) -> None:
        """The messages are delivered again `seconds` from now (0 to 600), unless that is done once more."""
        self._in_parts(list(ack_ids), self._client.modify_ack_deadline, ack_deadline_seconds=seconds)

    def release(self, ack_ids: Iterable[str], seconds: int = 0) -> None:
        """Gives the messages back: they are delivered again `seconds` from now."""
        ids = list(ack_ids)
        self._forget(ids)
        self.extend(ids, seconds)

    def close(self) -> None:
        """Gives back all that is held."""
        self._closed.set()
        with self._lock:
            held = list(self._held)
        self.release(held)
        self._client.close()

    def _forget(self, ack_ids: Iterable[str]) -> None:
        with self._lock:
            for ack_id in ack_ids:
                self._held.pop(ack_id, None)

    def _in_parts(self, ids: Sequence[str], call: Callable[..., Any], **more: Any) -> None:
        for start in range(0, len(ids), _IDS_PER_REQUEST):
            part = ids[start : start + _IDS_PER_REQUEST]
            try:
                call(request={"subscription": self._subscription.name, "ack_ids": part, **more})
            except exceptions.GoogleAPIError as error:
                LOG.warning("%s: %d messages will come again: %s", self._subscription.name, len(part), error)

    def _keep_leases(self) -> None:
        while not self._closed.wait(self._lease_s / 3):
            now = time.monotonic()
            with self._lock:
                self._held = {ack_id: until for ack_id, until in self._held.items() if until > now}
                # Within the lock: a lease prolonged behind its release would keep the message from everybody.
                self.extend(self._held, self._lease_s)
