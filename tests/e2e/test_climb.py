"""What the cost controls and the host's history make of a climb, as the caller sees it."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.e2e.conftest import Client
from tests.e2e.test_jobs import ended

Target = Callable[[str], str]


async def scrape(client: Client, url: str, **fields: Any) -> tuple[int, dict[str, Any]]:
    """Status and body, with what an error has in `details` beside its code."""
    answer = await client.post("/scrape", json={"url": url, "formats": ["text"], "timeout": 300, **fields})
    body = answer.json()
    return answer.status_code, body | body.get("details", {})


def climbed(body: dict[str, Any]) -> str:
    """The attempts, such as "1 failed, 2 success"."""
    return ", ".join(f"{step['tier']} {step['result']}" for step in body["billing"]["escalations"])


@pytest.mark.parametrize(
    ("path", "fields", "status", "code", "steps"),
    [
        ("/shell", {"cost_controls": {"force_tier": "1"}}, 422, "TIER_LIMIT_REACHED", "1 failed"),
        ("/shell", {"cost_controls": {"max_tier": "2"}}, 422, "TIER_LIMIT_REACHED", "1 failed, 2 skipped"),
        ("/shell", {"cost_controls": {"max_credits": 2}}, 402, "MAX_COST_EXCEEDED", "1 failed, 2 skipped, 3 skipped"),
        ("/shell", {"cost_controls": {"fail_fast": True}}, 422, "TIER_LIMIT_REACHED", "1 failed, 2 skipped, 3 skipped"),
        ("/shell", {"mode": "html"}, 422, "ALL_TIERS_FAILED", "1 failed, 2 skipped, 3 skipped"),
        ("/shell", {"mode": "js"}, 200, None, "3.5 success"),
        ("/shell", {"advanced": {"render_js": "auto"}}, 200, None, "1 failed, 2 skipped, 3 skipped, 3.5 success"),
        ("/article", {"advanced": {"render_js": "auto"}}, 200, None, "1 success"),
        ("/article", {"advanced": {"render_js": True}}, 200, None, "4 success"),
        ("/article", {"cost_controls": {"prefer_speed": True}}, 200, None, "4 success"),
        ("/article", {"cost_controls": {"prefer_cost": True}}, 200, None, "1 success"),
        (
            "/captcha/form/turnstile",
            {},
            403,
            "CHALLENGE_DETECTED",
            "1 failed, 2 failed, 3 failed, 3.5 failed, 4 failed",
        ),
    ],
)
async def test_controls(
    client: Client, target: Target, path: str, fields: dict[str, Any], status: int, code: str | None, steps: str
) -> None:
    answered, body = await scrape(client, target(path), **fields)
    assert (answered, body.get("code"), climbed(body)) == (status, code, steps)


async def test_a_cost_limit_says_what_the_cheapest_tier_that_it_withholds_costs(client: Client, target: Target) -> None:
    limited = {"cost_controls": {"max_credits": 1}, "advanced": {"render_js": True}}
    status, body = await scrape(client, target("/article"), **limited)
    assert (status, body["code"], body["least_microcents"]) == (402, "MAX_COST_EXCEEDED", 4000)


async def test_time_budget_leaves_out_what_takes_longer(client: Client, target: Target) -> None:
    status, body = await scrape(client, target("/shell"), cost_controls={"time_budget": 5})
    assert (status != 200, body["time_budget_expired"]) == (True, True)
    assert climbed(body).endswith("3.5 skipped, 4 skipped")


async def test_the_deadline_bounds_the_whole_climb(client: Client, target: Target) -> None:
    _, accepted = await scrape(client, target("/silent"), timeout=2, sync=False)
    job = await ended(client, accepted["job_id"])
    assert (job["status"], job["error_code"]) == ("failed", "TIMEOUT")
    assert len(job["error_details"]["billing"]["escalations"]) > 1


async def test_a_host_is_learnt(client: Client, target: Target) -> None:
    url = target("/blocks-robots")
    _, first = await scrape(client, url)
    assert climbed(first) == "1 failed, 2 success"
    assert "cost_controls.min_tier: 2" in first["billing"]["optimization_suggestion"]
    assert first["billing"]["savings"] == 19
    await scrape(client, url)
    _, third = await scrape(client, url)
    assert climbed(third) == "2 success"
    assert third["domain_difficulty"] == {"success_rate": 1.0, "total_attempts": 2, "override_active": True}
    estimate = (await client.post("/scrape/estimate", json={"url": url})).json()
    assert (estimate["estimated_tier"], estimate["confidence"]) == ("2", "medium")
    assert "tier 2 brought 100%" in estimate["reasoning"]
    status, capped = await scrape(client, url, cost_controls={"max_tier": "1"})
    assert status == 422
    assert capped["tier_cap_warning"] == {"domain_min_tier": "2", "your_max_tier": "1"}
    assert capped["required_tier"] == "2"


async def test_an_estimate_refuses_what_the_scrape_would(client: Client) -> None:
    for given in ({"location": {"country": "DE"}}, {"extraction_schema": {"type": "nothing"}}):
        answers = [
            await client.post(path, json={"url": "https://example.com/", **given})
            for path in ("/scrape", "/scrape/estimate")
        ]
        assert [answer.status_code for answer in answers] == [400, 400]
        assert answers[0].json()["detail"] == answers[1].json()["detail"]


async def test_a_host_that_refuses_is_warned_of(client: Client, target: Target) -> None:
    url = target("/blocks-all")
    for _ in range(3):
        await scrape(client, url, cost_controls={"max_tier": "2"})
    _, body = await scrape(client, url.replace("/blocks-all", "/article"))
    assert body["domain_warning"] == "Only 0% of the recent requests to this host succeeded."
    assert body["domain_difficulty"]["success_rate"] == 0
