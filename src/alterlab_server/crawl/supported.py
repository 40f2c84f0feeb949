"""What the API names but a crawl does not do: refused with an error that names the field, never ignored."""

from alterlab_server.base.errors import BadRequest
from alterlab_server.crawl.schemas import CrawlRequest

# Field, and what to do instead. A field may stand here only while nothing reads it.
NOT_SUPPORTED = {
    "change_tracking.enabled": "compare two crawls on your side",
}
# What a crawl without a server has no place for.
NEEDS_A_SERVER = ("cache", "advanced.screenshot", "storage", "output", "webhook", "webhook_url")


def refuse_unsupported(request: CrawlRequest) -> None:
    """Raise BadRequest when a field of the table is set to other than its default."""
    for path, advice in NOT_SUPPORTED.items():
        if _is_set(request, path):
            raise _refusal(path, f"is not supported by this server: {advice}.")


def refuse_without_server(request: CrawlRequest) -> None:
    """Raise BadRequest when the request asks for what only a server has."""
    refuse_unsupported(request)
    for path in NEEDS_A_SERVER:
        if _is_set(request, path):
            raise _refusal(path, "needs a server: start one with `alterlab serve`.")


def _is_set(request: CrawlRequest, path: str) -> bool:
    owner, _, name = path.rpartition(".")
    holder = getattr(request, owner) if owner else request
    return bool(getattr(holder, name) != type(holder).model_fields[name].default)


def _refusal(path: str, why: str) -> BadRequest:
    return BadRequest(f"`{path}` {why}", code="NOT_SUPPORTED", details={"field": path})
