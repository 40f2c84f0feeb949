"""Prometheus metrics. Each API process counts its own requests; workers have no port, so each leaves its figures in the
store with its sign of life, and `GET /metrics` of any API process shows those of all workers that are alive."""

import hmac
from collections.abc import Iterable, Sequence
from ipaddress import ip_address
from time import perf_counter

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from alterlab_server.base.errors import NotFound
from alterlab_server.db import raw
from alterlab_server.jobs import service as jobs
from alterlab_server.jobs.schemas import Ending, Worker
from alterlab_server.jobs.workers import live_workers
from alterlab_server.queue import waiting
from alterlab_server.web.context import ApiContext, Context

router = APIRouter()
SECONDS = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)
# What a proxy adds: such a request came from somewhere else, although the proxy is on this machine.
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
_UNMATCHED = "unmatched"


class RequestMetrics:
    """Counts and times the requests of this process, by the template of their path."""

    def __init__(self, app: ASGIApp, registry: CollectorRegistry) -> None:
        self._app = app
        labels = ("method", "path", "status")
        self._requests = Counter("alterlab_requests", "Requests answered.", labels, registry=registry)
        self._seconds = Histogram(
            "alterlab_request_seconds", "Time to the answer.", ("path",), registry=registry, buckets=SECONDS
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; WebSockets are not counted."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500

        async def noting_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        started = perf_counter()
        try:
            await self._app(scope, receive, noting_status)
        finally:
            path = _template(scope)
            self._seconds.labels(path).observe(perf_counter() - started)
            self._requests.labels(scope["method"], path, status).inc()


class WorkerMetrics:
    """What one worker counts of its jobs."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._jobs = Counter("alterlab_jobs", "Jobs ended.", ("result", "tier"), registry=self._registry)
        self._attempts = Histogram(
            "alterlab_attempt_seconds",
            "Time of one attempt of a climb.",
            ("tier", "result"),
            registry=self._registry,
            buckets=SECONDS,
        )

    def observe(self, ending: Ending) -> None:
        """Count a job that has ended. `result` is completed, or the code of its error."""
        result = "completed" if ending.error is None else ending.error.code
        self._jobs.labels(result, ending.tier_used or "none").inc()
        for attempt in ending.attempts:
            if attempt.result != "skipped":
                self._attempts.labels(attempt.tier, attempt.result).observe(attempt.duration_ms / 1000)

    def exposition(self) -> str:
        """All figures in Prometheus' text format."""
        return generate_latest(self._registry).decode()


class _Figures(Collector):
    """What was read from the store for one answer."""

    def __init__(self, workers: Sequence[Worker], jobs_by_status: dict[str, int], entries: dict[str, int]) -> None:
        self._workers = workers
        self._jobs = jobs_by_status
        self._entries = entries

    def collect(self) -> Iterable[Metric]:
        """One gauge for each kind of depth, and the figures of all workers with their names."""
        yield GaugeMetricFamily("alterlab_workers", "Workers alive.", len(self._workers))
        yield _gauge("alterlab_jobs_unfinished", "Jobs that wait and run.", "status", self._jobs)
        yield _gauge("alterlab_queue_entries", "Entries of the queue.", "status", self._entries)
        yield from _of_workers(self._workers)


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request, context: Context) -> Response:
    """All figures, for this machine or for whoever has the token; for anyone else there is nothing here."""
    if not _may_read(request, request.app.state.metrics_token):
        raise NotFound(f"There is no {request.method} {request.url.path}.")
    figures = CollectorRegistry(auto_describe=False)
    figures.register(await _read(context))
    body = generate_latest(request.app.state.registry) + generate_latest(figures)
    return Response(body, media_type=CONTENT_TYPE_LATEST)


def _template(scope: Scope) -> str:
    """The path with the names of its parameters in place of their values; what no route takes is one path."""
    if "endpoint" not in scope:
        return _UNMATCHED
    parts = str(scope["path"]).split("/")
    # By whole parts, from the last one on: what is left of a path must be the route's own, or each caller makes others.
    for name, value in reversed(scope["path_params"].items()):
        if value in parts:
            parts[len(parts) - 1 - parts[::-1].index(value)] = f"{{{name}}}"
    return "/".join(parts)


def _may_read(request: Request, token: str | None) -> bool:
    if token is not None:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), token.encode())
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    return ip_address(request.client.host).is_loopback


async def _read(context: ApiContext) -> _Figures:
    async with context.database.statement() as connection:
        by_status = await jobs.count_by_status(connection)
        entries = {"queued": 0, "picked": 0} | dict(await waiting(raw(connection)))
        return _Figures(await live_workers(connection), by_status, entries)


def _gauge(name: str, says: str, label: str, values: dict[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, says, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family


def _of_workers(workers: Sequence[Worker]) -> Iterable[Metric]:
    """The families of all workers, each sample with the worker's name."""
    families: dict[str, Metric] = {}
    for worker in workers:
        for family in text_string_to_metric_families(worker.metrics):
            merged = families.setdefault(family.name, Metric(family.name, family.documentation, family.type))
            for sample in family.samples:
                merged.add_sample(sample.name, {**sample.labels, "worker": worker.name}, sample.value)
    return families.values()
