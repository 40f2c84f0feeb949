"""Redirects, good and bad."""

from tests.site.registry import page
from tests.site.wire import Request, Wire


@page("/redirect/chain/*")
async def chain(request: Request, wire: Wire) -> None:
    """As many redirects as the path says, then the article."""
    left = int(request.path.rpartition("/")[2])
    await wire.redirect(f"/redirect/chain/{left - 1}" if left > 1 else "/article")


@page("/redirect/loop")
async def loop(request: Request, wire: Wire) -> None:
    """Redirects to itself."""
    await wire.redirect("/redirect/loop")


@page("/redirect/endless/*")
async def endless(request: Request, wire: Wire) -> None:
    """Redirects to a new address each time."""
    await wire.redirect(f"/redirect/endless/{int(request.path.rpartition('/')[2]) + 1}")


@page("/redirect/to")
async def to(request: Request, wire: Wire) -> None:
    """Redirects to ?url= with ?status=302."""
    await wire.redirect(request.query("url", "/article"), int(request.query("status", "302")))


@page("/redirect/private")
async def private(request: Request, wire: Wire) -> None:
    """Redirects to an address of a private network."""
    await wire.redirect("http://10.0.0.1/admin")


@page("/redirect/metadata")
async def metadata(request: Request, wire: Wire) -> None:
    """Redirects to the metadata service of a cloud, written as a decimal number."""
    await wire.redirect("http://2852039166/latest/meta-data/")


@page("/redirect/file")
async def to_file(request: Request, wire: Wire) -> None:
    """Redirects to a file: address."""
    await wire.redirect("file:///etc/passwd")


@page("/redirect/nowhere")
async def nowhere(request: Request, wire: Wire) -> None:
    """302 without Location."""
    await wire.respond("<h1>Moved</h1>", status=302)


@page("/redirect/cookie")
async def needs_cookie(request: Request, wire: Wire) -> None:
    """Sets a cookie and redirects to itself; the article for whom it comes back from."""
    if request.cookie("visited") == "yes":
        await wire.redirect("/article")
    else:
        await wire.redirect("/redirect/cookie", 302, ("Set-Cookie", "visited=yes; Path=/redirect"))


@page("/redirect/endless-body")
async def endless_body(request: Request, wire: Wire) -> None:
    """A redirect whose own body does not end."""
    await wire.head(302, ("Location", "/article"), ("Transfer-Encoding", "chunked"))
    wire.keep = False
    while not wire.writer.is_closing():
        await wire.raw(b"1000\r\n" + b"r" * 0x1000 + b"\r\n")


@page("/redirect/meta")
async def meta(request: Request, wire: Wire) -> None:
    """A page of a few words that sends its visitor on to ?url= after a second."""
    target = request.query("url", "/article")
    await wire.respond(
        f'<!doctype html><meta http-equiv="refresh" content="1; url={target}"><title>Moved</title>'
        f'<p>This page has moved. If nothing happens, follow <a href="{target}">this link</a>.</p>'
    )
