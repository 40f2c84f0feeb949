"""The published Python client, unchanged, against the started server."""

from collections.abc import Callable

from tests.e2e.contract.conftest import Sdk
from tests.support.accounts import Account, new_account

from alterlab_server.base.clock import new_id
from alterlab_server.db import Database

Target = Callable[[str], str]


async def test_scrape_estimate_and_usage(sdk: Sdk, account: Account, target: Target) -> None:
    page, formats, estimate, usage = await sdk(
        ("scrape", {"url": target("/article")}),
        ("scrape", {"url": target("/product"), "formats": ["markdown", "json"], "cost_controls": {"max_tier": "3"}}),
        ("estimate_cost", {"url": target("/article"), "cost_controls": {"max_tier": "3"}}),
        ("get_usage", {}),
    )
    assert page["value"]["status_code"] == 200
    assert isinstance(page["value"]["content"], str)
    assert page["value"]["billing"]["tier_used"] == "1"
    assert set(formats["value"]["content"]) == {"markdown", "json"}
    assert estimate["value"]["estimated_tier"] == "1"
    assert estimate["value"]["estimated_credits"] == 1
    assert estimate["value"]["max_possible_credits"] == 2
    assert estimate["value"]["reasoning"]
    spent = sum(await account.charges())
    assert usage["value"]["credits_used"] == spent == 400
    assert usage["value"]["credits_available"] == 10_000_000 - spent
    assert usage["value"]["requests_count"] == 2


async def test_asynchronous_scrape_is_waited_for(sdk: Sdk, account: Account, target: Target) -> None:
    accepted, waited, status = await sdk(
        ("scrape", {"url": target("/article"), "sync": False, "formats": ["text"]}),
        ("wait_for_job", {"job_id": "$job_id"}),
        ("get_job_status", {"job_id": "$job_id"}),
    )
    assert accepted["value"]["status"] == "pending"
    assert waited["value"]["content"]["text"]
    assert status["value"]["status"] == "completed"
    assert status["value"]["result"]["url"] == target("/article")
    assert await account.charges() == [200]


async def test_short_hands_and_options(sdk: Sdk, target: Target) -> None:
    html, advanced, cookies = await sdk(
        ("scrape_html", {"url": target("/article")}),
        ("scrape", {"url": target("/article"), "advanced": {"markdown": True}, "include_raw_html": True}),
        ("scrape", {"url": target("/echo"), "cookies": {"basket": "7"}, "formats": ["raw"]}),
    )
    assert html["value"]["status_code"] == 200
    assert advanced["value"]["content"]["markdown"].startswith("# ")
    assert advanced["value"]["raw_html"].lstrip().startswith("<!doctype html>")
    assert "cookie: basket=7" in cookies["value"]["content"]["raw"]


async def test_errors_of_the_target(sdk: Sdk, account: Account, target: Target) -> None:
    missing, blocked, withheld = await sdk(
        ("scrape", {"url": target("/status/404"), "mode": "html"}),
        ("scrape", {"url": target("/blocks-all"), "mode": "html"}),
        ("scrape", {"url": target("/blocks-robots"), "cost_controls": {"max_tier": "1"}}),
    )
    assert [found["status"] for found in (missing, blocked, withheld)] == [404, 403, 422]
    assert all(found["error"][0] == "AlterLabAPIError" and found["detail"] for found in (missing, blocked, withheld))
    assert sum(await account.charges()) == 0


async def test_failed_job_is_told_to_who_waits(sdk: Sdk, target: Target) -> None:
    _, failed = await sdk(
        ("scrape", {"url": target("/status/404"), "mode": "html", "sync": False}),
        ("wait_for_job", {"job_id": "$job_id"}),
    )
    assert "AlterLabError" in failed["error"]
    assert "404" in failed["detail"]


async def test_job_that_is_not_there_counts_as_expired(sdk: Sdk) -> None:
    status, waited = await sdk(
        ("get_job_status", {"job_id": str(new_id())}), ("wait_for_job", {"job_id": str(new_id())})
    )
    assert status["error"][0] == waited["error"][0] == "JobExpiredError"
    assert status["status"] == 404


async def test_empty_account_and_wrong_key(sdk: Sdk, server_database: Database, target: Target) -> None:
    poor = await new_account(server_database, dollars=0)
    (unpaid,) = await sdk(("scrape", {"url": target("/article")}), key=poor.key)
    assert (unpaid["error"][0], unpaid["status"]) == ("AlterLabAPIError", 402)
    assert "balance" in unpaid["detail"]
    (unknown,) = await sdk(("get_usage", {}), key="sk_live_unknown")
    assert unknown["status"] == 401
