"""What a sink refused is asked again, as if nothing had been written; not for ever."""

from pipeline.inbox import sort_messages
from transforms.elements import Entry, EntryVisit, FeedVisit, Message
from transforms.polling import PollLimits
from transforms.pubsub_client import ReceivedMessage
from transforms.state import DAY_US, MAX_FAILURES, State, apply_visits, is_settled, needs_work

FEED = "http://a.example/rss"
ENTRY = Entry(url="http://a.example/1", link="http://a.example/1", feed_url=FEED, fingerprint="f1")


def visit(outcome, at, fingerprint="f1", **record):
    return EntryVisit(ENTRY.url, FEED, fingerprint, outcome, at, **record)


def kept(at, revision=1, text="h1", fingerprint="f1"):
    return visit("kept", at, fingerprint, record_id="r", revision=revision, content_hash=text)


def run(state, *visits, now=1000):
    feeds = [FeedVisit(FEED, "read", "", '"etag"', None, "hash", now, now)]
    return apply_visits(state, f"run{now}", feeds, visits, now=now, keep_us=60 * DAY_US, polling=PollLimits())


def test_a_refused_record_is_asked_again_with_the_same_revision():
    state = run(State(), kept(10), visit("refused", 10, record_id="r"))
    assert needs_work(state, ENTRY)
    assert not is_settled(state, ENTRY.url)
    assert state.records == {}
    assert state.feeds[FEED].etag is None
    state = run(state, kept(20))
    assert not needs_work(state, ENTRY)
    assert state.records["r"].revision == 1
    assert state.feeds[FEED].etag == '"etag"'


def test_a_refused_correction_leaves_the_revision_before_it():
    state = run(State(), kept(10))
    state = run(state, kept(20, 2, "h2", "f2"), visit("refused", 21, "f2", record_id="r"))
    assert (state.records["r"].revision, state.records["r"].content_hash) == (1, "h1")
    assert needs_work(state, Entry(url=ENTRY.url, link=ENTRY.url, feed_url=FEED, fingerprint="f2"))


def test_two_sinks_that_refuse_are_one_failure_and_several_runs_end_it():
    state = State()
    for n in range(MAX_FAILURES):
        assert needs_work(state, ENTRY)
        twice = [visit("refused", 10 * n + 1, record_id="r"), visit("refused", 10 * n + 2, record_id="r")]
        state = run(state, kept(10 * n), *twice)
    assert not needs_work(state, ENTRY)
    assert is_settled(state, ENTRY.url)


def test_an_entry_that_one_of_two_topics_refused():
    state = run(State(), visit("refused", 10), visit("kept", 11))
    assert needs_work(state, ENTRY)
    assert not needs_work(run(state, visit("kept", 20)), ENTRY)


def test_messages_are_settled_by_what_became_of_their_entries():
    state = run(State(), visit("failed_soft", 10))
    state = run(state, EntryVisit("http://a.example/2", FEED, "", "kept", 10))
    texts = ["http://a.example/1", "http://a.example/2", "no entry", "http://a.example/unknown"]
    received = [ReceivedMessage(f"ack{n}", Message(text, str(n), "pubsub:s")) for n, text in enumerate(texts)]
    assert sort_messages(received, state) == (["ack1", "ack2"], ["ack0", "ack3"])
