"""Every status that is an error: its body and its headers, exactly as clients read them."""

import gzip
from collections.abc import Callable
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from tests.e2e.conftest import CallAs, Client
from tests.support.accounts import Account, new_account
from tests.support.held_page import HeldPage
from tests.support.running import Running, closed_port
from tests.support.waiting import PATIENCE

from alterlab_server.base.clock import new_id
from alterlab_server.base.money import display
from alterlab_server.db import Database
from alterlab_server.web.middleware import MAX_BODY_BYTES

Target = Callable[[str], str]


def error_of(answer: httpx2.Response, status: int, code: str) -> dict[str, Any]:
    """The body of an error, after what every error has was checked."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    body: dict[str, Any] = answer.json()
    assert body["error"] == body["code"] == code
    assert isinstance(body["detail"], str)
    assert body["detail"] == body["message"]
    assert body["detail"]
    assert isinstance(body["details"], dict)
    assert body["request_id"] == answer.headers["X-Request-Id"]
    return body


def has_account_headers(answer: httpx2.Response, balance: int) -> None:
    """Balance, rate and concurrency stand on the answer."""
    assert answer.headers["X-AlterLab-Balance"] == display(balance)
    limit, remaining = int(answer.headers["X-RateLimit-Limit"]), int(answer.headers["X-RateLimit-Remaining"])
    assert 0 <= remaining <= limit
    assert int(answer.headers["X-RateLimit-Reset"]) > 1_700_000_000
    assert int(answer.headers["X-Concurrency-Limit"]) > 0
    assert int(answer.headers["X-Concurrency-Current"]) >= 0


# What the target does, with tiers that need no browser, and the error that the caller gets for it.
TARGETS = [
    ("/blocks-all", 403, "BLOCKED_BY_ANTIBOT"),
    ("/challenge", 403, "CHALLENGE_DETECTED"),
    ("/status/401", 403, "LOGIN_REQUIRED"),
    ("/status/402", 402, "PAYWALL_DETECTED"),
    ("/status/404", 404, "TARGET_NOT_FOUND"),
    ("/status/410", 404, "TARGET_NOT_FOUND"),
    ("/status/451", 422, "TARGET_REJECTED"),
    ("/status/500", 422, "ALL_TIERS_FAILED"),
    ("/empty", 422, "ALL_TIERS_FAILED"),
    ("/blank", 422, "ALL_TIERS_FAILED"),
    ("/shell", 422, "ALL_TIERS_FAILED"),
    ("/rate-limited", 429, "RATE_LIMITED"),
    ("/binary", 415, "UNSUPPORTED_CONTENT_TYPE"),
    ("/redirect/private", 400, "URL_NOT_ALLOWED"),
    ("/redirect/metadata", 400, "URL_NOT_ALLOWED"),
    ("/redirect/file", 400, "URL_NOT_ALLOWED"),
    ("/redirect/loop", 422, "ALL_TIERS_FAILED"),
    ("/cut", 503, "TARGET_UNREACHABLE"),
    ("/not-http", 503, "TARGET_UNREACHABLE"),
]


@pytest.mark.parametrize(("path", "status", "code"), TARGETS)
async def test_what_the_target_does_has_a_name_and_costs_nothing(
    client: Client, account: Account, target: Target, path: str, status: int, code: str
) -> None:
    answer = await client.post("/scrape", json={"url": target(path), "mode": "html"})
    body = error_of(answer, status, code)
    assert body["url"] == body["details"]["url"] == target(path)
    assert body["tier"] in {"1", "2", "3"}
    assert body["details"]["billing"]["total_credits"] == 0
    assert {entry["result"] for entry in body["details"]["billing"]["escalations"]} <= {"failed", "skipped"}
    assert sum(await account.charges()) == 0
    has_account_headers(answer, await account.balance())


async def test_target_that_says_nothing_is_a_504_at_the_deadline(
    client: Client, account: Account, target: Target
) -> None:
    # A client that never polls is waited for beyond the job's deadline.
    given = {"url": target("/silent"), "mode": "html", "timeout": 2}
    node, mcp = {"User-Agent": "alterlab-node/2.0.0"}, {"X-AlterLab-Source": "mcp-server/1.8.0"}
    body = error_of(await client.post("/scrape", json=given, headers=node), 504, "TIMEOUT")
    assert body["credits_status"] == "not charged"
    # This client parses what a timeout cost out of `detail`.
    parsed = (await client.post("/scrape", json=given, headers=mcp)).json()
    assert parsed["detail"] == {"message": parsed["message"], "credits_status": "not charged"}
    assert sum(await account.charges()) == 0


async def test_unknown_host_is_a_502(client: Client) -> None:
    answer = await client.post("/scrape", json={"url": "http://no-such-host.invalid/", "mode": "html"})
    error_of(answer, 502, "DNS_ERROR")


async def test_closed_port_is_a_503(client: Client) -> None:
    with closed_port() as port:
        answer = await client.post("/scrape", json={"url": f"http://127.0.0.1:{port}/", "mode": "html"})
    error_of(answer, 503, "TARGET_UNREACHABLE")


async def test_rate_limited_target_says_when_to_come_again(client: Client, target: Target) -> None:
    answer = await client.post("/scrape", json={"url": target("/rate-limited"), "mode": "html"})
    assert answer.headers["Retry-After"] == "7"
    assert answer.json()["retry_after"] == 7


@pytest.mark.parametrize("headers", [{}, {"X-API-Key": "sk_live_unknown"}, {"Authorization": "Bearer sk_live_unknown"}])
async def test_401_without_a_valid_key(server: Running, headers: dict[str, str]) -> None:
    async with Client(timeout=PATIENCE) as client:
        address = {"X-Forwarded-For": f"2001:db8::{new_id().hex[:4]}"}
        answer = await client.get(f"{server.url}/api/v1/usage", headers=headers | address)
        broken = await client.post(
            f"{server.url}/api/v1/scrape",
            content=b"{",
            headers=headers | address | {"Content-Type": "application/json"},
        )
    error_of(answer, 401, "INVALID_API_KEY")
    error_of(broken, 401, "INVALID_API_KEY")


async def test_401_with_a_revoked_key(client: Client, account: Account, server: Running) -> None:
    from alterlab_server.accounts import service as accounts
    from alterlab_server.base.clock import utc_now

    async with account.database.transaction() as transaction:
        (key,) = await accounts.list_keys(transaction, account.id)
        await accounts.revoke_key(transaction, account.id, key.id, utc_now())
    error_of(await client.get("/usage", headers={"X-Forwarded-For": "192.0.2.7"}), 401, "INVALID_API_KEY")


async def test_404_for_an_organization_that_is_not_the_keys(client: Client, account: Account) -> None:
    own = await client.get("/usage", headers={"X-Organization-Id": str(account.id)})
    assert own.status_code == 200
    error_of(await client.get("/usage", headers={"X-Organization-Id": str(new_id())}), 404, "NOT_FOUND")
    error_of(await client.get("/usage", headers={"X-Organization-Id": "mine"}), 404, "NOT_FOUND")


async def test_402_says_what_there_is_and_what_is_needed(call_as: CallAs, server_database: Database) -> None:
    poor = await new_account(server_database, dollars=0.0001)
    answer = await (await call_as(poor)).post("/scrape", json={"url": "https://example.com/"})
    body = error_of(answer, 402, "INSUFFICIENT_BALANCE")
    assert body["balance_dollars"] == 0.0001
    assert body["required_dollars"] >= 0.002
    has_account_headers(answer, 100)
    assert answer.headers["X-AlterLab-Balance-Warning"] == "critical"
    assert await poor.kinds() == {"deposit": 1}


async def test_402_when_the_ceiling_is_below_every_tier(client: Client) -> None:
    answer = await client.post(
        "/scrape", json={"url": "https://example.com/", "cost_controls": {"max_credits": 0.0001}}
    )
    body = error_of(answer, 402, "MAX_COST_EXCEEDED")
    assert body["field"] == "cost_controls.max_credits"


@pytest.mark.parametrize("path", ["/jobs/00000000-0000-4000-8000-000000000000", "/jobs/nonsense", "/jobs/%00", "/nope"])
async def test_404_for_what_does_not_exist(client: Client, path: str) -> None:
    error_of(await client.get(path), 404, "NOT_FOUND")


async def test_405_for_another_method(client: Client) -> None:
    error_of(await client.delete("/scrape"), 405, "METHOD_NOT_ALLOWED")


@pytest.mark.parametrize("announced", [True, False])
async def test_413_for_a_body_above_a_megabyte(client: Client, announced: bool) -> None:
    async def pieces() -> Any:
        yield b"x" * (MAX_BODY_BYTES + 1)

    content = b"x" * (MAX_BODY_BYTES + 1) if announced else pieces()
    answer = await client.post("/scrape", content=content, headers={"Content-Type": "application/json"})
    error_of(answer, 413, "CONTENT_TOO_LARGE")


def test_413_reaches_a_client_that_sends_all_before_it_reads(server: Running) -> None:
    connection = HTTPConnection(urlsplit(server.url).netloc, timeout=PATIENCE)
    connection.request("POST", "/api/v1/scrape", b"x" * (16 * MAX_BODY_BYTES), {"Connection": "close"})
    assert connection.getresponse().status == 413
    connection.close()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{", "INVALID_JSON"),
        (b"[" * 50_000, "INVALID_JSON"),
        (b'{"url": "http://a/", "timeout": NaN}', "INVALID_JSON"),
        (b'{"url": "http://a/", "cookies": {"a": "\\ud83d"}}', "INVALID_JSON"),
        (b'{"url": "http://a/\xff"}', "INVALID_JSON"),
        (gzip.compress(b'{"url": "http://a/"}', mtime=0), "INVALID_JSON"),
        (b"[]", "VALIDATION_ERROR"),
        (b"", "VALIDATION_ERROR"),
    ],
)
async def test_400_for_a_body_that_is_no_object(client: Client, account: Account, content: bytes, code: str) -> None:
    answer = await client.post("/scrape", content=content, headers={"Content-Type": "application/json"})
    error_of(answer, 400, code)
    has_account_headers(answer, await account.balance())


async def test_a_target_that_is_down_for_centuries_puts_no_client_to_sleep_for_longer_than_a_minute(
    client: Client, target: Target
) -> None:
    answer = await client.post("/scrape", json={"url": target("/down")})
    assert (answer.headers["retry-after"], answer.json()["retry_after"]) == ("60", 60)
    assert answer.json()["details"]["retry_after"] == 365 * 86_400


async def test_400_for_json_that_does_not_say_so_names_the_content_type(client: Client, target: Target) -> None:
    answer = await client.post(
        "/scrape", content=f'{{"url": "{target("/article")}"}}', headers={"Content-Type": "text/plain"}
    )
    assert "Content-Type: application/json" in error_of(answer, 400, "VALIDATION_ERROR")["detail"]


async def test_422_names_the_tier_that_a_control_withheld(client: Client, target: Target) -> None:
    answer = await client.post("/scrape", json={"url": target("/blocks-robots"), "cost_controls": {"max_tier": "1"}})
    body = error_of(answer, 422, "TIER_LIMIT_REACHED")
    assert body["details"]["required_tier"] in {"2", "3"}
    assert "max_tier" in body["detail"]


@pytest.mark.parametrize(
    ("controls", "field"),
    [
        ({"max_tier": "1", "min_tier": "3"}, "cost_controls.max_tier"),
        ({"force_tier": "5"}, "cost_controls.force_tier"),
    ],
)
async def test_422_says_what_leaves_no_tier(client: Client, controls: dict[str, str], field: str) -> None:
    answer = await client.post("/scrape", json={"url": "https://example.com/", "cost_controls": controls})
    body = error_of(answer, 422, "TIER_LIMIT_REACHED")
    assert body["field"] == field
    assert field in body["detail"]
    assert "5 not available on this server" in body["detail"]


async def test_429_above_the_rate_of_the_balance(call_as: CallAs, server_database: Database) -> None:
    small = await new_account(server_database, dollars=1, rate_tier=None)
    client = await call_as(small)
    answers = [await client.get("/usage") for _ in range(31)]
    while answers[-1].status_code == 200:  # a minute ended in between
        answers.append(await client.get("/usage"))
    body = error_of(answers[-1], 429, "RATE_LIMIT_EXCEEDED")
    assert int(answers[-1].headers["Retry-After"]) == body["retry_after"]
    assert 1 <= body["retry_after"] <= 60
    for answer, remaining in ((answers[0], "29"), (answers[-1], "0")):
        assert answer.headers["X-RateLimit-Limit"] == "30"
        assert answer.headers["X-RateLimit-Remaining"] == remaining
        assert int(answer.headers["X-RateLimit-Reset"]) > 0
        assert answer.headers["X-AlterLab-Balance"] == "$1.00"


async def test_429_at_the_concurrency_of_the_balance(call_as: CallAs, server_database: Database) -> None:
    small = await new_account(server_database, dollars=1, rate_tier=None)
    client = await call_as(small)
    async with HeldPage() as page:
        body = {"url": page.url, "mode": "html", "sync": False, "timeout": 300}
        for _ in range(3):
            assert (await client.post("/scrape", json=body)).status_code == 202
        answer = await client.post("/scrape", json=body)
    error_of(answer, 429, "CONCURRENCY_LIMIT")
    assert answer.headers["Retry-After"] == "1"
    assert answer.headers["X-Concurrency-Limit"] == answer.headers["X-Concurrency-Current"] == "3"
