"""The API process: all slices' endpoints under /api/v1, and the same under /v1."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from socket import socket
from typing import Any

import uvicorn
from fastapi import APIRouter, FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import HTMLResponse
from fastapi_offline import FastAPIOffline
from prometheus_client import CollectorRegistry

from alterlab_server.app import health, metrics
from alterlab_server.app.authenticator import Authenticator
from alterlab_server.app.reactions import Reactions
from alterlab_server.app.secrets import make_sealer
from alterlab_server.app.settings import Settings
from alterlab_server.app.tools import make_sender, open_blobs, scrape_options
from alterlab_server.base.clock import utc_now
from alterlab_server.batch import endpoints as batch
from alterlab_server.billing import endpoints as billing
from alterlab_server.crawl import endpoints as crawl
from alterlab_server.crawl.stream import Streams
from alterlab_server.db import Database, Listener
from alterlab_server.extractions import endpoints as extractions
from alterlab_server.fetch.places import FairPlaces
from alterlab_server.jobs import endpoints as jobs
from alterlab_server.jobs.service import CHANNEL
from alterlab_server.live import endpoints as live
from alterlab_server.live.options import LiveOptions
from alterlab_server.scrape import endpoints as scrape
from alterlab_server.scrape.extractor import Extractor
from alterlab_server.sitemap import endpoints as sitemap
from alterlab_server.web import errors
from alterlab_server.web.context import ApiContext
from alterlab_server.web.http_protocol import BoundedHttpProtocol
from alterlab_server.web.middleware import BodyLimit, StandardHeaders, TrailingSlash
from alterlab_server.web.receivers import ReceiverPolicy
from alterlab_server.web.websocket_protocol import PatientWebSocketProtocol
from alterlab_server.webhooks import delivering
from alterlab_server.webhooks import endpoints as webhooks

ROUTERS: tuple[APIRouter, ...] = (
    scrape.router,
    batch.router,
    crawl.router,
    extractions.router,
    sitemap.router,
    jobs.router,
    billing.router,
    webhooks.router,
    live.router,
    health.router,
)
WELCOME = Path(__file__).with_name("welcome.html")
# A client's longest message is an action with a job id.
MAX_WEBSOCKET_MESSAGE = 4096
# Live connections that are told of a job at a time: a client that reads nothing of its result holds it for a while.
LIVE_PLACES = 32
CLIENT_HEADERS = ("Content-Type", "X-API-Key", "X-Device-Id", "X-Organization-Id", "Authorization", "X-AlterLab-Source")
EXPOSED_HEADERS = (
    "X-Request-Id",
    "X-AlterLab-Credits",
    "X-AlterLab-Tier",
    "X-AlterLab-Savings",
    "X-AlterLab-Bytes",
    "X-AlterLab-Cached",
    "X-AlterLab-Balance",
    "X-AlterLab-Balance-Warning",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
    "X-Concurrency-Limit",
    "X-Concurrency-Current",
    "Retry-After",
)

# How long open requests get when the server is told to stop, and how much of it is left to answer that a job goes on.
GRACE_SECONDS, ANSWER_SECONDS = 10, 2

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_app(settings: Settings, dsn: str) -> FastAPI:
    """The application on the store at `dsn`, which is migrated."""
    app = FastAPIOffline(  # its pages at /docs need nothing from elsewhere
        title="AlterLab",
        version=version("alterlab-server"),
        description="Open, self-hosted web scraping. The key goes into `X-API-Key`, or as a Bearer token.",
        lifespan=_lifespan(settings, dsn),
        redirect_slashes=False,
        redoc_url=None,
    )
    for router in ROUTERS:
        app.include_router(router, prefix="/api/v1")
        app.include_router(router, prefix="/v1", include_in_schema=False)
    app.include_router(jobs.downloads)
    app.include_router(metrics.router)
    app.get("/", include_in_schema=False)(_welcome)
    errors.install(app)
    app.state.registry = CollectorRegistry()
    app.add_middleware(metrics.RequestMetrics, registry=app.state.registry)
    app.add_middleware(TrailingSlash)
    app.add_middleware(BodyLimit)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["*"],
        allow_headers=CLIENT_HEADERS,
        expose_headers=EXPOSED_HEADERS,
    )
    app.add_middleware(StandardHeaders)
    return app


class _Server(uvicorn.Server):
    """A server that tells `ready` once its port is open, and `closing` when it has been told to end and open requests
    have taken most of the time that they get."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None], closing: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready
        self._closing = closing

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Open the port."""
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Let open requests end."""
        asyncio.get_running_loop().call_later(GRACE_SECONDS - ANSWER_SECONDS, self._closing)
        await super().shutdown(sockets)


async def serve_api(settings: Settings, dsn: str, ready: Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT, from when `ready` is called; open requests get ten seconds to end, before which
    those that wait for a job are answered that it goes on."""
    app = create_app(settings, dsn)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        proxy_headers=True,
        forwarded_allow_ips=settings.forwarded_allow_ips,
        access_log=False,
        http=BoundedHttpProtocol,
        ws=PatientWebSocketProtocol,
        ws_max_size=MAX_WEBSOCKET_MESSAGE,
        log_level="warning",
        timeout_graceful_shutdown=GRACE_SECONDS,
        server_header=False,
    )

    def closing() -> None:
        context: ApiContext = app.state.context
        context.close()

    await _Server(config, ready, closing).serve()


def _lifespan(settings: Settings, dsn: str) -> Lifespan:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        database = Database(dsn, pool_size=settings.pool_size)
        listener = Listener(database, CHANNEL)
        await listener.start()
        sealer = make_sealer(settings)
        sender = make_sender(settings)
        app.state.context = ApiContext(
            database=database,
            blobs=open_blobs(settings),
            finished_jobs=listener,
            sealer=sealer,
            clock=utc_now,
            publish=Reactions(sealer, utc_now).publish,
            receivers=ReceiverPolicy(settings.networks),
            delivered=delivering.delivered,
        )
        app.state.authenticate = Authenticator(database, utc_now, settings.rate_limits)
        token = settings.metrics_token
        app.state.metrics_token = token.get_secret_value() if token else None
        app.state.webhook_sender = sender
        app.state.live_options = LiveOptions()
        app.state.live_connections = Counter()
        app.state.live_places = FairPlaces(LIVE_PLACES, spare=LIVE_PLACES // 4)
        app.state.crawl_streams = Streams()
        app.state.scrape_options = scrape_options(settings)
        app.state.extractor = Extractor(settings.extraction_processes)
        try:
            yield
        finally:
            await app.state.extractor.stop()
            await sender.close()
            await listener.stop()
            await database.close()

    return lifespan


async def _welcome() -> Any:
    return HTMLResponse(WELCOME.read_text(encoding="utf-8"))
