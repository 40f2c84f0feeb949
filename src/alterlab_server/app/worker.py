"""A worker process: takes work from the queue until it is told to stop."""

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import AsyncIterator, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from alterlab_server.app.metrics import WorkerMetrics
from alterlab_server.app.reactions import Reactions
from alterlab_server.app.secrets import make_sealer
from alterlab_server.app.settings import Settings, forget_cloud_variables
from alterlab_server.app.sweeper import sweep_forever
from alterlab_server.app.tools import abilities, delivery_options, make_sender, make_toolbox, open_blobs
from alterlab_server.base.clock import new_id, utc_now
from alterlab_server.base.sealing import Sealer
from alterlab_server.blobs import BlobStore
from alterlab_server.crawl import service as crawl
from alterlab_server.crawl.export import queueing
from alterlab_server.crawl.export.downloads import Downloads
from alterlab_server.crawl.export.tasks import ExportTask
from alterlab_server.crawl.tasks import CrawlTask
from alterlab_server.db import Database, Listener, Publish
from alterlab_server.discover.robots import RobotsKeeper
from alterlab_server.fetch.browser.proxy import EgressProxy
from alterlab_server.fetch.egress import Gate
from alterlab_server.hosts.repository import CHANNEL as SLOWED_HOSTS
from alterlab_server.jobs import service as jobs
from alterlab_server.jobs.begun import Begun
from alterlab_server.jobs.workers import SIGN_OF_LIFE_SECONDS, give_sign_of_life, say_goodbye
from alterlab_server.queue import DELIVERIES, ITEMS, Handler, QueueWorker
from alterlab_server.scrape import service as scrape
from alterlab_server.scrape.run import Toolbox
from alterlab_server.scrape.tasks import ScrapeTask
from alterlab_server.scrape.turns import HostTurns
from alterlab_server.sitemap import service as sitemap
from alterlab_server.sitemap.tasks import MapTask
from alterlab_server.webhooks import delivering
from alterlab_server.webhooks.sender import Sender
from alterlab_server.webhooks.tasks import DeliverTask

# How long running jobs may still take when the worker is told to stop. What is left is given to another worker.
GRACE_SECONDS = 10.0
# Attempts at webhooks that one worker may have under way; each waits on its receiver, and costs next to nothing.
DELIVERIES_AT_A_TIME = 128
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Stores:
    """Where a worker's tasks read and write, and whom they tell."""

    database: Database
    blobs: BlobStore
    sealer: Sealer
    publish: Publish
    end_unheard: jobs.EndUnheard


async def run_worker(settings: Settings, dsn: str) -> None:
    """Work until SIGTERM or SIGINT. Raises when the store is lost, so that a supervisor starts it anew."""
    stores = open_stores(settings, dsn)
    database, begun, counted, stop = stores.database, Begun(), WorkerMetrics(), stop_signal()
    await database.ping()  # the listener would wait for a store that is not there
    slowed_hosts = Listener(database, SLOWED_HOSTS)
    await slowed_hosts.start()
    async with opened_toolbox(settings) as tools, opened_sender(settings) as sender, opened_proxy(settings) as proxy:
        jobs_done = job_handlers(stores, tools, slowed_hosts, begun, counted, stop)
        delivered = delivery_handlers(stores, settings, sender, proxy)
        queues = (
            QueueWorker(dsn, jobs_done, concurrency=settings.concurrency),
            # Lanes of their own: however slow the pages of batches and the receivers are, no scrape waits behind them.
            QueueWorker(dsn, {scrape.TASK: jobs_done[scrape.TASK]}, concurrency=settings.concurrency, lane=ITEMS),
            QueueWorker(dsn, delivered, concurrency=DELIVERIES_AT_A_TIME, lane=DELIVERIES),
        )
        async with _in_background(
            sweep_forever(database, stores.blobs, settings, stores.publish, utc_now),
            _give_signs_of_life(database, abilities(settings), counted),
            begun.announce_forever(database),
        ):
            working = {asyncio.create_task(queue.run()) for queue in queues}
            await asyncio.wait({*working, asyncio.create_task(stop.wait())}, return_when=asyncio.FIRST_COMPLETED)
            for queue in queues:
                queue.stop()
            await _drain(working)
    await slowed_hosts.stop()
    await database.close()


def open_stores(settings: Settings, dsn: str) -> Stores:
    """The stores of the settings."""
    blobs, sealer = open_blobs(settings), make_sealer(settings)
    forget_cloud_variables()
    database = Database(dsn, pool_size=settings.pool_size)
    reactions = Reactions(sealer, utc_now)
    return Stores(database, blobs, sealer, reactions.publish, jobs.EndUnheard(reactions.heard))


def stop_signal() -> asyncio.Event:
    """An event that SIGTERM and SIGINT set."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def job_handlers(
    stores: Stores, tools: Toolbox, slowed_hosts: Listener, begun: Begun, counted: WorkerMetrics, stop: asyncio.Event
) -> dict[str, Handler]:
    """What is done for callers, by the names under which it is queued."""
    database, blobs, sealer = stores.database, stores.blobs, stores.sealer
    publish, end_unheard = stores.publish, stores.end_unheard
    robots, turns = RobotsKeeper(tools.tiers["1"]), HostTurns(database, slowed_hosts, utc_now)
    return {
        scrape.TASK: ScrapeTask(
            database, blobs, sealer, tools, publish, end_unheard, begun, turns, counted.observe, utc_now
        ),
        crawl.TASK: CrawlTask(database, blobs, sealer, tools, robots, slowed_hosts, publish, utc_now, stop.is_set),
        sitemap.TASK: MapTask(database, sealer, tools, robots, slowed_hosts, publish, utc_now),
    }


def delivery_handlers(stores: Stores, settings: Settings, sender: Sender, proxy: EgressProxy) -> dict[str, Handler]:
    """What is sent out to receivers and stores of callers, by the names under which it is queued."""
    database, sealer = stores.database, stores.sealer
    downloads = Downloads(stores.blobs, settings.public_url or "")
    authorities = settings.ca_file.read_bytes() if settings.ca_file else None
    return {
        delivering.TASK: DeliverTask(database, sealer, sender, delivery_options(settings), utc_now),
        queueing.TASK: ExportTask(database, downloads, sealer, proxy, authorities, stores.publish, utc_now),
    }


@contextlib.asynccontextmanager
async def opened_toolbox(settings: Settings) -> AsyncIterator[Toolbox]:
    """The toolbox with its extraction processes running, closed at the end."""
    tools = make_toolbox(settings)
    await tools.extractor.start()
    try:
        yield tools
    finally:
        await asyncio.gather(tools.extractor.stop(), *(tier.close() for tier in tools.tiers.values()))


@contextlib.asynccontextmanager
async def opened_sender(settings: Settings) -> AsyncIterator[Sender]:
    """What sends webhooks, closed at the end."""
    sender = make_sender(settings)
    try:
        yield sender
    finally:
        await sender.close()


@contextlib.asynccontextmanager
async def opened_proxy(settings: Settings) -> AsyncIterator[EgressProxy]:
    """The way out for what cannot ask the egress gate by itself, closed at the end."""
    proxy = EgressProxy(Gate(settings.networks), str(settings.ca_file) if settings.ca_file else None)
    try:
        yield proxy
    finally:
        await proxy.close()


async def _drain(working: set[asyncio.Task[None]]) -> None:
    """Let running jobs end; when they take too long, leave without cancelling them.

    A cancelled entry would count as done. Left behind, its heartbeat ends and another worker takes it.
    """
    _, left = await asyncio.wait(working, timeout=GRACE_SECONDS)
    if left:
        log.warning("worker.left_jobs_behind")
        os._exit(1)
    await asyncio.gather(*working)


async def _give_signs_of_life(database: Database, able: Mapping[str, Any], counted: WorkerMetrics) -> None:
    """Until cancelled; one that fails is logged, and the next one is due as ever."""
    worker_id, name = new_id(), f"{socket.gethostname()}:{os.getpid()}"
    try:
        while True:
            try:
                async with database.transaction() as transaction:
                    await give_sign_of_life(transaction, worker_id, name, able, counted.exposition())
            except Exception:
                log.exception("worker.no_sign_of_life")
            await asyncio.sleep(SIGN_OF_LIFE_SECONDS)
    finally:
        async with database.transaction() as transaction:
            await say_goodbye(transaction, worker_id)


@contextlib.asynccontextmanager
async def _in_background(*work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(item) for item in work]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
