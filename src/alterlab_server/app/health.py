"""The health endpoints. They tell what is so now: the database, the queue, and which workers are alive."""

import asyncio
from typing import Any, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel

from alterlab_server.base.clock import iso
from alterlab_server.db import STORE_ERRORS, raw
from alterlab_server.fetch.tier import TIERS
from alterlab_server.jobs import service as jobs
from alterlab_server.jobs.workers import live_workers
from alterlab_server.queue import waiting
from alterlab_server.web.context import ApiContext, Context
from alterlab_server.web.responses import json_response

router = APIRouter(prefix="/health", tags=["health"])
PROBE_SECONDS = 5.0


class Health(BaseModel):
    """`status` is ok, degraded (something is off that some requests need) or down (no request can be served)."""

    status: Literal["ok", "degraded", "down"]
    timestamp: str
    checks: dict[str, dict[str, Any]]


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


@router.get("/ocr", response_model=Health, responses={503: {"model": Health, "description": "Down"}})
async def ocr_health(context: Context) -> Response:
    """Whether text in images can be read, and in which languages (Tesseract codes)."""
    state = await _state(context)
    return _answer(context, {name: state[name] for name in ("database", "ocr") if name in state})


async def _state(context: ApiContext) -> dict[str, dict[str, Any]]:
    now = context.clock()
    try:
        async with asyncio.timeout(PROBE_SECONDS), context.database.transaction() as transaction:
            counts = await jobs.count_by_status(transaction)
            queue = await waiting(raw(transaction))
            workers = await live_workers(transaction, now)
    except STORE_ERRORS:
        return {"database": {"status": "down"}}
    languages = {name for worker in workers for name in worker.abilities.get("ocr_languages", ())}
    has = {name for worker in workers for name in worker.abilities.get("tiers", ())}
    return {
        "database": {"status": "ok"},
        "queue": {"status": "ok", "jobs": counts, "entries": dict(queue)},
        "workers": {
            "status": "ok" if workers else "degraded",
            "alive": [{"name": worker.name, "since": iso(worker.started_at)} for worker in workers],
        },
        "ocr": {"status": "ok" if languages else "degraded", "languages": sorted(languages)},
        "tiers": {
            "status": "ok" if has else "degraded",
            **{row.name: {"name": row.label, "available": row.name in has} for row in TIERS},
        },
    }


def _answer(context: ApiContext, checks: dict[str, dict[str, Any]]) -> Response:
    states = {check["status"] for check in checks.values()}
    status = next((s for s in ("down", "degraded") if s in states), "ok")
    body = {"status": status, "timestamp": iso(context.clock()), "checks": checks}
    return json_response(body, 503 if status == "down" else 200)
