"""Pages that are nothing without JavaScript."""

from tests.site.registry import page
from tests.site.wire import Request, Wire

SHELL = """<!doctype html>
<html><head><title>Shop</title></head>
<body><noscript>You need to enable JavaScript to run this app.</noscript>
<div id="root"></div>
<script>
document.getElementById("root").innerHTML =
  "<h1>Built by script</h1><p>" + "These words were not in the source of the page. ".repeat(30) + "</p>";
</script></body></html>
"""


@page("/shell")
async def shell(request: Request, wire: Wire) -> None:
    """A script-only shell that builds its text in the browser."""
    await wire.respond(SHELL)


@page("/shell/linked")
async def linked(request: Request, wire: Wire) -> None:
    """An ordinary page that links to two shells."""
    text = "<p>The two applications of this house are built by script, and this page is not.</p>"
    await wire.respond(
        f'<!doctype html><title>Applications</title>{text}<a href="/shell?1">1</a> <a href="/shell?2">2</a>'
    )


@page("/shell/pictured")
async def pictured(request: Request, wire: Wire) -> None:
    """A shell that builds its text when an image has come."""
    await wire.respond(
        "<!doctype html><title>Gallery</title><p id=p></p><script>const image = new Image();"
        "image.src = '/image/blank.png';"
        "image.onload = () => { p.textContent = 'The gallery is open from nine to five, and on Sundays.' }</script>"
    )


@page("/shell/dead")
async def dead(request: Request, wire: Wire) -> None:
    """A shell whose script never builds anything."""
    await wire.respond('<!doctype html><title>App</title><div id="app"></div><script>void 0</script>')
