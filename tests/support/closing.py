"""Ending a server of a test together with its connections."""

import asyncio
from collections.abc import Collection

# A connection is made, and closed, in a few turns of the event loop.
_TURNS = 10


async def close(server: asyncio.Server, connections: Collection[asyncio.Task[None]]) -> None:
    """End a server and the tasks of its connections, also of one that was accepted just now and has no task yet.

    It accepts no more before it is closed: of one closed amid that, Python 3.11 leaves the connection open.
    """
    for listening in server.sockets:
        asyncio.get_running_loop().remove_reader(listening.fileno())
    await _turns()
    server.close()
    for task in connections:
        task.cancel()
    await asyncio.gather(*connections, return_exceptions=True)
    await _turns()
    await server.wait_closed()


async def _turns() -> None:
    for _ in range(_TURNS):
        await asyncio.sleep(0)
