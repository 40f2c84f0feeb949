"""What a scrape costs: the tier that succeeded, by method and mode, and the add-ons that were delivered."""

from collections.abc import Collection, Iterable

from alterlab_server.base.money import MICROCENTS_PER_CREDIT, MICROCENTS_PER_DOLLAR
from alterlab_server.base.page import Page
from alterlab_server.billing.prices import ADD_ON_CREDITS, DOCUMENT_MICROCENTS, WRITE_METHOD_FACTOR
from alterlab_server.fetch.tier import TIERS, TierRow
from alterlab_server.scrape.proxies import wants_proxy
from alterlab_server.scrape.schemas import ScrapeRequest

HIGHEST_TIER = TIERS[-1]


def base_price(row: TierRow, request: ScrapeRequest) -> int:
    """Microcents for a page fetched with this tier and read in the request's mode, without add-ons."""
    return max(fetch_price(row, request), DOCUMENT_MICROCENTS.get(request.mode, 0))


def fetch_price(row: TierRow, request: ScrapeRequest) -> int:
    """Microcents for fetching with this tier alone: what is left to pay for an image without a word."""
    factor = 1 if request.method == "GET" else WRITE_METHOD_FACTOR
    return int(row.price_microcents * factor)


def add_ons(request: ScrapeRequest) -> frozenset[str]:
    """The add-ons that the request asks for, by name."""
    asked = {
        "screenshot": request.screenshot or request.advanced.screenshot,
        "generate_pdf": request.advanced.generate_pdf,
        "ocr": request.advanced.ocr and request.mode != "ocr",
        "use_proxy": wants_proxy(request),
    }
    return frozenset(name for name, wanted in asked.items() if wanted)


def delivered_add_ons(request: ScrapeRequest, page: Page, *, images_with_text: int) -> frozenset[str]:
    """Those of them that the caller got, and pays for."""
    missing = {
        "screenshot": "screenshot" not in page.files,
        "generate_pdf": "pdf" not in page.files,
        "ocr": images_with_text == 0,
        "use_proxy": False,
    }
    return frozenset(name for name in add_ons(request) if not missing[name])


def add_on_price(names: Collection[str]) -> int:
    """Microcents for these add-ons."""
    return sum(ADD_ON_CREDITS[name] for name in names) * MICROCENTS_PER_CREDIT


def ceiling(rows: Iterable[TierRow], request: ScrapeRequest) -> int:
    """The most that the request can cost: what is held for it."""
    return max((base_price(row, request) for row in rows), default=0) + add_on_price(add_ons(request))


def cost_limit(request: ScrapeRequest) -> int | None:
    """`max_credits` in microcents: below 1 it means dollars, from 1000 on microcents, else credits."""
    limit = request.cost_controls.max_credits
    if limit is None:
        return None
    if limit < 1:
        return round(limit * MICROCENTS_PER_DOLLAR)
    return round(limit) if limit >= MICROCENTS_PER_CREDIT else round(limit * MICROCENTS_PER_CREDIT)
