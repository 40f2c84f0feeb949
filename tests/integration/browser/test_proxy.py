import asyncio
import base64
import contextlib
import ssl
from collections.abc import AsyncIterator, Sequence
from ipaddress import ip_address

import pytest
import trustme
from tests.integration.browser.helpers import LOOPBACK, fetch, good
from tests.site import HostileSite
from tests.site.proxy import TestProxy
from tests.site.server import SECURE_NAME

from alterlab_server.fetch.browser.dial import Streams
from alterlab_server.fetch.browser.options import PoolOptions
from alterlab_server.fetch.browser.pool import BrowserPool
from alterlab_server.fetch.browser.proxy import EgressProxy, EgressSession
from alterlab_server.fetch.egress import Gate
from alterlab_server.fetch.egress.addresses import Address
from alterlab_server.fetch.outcome import Failure, Verdict
from alterlab_server.fetch.request import FetchRequest
from alterlab_server.fetch.tiers.browser import BrowserTier


@pytest.fixture
async def proxy() -> AsyncIterator[EgressProxy]:
    proxy = EgressProxy(Gate(LOOPBACK))
    await proxy.start()
    yield proxy
    await proxy.close()


async def connect(proxy: EgressProxy) -> Streams:
    return await asyncio.open_connection("127.0.0.1", int(proxy.address.rpartition(":")[2]))


def head(first: str, session: EgressSession | None, *headers: str) -> bytes:
    lines = [first, "Host: x", *headers]
    if session is not None:
        pair = base64.b64encode(f"{session.username}:{session.password}".encode()).decode()
        lines.append(f"Proxy-Authorization: Basic {pair}")
    return "\r\n".join([*lines, "", ""]).encode()


async def exchange(proxy: EgressProxy, request: bytes) -> bytes:
    """All that the proxy answers until it closes the connection."""
    reader, writer = await connect(proxy)
    writer.write(request)
    writer.write_eof()
    answer = await reader.read()
    writer.close()
    return answer


@pytest.mark.parametrize("method", ["GET", "CONNECT"])
async def test_nobody_without_credentials_is_served(site: HostileSite, proxy: EgressProxy, method: str) -> None:
    target = site.url("/article") if method == "GET" else f"127.0.0.1:{site.port}"
    with proxy.session(1_000_000) as session:
        stranger = EgressSession(1_000_000)
        stranger.username = session.username  # the right name with a wrong password
        for someone in (None, stranger):
            answer = await exchange(proxy, head(f"{method} {target} HTTP/1.1", someone))
            assert answer.startswith(b"HTTP/1.1 407 ")
    late = await exchange(proxy, head(f"{method} {target} HTTP/1.1", session))
    assert late.startswith(b"HTTP/1.1 407 ")
    assert site.requests == []


async def test_a_plain_request_is_forwarded_without_what_concerns_the_proxy(
    site: HostileSite, proxy: EgressProxy
) -> None:
    with proxy.session(1_000_000) as session:
        reader, writer = await connect(proxy)
        first = f"POST {site.url('/browser/echo')} HTTP/1.1"
        writer.write(head(first, session, "Content-Length: 3", "Proxy-Connection: keep-alive", "X-Kept: yes") + b"abc")
        answer = await reader.readuntil(b"</pre>")
        writer.close()
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"\r\nConnection: close\r\n" in answer
    seen = site.requests[0]
    assert (seen.method, seen.target, seen.body) == ("POST", "/browser/echo", b"abc")
    assert seen.headers["x-kept"] == "yes"
    assert not {name for name in seen.headers if name.startswith("proxy-")}


async def test_a_second_request_is_not_passed_to_the_first_ones_server(site: HostileSite, proxy: EgressProxy) -> None:
    with proxy.session(1_000_000) as session:
        reader, writer = await connect(proxy)
        request = head(f"GET {site.url('/article')} HTTP/1.1", session)
        writer.write(request + head(f"GET {site.url('/browser/echo')} HTTP/1.1", None, "Cookie: other=1"))
        await reader.read()
        writer.close()
    assert [seen.path for seen in site.requests] in ([], ["/article"])


@pytest.mark.parametrize(
    ("first", "status"),
    [
        ("CONNECT 10.0.0.1:443 HTTP/1.1", b"403"),
        ("CONNECT 127.0.0.1:22 HTTP/1.1", b"403"),
        ("CONNECT nowhere.invalid:443 HTTP/1.1", b"502"),
        ("CONNECT 127.0.0.1 HTTP/1.1", b"400"),
        ("GET /relative HTTP/1.1", b"400"),
        ("GET ftp://127.0.0.1/ HTTP/1.1", b"400"),
        ("NONSENSE", b"400"),
    ],
)
async def test_what_is_refused(proxy: EgressProxy, first: str, status: bytes) -> None:
    with proxy.session(1_000_000) as session:
        answer = await exchange(proxy, head(first, session))
    assert answer.split(b" ")[1] == status


async def test_a_budget_ends_a_tunnel(site: HostileSite, proxy: EgressProxy) -> None:
    with proxy.session(200_000) as session:
        reader, writer = await connect(proxy)
        writer.write(head(f"CONNECT 127.0.0.1:{site.port} HTTP/1.1", session))
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
        writer.write(b"GET /browser/endless-download HTTP/1.1\r\nHost: x\r\n\r\n")
        received = await reader.read()
        writer.close()
        assert session.exhausted
        assert len(received) < 400_000
        answer = await exchange(proxy, head(f"CONNECT 127.0.0.1:{site.port} HTTP/1.1", session))
        assert answer.startswith(b"HTTP/1.1 502 ")


async def test_a_budget_ends_announcements_of_an_answer(proxy: EgressProxy) -> None:
    async def announce(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                writer.write(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1_000)
                await writer.drain()

    server = await asyncio.start_server(announce, "127.0.0.1", 0)
    with proxy.session(200_000) as session:
        reader, writer = await connect(proxy)
        port = server.sockets[0].getsockname()[1]
        writer.write(head(f"GET http://127.0.0.1:{port}/ HTTP/1.1", session))
        assert len(await reader.read()) < 200_000
        writer.close()
        assert session.exhausted
    server.close()


async def test_connections_end_with_their_job(site: HostileSite, proxy: EgressProxy) -> None:
    with proxy.session(1_000_000) as session:
        reader, writer = await connect(proxy)
        writer.write(head(f"CONNECT 127.0.0.1:{site.port} HTTP/1.1", session))
        await reader.readuntil(b"\r\n\r\n")
    assert await reader.read() == b""
    writer.close()


@pytest.mark.parametrize("scheme", ["http", "socks5"])
@pytest.mark.parametrize("credentials", ["", "user:secret"])
async def test_a_job_goes_through_its_proxy(
    site: HostileSite, pool: BrowserPool, scheme: str, credentials: str
) -> None:
    async with TestProxy(scheme, credentials) as upstream:
        page = await good(BrowserTier(pool), FetchRequest(site.url("/shell"), proxy=upstream.url))
        assert b"Built by script" in page.body
        assert set(upstream.tunnels) == {f"127.0.0.1:{site.port}"}
    assert all("proxy-authorization" not in request.headers for request in site.requests)


async def test_a_proxy_over_tls(site: HostileSite) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with authority.cert_pem.tempfile() as ca_file:
        pool = BrowserPool(Gate(LOOPBACK), PoolOptions(ca_file=ca_file))
        try:
            async with TestProxy("https", "user:secret", context) as upstream:
                page = await good(BrowserTier(pool), FetchRequest(site.url("/shell"), proxy=upstream.url))
                assert b"Built by script" in page.body
        finally:
            await pool.close()


async def test_a_wrong_password_for_the_proxy(site: HostileSite, pool: BrowserPool) -> None:
    async with TestProxy("http", "user:secret") as upstream:
        wrong = upstream.url.replace("secret", "guess")
        outcome = await fetch(BrowserTier(pool), FetchRequest(site.url("/article"), proxy=wrong))
    assert isinstance(outcome, Failure)
    assert outcome.verdict is Verdict.UNREACHABLE
    assert "407" in outcome.reason
    assert site.requests == []


async def test_a_proxy_is_no_way_around_the_gate(site: HostileSite, pool: BrowserPool) -> None:
    async with TestProxy() as upstream:
        outcome = await fetch(BrowserTier(pool), FetchRequest("http://10.0.0.1/", proxy=upstream.url))
        assert isinstance(outcome, Failure)
        assert outcome.verdict is Verdict.REFUSED
        assert upstream.tunnels == []
    outcome = await fetch(BrowserTier(pool), FetchRequest(site.url("/article"), proxy="http://10.0.0.1:3128"))
    assert isinstance(outcome, Failure)
    assert outcome.reason.startswith("The proxy")


@pytest.fixture
async def secure_site() -> AsyncIterator[HostileSite]:
    async with HostileSite(secure=True) as site:
        yield site


@pytest.fixture
async def trusting(secure_site: HostileSite) -> AsyncIterator[BrowserPool]:
    """A pool that trusts the authority of the site, and finds all names on this machine."""

    async def resolver(host: str) -> Sequence[Address]:
        return [ip_address("127.0.0.1")]

    pool = BrowserPool(Gate(LOOPBACK, resolver), PoolOptions(ca_file=secure_site.ca_file))
    yield pool
    await pool.close()


async def test_tls_reaches_from_the_browser_to_the_site(secure_site: HostileSite, trusting: BrowserPool) -> None:
    page = await good(BrowserTier(trusting), secure_site.secure_url("/browser/memory?name=x", SECURE_NAME))
    assert page.final_url.startswith(f"https://{SECURE_NAME}:")
    assert secure_site.requests[0].headers["host"] == f"{SECURE_NAME}:{secure_site.secure_port}"


async def test_a_trusted_authority_vouches_for_no_other_name(secure_site: HostileSite, trusting: BrowserPool) -> None:
    outcome = await fetch(BrowserTier(trusting), secure_site.secure_url("/article", "other.example"))
    assert isinstance(outcome, Failure)
    assert outcome.verdict is Verdict.TLS_ERROR


async def test_an_unknown_authority_is_an_error(secure_site: HostileSite, pool: BrowserPool) -> None:
    outcome = await fetch(BrowserTier(pool), secure_site.secure_url("/article"))
    assert isinstance(outcome, Failure)
    assert outcome.verdict is Verdict.TLS_ERROR
