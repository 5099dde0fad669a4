"""Messages of a subscription as input of bounded runs: acknowledged only when a run has committed."""

from __future__ import annotations

import time
from collections.abc import Iterable
from types import TracebackType
from typing import Final

from transforms.elements import Message
from transforms.errors import IngestError
from transforms.message_format import Subscription, parse_entry_message
from transforms.pubsub_client import LEASE_S, PubSubPuller, ReceivedMessage
from transforms.shared_state import read_state
from transforms.state import State, is_settled

TAKE_S: Final = 60.0
# A message whose entry failed in a way that may pass comes again then: the longest that the service allows.
RETRY_S: Final = 600


class Inbox:
    """Takes messages for a run, and settles them behind it; without that, a failed run's messages come again at once.

    A killed run's come again when their leases have run out. Use it as a context, outside the run.
    """

    def __init__(self, subscription: Subscription) -> None:
        self._puller = PubSubPuller(subscription, lease_s=LEASE_S)
        self._held: list[ReceivedMessage] = []

    def take(self, max_messages: int, wait_s: float, take_s: float = TAKE_S) -> tuple[Message, ...]:
        """What is there: until none comes for `wait_s` seconds, `max_messages` are held, or `take_s` have passed."""
        until = time.monotonic() + take_s
        while (left := max_messages - len(self._held)) > 0 and time.monotonic() < until:
            received = self._puller.pull(left, wait_s)
            if not received:
                break
            self._held += received
        return tuple({each.message.message_id: each.message for each in self._held}.values())

    def settle(self, state_folder: str) -> None:
        """Acknowledges what the committed run is done with; what may succeed later comes again after RETRY_S."""
        done, again = sort_messages(self._held, read_state(state_folder))
        self._held = []
        self._puller.acknowledge(done)
        self._puller.release(again, RETRY_S)

    def __enter__(self) -> Inbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._puller.close()


def sort_messages(received: Iterable[ReceivedMessage], state: State) -> tuple[list[str], list[str]]:
    """The acknowledgement ids of messages that the state is done with, and of those that should be tried again."""
    done: list[str] = []
    again: list[str] = []
    for each in received:
        try:
            entry = parse_entry_message(each.message.data, each.message.feed_url)
            settled = is_settled(state, entry.url)
        except IngestError:
            settled = True  # its dead letter is committed
        (done if settled else again).append(each.ack_id)
    return done, again
