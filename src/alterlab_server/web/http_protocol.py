"""HTTP connections with bounds, which uvicorn has none of: on the size of a request's head, and on the time that a
client may take to send a request and to read its answer. Without them whoever can connect fills its memory.
"""

from asyncio import Handle, Transport
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

MAX_HEAD_BYTES = 65_536
_BODY_BYTES = 1_048_576
_PROGRESS_BYTES = 65_536
_CLOSE = b"content-length: 0\r\nconnection: close\r\n\r\n"


class BoundedHttpProtocol(HttpToolsProtocol):
    """One connection, cut off when a request has more than `MAX_HEAD_BYTES` beside its body.

    It is cut off as well when a head with the first mebibyte of its body, or a further one, takes longer than
    `request_seconds`, and when next to nothing of an answer is read for `stalled_seconds`.
    """

    request_seconds = 60.0
    stalled_seconds = 60.0

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._allowance = MAX_HEAD_BYTES
        self._body_bytes = 0
        self._awaiting: Handle | None = None
        self._stalled: Handle | None = None

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
        self._allowance, self._body_bytes = MAX_HEAD_BYTES, 0
        self._await_request()

    def on_body(self, body: bytes) -> None:
        """A piece of a body, whose size is the application's to judge, in a frame that may be as large as itself."""
        self._allowance += 2 * len(body)
        self._body_bytes += len(body)
        if self._body_bytes >= _BODY_BYTES:
            self._body_bytes -= _BODY_BYTES
            self._await_request()
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

    def resume_writing(self) -> None:
        """The client has read what waited."""
        self._answer_is_read()
        super().resume_writing()

    def _await_request(self) -> None:
        self._request_is_there()
        self._awaiting = self.loop.call_later(self.request_seconds, self._refuse, 408)

    def _request_is_there(self) -> None:
        if self._awaiting is not None:
            self._awaiting.cancel()
            self._awaiting = None

    def _refuse(self, status: int) -> None:
        """End the connection, with a word when no answer is under way."""
        if self.cycle is None or self.cycle.response_complete:
            self.transport.write(STATUS_LINE[status] + _CLOSE)
        self.transport.close()

    def _watch_reading(self) -> None:
        waiting = self.transport.get_write_buffer_size()
        self._stalled = self.loop.call_later(self.stalled_seconds, self._expect_progress, waiting)

    def _expect_progress(self, before: int) -> None:
        """Drop a client that has read next to nothing; one that is only slow reads on."""
        if self.transport.get_write_buffer_size() > before - _PROGRESS_BYTES:
            self.transport.abort()
        else:
            self._watch_reading()

    def _answer_is_read(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None
