"""What the endpoints of all slices are given by `app`."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
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
    may be sent webhooks, how the deliveries to a target of an organization stand, and whether this process is about to
    end, of which whoever waits for a notification is woken."""

    database: Database
    blobs: BlobStore
    finished_jobs: Listener
    sealer: Sealer
    clock: Clock
    publish: Publish
    receivers: ReceiverPolicy
    delivered: Callable[[Transaction, UUID, UUID], Awaitable[Deliveries]]
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    def close(self) -> None:
        """Let whoever waits for a job answer how it stands."""
        self.closing.set()
        self.finished_jobs.wake_all()


async def _context(request: Request) -> ApiContext:
    context: ApiContext = request.app.state.context
    return context


Context = Annotated[ApiContext, Depends(_context)]
