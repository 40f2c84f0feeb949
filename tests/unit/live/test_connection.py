"""A client that leaves in the middle of what it is sent."""

import asyncio
from types import SimpleNamespace
from typing import Any

from alterlab_server.base.clock import new_id, utc_now
from alterlab_server.db import Listener
from alterlab_server.fetch.places import FairPlaces
from alterlab_server.live.connection import JobConnection
from alterlab_server.live.options import LiveOptions
from alterlab_server.web.auth import Principal


class Gone:
    """A socket as the server leaves it when its client has gone."""

    async def receive_text(self) -> str:
        await asyncio.Event().wait()
        raise AssertionError

    async def send_text(self, _text: str) -> None:
        raise RuntimeError("Unexpected ASGI message 'websocket.send', after sending 'websocket.close'.")


async def test_a_client_that_leaves_is_no_fault() -> None:
    unused: Any = None
    socket: Any = Gone()
    context: Any = SimpleNamespace(finished_jobs=Listener(unused, "unused"), clock=utc_now)
    principal = Principal(new_id(), new_id(), 0, 0, 0, 0, 0, 0, "free")
    await JobConnection(socket, context, principal, LiveOptions(), FairPlaces(1, spare=0)).run()
