"""GET /downloads/…: the files of the caller's jobs. Outside /api/v1, where the answers' URLs point."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from alterlab_server.base.errors import NotFound
from alterlab_server.jobs import service
from alterlab_server.web.auth import Caller
from alterlab_server.web.context import Context
from alterlab_server.web.responses import errors

router = APIRouter(prefix="/downloads", tags=["jobs"])


@router.get("/{kind}/{day}/{name}", response_class=Response, responses=errors(401, 404, 429, 500))
async def get_download(
    kind: Annotated[str, Path(description="screenshots or pdfs")],
    day: Annotated[str, Path(description="the day it was made, such as 2026-11-21")],
    name: str,
    context: Context,
    caller: Caller,
) -> Response:
    """A screenshot or PDF of one of the caller's jobs, for 24 hours."""
    key = f"{kind}/{day}/{name}"
    async with context.database.statement() as connection:
        content_type = await service.file_type(connection, caller.organization_id, key, context.clock())
    body = await context.blobs.get(key)
    if body is None:
        raise NotFound("There is no such file, or it has expired.")
    # Never shown inside a page of this origin: what a job made is a stranger's content.
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return Response(body, media_type=content_type, headers=headers)
