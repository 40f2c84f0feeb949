"""What this process can fetch with, by its settings and by what the machine has."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import PIL
import tesserocr

from alterlab_server.app.settings import Settings
from alterlab_server.base.clock import utc_now
from alterlab_server.blobs import BlobStore
from alterlab_server.extract.readers.ocr import installed_languages
from alterlab_server.fetch.browser.flags import find_executable
from alterlab_server.fetch.browser.options import PoolOptions
from alterlab_server.fetch.browser.pool import BrowserPool
from alterlab_server.fetch.captcha.solver import Solver, SolverOptions
from alterlab_server.fetch.egress import Gate
from alterlab_server.fetch.http.options import HttpOptions, write_bundle
from alterlab_server.fetch.tier import TIERS, Tier
from alterlab_server.fetch.tiers.browser import BrowserTier
from alterlab_server.fetch.tiers.captcha import CaptchaTier
from alterlab_server.fetch.tiers.curl import CurlTier
from alterlab_server.fetch.tiers.http import HttpTier
from alterlab_server.fetch.tiers.lightjs import LightBrowserTier
from alterlab_server.fetch.tiers.stealth import StealthTier
from alterlab_server.scrape.extractor import Extractor
from alterlab_server.scrape.options import ScrapeOptions
from alterlab_server.scrape.proxies import OperatorProxy, ProxyPool
from alterlab_server.scrape.run import Toolbox
from alterlab_server.webhooks.schemas import DeliveryOptions
from alterlab_server.webhooks.sender import Sender


def available_tiers(settings: Settings) -> frozenset[str]:
    """The names of the tiers that a worker with these settings has on this machine."""
    browser = find_executable(_pool_options(settings)) is not None
    return frozenset(
        row.name
        for row in TIERS
        if (browser or not row.renders) and (settings.captcha_key is not None or not row.solves_captcha)
    )


def abilities(settings: Settings) -> dict[str, Any]:
    """What a worker tells of itself: its tiers, the languages in which it reads images, and by what."""
    return {
        "tiers": sorted(available_tiers(settings)),
        "ocr_languages": list(installed_languages()),
        "tesseract_version": tesserocr.tesseract_version().partition("\n")[0].removeprefix("tesseract "),
        "pillow_version": PIL.__version__,
    }


def make_tiers(settings: Settings) -> Mapping[str, Tier]:
    """The tiers that are available, ready to fetch. Call inside the event loop that will use them."""
    gate = Gate(settings.networks)
    options = _http_options(settings)
    pool = BrowserPool(gate, _pool_options(settings))
    curl = CurlTier(gate, options)
    tiers: Mapping[str, Tier] = {
        "1": curl,
        "2": HttpTier(gate, options),
        "3": StealthTier(gate, options),
        "3.5": LightBrowserTier(pool),
        "4": BrowserTier(pool),
        "5": CaptchaTier(pool, _solver(settings, curl)),
    }
    available = available_tiers(settings)
    return {name: tier for name, tier in tiers.items() if name in available}


def scrape_options(settings: Settings) -> ScrapeOptions:
    """What the settings say about scraping."""
    return ScrapeOptions(
        available_tiers=available_tiers(settings),
        simple_content=settings.simple_content,
        public_url=settings.public_url or "",
        proxies=ProxyPool([_proxy(text) for text in settings.proxies]),
        result_ttl=timedelta(seconds=settings.result_ttl),
    )


def make_toolbox(settings: Settings) -> Toolbox:
    """All that scraping needs; the extractor is yet to be started."""
    extractor = Extractor(settings.extraction_processes)
    return Toolbox(make_tiers(settings), extractor, scrape_options(settings), utc_now)


def open_blobs(settings: Settings) -> BlobStore:
    """The object store of the settings."""
    return BlobStore.open(settings.blobs_url, settings.data / "blobs")


def make_sender(settings: Settings) -> Sender:
    """What sends webhooks, with connections of its own: a dead receiver takes none away from scraping."""
    return Sender(CurlTier(Gate(settings.networks), _http_options(settings)), utc_now)


def delivery_options(settings: Settings) -> DeliveryOptions:
    """What the settings say about webhooks."""
    return DeliveryOptions(
        retry_delay=timedelta(seconds=settings.webhook_retry_seconds), kept_for=timedelta(days=settings.webhook_days)
    )


def _http_options(settings: Settings) -> HttpOptions:
    given = {}
    if settings.user_agent:
        given["user_agent"] = settings.user_agent
    if settings.ca_file:
        settings.data.mkdir(parents=True, exist_ok=True)
        given["ca_bundle"] = write_bundle(settings.ca_file, settings.data / "authorities.pem")
    return HttpOptions(**given)


def _pool_options(settings: Settings) -> PoolOptions:
    return PoolOptions(
        executable=settings.chromium,
        max_contexts=settings.browser_contexts,
        ca_file=str(settings.ca_file) if settings.ca_file else None,
    )


def _solver(settings: Settings, tier: Tier) -> Solver | None:
    if settings.captcha_key is None:
        return None
    return Solver(tier.fetch, SolverOptions(settings.captcha_url, settings.captcha_key.get_secret_value()))


def _proxy(text: str) -> OperatorProxy:
    country, mark, url = text.partition("=")
    if mark and len(country) == 2:
        return OperatorProxy(url, country.upper())
    return OperatorProxy(text)
