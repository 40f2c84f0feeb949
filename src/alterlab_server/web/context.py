"""What the endpoints of all slices are given by `app`."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from alterlab_server.base.clock import Clock
from alterlab_server.base.sealing import Sealer
from alterlab_server.blobs import BlobStore
from alterlab_server.db import Database, Listener, Publish
from alterlab_server.web.receivers import ReceiverPolicy


@dataclass(frozen=True, slots=True)
class ApiContext:
    """The store and its objects, the notifications of jobs, the sealer of secrets, the time, whom to tell events, and
    who may be sent webhooks."""

    database: Database
    blobs: BlobStore
    finished_jobs: Listener
    sealer: Sealer
    clock: Clock
    publish: Publish
    receivers: ReceiverPolicy


async def _context(request: Request) -> ApiContext:
    context: ApiContext = request.app.state.context
    return context


Context = Annotated[ApiContext, Depends(_context)]
