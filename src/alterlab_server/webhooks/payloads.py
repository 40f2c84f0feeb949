"""What is sent: one envelope for all events (spec: webhooks, envelope)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from backports import zstd

from alterlab_server.base.clock import iso
from alterlab_server.base.events import Topic
from alterlab_server.jobs import service as jobs
from alterlab_server.jobs.schemas import Job

BATCH_PREFIX = "batch_"


def payload(
    topic: str, at: datetime, data: Mapping[str, Any], metadata: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """`{event, timestamp, data}`, and the caller's `metadata` where it was given.

    The keys of a job's data stand at the top as well, where receivers of batches look for them.
    """
    flat = data if topic in (Topic.JOB_COMPLETED, Topic.JOB_FAILED) else {}
    body = {**flat, "event": str(topic), "timestamp": iso(at), "data": data}
    return body | {"metadata": metadata} if metadata else body


def job_data(job: Job, batch_id: UUID | None) -> dict[str, Any]:
    """What is told of a job that has ended: its result as GET /jobs/{job_id} gives it, or its error."""
    data: dict[str, Any] = {
        "job_id": str(job.id),
        "url": job.url,
        "status": job.status,
        "result": None,
        "error": None,
        "completed_at": iso(job.finished_at) if job.finished_at else None,
    }
    if batch_id is not None:
        data["batch_id"] = f"{BATCH_PREFIX}{batch_id}"
    if job.error is None:
        data["result"] = orjson.loads(job.result or b"{}") | {"job_id": str(job.id)}
    else:
        data |= {"error": job.error.message, "error_code": job.error.code, "failed_at": data["completed_at"]}
    return data


def compressed(body: Mapping[str, Any]) -> bytes:
    """A payload as its delivery keeps it."""
    return zstd.compress(orjson.dumps(body), jobs.COMPRESSION_LEVEL)
