"""How a key becomes a caller: whose it is, how its account stands, and whether it may call now."""

from dataclasses import dataclass

from starlette.requests import HTTPConnection

from alterlab_server.accounts import service as accounts
from alterlab_server.accounts.service import RateState
from alterlab_server.app import repository
from alterlab_server.app.repository import Standing
from alterlab_server.base.clock import Clock
from alterlab_server.base.errors import NotFound, TooManyRequests, Unauthorized
from alterlab_server.billing.rate_tiers import RateTier, rate_tier
from alterlab_server.db import Database, Transaction
from alterlab_server.web.auth import Principal

WRITE_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
WRITE_TOKENS = 2
# A key belongs to one organization; a client that names another one would act for the wrong account.
ORGANIZATION_HEADER = "X-Organization-Id"
# Attempts a minute with no valid key, from one address.
FAILED_LIMIT = 30


@dataclass(frozen=True, slots=True)
class Authenticator:
    """Authenticates and rate-limits one request, or the opening of one WebSocket; the caller is left in its state."""

    database: Database
    clock: Clock
    rate_limits: bool

    async def __call__(self, key: str | None, request: HTTPConnection) -> Principal:
        """The caller; raises Unauthorized, TooManyRequests above a limit, and NotFound when the request names an
        organization that is not the key's."""
        async with self.database.statement() as connection:
            try:
                standing = await _standing(connection, key)
            except Unauthorized as error:
                raise await self._count_failure(connection, request, error) from None
            _check_organization(standing, request.headers.get(ORGANIZATION_HEADER, ""))
            return await self._admit(connection, standing, request)

    async def _admit(self, transaction: Transaction, standing: Standing, request: HTTPConnection) -> Principal:
        tier = rate_tier(standing.balance_microcents, standing.rate_tier)
        state = await self._take(transaction, standing, tier, request)
        principal = Principal(
            organization_id=standing.organization_id,
            api_key_id=standing.api_key_id,
            balance_microcents=standing.balance_microcents,
            rate_limit=state.limit,
            rate_used=state.used,
            rate_resets_at=state.resets_at,
            concurrency_limit=tier.concurrent_requests,
            concurrency_current=standing.jobs_under_way,
            rate_tier=tier.slug,
        )
        # Also when it is refused: the headers of every answer tell how the account stands.
        request.state.principal = principal
        if state.exceeded:
            raise _too_many(f"{state.limit} requests a minute are allowed at this balance.", state, self.clock)
        return principal

    async def _take(
        self, transaction: Transaction, standing: Standing, tier: RateTier, request: HTTPConnection
    ) -> RateState:
        subject, now = str(standing.organization_id), self.clock()
        if not self.rate_limits or tier.slug == "unlimited":
            return RateState(tier.requests_per_minute, 0, int(now.timestamp()) + accounts.RATE_WINDOW_SECONDS)
        tokens = WRITE_TOKENS if request.scope.get("method") in WRITE_METHODS else 1
        return await accounts.take_tokens(transaction, subject, tokens, tier.requests_per_minute, now)

    async def _count_failure(
        self, transaction: Transaction, request: HTTPConnection, error: Unauthorized
    ) -> Unauthorized | TooManyRequests:
        address = request.client.host if request.client else "unknown"
        state = await accounts.take_tokens(transaction, f"address:{address}", 1, FAILED_LIMIT, self.clock())
        if not state.exceeded:
            return error
        return _too_many("Too many requests without a valid key from this address.", state, self.clock)


async def _standing(transaction: Transaction, key: str | None) -> Standing:
    if not key:
        raise Unauthorized("An API key is needed: send it in the header X-API-Key.")
    standing = await repository.find_standing(transaction, accounts.digest(key))
    if standing is None:
        raise Unauthorized("The API key is invalid or revoked.")
    return standing


def _check_organization(standing: Standing, named: str) -> None:
    if named and named.strip().lower() != str(standing.organization_id):
        raise NotFound(f"The key is not of the organization {named[:64]}.", details={"field": ORGANIZATION_HEADER})


def _too_many(message: str, state: RateState, clock: Clock) -> TooManyRequests:
    seconds = max(1.0, state.resets_at - clock().timestamp())
    return TooManyRequests(message, retry_after=seconds, details={"limit": state.limit, "reset": state.resets_at})
