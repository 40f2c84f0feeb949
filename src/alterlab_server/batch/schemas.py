"""Values and wire types of batches."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from alterlab_server.batch.errors import at_item
from alterlab_server.scrape.schemas import MAX_URL_CHARS, ScrapeRequest
from alterlab_server.scrape.schemas.fields import at_fault
from alterlab_server.web.errors import validation_error

MAX_PLAIN_ITEMS = 1_000
MAX_OBJECT_ITEMS = 100
DEFAULT_TIMEOUT = 90
# The text also stands as `result.text`, which callers read without having asked for a format.
_DEFAULT_FORMATS = ["html", "json", "text"]
# What belongs to the batch and not to its items.
_OWN_FIELDS = frozenset({"urls", "requests", "webhook_url", "sync", "url"})


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as its owner sees it; `job_ids` in the order of its items."""

    id: UUID
    organization_id: UUID
    job_ids: tuple[UUID, ...]
    webhook_url: str | None
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class ItemTurn:
    """An item, by its job, whose host has more items in the batch than are run at a time; `queued`: it has its turn."""

    job_id: UUID
    host: str
    position: int
    queued: bool


class BatchRequest(BaseModel):
    """POST /batch: addresses, or objects with the fields of a scrape; what stands beside them is for all of them."""

    model_config = ConfigDict(extra="allow")

    urls: list[str | dict[str, Any]] = Field(min_length=1, max_length=MAX_PLAIN_ITEMS)
    webhook_url: str | None = Field(None, max_length=MAX_URL_CHARS)

    @model_validator(mode="before")
    @classmethod
    def _one_key(cls, data: Any) -> Any:
        """`requests` is another name of `urls`."""
        if isinstance(data, dict) and data.get("urls") is None and "requests" in data:
            return {**data, "urls": data["requests"]}
        return data

    @model_validator(mode="after")
    def _bounded(self) -> "BatchRequest":
        if len(self.urls) > MAX_OBJECT_ITEMS and any(isinstance(item, dict) for item in self.urls):
            problem = f"at most {MAX_OBJECT_ITEMS} items may be objects; {MAX_PLAIN_ITEMS} plain addresses fit"
            raise at_fault("urls", problem)
        return self

    def scrapes(self) -> list[ScrapeRequest]:
        """The scrape of each item, in order. Raises Unprocessable that names the item at fault."""
        shared = {name: value for name, value in (self.model_extra or {}).items() if name not in _OWN_FIELDS}
        return [_scrape(index, item, shared) for index, item in enumerate(self.urls)]


class BatchAcceptedResponse(BaseModel):
    """202: all jobs are queued; poll GET /batch/{batch_id}."""

    batch_id: str = Field(examples=["batch_7a3b9c8d-4e2f-4a6b-8c5d-9e0f1a2b3c4d"])
    status: Literal["processing"] = "processing"
    total_urls: int
    total_jobs: int
    total_requests: int
    job_ids: list[UUID]
    estimated_credits: int
    webhook_url: str | None


class BatchResponse(BaseModel):
    """GET /batch/{batch_id}."""

    batch_id: str
    status: Literal["processing", "completed", "partial", "failed"]
    total: int
    total_urls: int
    completed: int
    failed: int
    pending: int
    credits_used: int
    items: list[dict[str, Any]]
    created_at: str
    completed_at: str | None


def _scrape(index: int, item: str | Mapping[str, Any], shared: Mapping[str, Any]) -> ScrapeRequest:
    own = {"url": item} if isinstance(item, str) else {k: v for k, v in item.items() if v is not None}
    fields = {"formats": _DEFAULT_FORMATS, "timeout": DEFAULT_TIMEOUT, **shared, **own, "sync": False}
    try:
        return ScrapeRequest.model_validate(fields)
    except ValidationError as error:
        raise at_item(index, validation_error(error.errors(), fields)) from None
