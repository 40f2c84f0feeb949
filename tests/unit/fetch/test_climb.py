import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from alterlab_server.base.page import Page
from alterlab_server.fetch.climb import AFTER, climb
from alterlab_server.fetch.outcome import Attempt, ClimbResult, Failure, Verdict
from alterlab_server.fetch.plan import ClimbControls, make_plan
from alterlab_server.fetch.request import FetchRequest

REQUEST = FetchRequest("https://shop.example/")
GOOD = b"<title>Item</title><p>" + b"words of a good page " * 30 + b"</p>"
SHELL = b'<div id="root"></div><script></script>'

Soon = Callable[..., float]


def page(status: int = 200, body: bytes = GOOD, *, rendered: bool = False) -> Page:
    return Page(REQUEST.url, REQUEST.url, status, {"content-type": "text/html"}, body, rendered=rendered)


class Scripted:
    """A tier that brings what it was told to bring."""

    def __init__(self, outcome: Page | Failure) -> None:
        self._outcome = outcome
        self.deadline = 0.0

    async def fetch(self, request: FetchRequest, deadline: float) -> Page | Failure:
        self.deadline = deadline
        return self._outcome

    async def close(self) -> None:
        return None


async def climbed(
    soon: Soon,
    outcomes: dict[str, Page | Failure],
    *,
    seconds: float = 60.0,
    on_attempt: Callable[[Attempt], None] | None = None,
    method: str = "GET",
    **controls: object,
) -> ClimbResult:
    tiers = {name: Scripted(outcome) for name, outcome in outcomes.items()}
    plan = make_plan(ClimbControls(**controls), None, tiers)
    return await climb(replace(REQUEST, method=method), plan, tiers, soon(seconds), on_attempt)


def story(result: ClimbResult) -> list[tuple[str, str]]:
    return [(attempt.tier, attempt.result) for attempt in result.attempts]


async def test_a_good_page_on_the_first_tier_stops(soon: Soon) -> None:
    heard: list[Attempt] = []
    result = await climbed(soon, {"1": page(), "3": page()}, on_attempt=heard.append)
    assert story(result) == [("1", "success")]
    assert result.page is not None
    assert tuple(heard) == result.attempts


async def test_a_block_is_climbed_past(soon: Soon) -> None:
    result = await climbed(soon, {"1": page(403), "2": Failure(Verdict.TIMEOUT, "slow"), "3": page()})
    assert story(result) == [("1", "failed"), ("2", "failed"), ("3", "success")]
    assert [attempt.status_code for attempt in result.attempts] == [403, None, 200]


@pytest.mark.parametrize("method", ["POST", "PATCH"])
async def test_what_may_have_had_its_effect_is_not_sent_again(soon: Soon, method: str) -> None:
    for outcome in (page(500), Failure(Verdict.TIMEOUT, "slow"), Failure(Verdict.CUT, "half")):
        result = await climbed(soon, {"1": outcome, "2": page()}, method=method)
        assert story(result) == [("1", "failed")]
        again = await climbed(soon, {"1": outcome, "2": page()}, method="PUT")
        assert story(again) == [("1", "failed"), ("2", "success")]
    blocked = await climbed(soon, {"1": page(403), "2": page()}, method=method)
    assert story(blocked) == [("1", "failed"), ("2", "success")]


async def test_a_shell_goes_straight_to_a_browser(soon: Soon) -> None:
    result = await climbed(soon, {"1": page(body=SHELL), "2": page(), "3": page(), "4": page(rendered=True)})
    assert story(result) == [("1", "failed"), ("2", "skipped"), ("3", "skipped"), ("4", "success")]


async def test_a_shell_without_a_browser_fails_and_says_what_is_needed(soon: Soon) -> None:
    result = await climbed(soon, {"1": page(body=SHELL), "4": page()}, max_tier="3")
    assert result.page is None
    assert result.judgement.verdict is Verdict.NEEDS_JAVASCRIPT
    assert result.notes == {"next_tier": "4", "withheld_by": "max_tier"}
    result = await climbed(soon, {"1": page(body=SHELL), "2": page(), "4": page()}, max_tier="1")
    assert result.notes == {"next_tier": "4", "withheld_by": "max_tier"}, "tier 2 is no browser"


async def test_only_a_full_page_says_whether_it_came_without_images(soon: Soon) -> None:
    result = await climbed(soon, {"1": page(403), "3.5": page(403), "4": page()})
    assert [attempt.images_blocked for attempt in result.attempts] == [None, None, True]


@pytest.mark.parametrize("status", [404, 401, 402, 429])
async def test_what_no_tier_can_mend_stops(soon: Soon, status: int) -> None:
    result = await climbed(soon, {"1": page(status), "3": page()})
    assert story(result) == [("1", "failed")]
    assert result.page is None


@pytest.mark.parametrize("verdict", [Verdict.REFUSED, Verdict.DNS_ERROR, Verdict.UNREACHABLE, Verdict.TLS_ERROR])
async def test_a_host_that_cannot_be_reached_stops(soon: Soon, verdict: Verdict) -> None:
    result = await climbed(soon, {"1": Failure(verdict, "no"), "3": page()})
    assert story(result) == [("1", "failed")]
    assert result.judgement.verdict is verdict


async def test_all_tiers_fail(soon: Soon) -> None:
    result = await climbed(soon, {"1": page(403), "3": page(403)})
    assert (result.page, result.judgement.verdict) == (None, Verdict.BLOCKED)


async def test_time_budget_skips_what_takes_longer(soon: Soon) -> None:
    result = await climbed(soon, {"1": page(403), "4": page()}, time_budget=5)
    assert story(result) == [("1", "failed"), ("4", "skipped")]
    assert result.judgement.verdict is Verdict.BLOCKED, "what was tried tells more than what was not"
    assert result.time_budget_expired
    alone = await climbed(soon, {"4": page()}, time_budget=5)
    assert story(alone) == [("4", "success")], "one is tried in any case"


@pytest.mark.parametrize(("budget", "expired"), [(5, True), (20, False)])
async def test_a_budget_that_a_slow_page_used_up_is_expired(soon: Soon, budget: float, expired: bool) -> None:
    result = await climbed(soon, {"1": Failure(Verdict.TIMEOUT, "slow")}, time_budget=budget, seconds=10)
    assert story(result) == [("1", "failed")]
    assert result.time_budget_expired is expired


async def test_no_time_left(soon: Soon) -> None:
    result = await climbed(soon, {"1": page()}, seconds=-1.0)
    assert story(result) == [("1", "skipped")]
    assert result.judgement.verdict is Verdict.TIMEOUT
    assert not result.time_budget_expired


async def test_nothing_to_try(soon: Soon) -> None:
    result = await climbed(soon, {"1": page()}, force_tier="4")
    assert result.judgement.verdict is Verdict.NOT_AVAILABLE


async def test_a_tier_leaves_time_for_the_next(soon: Soon) -> None:
    tiers = {"1": Scripted(page(403)), "3": Scripted(page())}
    now = asyncio.get_running_loop().time()
    plan = make_plan(ClimbControls(), None, tiers)
    await climb(REQUEST, plan, tiers, now + 60)
    assert tiers["3"].deadline == now + 60
    assert tiers["1"].deadline == pytest.approx(now + 30, abs=20)
    await climb(replace(REQUEST, method="POST"), plan, tiers, now + 60)
    assert tiers["1"].deadline == now + 60, "there may be no next one"


def test_every_verdict_has_its_place() -> None:
    assert set(AFTER) == set(Verdict)
