"""TLS and HTTP/2, every HTTP tier."""

import asyncio
from collections.abc import Callable

import pytest
from tests.site import HostileSite
from tests.site.server import SECURE_NAME

from alterlab_server.base.page import Page
from alterlab_server.fetch.egress import Gate
from alterlab_server.fetch.outcome import Failure, Verdict
from alterlab_server.fetch.request import FetchRequest
from alterlab_server.fetch.tier import Tier

Soon = Callable[..., float]


async def test_speaks_http2(tier: Tier, site: HostileSite, soon: Soon) -> None:
    for host in ("127.0.0.1", SECURE_NAME):
        page = await tier.fetch(FetchRequest(site.secure_url("/article", host)), soon())
        assert isinstance(page, Page)
        assert b"lighthouses" in page.body
    assert {request.version for request in site.requests} == {"2"}
    assert site.requests[-1].host == f"{SECURE_NAME}:{site.secure_port}"


async def test_certificate_for_another_host(tier: Tier, site: HostileSite, soon: Soon) -> None:
    outcome = await tier.fetch(FetchRequest(site.secure_url("/article", "other.example")), soon())
    assert isinstance(outcome, Failure)
    assert outcome.verdict is Verdict.TLS_ERROR


async def test_unknown_authority(kind: Callable[..., Tier], site: HostileSite, gate: Gate, soon: Soon) -> None:
    tier = kind(gate)
    try:
        outcome = await tier.fetch(FetchRequest(site.secure_url("/article")), soon())
    finally:
        await tier.close()
    assert isinstance(outcome, Failure)
    assert outcome.verdict is Verdict.TLS_ERROR


async def test_no_tls_on_that_port(tier: Tier, site: HostileSite, soon: Soon) -> None:
    outcome = await tier.fetch(FetchRequest(f"https://127.0.0.1:{site.port}/article"), soon())
    assert isinstance(outcome, Failure)
    assert outcome.verdict is Verdict.NETWORK_ERROR


async def test_a_connection_is_used_again(tier: Tier, site: HostileSite, soon: Soon) -> None:
    for _ in range(5):
        page = await tier.fetch(FetchRequest(site.secure_url("/sized")), soon())
        assert isinstance(page, Page)
        assert len(page.body) > 19_000
    assert site.connections == 1


async def test_one_endless_page_does_not_harm_the_others(tier: Tier, site: HostileSite, soon: Soon) -> None:
    deadline = soon()
    paths = ["/sized", "/endless", "/sized", "/cut", "/sized"] * 4
    fetches = (tier.fetch(FetchRequest(site.secure_url(path), max_bytes=100_000), deadline) for path in paths)
    outcomes = await asyncio.gather(*fetches)
    assert [isinstance(outcome, Page) for outcome in outcomes] == [path != "/cut" for path in paths]


async def test_body_and_cookies(tier: Tier, site: HostileSite, soon: Soon) -> None:
    request = FetchRequest(
        site.secure_url("/echo"), method="POST", body=b"b" * 100_000, cookies={"a": "1"}, headers={"X-Mine": "2"}
    )
    page = await tier.fetch(request, soon())
    assert isinstance(page, Page)
    assert page.body.endswith(b"b" * 100_000)
    assert (site.requests[-1].headers["cookie"], site.requests[-1].headers["x-mine"]) == ("a=1", "2")


async def test_reset_stream(tier: Tier, site: HostileSite, soon: Soon) -> None:
    outcome = await tier.fetch(FetchRequest(site.secure_url("/cut")), soon())
    assert isinstance(outcome, Failure)
    assert outcome.verdict is Verdict.NETWORK_ERROR
    assert isinstance(await tier.fetch(FetchRequest(site.secure_url("/echo")), soon()), Page)


@pytest.mark.parametrize("path", ["/endless", "/gzip-bomb"])
async def test_cap(tier: Tier, site: HostileSite, soon: Soon, path: str) -> None:
    for _ in range(3):
        page = await tier.fetch(FetchRequest(site.secure_url(path), max_bytes=200_000), soon())
        assert isinstance(page, Page)
        assert (len(page.body), page.truncated) == (200_000, True)


async def test_cancelled_stream_leaves_the_tier_usable(tier: Tier, site: HostileSite, soon: Soon) -> None:
    fetching = asyncio.create_task(tier.fetch(FetchRequest(site.secure_url("/slow-body")), soon()))
    await site.until(lambda: bool(site.requests))
    fetching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await fetching
    assert isinstance(await tier.fetch(FetchRequest(site.secure_url("/sized?bytes=3000000")), soon()), Page)
