"""Who may read the metrics, and what they add up to."""

from collections.abc import AsyncIterator
from types import SimpleNamespace

import httpx2
import pytest
from fastapi import APIRouter, FastAPI
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from alterlab_server.app import metrics
from alterlab_server.app.metrics import RequestMetrics, WorkerMetrics
from alterlab_server.base.clock import new_id, utc_now
from alterlab_server.db import Database
from alterlab_server.jobs.schemas import AttemptRow, Ending, JobError
from alterlab_server.jobs.workers import give_sign_of_life
from alterlab_server.web import errors

CLIMBED = (
    AttemptRow("1", "failed", "blocked", "", 40, 403),
    AttemptRow("2", "skipped", "not_available", "", 0, None),
    AttemptRow("3", "success", "good", "", 700, 200),
)
DONE = Ending(charged_microcents=2000, result=b"{}", attempts=CLIMBED, tier_used="3")
LOST = Ending(error=JobError(403, "BLOCKED_BY_ANTIBOT", "Blocked."), attempts=CLIMBED[:1])


def samples(text: str) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """All samples of an exposition, by name and labels."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def one(text: str, name: str, **labels: str) -> float:
    return samples(text)[name, frozenset(labels.items())]


@pytest.fixture
def app(database: Database) -> FastAPI:
    things = APIRouter()

    @things.get("/{name}")
    async def thing(name: str) -> str:
        return name

    @things.get("/{one}/{name}")
    async def two(one: str, name: str) -> str:
        return one + name

    made = FastAPI()
    made.include_router(metrics.router)
    for prefix in ("/under/things", "/under/two"):
        made.include_router(things, prefix=prefix)
    errors.install(made)
    made.state.context = SimpleNamespace(database=database, clock=utc_now)
    made.state.metrics_token = None
    made.state.registry = CollectorRegistry()
    made.add_middleware(RequestMetrics, registry=made.state.registry)
    return made


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://test") as opened:
        yield opened


async def test_figures_of_all_workers_that_are_alive(database: Database, client: httpx2.AsyncClient) -> None:
    for name, endings in (("host:1", (DONE, DONE, LOST)), ("host:2", (DONE,))):
        counted = WorkerMetrics()
        for ending in endings:
            counted.observe(ending)
        async with database.transaction() as transaction:
            await give_sign_of_life(transaction, new_id(), name, {}, counted.exposition())
    text = (await client.get("/metrics")).text
    assert one(text, "alterlab_workers") == 2
    assert one(text, "alterlab_jobs_total", result="completed", tier="3", worker="host:1") == 2
    assert one(text, "alterlab_jobs_total", result="completed", tier="3", worker="host:2") == 1
    assert one(text, "alterlab_jobs_total", result="BLOCKED_BY_ANTIBOT", tier="none", worker="host:1") == 1
    attempts = {"tier": "3", "result": "success", "worker": "host:1"}
    assert one(text, "alterlab_attempt_seconds_count", **attempts) == 2
    assert one(text, "alterlab_attempt_seconds_sum", **attempts) == pytest.approx(1.4)
    assert one(text, "alterlab_attempt_seconds_bucket", **attempts, le="0.5") == 0
    assert one(text, "alterlab_attempt_seconds_bucket", **attempts, le="1.0") == 2
    assert one(text, "alterlab_jobs_unfinished", status="pending") == 0
    assert one(text, "alterlab_queue_entries", status="queued") == 0


async def test_requests_are_counted_by_the_template_of_their_path(client: httpx2.AsyncClient) -> None:
    await client.get("/metrics")
    await client.get("/nowhere/at/all")
    for name in ("a", "things"):
        await client.get(f"/under/things/{name}")
    for name in ("a/ab", "ab/a", "a/a", "two/things"):
        await client.get(f"/under/two/{name}")
    text = (await client.get("/metrics")).text
    assert one(text, "alterlab_requests_total", method="GET", path="/metrics", status="200") == 1
    assert one(text, "alterlab_requests_total", method="GET", path="unmatched", status="404") == 1
    assert one(text, "alterlab_requests_total", method="GET", path="/under/things/{name}", status="200") == 2
    assert one(text, "alterlab_requests_total", method="GET", path="/under/two/{one}/{name}", status="200") == 4
    assert one(text, "alterlab_request_seconds_count", path="/metrics") == 1


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
async def test_what_came_through_a_proxy_finds_nothing(client: httpx2.AsyncClient, header: str) -> None:
    assert (await client.get("/metrics", headers={header: "203.0.113.7"})).status_code == 404


async def test_another_machine_finds_nothing(app: FastAPI) -> None:
    transport = httpx2.ASGITransport(app, client=("203.0.113.7", 4711))
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as stranger:
        assert (await stranger.get("/metrics")).status_code == 404


@pytest.mark.parametrize(("given", "status"), [("Bearer right", 200), ("Bearer wrong", 404), ("", 404)])
async def test_a_token_opens_them_to_whoever_has_it(app: FastAPI, given: str, status: int) -> None:
    app.state.metrics_token = "right"
    transport = httpx2.ASGITransport(app, client=("203.0.113.7", 4711))
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as stranger:
        assert (await stranger.get("/metrics", headers={"Authorization": given})).status_code == status
