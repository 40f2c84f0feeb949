"""The wire types of a scrape: every field of the API, with its range and its default."""

import json
import re
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Mode = Literal["auto", "html", "js", "pdf", "ocr"]
Format = Literal["text", "json", "json_v2", "html", "markdown", "rag", "content", "raw"]
TierName = Literal["1", "2", "3", "3.5", "4", "5"]
WaitCondition = Literal["domcontentloaded", "networkidle", "load"]
BodyType = Literal["application/json", "application/x-www-form-urlencoded", "text/plain", "application/graphql"]
Profile = Literal[
    "auto",
    "product",
    "article",
    "job_posting",
    "faq",
    "recipe",
    "event",
    "ecommerce_homepage",
    "directory_listing",
]

MAX_URL_CHARS = 8192
MAX_RESPONSE_BYTES = 52_428_800
MAX_HEADERS = 50
MAX_HEADERS_BYTES = 32_768
MAX_HEADER_VALUE = 8192
# What belongs to the connection, not to the caller (RFC 9110, section 7.6.1).
_FORBIDDEN_HEADERS = frozenset(
    {
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}")
MAX_COOKIES = 100
MAX_SCHEMA_BYTES = 65_536
# What would end a cookie, or the header it stands in (RFC 6265, section 4.1.1, but spaces and commas are in use).
_COOKIE_NAME = re.compile(r"[^\x00-\x20\x7f;,=]+")
_COOKIE_VALUE = re.compile(r"[^\x00-\x1f\x7f;]*")
DEFAULT_FORMATS: tuple[Format, ...] = ("markdown", "json")
# Names that older clients use for a tier, in the order of the tiers.
_TIER_WORDS = {"curl": "1", "http": "2", "stealth": "3", "lightjs": "3.5", "browser": "4", "captcha": "5"}
# Fields of `advanced` that some clients send beside it; the request's own fields of the same name come first.
_ADVANCED_AT_TOP = (
    "render_js",
    "generate_pdf",
    "ocr",
    "use_proxy",
    "use_own_proxy",
    "use_system_proxy",
    "proxy_integration_id",
    "proxy_country",
    "remove_cookie_banners",
    "wait_condition",
    "scroll_to_load",
    "scroll_count",
    "include_iframes",
    "flatten_shadow_dom",
    "block_images",
    "section_filter",
    "session_headers",
    "actions",
)
_TOP_IN_ADVANCED = ("session_id", "cookies", "wait_for", "force_refresh", "headers", "location")
_COST_AT_TOP = ("prefer_cost", "prefer_speed", "fail_fast")


def _tier_name(value: object) -> object:
    """4, 4.0, "4" and "browser" all mean tier "4"."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:g}"
    if isinstance(value, str):
        return _TIER_WORDS.get(value.strip().lower(), value.strip().removesuffix(".0"))
    return value


def _sendable(headers: dict[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name):
            raise ValueError(f"{name[:64]!r} is no header name")
        if name.lower() in _FORBIDDEN_HEADERS:
            raise ValueError(f"the header {name} cannot be set; it belongs to the connection")
        if len(value) > MAX_HEADER_VALUE or any(ord(c) < 32 and c != "\t" for c in value):
            raise ValueError(f"the value of {name} has control characters, or more than {MAX_HEADER_VALUE}")
    if sum(len(name) + len(value.encode()) for name, value in headers.items()) > MAX_HEADERS_BYTES:
        raise ValueError(f"headers are above {MAX_HEADERS_BYTES} bytes in all")
    return headers


def _settable(cookies: dict[str, str]) -> dict[str, str]:
    for name, value in cookies.items():
        if not _COOKIE_NAME.fullmatch(name):
            raise ValueError(f"{name[:64]!r} is no cookie name")
        if not _COOKIE_VALUE.fullmatch(value):
            raise ValueError(f"the value of {name[:64]!r} has a semicolon or control characters")
    return cookies


def _bounded(schema: dict[str, Any]) -> dict[str, Any]:
    if len(json.dumps(schema)) > MAX_SCHEMA_BYTES:
        raise ValueError(f"the schema is above {MAX_SCHEMA_BYTES} bytes")
    return schema


Tier = Annotated[TierName, BeforeValidator(_tier_name)]
Headers = Annotated[dict[str, str], Field(max_length=MAX_HEADERS), AfterValidator(_sendable)]
Cookies = Annotated[dict[str, str], Field(max_length=MAX_COOKIES), AfterValidator(_settable)]
Schema = Annotated[dict[str, Any], AfterValidator(_bounded)]


class _Tolerant(BaseModel):
    """Unknown fields are ignored, and a null means that the field was not given: clients send both."""

    model_config = ConfigDict(extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _drop_nulls(cls, data: Any) -> Any:
        return {k: v for k, v in data.items() if v is not None} if isinstance(data, dict) else data


class Location(_Tolerant):
    """Where the page is looked at from."""

    country: str | None = Field(None, pattern="^[A-Za-z]{2}$", description="ISO 3166 alpha-2")
    language: str | None = Field(None, min_length=2, max_length=5, pattern="^[A-Za-z]{2,3}([-_][A-Za-z]{2})?$")


class SectionFilter(BaseModel):
    """What of json_v2's sections is kept."""

    model_config = ConfigDict(extra="forbid")

    min_content_blocks: int = Field(0, ge=0)
    exclude_content_types: list[
        Literal["paragraph", "list", "table", "image", "code", "blockquote", "dl", "details"]
    ] = Field(default_factory=list)
    content_only: bool = False


class Action(BaseModel):
    """One browser action; a failing one is recorded and skipped."""

    model_config = ConfigDict(extra="ignore")

    type: Literal["wait", "wait_for", "click", "fill", "press", "scroll", "infinite_scroll", "screenshot", "evaluate"]
    milliseconds: int | None = Field(None, ge=0, le=60_000)
    selector: str | None = Field(None, min_length=1, max_length=2000)
    timeout: float | None = Field(None, gt=0, le=60)
    value: str | None = Field(None, max_length=100_000)
    text: str | None = Field(None, max_length=100_000)
    key: str | None = Field(None, min_length=1, max_length=100)
    direction: Literal["up", "down"] = "down"
    amount: int = Field(1, ge=1, le=100)
    max_scrolls: int = Field(10, ge=1, le=100)
    wait: int = Field(500, ge=0, le=10_000, description="milliseconds between scrolls")
    script: str | None = Field(None, min_length=1, max_length=100_000)

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> "Action":
        needed = {
            "wait": ("milliseconds",),
            "wait_for": ("selector",),
            "click": ("selector",),
            "fill": ("selector",),
            "press": ("key",),
            "evaluate": ("script",),
        }
        for name in needed.get(self.type, ()):
            if getattr(self, name) is None:
                raise ValueError(f"an action of type {self.type} needs `{name}`")
        if self.type == "fill" and self.value is None and self.text is None:
            raise ValueError("an action of type fill needs `value`")
        return self


class Advanced(_Tolerant):
    """`advanced`: browser, add-ons, proxies, sessions."""

    render_js: bool | Literal["auto"] = False
    screenshot: bool = False
    generate_pdf: bool = False
    ocr: bool = False
    use_proxy: bool = False
    markdown: bool = False
    wait_condition: WaitCondition | None = None
    remove_cookie_banners: bool = True
    use_own_proxy: bool = False
    use_system_proxy: bool = False
    proxy_integration_id: str | None = None
    proxy_country: str | None = Field(None, pattern="^[A-Za-z]{2}$")
    session_id: UUID | None = None
    cookies: Cookies | None = None
    session_headers: Headers | None = None
    scroll_to_load: bool = False
    scroll_count: int = Field(3, ge=1, le=10)
    include_iframes: bool = False
    flatten_shadow_dom: bool = False
    block_images: bool | None = None
    section_filter: SectionFilter | None = None
    actions: list[Action] | None = Field(None, max_length=20)


class CostControls(_Tolerant):
    """`cost_controls`: what the climb may use."""

    max_credits: float | None = Field(
        None, gt=0, allow_inf_nan=False, description="below 1 dollars, from 1000 microcents, else credits"
    )
    max_tier: Tier | None = None
    force_tier: Tier | None = None
    min_tier: Tier | None = None
    prefer_cost: bool = False
    prefer_speed: bool = False
    fail_fast: bool = False
    time_budget: float | None = Field(None, ge=5, le=300)

    @model_validator(mode="before")
    @classmethod
    def _max_cost(cls, data: Any) -> Any:
        if isinstance(data, dict) and "max_cost" in data:
            return {"max_credits": data["max_cost"]} | data
        return data

    @model_validator(mode="after")
    def _forced_within_max(self) -> "CostControls":
        if self.force_tier and self.max_tier and float(self.force_tier) > float(self.max_tier):
            raise ValueError(f"force_tier {self.force_tier} is above max_tier {self.max_tier}")
        return self


class ScrapeRequest(_Tolerant):
    """POST /scrape."""

    url: str = Field(max_length=MAX_URL_CHARS, examples=["https://example.com/"])
    mode: Mode = "auto"
    sync: bool = True
    formats: list[Format] | None = Field(None, min_length=1, max_length=8)
    timeout: int | None = Field(None, ge=1, le=300, description="seconds for everything, queueing included")
    include_raw_html: bool = False
    force_refresh: bool = False
    cache: bool = False
    cache_ttl: int = Field(3600, ge=60, le=86_400)
    max_response_bytes: int = Field(5_242_880, ge=0, le=MAX_RESPONSE_BYTES)
    filter_content: bool = False
    webhook_url: str | None = Field(None, max_length=MAX_URL_CHARS)
    advanced: Advanced = Advanced()
    cost_controls: CostControls = CostControls()
    location: Location = Location()
    headers: Headers = Field(default_factory=dict)
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    body: str | None = None
    content_type: Literal[
        "application/json", "application/x-www-form-urlencoded", "text/plain", "application/graphql"
    ] = "application/json"
    session_id: UUID | None = None
    cookies: Cookies | None = None
    sticky_session: str | None = Field(None, pattern="^[A-Za-z0-9_-]{1,128}$")
    sticky_session_ttl: int = Field(1800, ge=300, le=7200)
    embeddings: dict[str, Any] | None = None
    extraction_schema: Schema | None = None
    extraction_prompt: str | None = Field(None, max_length=4000)
    extraction_profile: Profile | None = None
    extraction_template: Profile | None = None
    template: str | None = Field(None, max_length=100)
    extraction_model: str | None = Field(None, max_length=200)
    extraction_provider: Literal["openai", "anthropic", "openrouter", "groq"] | None = None
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
    def _consistent(self) -> "ScrapeRequest":
        problem = inconsistency(self)
        if problem:
            raise ValueError(problem)
        return self


class ScrapeAccepted(BaseModel):
    """202: the job waits or runs; poll GET /jobs/{job_id}."""

    job_id: UUID
    status: Literal["pending", "running"]


class Billing(BaseModel):
    """What was charged, every attempt, and what was saved against the highest tier."""

    model_config = ConfigDict(extra="allow")

    total_credits: int
    total_cost: float = Field(description="dollars")
    tier_used: str | None
    escalations: list[dict[str, Any]]
    savings: int = Field(description="credits")
    optimization_suggestion: str | None


class ScrapeResult(BaseModel):
    """200: the page. Further fields are there when they say something."""

    model_config = ConfigDict(extra="allow")

    url: str
    final_url: str
    job_id: UUID
    status_code: int = Field(description="the target's status")
    content: str | dict[str, Any] | None
    title: str | None
    author: str | None
    published_at: str | None
    metadata: dict[str, Any]
    headers: dict[str, str] = Field(description="the target's response headers")
    cached: bool
    response_time_ms: int
    size_bytes: int
    screenshot_url: str | None
    pdf_url: str | None
    billing: Billing
    extraction_method: str
    version: str


class EstimateRequest(ScrapeRequest):
    """POST /scrape/estimate: the request whose cost is asked for."""


class EstimateResponse(BaseModel):
    """What a scrape is expected to cost."""

    url: str
    estimated_tier: str
    estimated_credits: int
    confidence: str = Field(description="low, medium or high")
    max_possible_credits: int
    reasoning: str


def gather(data: dict[str, Any]) -> dict[str, Any]:
    """Move copies of `advanced` and `cost_controls` fields at the top, and legacy names, to their place."""
    given = {key: value for key, value in data.items() if value is not None}
    advanced = _without_nulls(given.get("advanced"))
    cost = _without_nulls(given.get("cost_controls"))
    if not isinstance(advanced, dict) or not isinstance(cost, dict):
        return given
    for name in _ADVANCED_AT_TOP:
        if name in given:
            advanced.setdefault(name, given[name])
    for name in _TOP_IN_ADVANCED:
        if name in advanced:
            given.setdefault(name, advanced[name])
    for name in (*_COST_AT_TOP, "min_tier"):
        if name in given:
            cost.setdefault(name, given[name])
    if "country" in given and "location" not in given:
        given["location"] = {"country": given["country"]}
    if "language" in given:
        given.setdefault("ocr_language", given["language"])
    return given | {"advanced": advanced, "cost_controls": cost}


def inconsistency(request: ScrapeRequest) -> str | None:
    """What two fields of a request say that cannot both be, or None."""
    advanced = request.advanced
    browser = advanced.render_js is not False or request.mode == "js"
    always_browser = advanced.render_js is True or request.mode == "js"
    checks = (
        (request.body is not None and request.method == "GET", "`body` cannot be sent with method GET"),
        (
            bool((request.screenshot or advanced.screenshot) and not always_browser),
            "`screenshot` needs `advanced.render_js`: true",
        ),
        (advanced.generate_pdf and not always_browser, "`advanced.generate_pdf` needs `advanced.render_js`: true"),
        (advanced.scroll_to_load and not browser, "`advanced.scroll_to_load` needs `advanced.render_js`"),
        (advanced.include_iframes and not browser, "`advanced.include_iframes` needs `advanced.render_js`"),
        (advanced.flatten_shadow_dom and not browser, "`advanced.flatten_shadow_dom` needs `advanced.render_js`"),
        (bool(advanced.actions) and not browser, "`advanced.actions` needs `advanced.render_js`"),
        (
            bool(request.session_id or advanced.session_id) and request.cookies is not None,
            "`cookies` and `session_id` exclude each other",
        ),
        (
            request.extraction_profile is not None and request.extraction_template is not None,
            "give either `extraction_profile` or `extraction_template`, not both",
        ),
        (
            advanced.proxy_integration_id is not None and not advanced.use_own_proxy,
            "`advanced.proxy_integration_id` needs `advanced.use_own_proxy`: true",
        ),
    )
    return next((message for wrong, message in checks if wrong), None)


def _without_nulls(value: Any) -> Any:
    """A copy without its nulls; what is no object is left for the validation to refuse."""
    if value is None:
        return {}
    return {k: v for k, v in value.items() if v is not None} if isinstance(value, dict) else value
