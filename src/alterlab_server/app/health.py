"""The health endpoints. They tell what is so now: the database, the queue, and which workers are alive."""

import asyncio
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel

from alterlab_server.base.clock import iso
from alterlab_server.db import STORE_ERRORS, raw
from alterlab_server.fetch.tier import TIERS
from alterlab_server.jobs import service as jobs
from alterlab_server.jobs.schemas import Worker
from alterlab_server.jobs.workers import live_workers
from alterlab_server.queue import waiting
from alterlab_server.web.context import ApiContext, Context
from alterlab_server.web.responses import json_response

router = APIRouter(prefix="/health", tags=["health"])
PROBE_SECONDS = 5.0
_VERSION = version("alterlab-server")


class Health(BaseModel):
    """`status` is ok, degraded (something is off that some requests need) or down (no request can be served)."""

    status: Literal["ok", "degraded", "down"]
    timestamp: str
    version: str
    checks: dict[str, dict[str, Any]]


class OcrHealth(Health):
    """`languages` are Tesseract's codes; the versions are those of a worker that can read images."""

    available: bool
    tesseract_version: str | None
    pillow_version: str | None
    languages: list[str]
    message: str


@router.get("/live")
async def live() -> dict[str, str]:
    """This process answers."""
    return {"status": "ok"}


@router.get("/ready", response_model=Health, responses={503: {"model": Health, "description": "Not ready"}})
async def ready(context: Context) -> Response:
    """Requests can be accepted: the database answers. 503 otherwise."""
    return _answer(context, {"database": (await _state(context))["database"]})


@router.get("", response_model=Health, responses={503: {"model": Health, "description": "Down"}})
async def health(context: Context) -> Response:
    """Database, queue, workers and tiers; 503 when no request can be served."""
    return _answer(context, await _state(context))


@router.get("/jobs", response_model=Health, responses={503: {"model": Health, "description": "Down"}})
async def job_health(context: Context) -> Response:
    """How many jobs wait and run, and which workers are there for them."""
    state = await _state(context)
    return _answer(context, {name: state[name] for name in ("database", "queue", "workers") if name in state})


@router.get("/ocr", response_model=OcrHealth, responses={503: {"model": OcrHealth, "description": "Down"}})
async def ocr_health(context: Context) -> Response:
    """Whether text in images can be read, and in which languages (Tesseract codes)."""
    state = await _state(context)
    told = {name: value for name, value in state.get("ocr", _ocr(())).items() if name != "status"}
    available = bool(told["languages"])
    message = "Text in images can be read." if available else "No worker is there that can read text in images."
    checks = {name: check for name, check in state.items() if name in ("database", "ocr")}
    return _answer(context, checks, available=available, message=message, **told)


async def _state(context: ApiContext) -> dict[str, dict[str, Any]]:
    try:
        async with asyncio.timeout(PROBE_SECONDS), context.database.transaction() as transaction:
            counts = await jobs.count_by_status(transaction)
            queue = await waiting(raw(transaction))
            workers = await live_workers(transaction)
    except (TimeoutError, *STORE_ERRORS):
        return {"database": {"status": "down"}}
    has = {name for worker in workers for name in worker.abilities.get("tiers", ())}
    return {
        "database": {"status": "ok"},
        "queue": {"status": "ok", "jobs": counts, "entries": dict(queue)},
        "workers": {
            "status": "ok" if workers else "degraded",
            # Anybody may ask: not by their names, which are a host's and a process's. /metrics has those.
            "alive": [{"since": iso(worker.started_at)} for worker in workers],
        },
        "ocr": _ocr(workers),
        "tiers": {
            "status": "ok" if has else "degraded",
            **{row.name: {"name": row.label, "available": row.name in has} for row in TIERS},
        },
    }


def _ocr(workers: Sequence[Worker]) -> dict[str, Any]:
    """In which languages the workers read images, and with which versions the first of them does."""
    readers = [worker.abilities for worker in workers if worker.abilities.get("ocr_languages")]
    first = readers[0] if readers else {}
    return {
        "status": "ok" if readers else "degraded",
        "languages": sorted({name for reader in readers for name in reader["ocr_languages"]}),
        "tesseract_version": first.get("tesseract_version"),
        "pillow_version": first.get("pillow_version"),
    }


def _answer(context: ApiContext, checks: dict[str, dict[str, Any]], **further: Any) -> Response:
    states = {check["status"] for check in checks.values()}
    status = next((s for s in ("down", "degraded") if s in states), "ok")
    body = {"status": status, "timestamp": iso(context.clock()), "version": _VERSION, "checks": checks}
    return json_response(body | further, 503 if status == "down" else 200)
