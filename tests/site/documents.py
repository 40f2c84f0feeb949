"""Documents and images with text, made when they are asked for."""

import io
from functools import cache

from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas
from tests.site.registry import page
from tests.site.wire import Request, Wire

SENTENCES = ("The harbour master keeps the tide tables.", "Every lamp is trimmed before dusk.")
IMAGE_TEXT = "HARBOUR OFFICE"


@cache
def pdf(password: str | None = None) -> bytes:
    """A PDF of two pages, a sentence on each; encrypted when it has a password."""
    target = io.BytesIO()
    canvas = Canvas(target, encrypt=StandardEncryption(password) if password else None)
    canvas.setTitle("Harbour rules")
    for sentence in SENTENCES:
        canvas.drawString(72, 720, sentence)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


@cache
def image(text: str = IMAGE_TEXT) -> bytes:
    """A PNG with black words on white, as a sign or a scan shows them."""
    picture = Image.new("RGB", (900, 200), "white")
    ImageDraw.Draw(picture).text((40, 50), text, fill="black", font=ImageFont.load_default(80))
    target = io.BytesIO()
    picture.save(target, "PNG")
    return target.getvalue()


@page("/document.pdf")
async def document(request: Request, wire: Wire) -> None:
    """A PDF of two pages."""
    await wire.respond(pdf(), content_type="application/pdf")


@page("/document/encrypted.pdf")
async def encrypted(request: Request, wire: Wire) -> None:
    """A PDF that needs a password."""
    await wire.respond(pdf("secret"), content_type="application/pdf")


@page("/document/broken.pdf")
async def broken(request: Request, wire: Wire) -> None:
    """The first half of a PDF."""
    await wire.respond(pdf()[: len(pdf()) // 2], content_type="application/pdf")


@page("/image/sign.png")
async def sign(request: Request, wire: Wire) -> None:
    """An image with two words."""
    await wire.respond(image(), content_type="image/png")


@page("/image/blank.png")
async def blank(request: Request, wire: Wire) -> None:
    """An image without a word."""
    await wire.respond(image(""), content_type="image/png")


@page("/image/broken.png")
async def broken_image(request: Request, wire: Wire) -> None:
    """The first half of an image."""
    await wire.respond(image()[:200], content_type="image/png")


@page("/pictures")
async def pictures(request: Request, wire: Wire) -> None:
    """A page of a few paragraphs with two images, one of them with text."""
    text = "<p>The office by the harbour has a sign above its door, and a window that looks over the water.</p>" * 5
    images = '<img src="/image/sign.png" alt="The sign"><img src="/image/blank.png" alt="The window">'
    await wire.respond(f"<!doctype html><title>The office</title><h1>The office</h1>{text}{images}")
