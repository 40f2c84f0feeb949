"""Values and wire types of batches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from alterlab_server.base.errors import ServiceError
from alterlab_server.batch.errors import at_item
from alterlab_server.scrape.schemas import MAX_URL_CHARS, ScrapeRequest
from alterlab_server.scrape.schemas.fields import at_fault
from alterlab_server.web.errors import validation_error
from alterlab_server.web.fields import NoWebhook

MAX_PLAIN_ITEMS = 1_000
MAX_OBJECT_ITEMS = 100
MAX_SHARED_FIELDS = 100
DEFAULT_TIMEOUT = 90
# The text also stands as `result.text`, which callers read without having asked for a format.
_DEFAULT_FORMATS = ["html", "json", "text"]
# What belongs to the batch and not to its items.
_OWN_FIELDS = frozenset({"urls", "requests", "webhook_url", "sync", "url"})
# Objects whose fields an item gives one by one: those that it leaves out are as for all items.
_MERGED = ("advanced", "cost_controls", "location", "headers", "cookies")


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
    webhook: NoWebhook = None

    @model_validator(mode="before")
    @classmethod
    def _one_key(cls, data: Any) -> Any:
        """`requests` is another name of `urls`."""
        if not isinstance(data, dict) or data.get("requests") is None:
            return data
        if data.get("urls") is not None:
            raise at_fault("requests", "is another name of `urls`; give one of them")
        return {**data, "urls": data["requests"]}

    @model_validator(mode="after")
    def _bounded(self) -> "BatchRequest":
        if len(self.urls) > MAX_OBJECT_ITEMS and any(isinstance(item, dict) for item in self.urls):
            problem = f"at most {MAX_OBJECT_ITEMS} items may be objects; {MAX_PLAIN_ITEMS} plain addresses fit"
            raise at_fault("urls", problem)
        # They are read anew for each item, also those that nobody knows.
        beside = self.model_extra or {}
        for name, fields in (("urls", beside), *((name, beside.get(name)) for name in _MERGED)):
            if isinstance(fields, dict) and len(fields) > MAX_SHARED_FIELDS:
                where = "beside `urls`" if fields is beside else f"in the `{name}` of all items"
                raise at_fault(name, f"at most {MAX_SHARED_FIELDS} fields may stand {where}")
        return self

    @property
    def shared(self) -> dict[str, Any]:
        """What stands beside the items, for all of them."""
        return _given({name: value for name, value in (self.model_extra or {}).items() if name not in _OWN_FIELDS})

    def fault(self, index: int, error: ServiceError) -> ServiceError:
        """The error of an item, with its index; what was given for all items is no fault of one."""
        path = str(error.details.get("field", "url")).split(".")
        of_all = _names(self.shared, path) and not _names(self._own(index), path)
        return error if of_all else at_item(index, error)

    def _own(self, index: int) -> dict[str, Any]:
        item = self.urls[index]
        return {"url": item} if isinstance(item, str) else _given(item)

    def scrape(self, index: int) -> ScrapeRequest:
        """The scrape of an item. Raises what `fault` says."""
        own, shared = self._own(index), self.shared
        for name in _MERGED:
            if isinstance(own.get(name), dict) and isinstance(shared.get(name), dict):
                own[name] = shared[name] | _given(own[name])
        fields = {"formats": _DEFAULT_FORMATS, "timeout": DEFAULT_TIMEOUT, **shared, **own, "sync": False}
        try:
            return ScrapeRequest.model_validate(fields)
        except ValidationError as error:
            raise self.fault(index, validation_error(error.errors(), fields)) from None


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


def _given(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Without its nulls: a null means that the field was not given."""
    return {name: value for name, value in fields.items() if value is not None}


def _names(fields: Mapping[str, Any], path: Sequence[str]) -> bool:
    """Whether these fields hold what a path names; of an object that is merged, its own field counts."""
    value = fields.get(path[0])
    if path[0] in _MERGED and isinstance(value, dict) and len(path) > 1:
        return path[1] in value
    return value is not None
