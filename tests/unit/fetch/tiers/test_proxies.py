"""Proxies, every HTTP tier: http, https and socks5, through the same gate."""

import ssl
from collections.abc import Callable
from ipaddress import ip_network

import pytest
import trustme
from tests.site import HostileSite
from tests.site.proxy import TestProxy
from tests.site.server import SECURE_NAME
from tests.support.running import closed_port
from tests.unit.fetch.tiers.conftest import resolve

from alterlab_server.base.page import Page
from alterlab_server.fetch.egress import Gate
from alterlab_server.fetch.http.options import HttpOptions
from alterlab_server.fetch.outcome import Failure, Verdict
from alterlab_server.fetch.request import FetchRequest
from alterlab_server.fetch.tier import Tier

Soon = Callable[..., float]


@pytest.mark.parametrize("scheme", ["http", "socks5"])
@pytest.mark.parametrize("credentials", ["", "user:se%40cret"])
async def test_goes_through_the_proxy(tier: Tier, site: HostileSite, soon: Soon, scheme: str, credentials: str) -> None:
    async with TestProxy(scheme, credentials.replace("%40", "@")) as proxy:
        at = f"{credentials}@" if credentials else ""
        through = f"{scheme}://{at}127.0.0.1:{proxy.port}"
        plain = await tier.fetch(FetchRequest(f"http://plain.example:{site.port}/echo", proxy=through), soon())
        secure = await tier.fetch(FetchRequest(site.secure_url("/echo", SECURE_NAME), proxy=through), soon())
    assert isinstance(plain, Page)
    assert isinstance(secure, Page)
    assert "x-proxy" not in plain.headers
    assert [request.host for request in site.requests] == [
        f"plain.example:{site.port}",
        f"{SECURE_NAME}:{site.secure_port}",
    ]
    assert proxy.tunnels == [f"127.0.0.1:{site.port}", f"127.0.0.1:{site.secure_port}"]
    assert all("proxy-authorization" not in request.headers for request in site.requests)


async def test_proxy_over_tls(kind: Callable[..., Tier], site: HostileSite, soon: Soon) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("proxy.example").configure_cert(context)
    with authority.cert_pem.tempfile() as ca_file:
        tier = kind(Gate([ip_network("127.0.0.1/32")], resolver=resolve), HttpOptions(ca_bundle=ca_file))
        try:
            async with TestProxy("https", "user:secret", context) as proxy:
                through = f"https://user:secret@proxy.example:{proxy.port}"
                page = await tier.fetch(FetchRequest(site.url("/echo"), proxy=through), soon())
        finally:
            await tier.close()
    assert isinstance(page, Page)
    assert proxy.tunnels == [f"127.0.0.1:{site.port}"]


@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_wrong_password(tier: Tier, site: HostileSite, soon: Soon, scheme: str) -> None:
    async with TestProxy(scheme, "user:secret") as proxy:
        through = f"{scheme}://user:wrong@127.0.0.1:{proxy.port}"
        outcome = await tier.fetch(FetchRequest(site.url("/echo"), proxy=through), soon())
    assert isinstance(outcome, Failure)
    assert outcome.verdict is Verdict.UNREACHABLE
    assert "secret" not in outcome.reason
    assert not site.requests


async def test_a_proxy_is_no_way_around_the_gate(kind: Callable[..., Tier], site: HostileSite, soon: Soon) -> None:
    async with TestProxy() as proxy:
        for gate in (Gate([ip_network("127.0.0.1/32")]), Gate()):
            tier = kind(gate)
            for url in ("http://10.0.0.1/", "http://169.254.169.254/"):
                outcome = await tier.fetch(FetchRequest(url, proxy=proxy.url), soon())
                assert isinstance(outcome, Failure)
                assert outcome.verdict is Verdict.REFUSED
            await tier.close()
    assert proxy.tunnels == []


async def test_a_proxy_in_a_forbidden_network_is_refused(kind: Callable[..., Tier], soon: Soon) -> None:
    tier = kind(Gate())
    try:
        outcome = await tier.fetch(FetchRequest("http://93.184.216.34/", proxy="http://127.0.0.1:3128"), soon())
    finally:
        await tier.close()
    assert isinstance(outcome, Failure)
    assert outcome.verdict is Verdict.REFUSED
    assert outcome.reason.startswith("The proxy")


async def test_a_dead_proxy(tier: Tier, site: HostileSite, soon: Soon) -> None:
    with closed_port() as port:
        outcome = await tier.fetch(FetchRequest(site.url("/echo"), proxy=f"http://127.0.0.1:{port}"), soon())
    assert isinstance(outcome, Failure)
    assert outcome.verdict is Verdict.UNREACHABLE


async def test_connections_through_a_proxy_are_not_shared(tier: Tier, site: HostileSite, soon: Soon) -> None:
    async with TestProxy("http", "user:secret") as proxy:
        for _ in range(2):
            assert isinstance(await tier.fetch(FetchRequest(site.url("/echo"), proxy=proxy.url), soon()), Page)
        unsigned = proxy.url.replace("user:secret@", "")
        assert isinstance(await tier.fetch(FetchRequest(site.url("/echo"), proxy=unsigned), soon()), Failure)
    assert len(proxy.tunnels) == 2
