"""WS /ws/jobs: how jobs stand, as it changes."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from fastapi import APIRouter
from fastapi.security.utils import get_authorization_scheme_param
from starlette.websockets import WebSocket, WebSocketDisconnect

from alterlab_server.base.errors import ServiceError, TooManyRequests
from alterlab_server.fetch.places import FairPlaces
from alterlab_server.live.connection import CLOSE_TOO_MANY, CLOSE_UNAUTHORIZED, Closed, JobConnection
from alterlab_server.live.options import LiveOptions
from alterlab_server.web.auth import Authenticate, Principal

router = APIRouter(tags=["live"])
_KEY_PREFIX = "sk_"
# A reason fits a close frame: 125 bytes with the code (RFC 6455, section 5.5).
_MAX_REASON = 120


@router.websocket("/ws/jobs")
async def job_updates(socket: WebSocket) -> None:
    """Subscribe to jobs and hear of each change.

    The key comes as `?api_key=`, as the value of Sec-WebSocket-Protocol, in X-API-Key, or as a Bearer token. Without
    a valid one the connection is opened and closed with 4001, for a browser shows no other reason.
    """
    protocol = next((name for name in socket.scope["subprotocols"] if name.startswith(_KEY_PREFIX)), None)
    key = socket.query_params.get("api_key") or protocol or _key_of_headers(socket)
    await socket.accept(subprotocol=protocol)
    authenticate: Authenticate = socket.app.state.authenticate
    options: LiveOptions = socket.app.state.live_options
    try:
        principal = await _admitted(authenticate, key, socket)
        with _counted(socket.app.state.live_connections, principal.organization_id, options.connections):
            places: FairPlaces = socket.app.state.live_places
            await JobConnection(socket, socket.app.state.context, principal, options, places).run()
    except Closed as closed:
        await _close(socket, closed, options.send_seconds)


def _key_of_headers(socket: WebSocket) -> str | None:
    scheme, token = get_authorization_scheme_param(socket.headers.get("authorization"))
    return socket.headers.get("x-api-key") or (token if scheme.lower() == "bearer" else None)


async def _admitted(authenticate: Authenticate, key: str | None, socket: WebSocket) -> Principal:
    try:
        return await authenticate(key, socket)
    except TooManyRequests as error:
        raise Closed(CLOSE_TOO_MANY, error.message) from None
    except ServiceError as error:
        raise Closed(CLOSE_UNAUTHORIZED, error.message) from None


@contextlib.contextmanager
def _counted(connections: Counter[UUID], organization_id: UUID, limit: int) -> Iterator[None]:
    """Count a connection of the account while the block lasts; raises Closed above the limit."""
    if connections[organization_id] >= limit:
        raise Closed(CLOSE_TOO_MANY, f"This account has {limit} connections already.")
    connections[organization_id] += 1
    try:
        yield
    finally:
        connections[organization_id] -= 1
        if not connections[organization_id]:
            del connections[organization_id]


async def _close(socket: WebSocket, closed: Closed, seconds: float) -> None:
    """Say why. A client that still reads nothing is left without a word, for there is no room to say it."""
    with contextlib.suppress(TimeoutError, WebSocketDisconnect):
        async with asyncio.timeout(seconds):
            await socket.close(closed.code, closed.reason[:_MAX_REASON])
