"""GET /billing/balance."""

from fastapi import APIRouter

from alterlab_server.billing import service
from alterlab_server.billing.schemas import BalanceResponse
from alterlab_server.web.auth import Caller
from alterlab_server.web.context import Context
from alterlab_server.web.responses import errors

router = APIRouter(prefix="/billing", tags=["billing"])


@router.get("/balance", responses=errors(401, 429, 500))
async def get_balance(context: Context, caller: Caller) -> BalanceResponse:
    """The balance of the account, and what was deposited and spent in all."""
    async with context.database.snapshot() as connection:
        return await service.summary(connection, caller.organization_id)
