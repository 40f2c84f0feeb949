"""The objects inside a request."""

from typing import Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator

from alterlab_server.scrape.schemas.fields import Cookies, Headers, Resource, Tier, Tolerant, WaitCondition, at_fault
from alterlab_server.scrape.schemas.gather import gather_cost


class Location(Tolerant):
    """Where the page is looked at from."""

    country: str | None = Field(None, pattern="^[A-Za-z]{2}$", description="ISO 3166 alpha-2")
    language: str | None = Field(None, min_length=2, max_length=5, pattern="^[A-Za-z]{2,3}([-_][A-Za-z]{2})?$")


ContentType = Literal["paragraph", "list", "table", "image", "code", "blockquote", "dl", "details"]


class SectionFilter(Tolerant):
    """What of json_v2's sections is kept; here an unknown field is refused, as the spec says."""

    model_config = ConfigDict(extra="forbid")

    min_content_blocks: int = Field(0, ge=0)
    exclude_content_types: list[ContentType] = Field(default_factory=list, max_length=8)
    content_only: bool = False


class Action(Tolerant):
    """One browser action; a failing one is recorded and skipped."""

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
                raise at_fault(name, f"an action of type {self.type} needs `{name}`")
        if self.type == "fill" and self.value is None and self.text is None:
            raise at_fault("value", "an action of type fill needs `value`")
        return self


class Advanced(Tolerant):
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
    block_resources: list[Resource] | None = Field(None, max_length=20, description="what a browser does not load")
    wait_time: float = Field(0, ge=0, le=60_000, description="milliseconds, once the page is ready")
    viewport_width: int | None = Field(None, ge=200, le=3840)
    viewport_height: int | None = Field(None, ge=200, le=2160)
    mobile: bool = Field(False, description="the page as on a telephone")
    section_filter: SectionFilter | None = None
    actions: list[Action] | None = Field(None, max_length=20)


class CostControls(Tolerant):
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
    def _gather(cls, data: Any) -> Any:
        return gather_cost(data) if isinstance(data, dict) else data

    @model_validator(mode="after")
    def _forced_within_max(self) -> "CostControls":
        if self.force_tier and self.max_tier and float(self.force_tier) > float(self.max_tier):
            raise at_fault("force_tier", f"force_tier {self.force_tier} is above max_tier {self.max_tier}")
        return self
