"""The end of a test's own server leaves nothing open that a later test would be blamed for."""

import asyncio
import gc
import socket

import pytest
from tests.support.closing import close


@pytest.mark.parametrize("turns", range(6))
async def test_a_connection_that_is_just_being_made_is_closed(turns: int) -> None:
    connections: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(asyncio.sleep(60))
        connections.add(task)
        task.add_done_callback(lambda _: writer.close())

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    with socket.create_connection(server.sockets[0].getsockname()[:2]):
        for _ in range(turns):
            await asyncio.sleep(0)
        await close(server, connections)
    gc.collect()
