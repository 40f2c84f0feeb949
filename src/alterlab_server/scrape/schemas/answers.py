"""The answers of the scrape endpoints."""

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


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


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a scrape would cost, in microcents: probably, at least, and at most."""

    url: str
    tier: str
    expected: int
    least: int
    most: int
    confidence: str
    reasoning: str


class EstimateResponse(BaseModel):
    """What a scrape is expected to cost."""

    url: str
    estimated_tier: str
    estimated_credits: int
    confidence: str = Field(description="low, medium or high")
    max_possible_credits: int
    reasoning: str
