"""One live connection: what its client asks, what its jobs do, and a sign of life.

What is yet to be sent is only a set of job ids; how a job stands is read from its row when it can be sent. However fast
jobs change and however slowly a client reads, a connection holds no more than one message, and no more of them hold one
with a result than there are places.
"""

import asyncio
from typing import Any
from uuid import UUID

import orjson
from starlette.websockets import WebSocket, WebSocketDisconnect

from alterlab_server.accounts import service as accounts
from alterlab_server.base.errors import NotFound, Unauthorized
from alterlab_server.db.listener import Subscription
from alterlab_server.fetch.places import FairPlaces
from alterlab_server.jobs import service as jobs
from alterlab_server.live import messages
from alterlab_server.live.options import LiveOptions
from alterlab_server.web.auth import Principal
from alterlab_server.web.context import ApiContext

# 4000 to 4999 are for applications (RFC 6455, section 7.4.2).
CLOSE_UNAUTHORIZED = 4001
CLOSE_TOO_SLOW = 4008
CLOSE_TOO_MANY = 4029
_WINDOW_SECONDS = 60.0


class Closed(Exception):
    """The connection must end, with this code and reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class JobConnection:
    """An authenticated connection. Whether its key still holds is asked with each heartbeat.

    `places` are for connections that read a job and tell of it; they are shared fairly among accounts.
    """

    def __init__(
        self,
        socket: WebSocket,
        context: ApiContext,
        principal: Principal,
        options: LiveOptions,
        places: FairPlaces,
    ) -> None:
        self._socket = socket
        self._context = context
        self._organization_id = principal.organization_id
        self._api_key_id = principal.api_key_id
        self._options = options
        self._places = places
        # By job, the status that the client was last told.
        self._told: dict[UUID, str] = {}
        self._sending = asyncio.Lock()
        self._window_ends = 0.0
        self._in_window = 0

    async def run(self) -> None:
        """Serve until the client leaves; raises Closed when the connection must end."""
        with self._context.finished_jobs.subscribed() as news:
            tasks = [
                asyncio.create_task(work)
                for work in (self._hear_client(news), self._tell_updates(news), self._give_signs_of_life())
            ]
            try:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in tasks:
                    task.cancel()
                ends = await asyncio.gather(*tasks, return_exceptions=True)
        for end in ends:
            if isinstance(end, Exception) and not isinstance(end, WebSocketDisconnect):
                raise end

    async def _hear_client(self, news: Subscription) -> None:
        await self._send(messages.timed("connected", self._now()))
        while True:
            text = await self._heard()
            self._count_message()
            try:
                await self._obey(messages.read_command(text), news)
            except messages.BadMessage as problem:
                await self._send(messages.error(str(problem)))

    async def _heard(self) -> str:
        """The client's next message; a binary one, which Starlette has no text for, says nothing."""
        try:
            return await self._socket.receive_text()
        except KeyError:
            return ""

    async def _obey(self, command: messages.Command, news: Subscription) -> None:
        if command.job_id is None:
            await self._send(messages.timed("pong", self._now()))
        elif command.action == "subscribe":
            await self._subscribe(command.job_id, news)
        else:
            self._forget(command.job_id, news)
            await self._send(messages.job_message("unsubscribed", command.job_id))

    async def _subscribe(self, job_id: UUID, news: Subscription) -> None:
        if job_id not in self._told and len(self._told) >= self._options.subscriptions:
            await self._send(messages.error(f"A connection has at most {self._options.subscriptions} jobs.", job_id))
            return
        # Before the row is read, so that no change falls between.
        self._told[job_id] = "pending"
        for payload in jobs.payloads(job_id):
            news.add(payload)
        status = (await self._statuses([job_id])).get(job_id)
        if status is None:
            self._forget(job_id, news)
            await self._send(messages.error(f"There is no job {job_id}, or it has expired.", job_id))
            return
        await self._send(messages.job_message("subscribed", job_id))
        await self._update(job_id, status, news)

    async def _tell_updates(self, news: Subscription) -> None:
        while True:
            job_ids = list({UUID(payload.partition(" ")[0]) for payload in await news.heard()})
            for job_id, status in (await self._statuses(job_ids)).items():
                await self._update(job_id, status, news)

    async def _update(self, job_id: UUID, status: str, news: Subscription) -> None:
        """Tell how a job stands, unless the client knows it; one that has ended has nothing more to tell."""
        if self._told.get(job_id, status) == status:
            return
        self._told[job_id] = status
        async with self._places.held(str(self._organization_id)):
            await self._tell(job_id, news)

    async def _tell(self, job_id: UUID, news: Subscription) -> None:
        try:
            finished, text = await self._read(job_id)
        except NotFound as gone:
            finished, text = True, orjson.dumps(messages.error(gone.message, job_id)).decode()
        if job_id not in self._told:
            return  # a subscription and the news meet where a job begins and ends: the other of them told its end
        if finished:
            self._forget(job_id, news)
        await self._send_text(text)

    async def _read(self, job_id: UUID) -> tuple[bool, str]:
        """Whether a job has ended, and the message that tells of it: all that is held of it while it is sent."""
        async with self._context.database.statement() as connection:
            job = await jobs.get(connection, self._organization_id, job_id, self._context.clock())
        return job.finished, orjson.dumps(messages.job_update(job, self._now())).decode()

    def _forget(self, job_id: UUID, news: Subscription) -> None:
        self._told.pop(job_id, None)
        for payload in jobs.payloads(job_id):
            news.remove(payload)

    async def _give_signs_of_life(self) -> None:
        while True:
            await asyncio.sleep(self._options.heartbeat_seconds)
            try:
                async with self._context.database.statement() as connection:
                    await accounts.require_active(connection, self._api_key_id)
            except Unauthorized as refused:
                raise Closed(CLOSE_UNAUTHORIZED, refused.message) from None
            await self._send(messages.timed("heartbeat", self._now()))

    async def _statuses(self, job_ids: list[UUID]) -> dict[UUID, str]:
        async with self._context.database.statement() as connection:
            return await jobs.statuses(connection, self._organization_id, job_ids)

    async def _send(self, message: dict[str, Any]) -> None:
        await self._send_text(orjson.dumps(message).decode())

    async def _send_text(self, text: str) -> None:
        try:
            async with asyncio.timeout(self._options.send_seconds), self._sending:
                await self._socket.send_text(text)
        except TimeoutError:
            raise Closed(CLOSE_TOO_SLOW, "This connection does not read what it is sent.") from None
        except RuntimeError as error:  # the server's word for a client that left while it was sent something
            raise WebSocketDisconnect from error

    def _count_message(self) -> None:
        now = asyncio.get_running_loop().time()
        if now >= self._window_ends:
            self._window_ends, self._in_window = now + _WINDOW_SECONDS, 0
        self._in_window += 1
        if self._in_window > self._options.messages_a_minute:
            raise Closed(CLOSE_TOO_MANY, f"More than {self._options.messages_a_minute} messages a minute.")

    def _now(self) -> int:
        return int(self._context.clock().timestamp())
