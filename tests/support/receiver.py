"""A receiver of webhooks, as a customer would write one with public libraries."""

import asyncio
import contextlib
import hashlib
import hmac
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import orjson
from standardwebhooks.webhooks import Webhook
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from tests.support.serving import served
from tests.support.waiting import eventually_async


@dataclass(frozen=True)
class Received:
    """One request that came."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)

    def verified(self, secret: str) -> Any:
        """The payload; fails unless all three signatures are those of `secret`."""
        assert hmac.compare_digest(self.headers["x-alterlab-signature"], _sha256(secret, self.body))
        signed = self.headers["x-webhook-timestamp"].encode() + b"." + self.body
        assert hmac.compare_digest(self.headers["x-webhook-signature"], _sha256(secret, signed))
        return Webhook(secret).verify(self.body, dict(self.headers))


class Receiver:
    """`async with Receiver() as receiver: receiver.url("/hook")`.

    It answers 200, unless `answers` has statuses for the path: they are used up one by one. A path in `held` gets no
    answer before `release`.
    """

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.answers: defaultdict[str, list[int]] = defaultdict(list)
        self.under_way: defaultdict[str, int] = defaultdict(int)
        self.most_under_way: defaultdict[str, int] = defaultdict(int)
        self._held: dict[str, asyncio.Event] = {}
        self._open = contextlib.AsyncExitStack()
        self._address = ""

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self._address.rpartition(':')[2]}{path}"

    def hold(self, path: str) -> None:
        self._held[path] = asyncio.Event()

    def release(self, path: str) -> None:
        self._held[path].set()

    def on(self, path: str) -> list[Received]:
        return [received for received in self.received if received.path == path]

    async def wait_for(self, path: str, number: int = 1) -> list[Received]:
        """The first `number` requests on `path`, once they are here."""

        async def arrived() -> bool:
            return len(self.on(path)) >= number

        await eventually_async(arrived, what=f"{number} requests on {path}, of which there are {len(self.on(path))}")
        return self.on(path)[:number]

    async def __aenter__(self) -> Self:
        app = Starlette(routes=[Route("/{path:path}", self._answer, methods=["GET", "POST"])])
        self._address = await self._open.enter_async_context(served(app))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for held in self._held.values():
            held.set()
        await self._open.aclose()

    async def _answer(self, request: Request) -> Response:
        path = request.url.path
        self.received.append(Received(path, dict(request.headers), await request.body()))
        self.under_way[path] += 1
        self.most_under_way[path] = max(self.most_under_way[path], self.under_way[path])
        try:
            if path in self._held:
                await self._held[path].wait()
        finally:
            self.under_way[path] -= 1
        status = self.answers[path].pop(0) if self.answers[path] else 200
        return Response(status_code=status, headers={"location": "/elsewhere"} if 300 <= status < 400 else None)


def _sha256(secret: str, message: bytes) -> str:
    return f"sha256={hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()}"
