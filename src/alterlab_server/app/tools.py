"""What this process can fetch with, by its settings and by what the machine has."""

from collections.abc import Mapping
from datetime import timedelta

from alterlab_server.app.settings import Settings
from alterlab_server.base.clock import utc_now
from alterlab_server.fetch.egress import Gate
from alterlab_server.fetch.http.options import HttpOptions, write_bundle
from alterlab_server.fetch.tier import Tier
from alterlab_server.fetch.tiers.curl import CurlTier
from alterlab_server.fetch.tiers.http import HttpTier
from alterlab_server.fetch.tiers.stealth import StealthTier
from alterlab_server.scrape.extractor import Extractor
from alterlab_server.scrape.options import ScrapeOptions
from alterlab_server.scrape.run import Toolbox


def available_tiers() -> frozenset[str]:
    """The names of the tiers that a worker has."""
    return frozenset({"1", "2", "3"})


def make_tiers(settings: Settings) -> Mapping[str, Tier]:
    """The tiers, ready to fetch. Call inside the event loop that will use them."""
    gate = Gate(settings.networks)
    options = _http_options(settings)
    return {"1": CurlTier(gate, options), "2": HttpTier(gate, options), "3": StealthTier(gate, options)}


def scrape_options(settings: Settings) -> ScrapeOptions:
    """What the settings say about scraping."""
    return ScrapeOptions(
        available_tiers=available_tiers(),
        simple_content=settings.simple_content,
        result_ttl=timedelta(seconds=settings.result_ttl),
    )


def make_toolbox(settings: Settings) -> Toolbox:
    """All that scraping needs; the extractor is yet to be started."""
    extractor = Extractor(settings.extraction_processes)
    return Toolbox(make_tiers(settings), extractor, scrape_options(settings), utc_now)


def _http_options(settings: Settings) -> HttpOptions:
    given = {}
    if settings.user_agent:
        given["user_agent"] = settings.user_agent
    if settings.ca_file:
        settings.data.mkdir(parents=True, exist_ok=True)
        given["ca_bundle"] = write_bundle(settings.ca_file, settings.data / "authorities.pem")
    return HttpOptions(**given)
