"""What the endpoints of all slices are given by `app`."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from alterlab_server.base.clock import Clock
from alterlab_server.base.sealing import Sealer
from alterlab_server.db import Database, Listener, Publish


@dataclass(frozen=True, slots=True)
class ApiContext:
    """The store, the notifications of finished jobs, the sealer of secrets, the time, and whom to tell events."""

    database: Database
    finished_jobs: Listener
    sealer: Sealer
    clock: Clock
    publish: Publish


async def _context(request: Request) -> ApiContext:
    context: ApiContext = request.app.state.context
    return context


Context = Annotated[ApiContext, Depends(_context)]
