import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alterlab_server.fetch.memory import (
    MAX_WEIGHT,
    HostMemory,
    Record,
    blocks_images,
    domain_difficulty,
    domain_warning,
    first_tier,
    forecast,
    learn,
    teaches,
    tier_cap_warning,
)
from alterlab_server.fetch.outcome import Attempt, Judgement, Verdict

ALL = ["1", "2", "3", "3.5", "4", "5"]
WEEK = 7 * 24 * 3600.0


def attempt(tier: str, verdict: Verdict, result: str = "") -> Attempt:
    result = result or ("success" if verdict is Verdict.GOOD else "failed")
    return Attempt(tier, result, Judgement(verdict))


def after(*climbs: list[Attempt], now: float = 0.0) -> HostMemory:
    memory = None
    for attempts in climbs:
        memory = learn(memory, attempts, now)
    assert memory is not None
    return memory


BLOCKED_UNTIL_3 = [attempt("1", Verdict.BLOCKED), attempt("2", Verdict.BLOCKED), attempt("3", Verdict.GOOD)]
EASY = [attempt("1", Verdict.GOOD)]
SHELL = [
    attempt("1", Verdict.NEEDS_JAVASCRIPT),
    attempt("2", Verdict.NEEDS_JAVASCRIPT, "skipped"),
    attempt("3.5", Verdict.GOOD),
]
HOPELESS = [attempt("1", Verdict.BLOCKED), attempt("3", Verdict.BLOCKED)]


def test_first_tier_of_a_host_that_blocks() -> None:
    assert first_tier(after(BLOCKED_UNTIL_3, BLOCKED_UNTIL_3), ALL, 0.0) == "3"


def test_first_tier_passes_over_what_was_skipped() -> None:
    assert first_tier(after(SHELL, SHELL), ALL, 0.0) == "3.5"


@pytest.mark.parametrize("climbs", [[BLOCKED_UNTIL_3], [HOPELESS, HOPELESS], []])
def test_too_little_is_known(climbs: list[list[Attempt]]) -> None:
    memory = after(*climbs) if climbs else HostMemory()
    assert first_tier(memory, ALL, 0.0) is None


def test_a_host_is_not_called_hard_for_want_of_trying() -> None:
    assert first_tier(after(*[[attempt("3", Verdict.GOOD)]] * 3), ALL, 0.0) is None


def test_easy_host_starts_at_the_bottom() -> None:
    assert first_tier(after(EASY, EASY, EASY), ALL, 0.0) == "1"


def test_experience_fades() -> None:
    memory = after(*[BLOCKED_UNTIL_3] * 4)
    assert first_tier(memory, ALL, WEEK) == "3"
    assert first_tier(memory, ALL, 2 * WEEK) is None
    assert memory.at(-WEEK) == memory, "a clock that was put back makes nothing grow"


def test_a_changed_host_is_learnt_anew() -> None:
    memory = after(*[EASY] * 100, *[BLOCKED_UNTIL_3] * 25)
    assert first_tier(memory, ALL, 0.0) == "3"


@pytest.mark.parametrize(
    "verdict", [Verdict.NOT_FOUND, Verdict.DNS_ERROR, Verdict.REFUSED, Verdict.RATE_LIMITED, Verdict.WRONG_TYPE]
)
def test_what_says_nothing_of_the_tier_is_not_learnt(verdict: Verdict) -> None:
    memory = after([attempt("1", verdict)])
    assert memory.tiers == {}
    assert memory.climbs == Record()


@given(st.lists(st.tuples(st.booleans(), st.floats(0, WEEK)), max_size=200))
def test_memory_is_bounded_and_survives_storing(story: list[tuple[bool, float]]) -> None:
    memory, now = HostMemory(), 0.0
    for success, passed in story:
        now += passed
        memory = learn(memory, [attempt("1", Verdict.GOOD if success else Verdict.BLOCKED)], now)
        record = memory.tiers["1"]
        assert 0 <= record.successes <= record.attempts <= MAX_WEIGHT + 1e-9
    assert HostMemory.from_json(json.loads(json.dumps(memory.to_json()))) == memory


def test_images_are_loaded_where_pages_fail_without_them() -> None:
    def rendered(verdict: Verdict, *, blocked: bool) -> list[Attempt]:
        return [replace(attempt("4", verdict), images_blocked=blocked)]

    without = [rendered(Verdict.EMPTY, blocked=True)] * 2
    assert blocks_images(None, 0.0)
    assert blocks_images(after(rendered(Verdict.EMPTY, blocked=True)), 0.0)
    assert blocks_images(after(*without[:1], *[rendered(Verdict.GOOD, blocked=True)] * 3), 0.0)
    assert not blocks_images(after(*without), 0.0)
    assert blocks_images(after(*without), WEEK), "what was learnt fades"
    assert not blocks_images(after(*without, *[rendered(Verdict.GOOD, blocked=False)] * 3), 0.0)
    assert blocks_images(after(*without, *[rendered(Verdict.EMPTY, blocked=False)] * 2), 0.0), "images are no help"


def test_memory_of_before_images_were_noted_is_read() -> None:
    data = after(EASY).to_json()
    del data["images"]
    assert HostMemory.from_json(data) == after(EASY)


def test_two_attempts_a_moment_apart_are_two() -> None:
    memory = learn(learn(learn(None, BLOCKED_UNTIL_3, 0.0), BLOCKED_UNTIL_3, 60.0), EASY[:0], 120.0)
    assert first_tier(memory, ALL, 120.0) == "3"


def test_forecast() -> None:
    assert forecast(None, ALL, 0.0).confidence == "low"
    assert forecast(None, ALL, 0.0).tier == "1"
    assert forecast(None, ["4"], 0.0).confidence == "high"
    known = forecast(after(*[BLOCKED_UNTIL_3] * 12), ALL, 0.0)
    assert (known.tier, known.confidence) == ("3", "high")
    assert "100%" in known.reasoning
    assert forecast(after(*[BLOCKED_UNTIL_3] * 3), ALL, 0.0).confidence == "medium"
    assert forecast(after(*[BLOCKED_UNTIL_3] * 2), ALL, 0.0).confidence == "low"
    assert forecast(after(HOPELESS, HOPELESS), ALL, 0.0).tier == "5"


def test_difficulty() -> None:
    assert domain_difficulty(None, 0.0, override_active=False) is None
    assert domain_difficulty(after(EASY, HOPELESS), 0.0, override_active=True) == {
        "success_rate": 0.5,
        "total_attempts": 2,
        "override_active": True,
    }


def test_warnings() -> None:
    hopeless = after(*[HOPELESS] * 4)
    assert domain_warning(hopeless, 0.0) == "Only 0% of the recent requests to this host succeeded."
    assert domain_warning(after(*[EASY] * 4), 0.0) is None
    assert domain_warning(None, 0.0) is None
    hard = after(*[BLOCKED_UNTIL_3] * 4)
    assert tier_cap_warning(hard, 0.0, "2", None) == {"domain_min_tier": "3", "your_max_tier": "2"}
    assert tier_cap_warning(hard, 0.0, "4", "1") == {"domain_min_tier": "3", "your_force_tier": "1"}
    assert tier_cap_warning(hard, 0.0, "3.5", None) is None
    assert tier_cap_warning(None, 0.0, "1", None) is None


def test_one_more_success_on_a_host_known_well_teaches_nothing() -> None:
    good = Attempt("1", "success", Judgement(Verdict.GOOD))
    bad = Attempt("1", "failed", Judgement(Verdict.BLOCKED))
    memory = None
    for _ in range(30):
        memory = learn(memory, [good], 1_000.0)
    assert not teaches(memory, [good], 1_010.0)
    assert teaches(memory, [bad], 1_010.0)
    assert teaches(memory, [good], 1_100.0)
    assert teaches(None, [good], 1_000.0)
    assert not teaches(None, [], 1_000.0)
