"""WebSockets that hold no message for who does not read it, as uvicorn's do for as long as the client stays."""

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol


class PatientWebSocketProtocol(WebSocketsSansIOProtocol):
    """One connection; a message is sent when next to nothing of it is left in this process."""

    async def send(self, message: ASGISendEvent) -> None:
        """Send, and wait until it has left."""
        await super().send(message)
        await self.writable.wait()

    async def run_asgi(self) -> None:
        """Serve; what has not left at the end never will."""
        await super().run_asgi()
        if not self.writable.is_set():
            self.transport.abort()
