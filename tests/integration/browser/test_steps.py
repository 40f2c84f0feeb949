"""What is done with a page between its arrival and its reading."""

import io
from collections.abc import Sequence
from ipaddress import ip_address
from urllib.parse import quote

import pypdfium2
import pytest
from PIL import Image
from tests.integration.browser.helpers import LOOPBACK, good, page_url, render
from tests.site import HostileSite
from tests.support.held_page import HeldPage

from alterlab_server.fetch.browser.pool import BrowserPool
from alterlab_server.fetch.egress import Gate
from alterlab_server.fetch.egress.addresses import Address
from alterlab_server.fetch.request import BrowserOptions
from alterlab_server.fetch.tiers.lightjs import LightBrowserTier


def later(what: str) -> str:
    """A script that does something after the server was asked for an answer that takes a moment."""
    return f"<script>fetch('/browser/soon').then(() => {{ {what} }})</script>"


async def test_each_wait_condition_waits_for_as_much_as_it_says(site: HostileSite, pool: BrowserPool) -> None:
    async with HeldPage() as held:
        script = f"fetch('{held.url}', {{mode: 'no-cors'}}).then(() => {{ p.textContent = 'late' }})"
        url = page_url(site, f"<h1>Head</h1><p id=p></p><script>{script}</script>")
        at_once = await render(pool, url, BrowserOptions(wait_until="domcontentloaded"))
        held.release()
        settled = await render(pool, url, BrowserOptions(wait_until="networkidle"))
    assert b"late</p>" not in at_once.body
    assert b"late</p>" in settled.body


async def test_a_selector_is_waited_for(site: HostileSite, pool: BrowserPool) -> None:
    html = "<h1>Head</h1>" + later("document.body.insertAdjacentHTML('beforeend', '<b class=price>7</b>')")
    options = BrowserOptions(wait_until="domcontentloaded", wait_for=".price")
    page = await render(pool, page_url(site, html), options)
    assert b'<b class="price">7</b>' in page.body
    assert page.warnings == ()


@pytest.mark.parametrize("selector", [".never", "<<<"])
async def test_a_selector_that_never_comes_costs_no_page(site: HostileSite, pool: BrowserPool, selector: str) -> None:
    options = BrowserOptions(wait_for=selector, wait_for_timeout=0.2)
    page = await render(pool, site.url("/article"), options)
    assert b"<h1>" in page.body
    assert page.warnings == (f"Nothing matched wait_for ({selector}) in time.",)


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize(("count", "most"), [(0, 10), (3, 49), (10, 50)])
async def test_scrolling_loads_what_is_further_down(
    site: HostileSite, pool: BrowserPool, count: int, most: int
) -> None:
    page = await render(pool, site.url("/browser/list"), BrowserOptions(scroll_count=count))
    rows = page.body.decode().count("<li ")
    assert (rows == most) if count in {0, 10} else (10 < rows <= most)


@pytest.mark.usefixtures("patient")
async def test_scrolling_that_is_left_to_us_goes_on_while_it_brings_more(site: HostileSite, pool: BrowserPool) -> None:
    options = BrowserOptions(scroll_count=None)
    page = await render(pool, site.url("/browser/list"), options)
    assert 10 < page.body.decode().count("<li ") < 50
    page = await render(pool, site.url("/browser/list?rows=12"), options)
    assert page.body.decode().count("<li ") == 12


async def test_frames_of_the_same_origin_are_inlined_and_others_marked(site: HostileSite, pool: BrowserPool) -> None:
    async with HostileSite() as other:
        html = (
            "<iframe src='/browser/page?html=<p>inner words</p><iframe srcdoc=deepest></iframe>'></iframe>"
            f"<iframe src='{other.url('/article')}'></iframe>"
        )
        text = (await render(pool, page_url(site, html), BrowserOptions(include_iframes=True))).body.decode()
    assert "<p>inner words</p>" in text
    assert "deepest" in text
    assert "<iframe" not in text
    assert f'<div data-iframe-src="{other.url("/article")}" data-iframe-cross-origin="true"></div>' in text


async def test_frames_stay_frames_unless_asked_for(site: HostileSite, pool: BrowserPool) -> None:
    html = "<iframe src='/browser/page?html=<p>inner</p>'></iframe>"
    text = (await render(pool, page_url(site, html), BrowserOptions())).body.decode()
    assert "<iframe" in text
    assert "<p>inner</p></div>" not in text


async def test_what_is_for_browsers_without_scripts_goes(site: HostileSite, pool: BrowserPool) -> None:
    html = (
        "<noscript>Switch on scripts</noscript><h1>Head</h1><iframe srcdoc='<noscript>Here too</noscript>In'></iframe>"
    )
    plain = (await render(pool, page_url(site, html), BrowserOptions())).body
    inlined = (await render(pool, page_url(site, html), BrowserOptions(include_iframes=True))).body
    assert b"Switch on" not in plain
    assert b"Switch on" not in inlined
    assert b">In</div>" in inlined


SHADOWS = """<x-card><b slot=title>A title</b>rest</x-card><script>
customElements.define("x-card", class extends HTMLElement {
  constructor() {
    super().attachShadow({mode: "closed"}).innerHTML =
      "<h2><slot name=title></slot></h2><p>in the shadow</p><div><slot>fallback</slot></div>";
  }
});</script><div><template shadowrootmode=open><i>declared</i></template></div>"""


async def test_shadow_roots_become_ordinary_elements(site: HostileSite, pool: BrowserPool) -> None:
    flat = await render(pool, page_url(site, SHADOWS), BrowserOptions(flatten_shadow_dom=True))
    assert '<h2><slot name="title"><b slot="title">A title</b></slot></h2><p>in the shadow</p>' in flat.body.decode()
    assert "<slot>rest</slot>" in flat.body.decode()
    assert "<div><i>declared</i></div>" in flat.body.decode()
    kept = await render(pool, page_url(site, SHADOWS), BrowserOptions())
    assert b"<p>in the shadow</p></x-card>" not in kept.body


BANNERS = {
    "manager": "<div id=onetrust-consent-sdk>We use cookies</div>",
    "dialog": "<div role=dialog aria-modal=true><p>This shop stores cookies.</p><button>Accept all</button></div>",
    "fixed": "<div style='position: fixed; bottom: 0'>Cookies are kept here. <a href=#>Got it</a></div>",
    "german": "<section role=dialog>Ihre Einwilligung zu Cookies<button>Alle akzeptieren</button></section>",
    "late": later("document.body.insertAdjacentHTML('beforeend', '<div id=CybotCookiebotDialog>Cookies</div>')"),
    "custom": "<cookie-bar style='position: fixed'>Cookies! <button>OK</button></cookie-bar>",
}
NO_BANNERS = {
    "newsletter": "<div role=dialog>Our letter comes on Mondays. <button>Accept</button></div>",
    "header": "<div style='position: sticky; top: 0'><a href=/>Shop</a> <a href=/cookies>Cookies</a></div>",
    "recipe": "<section><p>These cookies need an oven that is hot.</p><button>OK</button></section>",
    "page": "<div style='position: fixed'><main><h1>Cookies and consent</h1></main><button>Accept</button></div>",
}


@pytest.mark.parametrize("name", BANNERS)
async def test_consent_banners_go(site: HostileSite, pool: BrowserPool, name: str) -> None:
    html = f"<body style='overflow: hidden'><h1>Shop</h1>{BANNERS[name]}</body>"
    removed = (await render(pool, page_url(site, html), BrowserOptions())).body.decode()
    kept = (await render(pool, page_url(site, html), BrowserOptions(remove_cookie_banners=False))).body.decode()
    start = removed.index("<h1>")
    assert "ookie" not in removed[start:].partition("<script")[0]
    assert "overflow: visible" in removed
    assert "ookie" in kept


@pytest.mark.parametrize("name", NO_BANNERS)
async def test_what_only_looks_like_a_banner_stays(site: HostileSite, pool: BrowserPool, name: str) -> None:
    page = await render(pool, page_url(site, f"<h1>Shop</h1>{NO_BANNERS[name]}"), BrowserOptions())
    plain = await render(
        pool, page_url(site, f"<h1>Shop</h1>{NO_BANNERS[name]}"), BrowserOptions(remove_cookie_banners=False)
    )
    assert page.body == plain.body


@pytest.mark.parametrize(
    ("options", "loaded"),
    [
        (BrowserOptions(), False),
        (BrowserOptions(block_images=True), False),
        (BrowserOptions(block_images=False), True),
        (BrowserOptions(screenshot=True), True),
        (BrowserOptions(block_images=True, pdf=True), True),
    ],
)
async def test_images_are_loaded_only_when_they_are_wanted(
    site: HostileSite, pool: BrowserPool, options: BrowserOptions, loaded: bool
) -> None:
    page = await render(pool, page_url(site, "<img src='/pixel.png'>"), options)
    assert b'src="/pixel.png"' in page.body
    assert ("/pixel.png" in [request.path for request in site.requests]) is loaded


async def test_images_in_frames_of_other_sites_are_blocked_too(site: HostileSite) -> None:
    async def resolver(host: str) -> Sequence[Address]:
        return [ip_address("127.0.0.1")]

    inner = f"http://other.example:{site.port}/browser/page?html=<img src='/pixel.png'>"
    deeper = f"http://third.example:{site.port}/browser/page?html=" + quote(f'<iframe src="{inner}"></iframe>')
    pool = BrowserPool(Gate(LOOPBACK, resolver))
    try:
        await render(pool, page_url(site, f'<h1>Head</h1><iframe src="{deeper}"></iframe>'), BrowserOptions())
    finally:
        await pool.close()
    assert [request.path for request in site.requests] == ["/browser/page"] * 3


async def test_the_light_tier_loads_no_font_and_no_media(site: HostileSite, pool: BrowserPool) -> None:
    html = (
        "<style>@font-face { font-family: F; src: url(/f.woff2) } p { font-family: F }</style><p>text</p>"
        "<video src='/v.mp4' preload=auto></video><img src='/i.png'><link rel=stylesheet href='/s.css'>"
    )
    await good(LightBrowserTier(pool), page_url(site, html))
    assert {request.path for request in site.requests} == {"/browser/page", "/s.css"}


async def test_language_and_time_zone_are_those_asked_for(site: HostileSite, pool: BrowserPool) -> None:
    script = "p.textContent = [navigator.language, Intl.DateTimeFormat().resolvedOptions().timeZone].join()"
    options = BrowserOptions(language="fr", timezone="Asia/Tokyo")
    page = await render(pool, page_url(site, f"<p id=p></p><script>{script}</script>"), options)
    assert b">fr,Asia/Tokyo<" in page.body
    assert site.requests[0].headers["accept-language"].startswith("fr")


async def test_a_picture_shows_the_whole_page(site: HostileSite, pool: BrowserPool) -> None:
    html = "<body style='margin: 0'><div style='height: 3000px; background: rgb(0, 128, 0)'></div></body>"
    page = await render(pool, page_url(site, html), BrowserOptions(screenshot=True))
    image = Image.open(io.BytesIO(page.files["screenshot"]))
    assert image.size == (1366, 3000)
    assert image.convert("RGB").getpixel((700, 2990)) == (0, 128, 0)


async def test_a_picture_of_an_endless_page_is_bounded(site: HostileSite, pool: BrowserPool) -> None:
    page = await render(pool, page_url(site, "<div style='height: 900000px'></div>"), BrowserOptions(screenshot=True))
    assert Image.open(io.BytesIO(page.files["screenshot"])).size == (1366, 16_384)
    assert any("first 16384 of the page's 9" in warning for warning in page.warnings)


@pytest.mark.parametrize(
    "script",
    [
        "document.documentElement.remove()",
        "document.body.remove()",
        "document.documentElement.replaceWith(document.createElementNS('http://www.w3.org/2000/svg', 'svg'))",
    ],
)
async def test_a_page_that_takes_itself_away_shows_nothing(site: HostileSite, pool: BrowserPool, script: str) -> None:
    url = page_url(site, f"<!doctype html><body><h1>Gone</h1><script>{script}</script></body>")
    page = await render(pool, url, BrowserOptions(scroll_count=1))
    assert b"Gone" not in page.body
    everything = BrowserOptions(include_iframes=True, screenshot=True, pdf=True, actions=({"type": "infinite_scroll"},))
    page = await render(pool, url, everything)
    assert b"Gone" not in page.body
    assert page.files["screenshot"].startswith(b"\x89PNG")


async def test_a_page_that_replaces_what_our_scripts_use_loses_no_more_than_their_steps(
    site: HostileSite, pool: BrowserPool
) -> None:
    taken = (
        "window.scrollTo = window.scrollBy = window.requestAnimationFrame = null;"
        "document.createTreeWalker = document.querySelectorAll = document.implementation.createHTMLDocument = null"
    )
    url = page_url(site, f"<!doctype html><h1>Here</h1><script>{taken}</script>")
    page = await render(pool, url, BrowserOptions(screenshot=True))
    assert b"<h1>Here</h1>" in page.body
    assert page.files["screenshot"].startswith(b"\x89PNG")
    assert page.warnings == ()
    page = await render(pool, url, BrowserOptions(scroll_count=1, include_iframes=True))
    assert b"<h1>Here</h1>" in page.body
    assert page.warnings == ("The page could not be scrolled.", "Frames and shadow roots could not be read.")


@pytest.mark.parametrize(
    "taken",
    [
        "Object.defineProperty(Element.prototype, 'scrollHeight', {get: () => ({})})",
        "Object.defineProperty(Element.prototype, 'scrollHeight', {get: () => NaN})",
        "const Own = Set; window.Set = class extends Own { get size() { return 'many' } }",
    ],
)
async def test_a_page_that_says_of_itself_what_is_no_number_is_read(
    site: HostileSite, pool: BrowserPool, taken: str
) -> None:
    url = page_url(site, f"<!doctype html><h1>Here</h1><script>{taken}</script>")
    for scrolls in (None, 1):
        page = await render(pool, url, BrowserOptions(screenshot=True, scroll_count=scrolls))
        assert b"<h1>Here</h1>" in page.body
        assert page.files["screenshot"].startswith(b"\x89PNG")


async def test_an_image_without_a_body_has_a_picture(site: HostileSite, pool: BrowserPool) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20000"><text y="20">Harbour</text></svg>'
    page = await render(pool, page_url(site, svg, type="image/svg+xml"), BrowserOptions(screenshot=True))
    assert Image.open(io.BytesIO(page.files["screenshot"])).size == (1366, 768)


async def test_a_print_holds_the_text_of_the_page(site: HostileSite, pool: BrowserPool) -> None:
    page = await render(pool, page_url(site, "<h1>Printed words</h1>"), BrowserOptions(pdf=True))
    with pypdfium2.PdfDocument(page.files["pdf"]) as pdf:
        assert "Printed words" in pdf[0].get_textpage().get_text_range()
