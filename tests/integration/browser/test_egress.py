"""Pages that reach for this machine's own network. A canary listens there, and must hear nothing."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from ipaddress import ip_address, ip_network

import pytest
from tests.integration.browser.helpers import DONE, LOOPBACK, PATIENT, fetch, good, page_url
from tests.site import HostileSite
from tests.support.running import free_port
from tests.support.waiting import eventually_async

from alterlab_server.fetch.browser.pool import BrowserPool
from alterlab_server.fetch.egress import Gate
from alterlab_server.fetch.egress.addresses import Address
from alterlab_server.fetch.outcome import Failure, Verdict
from alterlab_server.fetch.request import BrowserOptions, FetchRequest
from alterlab_server.fetch.tiers.browser import BrowserTier

FORBIDDEN = "127.0.0.2"
"""Only 127.0.0.1, where the site is, may be reached; this is the rest of the host's own network."""

NEVER = replace(PATIENT, wait_for="#never")


class Canary(asyncio.DatagramProtocol):
    """Listens on TCP and UDP at one port, and remembers what it hears."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.port = 0

    def datagram_received(self, data: bytes, addr: object) -> None:
        self.heard.append(data)

    async def hears(self) -> bool:
        return bool(self.heard)

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heard.append(b"connected")
        writer.close()


@pytest.fixture
async def canary() -> AsyncIterator[Canary]:
    canary = Canary()
    canary.port = free_port()
    server = await asyncio.start_server(canary.accept, FORBIDDEN, canary.port)
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: canary, local_addr=(FORBIDDEN, canary.port))
    yield canary
    server.close()
    transport.close()


@pytest.fixture
async def open_pool() -> AsyncIterator[BrowserPool]:
    """A pool that may reach all of loopback: it shows that the pages below do what they say."""
    pool = BrowserPool(Gate([ip_network("127.0.0.0/8")]))
    yield pool
    await pool.close()


REACHES = {
    "script": "<script src='{http}/x.js'></script>",
    "image": "<img src='{http}/x.png'>",
    "style": "<style>body {{ background: url({http}/x.png) }}</style><p>text</p>",
    "frame": "<iframe src='{http}/'></iframe>",
    "object": "<object data='{http}/x.svg' type='image/svg+xml'></object>",
    "video": "<video src='{http}/x.mp4' preload=auto></video>",
    "prefetch": "<link rel=preconnect href='{http}'><link rel=stylesheet href='{http}/x.css'>",
    "fetch": "<script>fetch('{http}/').catch(() => {{}})</script>",
    "beacon": "<script>navigator.sendBeacon('{http}/', 'x')</script>",
    "event source": "<script>new EventSource('{http}/')</script>",
    "redirected image": "<img src='/redirect/to?url={http}/x.png'>",
    "redirected frame": "<iframe src='/redirect/to?url={http}/'></iframe>",
    "web socket": "<script>new WebSocket('{ws}/')</script>",
    "worker": "<script>new Worker(URL.createObjectURL(new Blob([\"fetch('{http}/', {{mode: 'no-cors'}})\"])))</script>",
    "https": "<img src='{https}/x.png'>",
    "decimal address": "<img src='http://2130706434:{port}/x.png'>",
    "mapped address": "<img src='http://[::ffff:7f00:2]:{port}/x.png'>",
}


def reaching(html: str, port: int) -> str:
    roots = {scheme: f"{scheme}://{FORBIDDEN}:{port}" for scheme in ("http", "https", "ws")}
    return f"<body>{html.format(port=port, **roots)}<script>setTimeout(() => {{ {DONE} }}, 300)</script></body>"


@pytest.mark.parametrize("how", REACHES)
async def test_no_element_reaches_the_hosts_network(
    site: HostileSite, pool: BrowserPool, open_pool: BrowserPool, canary: Canary, how: str
) -> None:
    request = FetchRequest(page_url(site, reaching(REACHES[how], canary.port)), browser=PATIENT)
    assert b'id="done"' in (await good(BrowserTier(pool), request)).body
    assert canary.heard == []
    waiting = asyncio.create_task(fetch(BrowserTier(open_pool), replace(request, browser=NEVER)))
    await eventually_async(canary.hears)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)


async def test_no_service_worker_does(
    site: HostileSite, pool: BrowserPool, open_pool: BrowserPool, canary: Canary
) -> None:
    script = f"""const controlled = new Promise((done) => {{ navigator.serviceWorker.oncontrollerchange = done }});
      navigator.serviceWorker.register('/browser/worker.js?reach=http://{FORBIDDEN}:{canary.port}/')
      .then(() => controlled).then(() => fetch('/browser/from-worker')).then((r) => r.text())
      .then((text) => {{ document.body.append(text); {DONE} }})"""
    request = FetchRequest(page_url(site, f"<body><script>{script}</script></body>"), browser=PATIENT)
    page = await good(BrowserTier(pool), request)
    assert b"from the worker" in page.body
    assert canary.heard == []
    await good(BrowserTier(open_pool), request)
    assert canary.heard != []


@pytest.mark.parametrize(
    "script",
    [
        """const peer = new RTCPeerConnection({{iceServers: [
             {{urls: 'stun:{host}:{port}'}},
             {{urls: 'turn:{host}:{port}?transport=udp', username: 'u', credential: 'c'}}]}});
           peer.createDataChannel('x'); peer.createOffer().then((offer) => peer.setLocalDescription(offer));
           peer.onicegatheringstatechange = () => {{ if (peer.iceGatheringState === 'complete') {{ {done} }} }};""",
        """new WebTransport('https://{host}:{port}/').ready.catch(() => {{ {done} }})""",
    ],
    ids=["WebRTC", "WebTransport"],
)
async def test_nothing_leaves_by_udp(site: HostileSite, pool: BrowserPool, canary: Canary, script: str) -> None:
    # Both exist in a secure context only, as loopback is one.
    code = script.format(host=FORBIDDEN, port=canary.port, done=DONE)
    page = await good(
        BrowserTier(pool), FetchRequest(page_url(site, f"<script>{code}</script><body>"), browser=PATIENT)
    )
    assert canary.heard == []
    assert b'id="done"' in page.body


@pytest.mark.parametrize(
    "lead", ["<script>location = '{url}'</script>", "<meta http-equiv=refresh content='0; url={url}'>"]
)
async def test_no_page_leads_there(site: HostileSite, pool: BrowserPool, canary: Canary, lead: str) -> None:
    outcome = await fetch(BrowserTier(pool), page_url(site, lead.format(url=f"http://{FORBIDDEN}:{canary.port}/")))
    assert isinstance(outcome, Failure)
    assert outcome.verdict is Verdict.REFUSED
    assert canary.heard == []


async def test_no_redirect_leads_there(site: HostileSite, pool: BrowserPool, canary: Canary) -> None:
    outcome = await fetch(BrowserTier(pool), site.url(f"/redirect/to?url=http://{FORBIDDEN}:{canary.port}/"))
    assert isinstance(outcome, Failure)
    assert outcome.verdict is Verdict.REFUSED
    assert canary.heard == []


async def test_no_action_leads_there(site: HostileSite, pool: BrowserPool, canary: Canary) -> None:
    url = f"http://{FORBIDDEN}:{canary.port}/"
    actions = ({"type": "evaluate", "script": f"fetch('{url}').catch(() => 'refused')"},)
    page = await good(BrowserTier(pool), FetchRequest(site.url("/article"), browser=BrowserOptions(actions=actions)))
    assert page.action_results[0]["result"] == "refused"
    assert canary.heard == []


async def test_a_name_that_changes_its_address_is_judged_each_time(site: HostileSite, canary: Canary) -> None:
    answers = iter([ip_address("127.0.0.1")])

    async def resolver(host: str) -> Sequence[Address]:
        return [next(answers, ip_address(FORBIDDEN))]

    pool = BrowserPool(Gate(LOOPBACK, resolver))
    try:
        html = f"<script>fetch('http://rebinding.test:{canary.port}/').catch(() => {{ {DONE} }})</script><body>"
        url = page_url(site, html).replace("127.0.0.1", "rebinding.test")
        page = await good(BrowserTier(pool), FetchRequest(url, browser=PATIENT))
    finally:
        await pool.close()
    assert b'id="done"' in page.body
    assert canary.heard == []


@pytest.mark.parametrize("url", ["file:///etc/passwd", "view-source:file:///etc/passwd", "chrome://version"])
async def test_no_page_shows_a_local_file(site: HostileSite, pool: BrowserPool, url: str) -> None:
    html = f"<h1>Here</h1><iframe src='{url}'></iframe><script>try {{ location = '{url}' }} catch {{}}</script>"
    page = await good(
        BrowserTier(pool), FetchRequest(page_url(site, html), browser=BrowserOptions(include_iframes=True))
    )
    assert b"<h1>Here</h1>" in page.body
    assert b"root:" not in page.body
