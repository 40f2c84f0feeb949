"""Usage and balance after scrapes whose cost is known."""

from collections.abc import Callable

import pytest
from tests.e2e.conftest import CallAs, Client
from tests.e2e.test_crawl import crawl
from tests.site import HostileSite
from tests.support.accounts import Account, new_account

from alterlab_server.base.clock import new_id
from alterlab_server.db import Database

Target = Callable[[str], str]


async def test_figures_after_two_pages_and_a_refusal(client: Client, account: Account, target: Target) -> None:
    for path in ("/article", "/blocks-robots", "/blocks-all"):
        await client.post("/scrape", json={"url": target(path), "mode": "html"})
    spent = sum(await account.charges())
    usage = (await client.get("/usage")).json()
    assert usage["requests"] == {"total": 3, "successful": 2, "failed": 1, "cached": 0}
    assert usage["by_mode"] == {"html": 3, "js": 0, "pdf": 0, "ocr": 0}
    assert usage["by_tier"]["1"] == 1
    assert sum(usage["by_tier"].values()) == 2
    assert usage["balance"]["deposited_cents"] == 1000
    assert usage["credits_used"] == usage["credits_used_month"] == spent
    assert usage["credits_available"] == usage["credits"]["remaining"] == 10_000_000 - spent
    assert usage["period"]["current"] is True
    assert usage["requests_count"] == 3
    balance = (await client.get("/billing/balance")).json()
    assert balance["balance_microcents"] == 10_000_000 - spent
    assert balance["balance_display"] == f"${(10_000_000 - spent) / 1e6:,.4f}"
    assert balance["total_deposited_cents"] == 1000


async def test_spending_by_time_and_by_domain(client: Client, account: Account, site: HostileSite) -> None:
    one, other = (f"http://{new_id().hex[:12]}.localhost:{site.port}" for _ in range(2))
    assert (await client.get("/billing/usage")).json()["usage_since"] is None
    for url in (f"{one}/article", f"{one}/table", f"{one}/blocks-all"):
        await client.post("/scrape", json={"url": url, "cost_controls": {"max_tier": "1"}})
    await crawl(client, f"{other}/tree/0", max_depth=2, mode="html")
    spent = sum(await account.charges())
    usage = (await client.get("/billing/usage")).json()
    assert spent == 15 * 200
    windows = ("today_credits", "this_week_credits", "this_month_credits", "total_credits")
    assert {usage[name] for name in windows} == {3}
    assert (usage["today_requests"], usage["this_week_requests"]) == (16, 16)
    assert usage["top_domains"] == [
        {"domain": other.split("/")[2].split(":")[0], "credits_used": 3, "requests": 13},
        {"domain": one.split("/")[2].split(":")[0], "credits_used": 1, "requests": 3},
    ]
    assert usage["usage_since"].endswith("Z")


async def test_pages_of_a_crawl_count_by_its_mode(client: Client, target: Target) -> None:
    body = await crawl(client, target("/article"), max_depth=0, mode="js", cost_controls={})
    assert body["completed"] == 1
    assert (await client.get("/usage")).json()["by_mode"] == {"html": 0, "js": 1, "pdf": 0, "ocr": 0}


async def test_period_is_the_callers(client: Client, target: Target) -> None:
    await client.post("/scrape", json={"url": target("/article")})
    past = (await client.get("/usage", params={"start_date": "2001-01-01", "end_date": "2001-01-31"})).json()
    assert past["period"] == {"start": "2001-01-01T00:00:00Z", "end": "2001-01-31T23:59:59Z", "current": False}
    assert past["requests"]["total"] == 0
    until = (await client.get("/usage", params={"end_date": "2001-01-31"})).json()
    assert until["period"] == past["period"]
    since = (await client.get("/usage", params={"start_date": "2001-01-01T00:00:00+02:00"})).json()
    assert since["period"]["start"] == "2000-12-31T22:00:00Z"
    assert since["period"]["current"] is True
    assert since["requests"]["total"] == 1


async def test_an_end_before_all_time_is_refused(client: Client) -> None:
    answer = await client.get("/usage", params={"end_date": "0001-01-01T00:00:00"})
    assert (answer.status_code, answer.json()["field"]) == (400, "end_date")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("start_date", "yesterday"),
        ("start_date", "0001-01-01T00:00:00+14:00"),
        ("end_date", "9999-12-31"),
        ("end_date", "2026-13-01"),
        ("end_date", "2019-12-31"),
    ],
)
async def test_period_that_is_none_is_refused_by_name(client: Client, name: str, value: str) -> None:
    dates = {"start_date": "2020-01-01"} | {name: value}
    answer = await client.get("/usage", params=dates)
    assert answer.status_code == 400
    assert answer.json()["field"] == name


@pytest.mark.parametrize(
    ("dollars", "warning", "tier"),
    [(10, None, "basic"), (0.49, "low", "free"), (0.09, "critical", "free"), (0, "exhausted", "free")],
)
async def test_warning_and_rate_tier_follow_the_balance(
    call_as: CallAs, server_database: Database, dollars: float, warning: str | None, tier: str
) -> None:
    client = await call_as(await new_account(server_database, dollars=dollars, rate_tier=None))
    answer = await client.get("/usage")
    assert answer.headers.get("X-AlterLab-Balance-Warning") == warning
    assert answer.json()["spend_tier"]["current"] == tier


async def test_balance_on_an_error_is_what_is_left_after_it(client: Client, target: Target) -> None:
    answer = await client.post("/scrape", json={"url": target("/blocks-all"), "mode": "html"})
    assert answer.status_code == 403
    assert answer.headers["X-AlterLab-Balance"] == "$10.00"
