"""What a crawl without a server has no place for: refused with an error that names the field, never ignored."""

from alterlab_server.base.errors import BadRequest
from alterlab_server.crawl.schemas import CrawlRequest

NEEDS_A_SERVER = (
    "advanced.generate_pdf",
    "advanced.screenshot",
    "cache",
    "change_tracking.enabled",
    "output",
    "storage",
    "template",
    "webhook",
    "webhook_url",
)


def refuse_without_server(request: CrawlRequest) -> None:
    """Raise BadRequest when the request asks for what only a server has."""
    for path in NEEDS_A_SERVER:
        if request.gives(path):
            raise BadRequest(
                f"`{path}` needs a server: start one with `alterlab serve`.",
                code="NOT_SUPPORTED",
                details={"field": path},
            )
