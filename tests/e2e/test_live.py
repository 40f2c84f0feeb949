"""The WebSocket of a started server."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.e2e.conftest import Client
from tests.support.accounts import Account
from tests.support.running import Running
from tests.support.waiting import PATIENCE
from websockets.asyncio.client import ClientConnection, connect


async def told(socket: ClientConnection) -> dict[str, Any]:
    """The next message that is more than a sign of life."""
    message: dict[str, Any] = {"type": "heartbeat"}
    async with asyncio.timeout(PATIENCE):
        while message["type"] == "heartbeat":
            message = json.loads(await socket.recv())
    return message


@pytest.mark.parametrize("prefix", ["/api/v1", "/v1"])
async def test_a_scrape_is_followed_to_its_end(
    server: Running, client: Client, account: Account, target: Callable[[str], str], prefix: str
) -> None:
    url = server.url.replace("http", "ws", 1) + f"{prefix}/ws/jobs?api_key={account.key}"
    async with connect(url) as socket:
        assert (await told(socket))["type"] == "connected"
        job_id = (await client.post("/scrape", json={"url": target("/article"), "sync": False})).json()["job_id"]
        await socket.send(json.dumps({"action": "subscribe", "job_id": job_id}))
        assert await told(socket) == {"type": "subscribed", "job_id": job_id}
        updates = [await told(socket)]
        while updates[-1]["status"] == "running":
            updates.append(await told(socket))
        assert updates[-1]["status"] == "completed"
        assert updates[-1]["result"] == (await client.get(f"/jobs/{job_id}")).json()["result"]
