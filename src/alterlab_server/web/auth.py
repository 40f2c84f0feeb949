"""Who is calling. The endpoints take a `Caller`; how a key becomes one is given by `app`."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyHeader, HTTPBearer
from fastapi.security.http import HTTPAuthorizationCredentials
from starlette.requests import HTTPConnection

_api_key = APIKeyHeader(name="X-API-Key", auto_error=False, description="An API key: sk_live_… or sk_test_…")
_bearer = HTTPBearer(auto_error=False, description="The same API key as a Bearer token")


@dataclass(frozen=True, slots=True)
class Principal:
    """An authenticated caller, and how its account stood when the request came."""

    organization_id: UUID
    api_key_id: UUID
    balance_microcents: int
    rate_limit: int
    rate_used: int
    rate_resets_at: int
    concurrency_limit: int
    concurrency_current: int
    rate_tier: str


# Turns a key, or None, and what it came with into a principal; raises Unauthorized or TooManyRequests.
Authenticate = Callable[[str | None, HTTPConnection], Awaitable[Principal]]


async def current_principal(
    request: Request,
    api_key: Annotated[str | None, Security(_api_key)] = None,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)] = None,
) -> Principal:
    """The caller of this request, by the key in `X-API-Key` or as a Bearer token."""
    authenticate: Authenticate = request.app.state.authenticate
    return await authenticate(api_key or (bearer.credentials if bearer else None), request)


async def check_caller(request: Request) -> None:
    """Ask who is calling, on behalf of an endpoint that the request never comes to."""
    await current_principal(request, await _api_key(request), await _bearer(request))


Caller = Annotated[Principal, Depends(current_principal)]
