"""What every answer carries: a request id, rate and balance headers, and a bound on the body's size. And paths: a
slash at the end changes nothing."""

import asyncio
import re
import uuid
from contextlib import suppress

import structlog
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from alterlab_server.base.errors import TooLarge, Unavailable
from alterlab_server.base.money import MICROCENTS_PER_CENT, display
from alterlab_server.web.auth import Principal
from alterlab_server.web.errors import error_response, fault_response

MAX_BODY_BYTES = 1_048_576
# The extract endpoint takes the content itself; JSON may escape each two of the 5 MB by six characters.
MAX_CONTENT_BODY_BYTES = 16 * 1_048_576
_CONTENT_PATHS = ("/api/v1/extract", "/v1/extract")
# Of a body that is refused so much is taken in and thrown away, for so long.
_DRAINED_BYTES, _DRAIN_SECONDS = 16 * MAX_CONTENT_BODY_BYTES, 30
# How long a server that is stopped takes to be back.
ENDING_SECONDS = 5
_LOW, _CRITICAL = 50 * MICROCENTS_PER_CENT, 10 * MICROCENTS_PER_CENT
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class StandardHeaders:
    """Gives each request an id, each answer the headers that clients read, and an unforeseen exception an error."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        given = request.headers.get("x-request-id", "")
        request.state.request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex

        started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                add_headers(MutableHeaders(scope=message), request)
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request.state.request_id):
            try:
                await self._app(scope, receive, send_with_headers)
            except asyncio.CancelledError:  # this process ends, and the request has had the time that was left
                if started:
                    raise
                ends = Unavailable("The server is being stopped. Send the request again.", retry_after=ENDING_SECONDS)
                await error_response(ends, request)(scope, receive, send_with_headers)
            except Exception as fault:
                if started:
                    raise
                await fault_response(request, fault)(scope, receive, send_with_headers)


class TrailingSlash:
    """Routes `/path/` as `/path`, without a redirect: clients use both, and some do not follow a redirected POST."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request or WebSocket."""
        path = scope.get("path", "")
        if path != "/" and path.endswith("/"):
            scope = {**scope, "path": path.rstrip("/") or "/"}
        await self._app(scope, receive, send)


class BodyLimit:
    """Refuses a request body above the limit of its path, whether it is announced or not."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        limit = MAX_CONTENT_BODY_BYTES if request.url.path.rstrip("/") in _CONTENT_PATHS else MAX_BODY_BYTES
        announced = request.headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > limit:
            if "expect" not in request.headers:
                await _drain(receive)
            await _refuse(limit, request)(scope, receive, send)
            return
        received = 0

        async def bounded_receive() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                if message.get("more_body"):
                    await _drain(receive)
                raise HTTPException(TooLarge.status, f"The request body is above {limit} bytes.")
            return message

        await self._app(scope, bounded_receive, send)


async def _drain(receive: Receive) -> None:
    """Take in the rest of a body: a client that sends all before it reads would only see that its connection broke."""
    drained, more = 0, True
    with suppress(TimeoutError):
        async with asyncio.timeout(_DRAIN_SECONDS):
            while more and drained < _DRAINED_BYTES:
                message = await receive()
                drained += len(message.get("body", b""))
                more = message.get("more_body", False)


def add_headers(headers: MutableHeaders, request: Request) -> None:
    """Set the headers of the spec's table that belong to every answer."""
    headers["X-Request-Id"] = request.state.request_id
    principal: Principal | None = getattr(request.state, "principal", None)
    if principal is None:
        return
    balance = getattr(request.state, "balance_microcents", principal.balance_microcents)
    headers["X-AlterLab-Balance"] = display(balance)
    warning = balance_warning(balance)
    if warning:
        headers["X-AlterLab-Balance-Warning"] = warning
    headers["X-RateLimit-Limit"] = str(principal.rate_limit)
    headers["X-RateLimit-Remaining"] = str(max(0, principal.rate_limit - principal.rate_used))
    headers["X-RateLimit-Reset"] = str(principal.rate_resets_at)
    headers["X-Concurrency-Limit"] = str(principal.concurrency_limit)
    headers["X-Concurrency-Current"] = str(principal.concurrency_current)


def balance_warning(microcents: int) -> str | None:
    """exhausted at nothing, critical below ten cents, low below fifty, else None."""
    if microcents <= 0:
        return "exhausted"
    if microcents < _CRITICAL:
        return "critical"
    return "low" if microcents < _LOW else None


def _refuse(limit: int, request: Request) -> ASGIApp:
    return error_response(TooLarge(f"The request body is above {limit} bytes."), request)
