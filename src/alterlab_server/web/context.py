"""What the endpoints of all slices are given by `app`."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from alterlab_server.base.clock import Clock
from alterlab_server.base.events import Deliveries
from alterlab_server.base.sealing import Sealer
from alterlab_server.blobs import BlobStore
from alterlab_server.db import Database, Listener, Publish, Transaction
from alterlab_server.web.receivers import ReceiverPolicy


@dataclass(frozen=True, slots=True)
class ApiContext:
    """The store and its objects, the notifications of jobs, the sealer of secrets, the time, whom to tell events, who
    may be sent webhooks, and how the deliveries to a target of an organization stand."""

    database: Database
    blobs: BlobStore
    finished_jobs: Listener
    sealer: Sealer
    clock: Clock
    publish: Publish
    receivers: ReceiverPolicy
    delivered: Callable[[Transaction, UUID, UUID], Awaitable[Deliveries]]


async def _context(request: Request) -> ApiContext:
    context: ApiContext = request.app.state.context
    return context


Context = Annotated[ApiContext, Depends(_context)]
