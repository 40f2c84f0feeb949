"""Pages that refuse some clients."""

from tests.site.ordinary import article
from tests.site.registry import page
from tests.site.wire import Request, Wire

BLOCKED = """<!doctype html><html><head><title>Access Denied</title></head>
<body><h1>Access Denied</h1><p>You don't have permission to access this page on this server.</p></body></html>
"""


@page("/blocks-robots")
async def blocks_robots(request: Request, wire: Wire) -> None:
    """403 unless the user agent is a browser's; the article then."""
    if "Chrome/" in request.headers.get("user-agent", ""):
        await article(request, wire)
    else:
        await wire.respond(BLOCKED, status=403)


@page("/blocks-politely")
async def blocks_politely(request: Request, wire: Wire) -> None:
    """The same, but the block page says 200."""
    if "Chrome/" in request.headers.get("user-agent", ""):
        await article(request, wire)
    else:
        await wire.respond(BLOCKED)


@page("/blocks-all")
async def blocks_all(request: Request, wire: Wire) -> None:
    """403 for everyone."""
    await wire.respond(BLOCKED, status=403)


@page("/challenge")
async def challenge(request: Request, wire: Wire) -> None:
    """A challenge that only a browser with scripts gets past: it sets a cookie and comes again."""
    if request.cookie("passed") == "yes":
        await article(request, wire)
    else:
        await wire.respond(
            "<!doctype html><title>Just a moment...</title><h1>Checking your browser</h1>"
            "<script>window._cf_chl_opt={};document.cookie='passed=yes;path=/challenge';location.reload()</script>",
            ("CF-Mitigated", "challenge"),
            status=403,
        )
