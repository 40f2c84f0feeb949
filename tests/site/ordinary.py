"""Pages as they should be."""

from pathlib import Path

from tests.site.registry import PAGES, page
from tests.site.wire import Request, Wire

_FOLDER = Path(__file__).parent / "pages"


@page("/")
async def index(request: Request, wire: Wire) -> None:
    """All pages of this site, as links."""
    rows = "".join(
        f'<li><a href="{path.replace("*", "1")}">{path}</a> {found.says}</li>' for path, found in sorted(PAGES.items())
    )
    await wire.respond(f"<!doctype html><title>The pages of this site</title><h1>Pages</h1><ul>{rows}</ul>")


@page("/article")
async def article(request: Request, wire: Wire) -> None:
    """An article with headings, a quotation, a list and an image."""
    await wire.respond((_FOLDER / "article.html").read_bytes())


@page("/product")
async def product(request: Request, wire: Wire) -> None:
    """A product with price, rating and JSON-LD."""
    await wire.respond((_FOLDER / "product.html").read_bytes())


@page("/table")
async def table(request: Request, wire: Wire) -> None:
    """A page that is mostly one table."""
    await wire.respond((_FOLDER / "table.html").read_bytes())


@page("/links")
async def links(request: Request, wire: Wire) -> None:
    """A page with links of all kinds: relative, absolute, to a fragment, mailto."""
    await wire.respond((_FOLDER / "links.html").read_bytes())


@page("/sized")
async def sized(request: Request, wire: Wire) -> None:
    """An article of ?bytes=20000, for measurements."""
    paragraph = (
        "<p>The quick brown fox jumps over the lazy dog, and then it rests in the shade of an old oak tree.</p>\n"
    )
    count = int(request.query("bytes", "20000")) // len(paragraph)
    await wire.respond(f"<!doctype html><title>A page of a known size</title><h1>Foxes</h1>{paragraph * count}")


@page("/echo")
async def echo(request: Request, wire: Wire) -> None:
    """Method, headers and body of the request, as text."""
    lines = [f"{request.method} {request.target}", *(f"{name}: {value}" for name, value in request.headers.items())]
    await wire.respond("\n".join(lines).encode() + b"\n\n" + request.body, content_type="text/plain")
