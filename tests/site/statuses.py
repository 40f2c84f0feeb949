"""Statuses other than 200."""

from tests.site.registry import page
from tests.site.wire import Request, Wire


@page("/status/*")
async def status(request: Request, wire: Wire) -> None:
    """The status that the path names, with a short page."""
    code = int(request.path.rpartition("/")[2])
    await wire.respond(f"<!doctype html><title>Status {code}</title><h1>Status {code}</h1>", status=code)


@page("/rate-limited")
async def rate_limited(request: Request, wire: Wire) -> None:
    """429 with Retry-After: 7."""
    await wire.respond("<h1>Too many requests</h1>", ("Retry-After", "7"), status=429)


@page("/down")
async def down(request: Request, wire: Wire) -> None:
    """503 with Retry-After as a date."""
    await wire.respond("<h1>Down for maintenance</h1>", ("Retry-After", "Fri, 31 Dec 2999 23:59:59 GMT"), status=503)


@page("/early-hints")
async def early_hints(request: Request, wire: Wire) -> None:
    """103 with headers of its own before a good answer."""
    await wire.head(103, ("Link", "</style.css>; rel=preload"))
    await wire.respond("<!doctype html><title>Hinted</title><h1>Hello</h1><p>The hints came first, then this.</p>")
