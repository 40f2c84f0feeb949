"""Carries bytes between two connections until both have ended."""

import asyncio

Side = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def relay(one: Side, other: Side) -> None:
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(_pump(one[0], other[1]))
            group.create_task(_pump(other[0], one[1]))
    finally:
        other[1].close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass  # the other side is gone, and so is this one
    writer.close()
