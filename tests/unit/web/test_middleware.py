"""Requests that are cancelled, as the server does when it must end."""

import asyncio
from typing import Any

import orjson
import pytest

from alterlab_server.web.middleware import StandardHeaders


async def _cancelled(*, begun: bool) -> list[dict[str, Any]]:
    """What is sent of an answer whose request is cancelled before or after it has begun."""
    sent: list[dict[str, Any]] = []

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        if begun:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        raise asyncio.CancelledError

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/", "headers": [], "query_string": b"", "state": {}}
    await StandardHeaders(app)(scope, receive, send)
    return sent


async def test_a_request_that_the_end_of_the_server_cuts_off_is_told_so() -> None:
    start, body = await _cancelled(begun=False)
    told = orjson.loads(body["body"])
    assert (start["status"], told["error"], told["retry_after"]) == (503, "UNAVAILABLE", 5)


async def test_an_answer_that_has_begun_is_cut_off() -> None:
    with pytest.raises(asyncio.CancelledError):
        await _cancelled(begun=True)
