import itertools

from hypothesis import given
from hypothesis import strategies as st

from alterlab_server.frontier.politeness import FIRST_PENALTY, LONGEST_PENALTY, LONGEST_SILENCE, HostSlot

_moment = st.floats(0, 1e6)


@given(st.lists(_moment, min_size=2, max_size=30), st.floats(0.1, 30))
def test_requests_are_never_closer_than_the_interval(moments: list[float], least: float) -> None:
    slot, times = HostSlot(), []
    for now in sorted(moments):
        at, slot = slot.reserved(now, least)
        assert at >= now
        times.append(at)
    assert all(later - earlier >= least - 1e-6 for earlier, later in itertools.pairwise(times))


def test_without_an_interval_nothing_waits() -> None:
    at, slot = HostSlot().reserved(10.0, 0.0)
    assert (at, slot.reserved(10.0, 0.0)[0]) == (10.0, 10.0)


def test_a_429_makes_it_slower_each_time_and_time_heals() -> None:
    slot = HostSlot().slowed(100.0, 0.0, 99.0, None)
    assert slot.next_at == 101.0
    assert slot.interval(100.0, 0.0) == 1.0
    slot = slot.slowed(101.0, 0.0, 100.5, 30.0)
    assert slot.next_at == 131.0
    assert 1.9 < slot.interval(101.0, 0.0) <= 2.0
    assert slot.interval(161.0, 0.0) == slot.penalty / 2
    assert slot.interval(2000.0, 0.0) == 0.0


def test_requests_that_were_under_way_together_count_once() -> None:
    slot = HostSlot()
    for number in range(10):
        slot = slot.slowed(100.0 + number / 100, 0.0, 99.5, None)
    assert slot.penalty == FIRST_PENALTY
    assert slot.slowed(102.0, 0.0, 101.0, None).penalty > FIRST_PENALTY


@given(st.lists(st.tuples(_moment, st.none() | st.floats(0, 1e9)), max_size=20))
def test_penalties_are_bounded(blows: list[tuple[float, float | None]]) -> None:
    slot = HostSlot()
    for now, retry_after in sorted(blows, key=lambda blow: blow[0]):
        slot = slot.slowed(now, 0.0, now, retry_after)
        assert slot.penalty <= LONGEST_PENALTY
        assert slot.next_at <= now + LONGEST_SILENCE


def test_a_crawl_delay_without_measure_silences_a_host_for_no_more_than_an_hour() -> None:
    at, after = HostSlot().reserved(100.0, 1e9)
    assert (at, after.next_at) == (100.0, 100.0 + LONGEST_SILENCE)
