"""The requests of a page and of a scrape: every field of the API, with its range and its default."""

from typing import Any, Literal
from uuid import UUID

from pydantic import Field, model_validator

from alterlab_server.scrape.schemas.fields import (
    MAX_RESPONSE_BYTES,
    MAX_URL_CHARS,
    Cookies,
    Format,
    Headers,
    Mode,
    Profile,
    Provider,
    Schema,
    Tolerant,
    WaitCondition,
    at_fault,
)
from alterlab_server.scrape.schemas.gather import gather
from alterlab_server.scrape.schemas.parts import Advanced, CostControls, Location
from alterlab_server.web.fields import NoWebhook, StorableText

# What makes the page another one in a browser, and nothing elsewhere.
_SEEN = ("advanced.wait_time", "advanced.viewport_width", "advanced.viewport_height", "advanced.mobile")


class PageRequest(Tolerant):
    """What is asked of a page, in a scrape as in a crawl: how it is fetched, and what is made of it."""

    mode: Mode = "auto"
    formats: list[Format] | None = Field(None, min_length=1, max_length=8)
    include_raw_html: bool = False
    force_refresh: bool = False
    cache: bool = False
    cache_ttl: int = Field(3600, ge=60, le=86_400)
    max_response_bytes: int = Field(5_242_880, ge=0, le=MAX_RESPONSE_BYTES)
    filter_content: bool = False
    advanced: Advanced = Advanced()
    cost_controls: CostControls = CostControls()
    location: Location = Location()
    headers: Headers = Field(default_factory=dict)
    session_id: UUID | None = None
    cookies: Cookies | None = None
    sticky_session: str | None = Field(None, pattern="^[A-Za-z0-9_-]{1,128}$")
    sticky_session_ttl: int = Field(1800, ge=300, le=7200)
    embeddings: dict[str, Any] | None = None
    extraction_schema: Schema | None = None
    extraction_prompt: str | None = Field(None, max_length=4000)
    extraction_profile: Profile | None = None
    extraction_template: Profile | None = None
    template: StorableText | None = Field(None, max_length=100, description="A template's name or id")
    extraction_model: str | None = Field(None, max_length=200)
    extraction_provider: Provider | None = None
    evidence: bool = False
    promote_schema_org: bool = True
    wait_for: str | None = Field(None, min_length=1, max_length=2000)
    wait_until: WaitCondition | None = None
    screenshot: bool = False
    enable_scroll: bool | None = None
    pdf_format: Literal["text", "markdown"] = "markdown"
    ocr_language: str = Field("eng", pattern="^[A-Za-z_]{3,20}([+][A-Za-z_]{3,20}){0,3}$")

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, data: Any) -> Any:
        """Put what clients send in other places where it belongs."""
        return gather(data) if isinstance(data, dict) else data

    @model_validator(mode="after")
    def _consistent(self) -> "PageRequest":
        if wrong := inconsistency(self):
            raise at_fault(*wrong)
        return self


class ScrapeRequest(PageRequest):
    """POST /scrape."""

    url: str = Field(max_length=MAX_URL_CHARS, examples=["https://example.com/"])
    sync: bool = True
    timeout: float | None = Field(None, ge=1, le=300, description="seconds for everything, queueing included")
    webhook_url: str | None = Field(None, max_length=MAX_URL_CHARS)
    webhook: NoWebhook = None
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    body: str | None = None
    content_type: Literal[
        "application/json", "application/x-www-form-urlencoded", "text/plain", "application/graphql"
    ] = "application/json"

    @model_validator(mode="after")
    def _body_has_a_method(self) -> "ScrapeRequest":
        if self.body is not None and self.method == "GET":
            raise at_fault("body", "cannot be sent with `method` GET")
        return self


class EstimateRequest(ScrapeRequest):
    """POST /scrape/estimate: the request whose cost is asked for."""


def inconsistency(request: PageRequest) -> tuple[str, str] | None:
    """The field, and what is wrong with it, when two fields of a request say what cannot both be; else None."""
    advanced = request.advanced
    browser = advanced.render_js is not False or request.mode == "js"
    always_browser = advanced.render_js is True or request.mode == "js"
    without_browser = request.mode in ("html", "pdf", "ocr") and not browser
    needs_browser, always_needs_browser = "needs `advanced.render_js`", "needs `advanced.render_js`: true"
    session = bool(request.session_id or advanced.session_id)
    checks = (
        (request.screenshot and not always_browser, "screenshot", always_needs_browser),
        (advanced.screenshot and not always_browser, "advanced.screenshot", always_needs_browser),
        (advanced.generate_pdf and not always_browser, "advanced.generate_pdf", always_needs_browser),
        (advanced.scroll_to_load and not browser, "advanced.scroll_to_load", needs_browser),
        (advanced.include_iframes and not browser, "advanced.include_iframes", needs_browser),
        (advanced.flatten_shadow_dom and not browser, "advanced.flatten_shadow_dom", needs_browser),
        (bool(advanced.actions) and not browser, "advanced.actions", needs_browser),
        *(
            (without_browser and request.gives(path), path, f"needs a browser, not mode {request.mode}")
            for path in _SEEN
        ),
        (session and request.cookies is not None, "cookies", "excludes `session_id`, and the other way round"),
        (
            request.extraction_profile is not None and request.extraction_template is not None,
            "extraction_template",
            "is another name of `extraction_profile`; give one of them",
        ),
        (
            request.extraction_schema is not None and request.template is not None,
            "template",
            "gives the schema; leave out `extraction_schema`",
        ),
        (
            advanced.proxy_integration_id is not None and not advanced.use_own_proxy,
            "advanced.proxy_integration_id",
            "needs `advanced.use_own_proxy`: true",
        ),
    )
    return next(((field, problem) for wrong, field, problem in checks if wrong), None)
