"""Values and wire types of extractions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, model_validator

from alterlab_server.base.errors import TooLarge
from alterlab_server.scrape.schemas.fields import Format, Profile, Provider, Schema, Tolerant, at_fault
from alterlab_server.web.fields import Name, StorableText

MAX_CONTENT_CHARS = 5_000_000
MAX_PAGE_SIZE = 200
MAX_PAGE = 1_000_000_000


def _usable(content: str) -> str:
    if not content.strip():
        raise ValueError("content must not be blank")
    if len(content) > MAX_CONTENT_CHARS:
        raise TooLarge(f"The content is longer than {MAX_CONTENT_CHARS} characters.", details={"field": "content"})
    return content


class ExtractRequest(Tolerant):
    """POST /extract: content that the caller brings, and what to make of it. Nothing is fetched."""

    content: Annotated[str, AfterValidator(_usable)] = Field(
        min_length=1,
        description="HTML, text, Markdown, or a PDF in base64",
        json_schema_extra={"maxLength": MAX_CONTENT_CHARS},
    )
    content_type: Literal["html", "text", "markdown"] = "html"
    formats: list[Format] = Field(["json"], min_length=1, max_length=8)
    extraction_schema: Schema | None = None
    extraction_profile: Profile | None = None
    extraction_template: Profile | None = None
    template: StorableText | None = Field(None, max_length=100, description="A template's name or id")
    extraction_prompt: str | None = Field(None, max_length=4000)
    extraction_provider: Provider | None = None
    extraction_model: str | None = Field(None, max_length=200)
    source_url: str | None = Field(None, max_length=2048, description="Links are made absolute against it")
    evidence: bool = False
    promote_schema_org: bool = True
    cache: Literal["auto", "skip", "only"] = "auto"
    cache_ttl: int = Field(3600, ge=1, le=86_400)

    @model_validator(mode="after")
    def _one_of_each(self) -> "ExtractRequest":
        if self.extraction_profile is not None and self.extraction_template is not None:
            raise at_fault("extraction_template", "is another name of `extraction_profile`; give one of them")
        if self.extraction_schema is not None and self.template is not None:
            raise at_fault("template", "gives the schema; leave out `extraction_schema`")
        return self


class ExtractionMetadata(BaseModel):
    """How an extraction was made, and what it cost."""

    mode: Literal["algorithmic", "byok"] = "algorithmic"
    provider: str | None = None
    model: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost_microcents: int
    cached: bool = False
    latency_ms: int


class ExtractResponse(BaseModel):
    """200 of POST /extract; a format that could not be made is null, with the reason in `content_errors`."""

    extract_id: UUID
    formats: dict[str, Any]
    credits_used: int
    model_used: str | None = None
    extraction_method: str = "algorithmic"
    extraction_profile: str | None
    content_size_chars: int
    extraction_metadata: ExtractionMetadata
    cache_hit: bool = False
    title: str | None
    author: str | None
    published_at: str | None
    metadata: dict[str, Any]
    content_errors: dict[str, str]
    content_quality: dict[str, Any] | None = None
    quality_warning: dict[str, Any] | None = None
    content_truncated: dict[str, Any] | None = None
    filtered_content: Any = None
    extraction_result: Any = None
    evidence: dict[str, Any] | None = None


class ExtractEstimate(BaseModel):
    """What an extraction of that size would cost."""

    estimated_cost_microcents: int
    estimated_cost_usd: float
    breakdown: dict[str, int]


@dataclass(frozen=True, slots=True)
class Extracted:
    """One extraction that was charged."""

    id: UUID
    profile: str | None
    formats: tuple[str, ...]
    content_chars: int
    charged_microcents: int
    latency_ms: int
    created_at: datetime


class UsageItem(BaseModel):
    """One extraction in the list of usage."""

    extract_id: UUID
    created_at: str
    extraction_method: str = "algorithmic"
    extraction_profile: str | None
    formats: list[str]
    content_size_chars: int
    cost_microcents: int
    latency_ms: int


class UsagePage(BaseModel):
    """GET /extract/usage, newest first."""

    items: list[UsageItem]
    total: int
    page: int
    page_size: int
    has_more: bool


class UsageSummary(BaseModel):
    """GET /extract/usage/summary."""

    total_requests: int
    total_cost_microcents: int


class TemplateRequest(BaseModel):
    """POST /extract/templates."""

    name: Name = Field(min_length=1, max_length=100)
    # The wire's name of the field is also that of an old method of the base class.
    template_schema: Schema = Field(alias="schema")
