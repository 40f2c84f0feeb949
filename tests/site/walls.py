"""Pages that stand before the content, and pages that are not what they say they are."""

import json
from pathlib import Path

from tests.site.registry import page
from tests.site.wire import Request, Wire

_RECORDED = Path(__file__).parents[1] / "pages"


@page("/sign/*")
async def sign(request: Request, wire: Wire) -> None:
    """The recorded block or challenge page that the path names, with its status and headers."""
    folder = _RECORDED / f"sign-{request.path.rpartition('/')[2]}"
    meta = json.loads((folder / "meta.json").read_text())["page"]
    headers = [(name, value) for name, value in meta["headers"].items() if name != "content-type"]
    await wire.respond((folder / "page.html").read_bytes(), *headers, status=meta["status"])


@page("/members/open/*")
async def open_members(request: Request, wire: Wire) -> None:
    """A page that only has a login form in its corner."""
    news = "<p>The ferry runs again from Monday, and the museum has a new roof.</p>" * 20
    form = '<form action="/account/login"><input name="mail"><input type="password" name="password"></form>'
    await wire.respond(f"<!doctype html><title>News</title>{form}<h1>News</h1>{news}")


@page("/members/*")
async def members(request: Request, wire: Wire) -> None:
    """Leads everyone to the login."""
    await wire.redirect(f"/account/login?next={request.path}")


@page("/account/login")
async def login(request: Request, wire: Wire) -> None:
    """A login form."""
    await wire.respond(
        "<!doctype html><title>Sign in</title><h1>Sign in</h1>"
        '<form method="post"><input name="mail"><input type="password" name="password"><button>Go</button></form>'
    )


@page("/before-you-continue")
async def before(request: Request, wire: Wire) -> None:
    """Leads to a consent page, as long as there is no cookie that says yes."""
    if request.cookie("consent") == "yes":
        await wire.redirect("/article")
    else:
        await wire.redirect("/consent/choose")


@page("/consent/choose")
async def consent(request: Request, wire: Wire) -> None:
    """Asks for consent to cookies."""
    await wire.respond(
        "<!doctype html><title>Before you continue</title><h1>Before you continue</h1>"
        "<p>We use cookies. Choose what you agree to.</p>"
        "<button onclick=\"document.cookie = 'consent=yes; path=/'; location = '/before-you-continue'\">Accept</button>"
    )


@page("/soft-404")
async def soft_404(request: Request, wire: Wire) -> None:
    """A page that is not there, with status 200."""
    await wire.respond("<!doctype html><title>Page not found</title><h1>Oops!</h1><p>There is no such page here.</p>")


@page("/thin")
async def thin(request: Request, wire: Wire) -> None:
    """Three words in much markup."""
    await wire.respond(
        "<!doctype html><title>Thin</title><p>Coming soon, maybe</p>" + "<div class='filler'></div>" * 600
    )


@page("/cut-markup")
async def cut_markup(request: Request, wire: Wire) -> None:
    """A page that ends in the middle of a tag, although the response is complete."""
    await wire.respond(
        "<!doctype html><title>Half</title><p>" + "Some words of a page. " * 30 + "</p><div class='unfini"
    )


@page("/disguised-pdf")
async def disguised_pdf(request: Request, wire: Wire) -> None:
    """A PDF whose header says HTML."""
    await wire.respond(b"%PDF-1.7\n%%EOF\n")


@page("/image.png")
async def image(request: Request, wire: Wire) -> None:
    """An image."""
    await wire.respond(b"\x89PNG\r\n\x1a\n" + bytes(64), content_type="image/png")
