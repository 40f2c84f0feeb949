"""Sites to crawl. What robots.txt says depends on the first word of the host name: `private-x.localhost`."""

import gzip
from collections import Counter

from tests.site.registry import page
from tests.site.wire import Request, Wire

TREE_PAGES = 40
MILLION = 1_000_000
WEARY_AFTER, WEARY_PAGES = 20, 400
_BRANCHES = 3
ROBOTS = {
    "private": "User-agent: *\nDisallow: /tree/2\nDisallow: /tree/5$\n",
    "slow": "User-agent: *\nCrawl-delay: 0.5\n",
    "sleepy": "User-agent: *\nCrawl-delay: 5\n",  # for crawls that are still under way when a slow test comes back
    "hasty": "User-agent: *\nCrawl-delay: 0.1\nDisallow: /maze/secret\n",
    "mapped": "User-agent: *\nDisallow:\nSitemap: http://{host}/maps/index.xml\n",
}

_VISITS: Counter[str] = Counter()


@page("/robots.txt")
async def robots(request: Request, wire: Wire) -> None:
    """The rules of this host name, 503 for `broken-…`, or none."""
    kind = request.host.partition("-")[0]
    if kind == "broken":
        await wire.respond("", status=503)
    elif kind in ROBOTS:
        await wire.respond(ROBOTS[kind].format(host=request.host), content_type="text/plain")
    else:
        await wire.respond("", status=404)


@page("/tree/*")
async def tree(request: Request, wire: Wire) -> None:
    """A page of a tree of 40: it links to its children, to itself by other spellings, and away."""
    number = int(request.path.rpartition("/")[2])
    if number >= TREE_PAGES:
        await wire.respond("<title>No such page</title>", status=404)
        return
    children = range(number * _BRANCHES + 1, number * _BRANCHES + _BRANCHES + 1)
    links = [f"/tree/{child}" for child in children if child < TREE_PAGES]
    links += [f"/tree/{number}?utm_source=nav#top", "/tree/0;jsessionid=0A1B2C", "http://elsewhere.invalid/"]
    anchors = "".join(f'<li><a href="{link}">the page {link}</a></li>' for link in links)
    words = f"The page number {number} of the tree has a text of its own, long enough to be taken for content."
    await wire.respond(
        f"<!doctype html><title>Page {number}</title><h1>Page {number}</h1><p>{words}</p><ul>{anchors}</ul>"
    )


@page("/maze/*")
async def maze(request: Request, wire: Wire) -> None:
    """A page of a site of many hosts: `hasty-0.x.localhost/maze/0-300-6` is page 0 of 300 over 6 hosts."""
    number, size, hosts = (int(part) for part in request.path.rpartition("/")[2].split("-"))
    domain = request.host.partition(".")[2]
    children = [child for child in range(number * 3 + 1, number * 3 + 4) if child < size]
    links = [f"http://hasty-{child % hosts}.{domain}/maze/{child}-{size}-{hosts}" for child in children]
    await wire.respond(_trap(f"Room {number}", *links, "/maze/secret", f"/maze/{number}-{size}-{hosts}?gclid=x"))


@page("/diary/*")
async def diary(request: Request, wire: Wire) -> None:
    """A site that changes: its first page counts the visits of this host; `b` has a new price at each, `c` goes after
    the first, `d` is no longer linked then, `e` comes."""
    name = request.path.rpartition("/")[2]
    if name == "index":
        _VISITS[request.host] += 1
    visit = _VISITS[request.host]
    if name == "c" and visit > 1:
        await wire.respond("<title>Gone</title>", status=410)
        return
    links = {"index": [f"/diary/{other}" for other in ("abcd" if visit == 1 else "abce")]}.get(name, [])
    offer = (
        f'{{"@context": "https://schema.org", "@type": "Product", "name": "Pen", "offers": {{"price": "{visit}.50"}}}}'
    )
    body = _trap(f"Diary {name}", *links)
    if name == "b":
        body += f'<p>Today the pen costs {visit}.50.</p><script type="application/ld+json">{offer}</script>'
    await wire.respond(body)


@page("/lame/*")
async def lame(request: Request, wire: Wire) -> None:
    """A page that alone leads to a third one, and that is out of order at its second visit."""
    name = request.path.rpartition("/")[2]
    _VISITS[f"{request.host} {name}"] += 1
    if name == "list" and _VISITS[f"{request.host} {name}"] == 2:
        await wire.respond("<title>Out of order</title>", status=500)
        return
    links = {"index": ["/lame/list"], "list": ["/lame/item"]}.get(name, [])
    await wire.respond(_trap(f"Lame {name}", *links))


@page("/maps/index.xml")
async def index_of_maps(request: Request, wire: Wire) -> None:
    """A sitemap index that lists itself and one more."""
    maps = "".join(
        f"<sitemap><loc>{request.base}/maps/{name}</loc></sitemap>" for name in ("index.xml", "pages.xml.gz")
    )
    await wire.respond(f"<sitemapindex>{maps}</sitemapindex>", content_type="application/xml")


@page("/maps/pages.xml.gz")
async def map_of_pages(request: Request, wire: Wire) -> None:
    """A zipped sitemap of three pages of the tree, and one elsewhere."""
    addresses = [*(f"{request.base}/tree/{number}" for number in (20, 30, 39)), "http://elsewhere.invalid/x"]
    rows = "".join(f"<url><loc>{address}</loc></url>" for address in addresses)
    await wire.respond(gzip.compress(f"<urlset>{rows}</urlset>".encode()), content_type="application/gzip")


@page("/trap/calendar/*")
async def calendar(request: Request, wire: Wire) -> None:
    """A calendar without end: each month links to the next."""
    month = int(request.path.rpartition("/")[2])
    await wire.respond(_trap(f"Month {month}", f"/trap/calendar/{month + 1}", f"/trap/calendar/{month + 12}"))


@page("/trap/session")
async def session(request: Request, wire: Wire) -> None:
    """Each answer links to itself with a new session id."""
    fresh = f"{abs(hash(request.target)):016x}"
    await wire.respond(_trap("Session", f"/trap/session?PHPSESSID={fresh}", f"/trap/session;jsessionid={fresh}"))


@page("/trap/session;*")
async def path_session(request: Request, wire: Wire) -> None:
    """The same with the id in the path."""
    await session(request, wire)


@page("/trap/growing/*")
async def growing(request: Request, wire: Wire) -> None:
    """A link relative to the wrong base: the path grows with each."""
    await wire.respond(_trap("Growing", f"{request.path.rstrip('/')}/again/"))


@page("/trap/facets")
async def facets(request: Request, wire: Wire) -> None:
    """One page under as many addresses as its parameters have values; none names another as canonical."""
    await wire.respond(_trap("Facets", *(f"/trap/facets?sort={number}" for number in range(40))))


@page("/trap/circle/*")
async def circle(request: Request, wire: Wire) -> None:
    """A page with links into a circle of redirects."""
    name = request.path.rpartition("/")[2]
    if name in ("a", "b"):
        await wire.redirect(f"/trap/circle/{'b' if name == 'a' else 'a'}")
    else:
        await wire.respond(_trap("Circle", "/trap/circle/a", "/trap/circle/b"))


@page("/maps/away.txt")
async def away(request: Request, wire: Wire) -> None:
    """A page that leads to another site."""
    other = f"http://elsewhere.{request.host}/tree/0"
    await wire.respond(f"{request.base}/redirect/to?url={other}", content_type="text/plain")


@page("/maps/million.txt.gz")
async def million(request: Request, wire: Wire) -> None:
    """A sitemap of a million lines."""
    lines = "".join(f"{request.base}/tree/{number % TREE_PAGES}?page={number}\n" for number in range(MILLION))
    await wire.respond(gzip.compress(lines.encode(), 1), content_type="application/gzip")


@page("/busy/*")
async def busy(request: Request, wire: Wire) -> None:
    """Says once on each host, after the first page, that it is asked too much."""
    _VISITS[request.host] += 1
    if _VISITS[request.host] == 2:
        await wire.respond("<h1>Too many requests</h1>", ("Retry-After", "1"), status=429)
    else:
        await wire.respond(_trap(f"Busy {request.path}", *(f"/busy/{number}" for number in range(1, 5))))


@page("/weary/*")
async def weary(request: Request, wire: Wire) -> None:
    """Pages of a host that has enough for an hour at the twentieth request; then it has forgotten."""
    _VISITS[request.host] += 1
    if _VISITS[request.host] == WEARY_AFTER:
        await wire.respond("<h1>Too many requests</h1>", ("Retry-After", "3600"), status=429)
    else:
        await wire.respond(_trap(f"Weary {request.path}", *(f"/weary/{number}" for number in range(1, WEARY_PAGES))))


@page("/trap/same/*")
async def same(request: Request, wire: Wire) -> None:
    """One page under endless addresses; each names the same one as canonical."""
    number = int(request.path.rpartition("/")[2])
    canonical = f'<link rel="canonical" href="{request.base}/trap/same/0">'
    await wire.respond(canonical + _trap("Same", *(f"/trap/same/{number * 10 + digit}" for digit in range(1, 11))))


def _trap(title: str, *links: str) -> str:
    anchors = "".join(f'<p><a href="{link}">further on to {link}</a></p>' for link in links)
    words = "There are enough words on this page for it to be taken for a page that has some content of its own."
    return f"<!doctype html><title>{title}</title><h1>{title}</h1><p>{words}</p>{anchors}"
