"""The wire types of crawls: every field of the API, with its range and its default."""

from typing import Annotated, Any, Literal

import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from alterlab_server.base.events import Topic, WebhookTarget
from alterlab_server.crawl.outputs import Output
from alterlab_server.discover.schemas import MAX_PATTERNS, Pattern, Patterns, SiteRequest
from alterlab_server.scrape.schemas import MAX_URL_CHARS, Advanced, PageRequest
from alterlab_server.scrape.schemas.fields import Headers, Tolerant, at_fault
from alterlab_server.scrape.schemas.gather import gather
from alterlab_server.web.fields import StorableJson

MAX_PAGES = 100_000
# There is one message for each page, kept until it is sent and for a while after.
MAX_METADATA_BYTES = 16_384
CRAWL_TOPICS = tuple(topic for topic in Topic if topic.startswith("crawl."))


class CrawlAdvanced(Advanced):
    """`advanced`: how each page is fetched."""

    wait_for: str | None = Field(None, min_length=1, max_length=2000)
    timeout: float = Field(90, ge=1, le=300, description="seconds for a page")
    delay: float = Field(0, ge=0, le=30, description="least seconds between two requests to a host")

    @model_validator(mode="after")
    def _pictures_are_rendered(self) -> "CrawlAdvanced":
        if self.screenshot or self.generate_pdf:
            self.render_js = True
        return self


class PriorityRequest(Tolerant):
    """`priority`: what is scraped first."""

    keywords: Patterns = Field(default_factory=list)
    boost_patterns: Patterns = Field(default_factory=list)
    demote_patterns: Patterns = Field(default_factory=list)


def _told_by_crawls(event: str) -> str:
    if event not in CRAWL_TOPICS:
        raise ValueError(f"a crawl tells of {', '.join(CRAWL_TOPICS)}, not of {event[:64]!r}")
    return event


def _bounded(metadata: dict[str, Any]) -> dict[str, Any]:
    if len(orjson.dumps(metadata)) > MAX_METADATA_BYTES:
        raise ValueError(f"it may have {MAX_METADATA_BYTES} bytes as JSON, for it is repeated in each message")
    return metadata


class CrawlWebhook(Tolerant):
    """`webhook`: who is told, of what."""

    url: str = Field(max_length=MAX_URL_CHARS)
    events: list[Annotated[str, AfterValidator(_told_by_crawls)]] = Field(
        default_factory=list, max_length=len(CRAWL_TOPICS), description="none given means all"
    )
    secret: str | None = Field(None, min_length=1, max_length=500)
    headers: Headers = Field(default_factory=dict)
    metadata: Annotated[StorableJson, AfterValidator(_bounded)] = Field(default_factory=dict)

    def target(self, url: str) -> WebhookTarget:
        """Where and what to tell; `url` is the receiver as it was admitted."""
        return WebhookTarget(url, tuple(self.events) or CRAWL_TOPICS, self.secret, self.headers, self.metadata)


class ChangeTracking(Tolerant):
    """`change_tracking`: what is new against the previous run."""

    enabled: bool = False
    tracking_id: str | None = Field(None, min_length=1, max_length=200)
    mode: Literal["content", "structured"] = "content"
    include_diff: bool = False


class CrawlRequest(PageRequest, SiteRequest):
    """POST /crawl: a site, and what is asked of each of its pages."""

    max_pages: int = Field(50, ge=1, le=MAX_PAGES)
    max_depth: int = Field(3, ge=0, le=50, description="0 is the start page only")
    max_concurrency: int = Field(10, ge=1, le=50)
    advanced: CrawlAdvanced = CrawlAdvanced()
    priority: PriorityRequest = PriorityRequest()
    budget: dict[Pattern, Annotated[int, Field(ge=0, le=MAX_PAGES)]] = Field(
        default_factory=dict,
        max_length=MAX_PATTERNS,
        fail_fast=True,
        description="glob on the path to pages; the longest match wins",
    )
    cache_ttl: int = Field(900, ge=60, le=86_400)
    method: Literal["GET"] = "GET"
    storage: Literal["redis", "s3", "r2"] = "redis"
    webhook_url: str | None = Field(None, max_length=MAX_URL_CHARS)
    webhook: CrawlWebhook | None = None
    change_tracking: ChangeTracking = ChangeTracking()
    output: Output | None = None

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, data: Any) -> Any:
        """Put what clients send in other places where it belongs."""
        if not isinstance(data, dict):
            return data
        given = gather(data)
        if given.get("body") is not None:
            raise at_fault("body", "a crawl asks for its pages with GET, and sends none")
        advanced = given.get("advanced")
        if not isinstance(advanced, dict):
            return given
        beside = {name: given[name] for name in ("timeout", "delay", "screenshot") if name in given}
        inside = {name: advanced[name] for name in ("max_concurrency",) if name in advanced}
        return inside | given | {"advanced": beside | advanced}

    @model_validator(mode="after")
    def _one_webhook(self) -> "CrawlRequest":
        if self.webhook is not None and self.webhook_url is not None:
            raise at_fault("webhook_url", "give either `webhook` or `webhook_url`, not both")
        return self


class CrawlAcceptedResponse(BaseModel):
    """202: the crawl is queued; poll GET /crawl/{crawl_id}."""

    crawl_id: str
    status: Literal["discovering"] = "discovering"
    url: str
    estimated_pages: int = Field(description="how many pages the pre-debit covers at the price that is expected")
    total_enqueued: int = Field(description="pages that wait now; sitemaps and links are read later")
    estimated_credits: int
    created_at: str
    message: str


class CrawlResponse(BaseModel):
    """GET /crawl/{crawl_id}."""

    model_config = ConfigDict(extra="allow")

    crawl_id: str
    status: Literal["discovering", "scraping", "completed", "partial", "failed", "cancelled"]
    url: str
    total: int
    completed: int
    failed: int
    cached: int = Field(description="completed pages that came from the cache, at no cost")
    in_progress: int
    credits_debited: int
    current_depth: int
    max_depth: int
    total_discovered: int
    billing: dict[str, Any]
    budget_status: dict[str, Any] | None
    skipped: dict[str, int] = Field(description="URLs that were found and not scraped, by reason")
    stopped_by: str | None = Field(description="why it ended before all that it had found was scraped")
    change_tracking: dict[str, Any] | None = Field(description="pages new, changed, unchanged and removed")
    download_url: str | None = Field(description="where the file of `storage` s3 or r2 is, for 24 hours")
    output: dict[str, Any] | None = Field(None, description="how the export to the caller's bucket stands")
    pages: list[dict[str, Any]] | None = None
    next_cursor: int | None = None
    error: str | None


class CancelResponse(BaseModel):
    """DELETE /crawl/{crawl_id}."""

    crawl_id: str
    status: Literal["cancelled"] = "cancelled"
    cancelled_jobs: int
    credits_refunded: int
    credits_used: int
    pages_scraped: int
    message: str
