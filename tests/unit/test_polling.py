from hypothesis import given
from hypothesis import strategies as st

from transforms.polling import LONGEST_WISH_S, Poll, PollLimits, next_interval

LIMITS = PollLimits(300, 3600)


def test_news_halves_the_interval_down_to_the_shortest():
    assert next_interval(1000, Poll(news=True), LIMITS) == 500
    assert next_interval(400, Poll(news=True), LIMITS) == 300


def test_silence_lengthens_the_interval_up_to_the_longest():
    assert next_interval(300, Poll(news=False), LIMITS) == 450
    assert next_interval(3000, Poll(news=False), LIMITS) == 3600


def test_a_new_feed_begins_with_the_shortest():
    assert next_interval(0, Poll(news=False), LIMITS) == 300


def test_a_failing_feed_is_slowed_down_and_one_that_is_gone_waits_longest():
    assert next_interval(300, Poll(news=False, failed=True), LIMITS) == 600
    assert next_interval(300, Poll(news=False, failed=True, gone=True), LIMITS) == 3600


def test_ttl_lengthens_up_to_the_longest_and_retry_after_beyond_it():
    assert next_interval(300, Poll(news=True, wish_s=900), LIMITS) == 900
    assert next_interval(300, Poll(news=True, wish_s=1e6), LIMITS) == 3600
    assert next_interval(300, Poll(news=False, failed=True, retry_after_s=7200), LIMITS) == 7200
    assert next_interval(300, Poll(news=False, failed=True, retry_after_s=1e9), LIMITS) == LONGEST_WISH_S


@given(st.floats(0, 1e6), st.booleans(), st.booleans(), st.booleans(), st.floats(0, 1e9), st.floats(0, 1e9))
def test_never_sooner_than_the_shortest(interval, news, failed, gone, wish, retry_after):
    found = next_interval(interval, Poll(news, failed, gone, wish, retry_after), LIMITS)
    assert LIMITS.shortest_s <= found <= LONGEST_WISH_S
