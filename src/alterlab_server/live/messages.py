"""What is said on a live connection (spec: jobs and WebSocket). JSON text frames both ways."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from alterlab_server.jobs.schemas import Job

ACTIONS = ("subscribe", "unsubscribe", "ping")


class BadMessage(ValueError):
    """What a client sent cannot be understood; the text says why."""


@dataclass(frozen=True, slots=True)
class Command:
    """What a client asks for; a ping names no job."""

    action: str
    job_id: UUID | None = None


def read_command(text: str) -> Command:
    """Parse a client's message; raises BadMessage."""
    try:
        message = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise BadMessage("The message is no valid JSON.") from None
    action = message.get("action") if isinstance(message, dict) else None
    if action not in ACTIONS:
        raise BadMessage(f"The message needs an action: {', '.join(ACTIONS)}.")
    if action == "ping":
        return Command(action)
    try:
        return Command(action, UUID(str(message.get("job_id"))))
    except ValueError:
        raise BadMessage(f"{action} needs the job_id of a job.") from None


def job_update(job: Job, ts: int) -> dict[str, Any]:
    """How a job stands; its result once it has completed, its error once it has failed."""
    completed = job.finished and job.error is None
    return {
        "type": "job_update",
        "job_id": str(job.id),
        "status": job.status,
        "result": orjson.loads(job.result or b"{}") | {"job_id": str(job.id)} if completed else None,
        "error": job.error.message if job.error else None,
        "ts": ts,
    }


def job_message(kind: str, job_id: UUID) -> dict[str, Any]:
    """`subscribed` or `unsubscribed`."""
    return {"type": kind, "job_id": str(job_id)}


def timed(kind: str, ts: int) -> dict[str, Any]:
    """`connected`, `heartbeat` or `pong`, with the time in unix seconds."""
    return {"type": kind, "ts": ts}


def error(message: str, job_id: UUID | None = None) -> dict[str, Any]:
    """What went wrong with one message; the connection goes on."""
    named = {} if job_id is None else {"job_id": str(job_id)}
    return {"type": "error", "message": message, **named}
