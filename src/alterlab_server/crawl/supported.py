"""What the API names but a crawl does not do: refused with an error that names the field, never ignored."""

from alterlab_server.base.errors import BadRequest
from alterlab_server.crawl.schemas import CrawlRequest

# Field, and what to do instead. A field may stand here only while nothing reads it.
NOT_SUPPORTED = {
    "advanced.screenshot": "scrape the pages that are to be seen with POST /api/v1/scrape",
    "cache": "leave it out",
    "change_tracking.enabled": "compare two crawls on your side",
    "output": "read the results from GET /api/v1/crawl/{crawl_id}",
}


def refuse_unsupported(request: CrawlRequest) -> None:
    """Raise BadRequest when a field of the table is set to other than its default."""
    for path, advice in NOT_SUPPORTED.items():
        owner, _, name = path.rpartition(".")
        holder = getattr(request, owner) if owner else request
        if getattr(holder, name) != type(holder).model_fields[name].default:
            raise _refusal(path, advice)
    if request.storage != "redis":
        raise _refusal("storage", "leave it out, and read the results from GET /api/v1/crawl/{crawl_id}")


def _refusal(path: str, advice: str) -> BadRequest:
    return BadRequest(
        f"`{path}` is not supported by this server: {advice}.", code="NOT_SUPPORTED", details={"field": path}
    )
