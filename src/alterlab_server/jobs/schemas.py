"""Values and wire types of jobs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job as it is asked for. `request` is the validated request as JSON; `held_microcents` is its ceiling.

    The result of a job of a batch is kept as long as its batch.
    """

    id: UUID
    organization_id: UUID
    api_key_id: UUID | None
    url: str
    host: str
    mode: str
    request: bytes
    held_microcents: int
    created_at: datetime
    deadline_at: datetime
    batch_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ClaimedJob:
    """A job that a worker has begun. `run` counts from 1 and is the fence of its settlement."""

    id: UUID
    organization_id: UUID
    api_key_id: UUID | None
    url: str
    host: str
    request: bytes
    held_microcents: int
    run: int
    deadline_at: datetime
    batch_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class OverdueJob:
    """An unfinished job that is past its deadline."""

    id: UUID
    organization_id: UUID
    run: int
    held_microcents: int
    batch_id: UUID | None


@dataclass(frozen=True, slots=True)
class JobError:
    """Why a job failed, as the API says it."""

    status: int
    code: str
    message: str
    details: Mapping[str, Any] = field(default_factory=dict)


WORKER_DIED = JobError(
    500, "INTERNAL_ERROR", "The job could not be run to its end: each time its worker died, or failed."
)
# Of a request that is not idempotent. No 500: clients try those again by themselves.
OUTCOME_UNKNOWN = JobError(
    422,
    "OUTCOME_UNKNOWN",
    "The worker died while the request was under way. It may have had its effect, and is not sent again.",
)
# What the job of a call whose time was up costs, for clients that show it.
HELD = "held; charged if the job still succeeds"
OUR_FAULT = JobError(500, "INTERNAL_ERROR", "Something went wrong on our side.")


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One attempt of a job's climb."""

    tier: str
    result: str
    verdict: str
    reason: str
    duration_ms: int
    status_code: int | None


@dataclass(frozen=True, slots=True)
class JobFile:
    """A file that a job made: its key in the blob store, its media type and its bytes."""

    key: str
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Ending:
    """How a job ends: a result (the answer's JSON) or an error, and what it cost."""

    charged_microcents: int = 0
    result: bytes | None = None
    error: JobError | None = None
    attempts: Sequence[AttemptRow] = ()
    files: Sequence[JobFile] = ()
    tier_used: str | None = None
    cached: bool = False
    target_status: int | None = None
    kept_for: timedelta = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Job:
    """A job as its owner sees it; `result` is the JSON of its answer once it has completed."""

    id: UUID
    organization_id: UUID
    url: str
    mode: str
    status: str
    charged_microcents: int
    tier_used: str | None
    created_at: datetime
    finished_at: datetime | None
    error: JobError | None
    result: bytes | None

    @property
    def finished(self) -> bool:
        """True when it has ended, either way."""
        return self.finished_at is not None


@dataclass(frozen=True, slots=True)
class JobCounts:
    """What GET /usage counts of the jobs of a period."""

    total: int
    successful: int
    failed: int
    cached: int
    by_mode: Mapping[str, int]
    by_tier: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class PageCount:
    """Pages of one kind that were scraped without jobs of their own; `status` is completed or failed."""

    created_at: datetime
    host: str
    mode: str
    tier_used: str | None
    status: str
    cached: bool
    pages: int
    charged_microcents: int


@dataclass(frozen=True, slots=True)
class KeyUse:
    """How many jobs a key has made, and when the last."""

    requests: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker process: `name` is host and process id, `abilities` what it can do, `metrics` its figures as text."""

    id: UUID
    name: str
    abilities: Mapping[str, Any]
    metrics: str
    started_at: datetime
    seen_at: datetime


class JobResponse(BaseModel):
    """GET /jobs/{job_id}; a completed job also has all fields of its result."""

    model_config = ConfigDict(extra="allow")

    id: UUID
    job_id: UUID
    status: Literal["pending", "running", "completed", "failed"]
    url: str
    mode: str
    created_at: str
    progress: int | None = None
    result: dict[str, Any] | None = None
    error: str | None = None
    completed_at: str | None = None
    failed_at: str | None = None


class DomainSpending(BaseModel):
    """What one host has cost."""

    domain: str
    credits_used: int
    requests: int


class SpendingResponse(BaseModel):
    """GET /billing/usage: the day, the week from Monday and the month are those of UTC."""

    today_credits: int
    this_week_credits: int
    this_month_credits: int
    total_credits: int
    today_requests: int
    this_week_requests: int
    top_domains: list[DomainSpending] = Field(description="at most ten, the dearest first")
    usage_since: str | None = Field(description="when the first charge was made")
