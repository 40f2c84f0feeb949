"""HTTP/2 for the site: the same pages, answered on streams."""

import asyncio
from collections.abc import Awaitable, Callable

import h2.config
import h2.connection
import h2.events
from tests.site.wire import Request, Wire

Answer = Callable[[Request, Wire], Awaitable[None]]


class StreamWire(Wire):
    """A stream as a page sees it. Its `cut` resets the stream and leaves the connection."""

    def __init__(self, connection: "Http2Connection", stream: int) -> None:
        super().__init__(connection.reader, connection.writer)
        self._connection = connection
        self._stream = stream
        self.ended = False

    async def raw(self, data: bytes) -> None:
        self.check()
        await self._connection.send(self._stream, data)

    async def head(self, status: int, *headers: tuple[str, str]) -> None:
        self.sent.append(status)
        lines = [(name.lower(), value) for name, value in headers if name.lower() != "transfer-encoding"]
        self._connection.state.send_headers(self._stream, [(":status", str(status)), *lines])
        await self._connection.flush()

    async def until_gone(self) -> None:
        await self._connection.gone.wait()

    def cut(self) -> None:
        self.ended = True
        self._connection.state.reset_stream(self._stream)


class Http2Connection:
    """One connection: reads frames, and runs a task for each request."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer: Answer) -> None:
        self.reader = reader
        self.writer = writer
        self.gone = asyncio.Event()
        self.state = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
        self._answer = answer
        self._heads: dict[int, list[tuple[str, str]]] = {}
        self._bodies: dict[int, bytes] = {}
        self._room = asyncio.Condition()
        self._tasks: dict[int, asyncio.Task[None]] = {}

    async def serve(self) -> None:
        self.state.initiate_connection()
        await self.flush()
        try:
            while data := await self.reader.read(65536):
                for event in self.state.receive_data(data):
                    await self._take(event)
                await self.flush()
        finally:
            self.gone.set()
            for task in self._tasks.values():
                task.cancel()
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def send(self, stream: int, data: bytes) -> None:
        while data:
            async with self._room:
                await self._room.wait_for(lambda: self.state.local_flow_control_window(stream) > 0)
            room = min(self.state.local_flow_control_window(stream), self.state.max_outbound_frame_size)
            self.state.send_data(stream, data[:room])
            data = data[room:]
            await self.flush()

    async def flush(self) -> None:
        self.writer.write(self.state.data_to_send())
        await self.writer.drain()

    async def _take(self, event: h2.events.Event) -> None:
        match event:
            case h2.events.RequestReceived(stream_id=stream, headers=headers):
                self._heads[stream] = list(headers)
                self._bodies[stream] = b""
            case h2.events.DataReceived(stream_id=stream, data=data, flow_controlled_length=length):
                self._bodies[stream] += data
                self.state.acknowledge_received_data(length, stream)
            case h2.events.StreamEnded(stream_id=stream):
                self._tasks[stream] = asyncio.create_task(self._run(stream))
            case h2.events.StreamReset(stream_id=stream) if stream in self._tasks:
                self._tasks[stream].cancel()
            case h2.events.WindowUpdated() | h2.events.RemoteSettingsChanged():
                async with self._room:
                    self._room.notify_all()

    async def _run(self, stream: int) -> None:
        pairs = dict(self._heads.pop(stream))
        headers = {name: value for name, value in pairs.items() if not name.startswith(":")}
        request = Request(
            pairs[":method"],
            pairs[":path"],
            {"host": pairs[":authority"], **headers},
            self._bodies.pop(stream),
            secure=True,
            version="2",
        )
        wire = StreamWire(self, stream)
        await self._answer(request, wire)
        if not wire.ended:
            self.state.end_stream(stream)
        await self.flush()
