"""Charsets, types, and bodies that hold nothing."""

from tests.site.registry import page
from tests.site.wire import Request, Wire

TEXT = "Größe, Länge und Gewicht stehen auf der nächsten Seite. " * 20
_BODY = f"<h1>Überschrift</h1><p>{TEXT}</p>"


@page("/charset/wrong")
async def wrong_charset(request: Request, wire: Wire) -> None:
    """Latin-1 bytes whose header says UTF-8."""
    await wire.respond(f"<!doctype html><title>Falsch</title>{_BODY}".encode("latin-1"))


@page("/charset/missing")
async def missing_charset(request: Request, wire: Wire) -> None:
    """UTF-8 bytes, and no charset said anywhere."""
    await wire.respond(f"<!doctype html><title>Ohne</title>{_BODY}", content_type="text/html")


@page("/charset/meta")
async def meta_charset(request: Request, wire: Wire) -> None:
    """windows-1252 said by a meta element only."""
    body = f'<!doctype html><meta charset="windows-1252"><title>Meta</title>{_BODY}'
    await wire.respond(body.encode("windows-1252"), content_type="text/html")


@page("/charset/bom")
async def bom(request: Request, wire: Wire) -> None:
    """UTF-16 with a byte order mark and a header that says otherwise."""
    body = f"<!doctype html><title>BOM</title>{_BODY}"
    await wire.respond(body.encode("utf-16"), content_type="text/html; charset=iso-8859-1")


@page("/charset/shift-jis")
async def shift_jis(request: Request, wire: Wire) -> None:
    """Japanese in Shift_JIS, said by the header."""
    body = "<!doctype html><title>天気</title><h1>今日の天気</h1><p>" + "今日は晴れのち曇りでしょう。" * 20 + "</p>"
    await wire.respond(body.encode("shift_jis"), content_type="text/html; charset=Shift_JIS")


@page("/empty")
async def empty(request: Request, wire: Wire) -> None:
    """200 and no body."""
    await wire.respond("")


@page("/blank")
async def blank(request: Request, wire: Wire) -> None:
    """200 and a document that shows nothing."""
    await wire.respond("<!doctype html><html><head><title></title></head><body> </body></html>")


@page("/no-type")
async def no_type(request: Request, wire: Wire) -> None:
    """A good page without Content-Type."""
    await wire.respond(f"<!doctype html><title>Untyped</title>{_BODY}", content_type=None)


@page("/json")
async def json(request: Request, wire: Wire) -> None:
    """A JSON document."""
    await wire.respond('{"name": "value", "list": [1, 2, 3]}', content_type="application/json")


@page("/binary")
async def binary(request: Request, wire: Wire) -> None:
    """Bytes of an archive."""
    await wire.respond(b"PK\x03\x04" + bytes(range(256)) * 4, content_type="application/zip")


@page("/deep")
async def deep(request: Request, wire: Wire) -> None:
    """100,000 elements inside each other, and a paragraph at the bottom."""
    bottom = "<p>" + "At the bottom of it all there are some words after all. " * 5 + "</p>"
    await wire.respond("<!doctype html><title>Deep</title>" + "<div>" * 100_000 + bottom)
