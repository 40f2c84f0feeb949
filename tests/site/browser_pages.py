"""Pages for a browser: scripts, frames, workers, lists that load when they are looked at."""

import asyncio
import json

from tests.site.registry import page
from tests.site.wire import Request, Wire


@page("/browser/page")
async def given(request: Request, wire: Wire) -> None:
    """The document that ?html= holds, with ?status=, ?type= and an X-Robots-Tag of ?robots=."""
    await wire.respond(
        request.query("html", ""),
        *(("X-Robots-Tag", rules) for rules in request.query("robots", "").split(";") if rules),
        status=int(request.query("status", "200")),
        content_type=request.query("type", "text/html; charset=utf-8"),
    )


@page("/browser/echo")
async def echo(request: Request, wire: Wire) -> None:
    """Method, headers and body of the request, as JSON in a page."""
    seen = {"method": request.method, "headers": dict(request.headers), "body": request.body.decode()}
    escaped = json.dumps(seen).replace("&", "&amp;").replace("<", "&lt;")
    await wire.respond(f"<!doctype html><title>Echo</title><pre>{escaped}</pre>")


@page("/browser/challenge-login")
async def challenge_login(request: Request, wire: Wire) -> None:
    """Asks for a password with HTTP Basic authentication."""
    await wire.respond("<h1>Who are you?</h1>", ("WWW-Authenticate", 'Basic realm="site"'), status=401)


@page("/browser/small.pdf")
async def small_pdf(request: Request, wire: Wire) -> None:
    """The beginning of a PDF."""
    await wire.respond(b"%PDF-1.7\n%%EOF\n", content_type="application/pdf")


@page("/browser/endless-download")
async def endless_download(request: Request, wire: Wire) -> None:
    """A download that does not end."""
    await wire.head(200, ("Content-Type", "application/octet-stream"), ("Content-Disposition", "attachment"))
    wire.keep = False
    while not wire.writer.is_closing():
        await wire.raw(b"x" * 65536)


@page("/browser/endless-document")
async def endless_document(request: Request, wire: Wire) -> None:
    """A document that goes on and on, a paragraph at a time."""
    await wire.head(200, ("Content-Type", "text/html"))
    wire.keep = False
    while not wire.writer.is_closing():
        await wire.raw(b"<p>And then another thing happened.</p>" * 1000)


@page("/browser/polling")
async def polling(request: Request, wire: Wire) -> None:
    """A page that never stops asking its server."""
    await wire.respond(
        "<!doctype html><h1>Ticker</h1><script>const ask = () => fetch('/browser/echo').finally(ask); ask()</script>"
    )


@page("/browser/list")
async def lazy_list(request: Request, wire: Wire) -> None:
    """A list that grows by ten rows when its end is looked at, up to ?rows=; asks first, unless ?ask=no."""
    rows = int(request.query("rows", "50"))
    grow = "grow()" if request.query("ask", "yes") == "no" else 'fetch("/browser/echo").then(grow)'
    await wire.respond(
        f"""<!doctype html><title>List</title><ul id=list></ul><div id=end style="height:10px"></div><script>
        const list = document.getElementById("list");
        const grow = () => {{
          for (let i = 0; i < 10 && list.children.length < {rows}; i++) {{
            const row = list.appendChild(document.createElement("li"));
            row.style.height = "100px";
            row.textContent = "row " + list.children.length;
          }}
        }};
        grow();
        new IntersectionObserver((entries) => {{
          if (entries[0].isIntersecting) {grow};
        }}).observe(document.getElementById("end"));
        </script>"""
    )


@page("/browser/frames")
async def frames(request: Request, wire: Wire) -> None:
    """All its words are in a frame of its own origin."""
    await wire.respond(
        "<!doctype html><title>Frames</title><iframe src='/browser/page?html=<p>Words in a frame'></iframe>"
    )


@page("/browser/shadow")
async def shadow(request: Request, wire: Wire) -> None:
    """All its words are in a closed shadow root."""
    await wire.respond(
        "<!doctype html><title>Shadow</title><div id=host></div><script>"
        "host.attachShadow({mode: 'closed'}).innerHTML = '<p>Words in a shadow</p>'</script>"
    )


@page("/browser/banner")
async def banner(request: Request, wire: Wire) -> None:
    """A sentence under a cookie banner."""
    await wire.respond(
        "<!doctype html><title>Tides</title><p>The tide is at six, and again at half past six in the evening.</p>"
        "<div id=onetrust-consent-sdk>We use cookies. <button>Accept</button></div>"
    )


@page("/browser/late")
async def late(request: Request, wire: Wire) -> None:
    """Gets its words from its server after a moment."""
    await wire.respond(
        "<!doctype html><title>Late</title><script>fetch('/browser/soon').then(() => {"
        "document.body.insertAdjacentHTML('beforeend', '<p id=late>Came late</p>') })</script>"
    )


@page("/browser/worker.js")
async def worker(request: Request, wire: Wire) -> None:
    """A service worker that answers /browser/from-worker, and fetches the ?reach= that it was installed with."""
    await wire.respond(
        """const reach = new URL(location).searchParams.get("reach");
        self.addEventListener("install", (event) => {
          self.skipWaiting();
          if (reach) event.waitUntil(fetch(reach, {mode: "no-cors"}).catch(() => {}));
        });
        self.addEventListener("activate", (event) => event.waitUntil(clients.claim()));
        self.addEventListener("fetch", (event) => {
          if (event.request.url.endsWith("/browser/from-worker")) event.respondWith(new Response("from the worker"));
        });""",
        content_type="text/javascript",
    )


@page("/browser/memory")
async def memory(request: Request, wire: Wire) -> None:
    """Says what the browser remembers of an earlier visit, then leaves ?name= wherever a browser keeps things."""
    name = request.query("name", "")
    cookie = json.dumps(request.cookie("visitor"))
    await wire.respond(
        f"""<!doctype html><title>Memory</title><pre id=found></pre><script>
        (async () => {{
          const registrations = await navigator.serviceWorker.getRegistrations();
          const found = {{
            cookie: {cookie}, local: localStorage.getItem("visitor"), session: sessionStorage.getItem("visitor"),
            caches: await caches.keys(), workers: registrations.length,
            databases: (await indexedDB.databases()).map((base) => base.name),
          }};
          localStorage.setItem("visitor", "{name}");
          sessionStorage.setItem("visitor", "{name}");
          await caches.open("{name}");
          await new Promise((done) => {{ indexedDB.open("{name}").onsuccess = done; }});
          await navigator.serviceWorker.register("/browser/worker.js");
          await fetch("/browser/cached");
          document.getElementById("found").textContent = JSON.stringify(found);
        }})();
        </script>""",
        ("Set-Cookie", f"visitor={name}; Path=/"),
    )


@page("/browser/cached")
async def cached(request: Request, wire: Wire) -> None:
    """May be kept for a day."""
    await wire.respond("fresh", ("Cache-Control", "max-age=86400"))


@page("/browser/slow-image")
async def slow_image(request: Request, wire: Wire) -> None:
    """An image that never arrives."""
    await wire.until_gone()


@page("/browser/soon")
async def soon(request: Request, wire: Wire) -> None:
    """Answers after a moment."""
    await asyncio.sleep(0.3)
    await wire.respond("soon", content_type="text/plain")
