"""What a crawl's request means for its pages: scope, order, budgets, and the scrape of each page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from alterlab_server.base.errors import BadRequest
from alterlab_server.base.money import MICROCENTS_PER_CREDIT, MICROCENTS_PER_DOLLAR
from alterlab_server.base.url import parse_url
from alterlab_server.billing.prices import DIFF_CREDITS
from alterlab_server.crawl.outputs import GcsOutput, S3Output
from alterlab_server.crawl.schemas import CrawlRequest
from alterlab_server.crawl.tracking.compare import CONTENT_BASES, EXTRACTED
from alterlab_server.crawl.tracking.values import Track
from alterlab_server.crawl.values import Found
from alterlab_server.fetch.plan import Plan
from alterlab_server.frontier.address import split
from alterlab_server.frontier.files import is_file
from alterlab_server.frontier.fingerprint import fingerprint
from alterlab_server.frontier.globs import most_specific
from alterlab_server.frontier.priority import Priority
from alterlab_server.frontier.scope import Scope
from alterlab_server.scrape.controls import plan
from alterlab_server.scrape.price import add_on_price, add_ons, base_price, ceiling, cost_limit
from alterlab_server.scrape.schemas import DEFAULT_FORMATS, PageRequest, ScrapeRequest

# Requests at a time in one lane. A lane is a chain of steps, each on whatever worker is free.
LANE_CONCURRENCY = 10
# How many URLs a crawl may know for each page that it may scrape: the rest is not kept.
DISCOVERED_PER_PAGE = 20
LEAST_DISCOVERED = 10_000


@dataclass(frozen=True, slots=True)
class CrawlPlan:
    """A crawl's request, understood. `page` is the scrape of a page but for its URL, `start` the normalised start."""

    request: CrawlRequest
    start: str
    scope: Scope
    priority: Priority
    budget: Mapping[str, int]
    page: ScrapeRequest
    track: Track | None

    @property
    def lanes(self) -> int:
        """How many lanes share the crawl's concurrency."""
        return -(-self.request.max_concurrency // LANE_CONCURRENCY)

    def lane_concurrency(self, lane: int) -> int:
        """Requests at a time in this lane; those of all lanes add up to `max_concurrency`."""
        whole, rest = divmod(self.request.max_concurrency, self.lanes)
        return whole + (lane < rest)

    @property
    def starts_at_page(self) -> bool:
        """Whether the start page is scraped and links are followed, or only what sitemaps name is scraped."""
        return self.request.sitemap != "only"

    @property
    def most_pages(self) -> int:
        """How many pages the crawl can scrape, whatever its site holds."""
        if self.starts_at_page and self.request.max_depth == 0:
            return 1
        budget = sum(self.budget.values()) if "*" in self.budget else self.request.max_pages
        return min(budget, self.request.max_pages)

    @property
    def fills_bucket(self) -> bool:
        """Whether pages go to a bucket of the caller's as they end."""
        return isinstance(self.request.output, S3Output | GcsOutput)

    @property
    def max_discovered(self) -> int:
        """How many URLs the crawl may know."""
        return max(LEAST_DISCOVERED, DISCOVERED_PER_PAGE * self.request.max_pages)

    @property
    def cost_limit(self) -> int | None:
        """Microcents that the whole crawl may cost."""
        return cost_limit(self.page)

    def found(self, url: str, depth: int) -> Found:
        """A URL in its place in the order; absolute and normalised."""
        address = split(url)
        bucket = most_specific(address.path, self.budget) if self.budget else None
        return Found(url, fingerprint(url), address.authority, depth, self.priority.score(url), bucket)

    def unreadable(self, url: str) -> str | None:
        """The reason to skip a URL that says of itself that it is no page; mode ocr reads images."""
        return "file" if self.request.mode != "ocr" and is_file(url) else None

    @property
    def diff_price(self) -> int:
        """Microcents of the diff of a page."""
        return DIFF_CREDITS[self.track.mode] * MICROCENTS_PER_CREDIT if self.track and self.track.with_diff else 0

    def within(self, request: ScrapeRequest, most: int) -> ScrapeRequest:
        """The scrape of a page when that may cost `most` microcents, its diff included: less than a dollar."""
        dollars = (most - self.diff_price) / MICROCENTS_PER_DOLLAR
        controls = request.cost_controls.model_copy(update={"max_credits": dollars})
        return request.model_copy(update={"cost_controls": controls})


@dataclass(frozen=True, slots=True)
class PagePrice:
    """Microcents of one page: what it probably costs, and the most."""

    expected: int
    most: int


def make_plan(request: CrawlRequest) -> CrawlPlan:
    """Understand a request. Raises BadRequest for what is not valid, with the name of the field."""
    start = parse_url(request.url).without_fragment
    page = _page(request, start)
    return CrawlPlan(
        request=request,
        start=start,
        scope=request.scope(start),
        priority=Priority(request.priority.keywords, request.priority.boost_patterns, request.priority.demote_patterns),
        budget=request.budget,
        page=page,
        track=_track(request, start),
    )


def tiers_of(made: CrawlPlan, available: frozenset[str], now: float) -> Plan:
    """The tiers of a page; raises when the crawl's own controls leave none."""
    return plan(made.page, None, available, now)


def price_of(made: CrawlPlan, tiers: Plan) -> PagePrice:
    """What a page costs."""
    add_on = add_on_price(add_ons(made.page)) + made.diff_price
    return PagePrice(base_price(tiers.rows[0], made.page) + add_on, ceiling(tiers.rows, made.page) + made.diff_price)


def _track(request: CrawlRequest, start: str) -> Track | None:
    asked = request.change_tracking
    if not asked.enabled:
        return None
    formats = request.formats or DEFAULT_FORMATS
    bases: Sequence[str] = [basis for basis in CONTENT_BASES if basis in formats]
    if asked.mode == "structured":
        bases = [EXTRACTED] if request.extraction_schema is not None else [basis for basis in bases if basis == "json"]
    if not bases:
        raise BadRequest(
            "change_tracking.mode: structured needs an `extraction_schema`, or `json` among the formats.",
            details={"field": "change_tracking.mode"},
        )
    return Track(asked.tracking_id or split(start).host, asked.mode, bases[0], asked.include_diff)


def _page(request: CrawlRequest, url: str) -> ScrapeRequest:
    asked = request.model_dump(include=set(PageRequest.model_fields))
    return ScrapeRequest.model_validate(
        asked | {"url": url, "sync": False, "formats": request.formats or DEFAULT_FORMATS}
    )
