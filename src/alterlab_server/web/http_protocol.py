"""HTTP connections with bounds, which uvicorn has none of: on the size of a request's head, on the time that a client
may take to send a request and to read its answer, and on the bytes of all bodies that are being sent and of all answers
that wait to be read. Without them whoever can connect fills its memory.
"""

from asyncio import Handle, Transport
from collections.abc import Mapping
from typing import Any

from uvicorn._types import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from alterlab_server.web.held import HeldBytes

MAX_HEAD_BYTES = 65_536
MAX_UNREAD_BYTES = 268_435_456
# Bodies are taken before anybody asks whose they are. Those of a hundred pages that are sent at once have room.
MAX_INCOMING_BYTES = 536_870_912
_BODY_BYTES = 1_048_576
_PROGRESS_BYTES = 65_536
_CLOSE = b"content-length: 0\r\nconnection: close\r\n\r\n"


class BoundedHttpProtocol(HttpToolsProtocol):
    """One connection, cut off when a request has more than `MAX_HEAD_BYTES` beside its body.

    It is cut off as well when a head with the first mebibyte of its body, or a further one, takes longer than
    `request_seconds`, when next to nothing of an answer is read for `stalled_seconds`, when its address is the one
    that makes the process hold the most while `incoming` is full, and when its account is that while `unread` is. What
    is held for a connection is one answer: a request that is sent before the answer to the last one is read waits.
    """

    request_seconds = 60.0
    stalled_seconds = 60.0
    incoming = HeldBytes(MAX_INCOMING_BYTES)
    unread = HeldBytes(MAX_UNREAD_BYTES)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._allowance = MAX_HEAD_BYTES
        self._body_bytes = 0
        self._awaited_bytes = _BODY_BYTES
        self._awaiting: Handle | None = None
        self._stalled: Handle | None = None
        self._answered: Mapping[str, Any] = {"state": {}}

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._await_request()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget what was waited for."""
        self._request_is_there()
        self._answer_is_read()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, unless the request is beyond its bounds."""
        self._allowance -= len(data)
        super().data_received(data)
        if self._allowance < 0 and self._awaiting is not None:
            self._refuse(431)

    def on_message_begin(self) -> None:
        """A request, which may come on a connection that had others."""
        super().on_message_begin()
        self._allowance, self._body_bytes, self._awaited_bytes = MAX_HEAD_BYTES, 0, _BODY_BYTES
        self._await_request()

    def on_body(self, body: bytes) -> None:
        """A piece of a body, whose size is the application's to judge, in a frame that may be as large as itself."""
        self._allowance += 2 * len(body)
        self._body_bytes += len(body)
        if self._body_bytes >= self._awaited_bytes:
            self._awaited_bytes += _BODY_BYTES
            self._await_request()
        if self._body_bytes > _PROGRESS_BYTES:
            self.incoming.add(self, self._address(), lambda: self._body_bytes)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is there."""
        self._request_is_there()
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """A WebSocket has bounds of its own."""
        self._request_is_there()
        super().handle_websocket_upgrade()

    def pause_writing(self) -> None:
        """More of an answer waits than the client has read."""
        super().pause_writing()
        self._watch_reading()
        self.unread.add(self, self._owner(), self.unread_bytes)

    def resume_writing(self) -> None:
        """The client has read what waited."""
        self._answer_is_read()
        super().resume_writing()

    def unread_bytes(self) -> int:
        """How much of an answer waits."""
        return self.transport.get_write_buffer_size()

    def drop(self) -> None:
        """End the connection without the rest of its answer."""
        self.transport.abort()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        async def when_read(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
            await self.flow.drain()
            self._answered = scope
            if not cycle.disconnected:
                await app(scope, receive, send)

        # A head that came to its end with the last piece that was read was not cut off before.
        too_long = _head_bytes(cycle.scope) > MAX_HEAD_BYTES
        super()._start_asgi_task(cycle, _refuse_head if too_long else when_read)

    def _owner(self) -> str:
        """The account that the answer is for, else the address that it goes to."""
        principal = self._answered["state"].get("principal")
        return str(principal.organization_id) if principal else self._address()

    def _address(self) -> str:
        return self.client[0] if self.client else ""

    def _await_request(self) -> None:
        if self._awaiting is not None:
            self._awaiting.cancel()
        self._awaiting = self.loop.call_later(self.request_seconds, self._refuse, 408)

    def _request_is_there(self) -> None:
        self.incoming.remove(self)
        if self._awaiting is not None:
            self._awaiting.cancel()
            self._awaiting = None

    def _refuse(self, status: int) -> None:
        """End the connection, with a word when no answer is under way."""
        if self.cycle is None or self.cycle.response_complete:
            self.transport.write(STATUS_LINE[status] + _CLOSE)
        self.transport.close()

    def _watch_reading(self) -> None:
        self._stalled = self.loop.call_later(self.stalled_seconds, self._expect_progress, self.unread_bytes())

    def _expect_progress(self, before: int) -> None:
        """Drop a client that has read next to nothing; one that is only slow reads on."""
        if self.unread_bytes() > before - _PROGRESS_BYTES:
            self.transport.abort()
        else:
            self._watch_reading()

    def _answer_is_read(self) -> None:
        self.unread.remove(self)
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None


def _head_bytes(scope: HTTPScope) -> int:
    """About how long the head of a request was; a WebSocket's is not bounded here."""
    lines = sum(len(name) + len(value) + len(": \r\n") for name, value in scope["headers"])
    return len(scope.get("raw_path", b"")) + len(scope.get("query_string", b"")) + lines


async def _refuse_head(_scope: Scope, _receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    headers = [(b"content-length", b"0"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 431, "headers": headers, "trailers": False})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
