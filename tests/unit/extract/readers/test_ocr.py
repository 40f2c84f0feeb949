import io
import struct
import zlib

import pytest
from PIL import Image, ImageDraw, ImageFont

from alterlab_server.base.errors import BadRequest, TooLarge, Unprocessable, UnsupportedType
from alterlab_server.extract.readers import ocr

pytestmark = pytest.mark.skipif(ocr.tessdata_folder() is None, reason="Tesseract's language data is not installed")

WORDS = "Invoice 2041: forty crates of apples"


def picture(text: str, *, size: int = 16, mode: str = "RGB", kind: str = "PNG", turn: int = 0) -> bytes:
    font = ImageFont.load_default(size)
    image = Image.new(mode, (size * len(text), size * 4), "white")
    ImageDraw.Draw(image).text((size, size), text, font=font, fill="black")
    out = io.BytesIO()
    exif = Image.Exif()
    if turn:
        image = image.rotate(90, expand=True)
        exif[0x0112] = turn
    image.save(out, kind, **({"exif": exif} if turn else {}))
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF", "GIF", "BMP"])
def test_text_is_read_from_each_kind_of_image(kind: str) -> None:
    assert ocr.read_image(picture(WORDS, kind=kind)).text == WORDS


def test_words_have_boxes_inside_the_image() -> None:
    result = ocr.read_image(picture(WORDS, size=20))
    assert [box.text for box in result.boxes] == WORDS.split()
    for box in result.boxes:
        assert 0 <= box.x < box.x + box.width <= 20 * len(WORDS)
        assert 20 <= box.y < box.y + box.height <= 60
        assert 0.5 < box.confidence <= 1
    assert [box.x for box in result.boxes] == sorted(box.x for box in result.boxes)


def test_a_photo_is_turned_upright() -> None:
    assert ocr.read_image(picture(WORDS, size=30, kind="JPEG", turn=6)).text == WORDS


def test_what_is_transparent_is_paper() -> None:
    clear = Image.new("RGBA", (640, 80), (0, 0, 0, 0))
    ImageDraw.Draw(clear).text((20, 20), WORDS, font=ImageFont.load_default(24), fill="black")
    out = io.BytesIO()
    clear.save(out, "PNG")
    assert ocr.read_image(out.getvalue()).text == WORDS


def test_an_image_without_text_gives_none() -> None:
    result = ocr.read_image(picture(" " * 20))
    assert (result.text, result.boxes) == ("", ())


def test_languages_can_be_joined() -> None:
    languages = "+".join(ocr.installed_languages()[:2])
    assert ocr.read_image(picture(WORDS), languages).text == WORDS


@pytest.mark.parametrize("language", ["xyz", "eng+xyz", "../eng", "osd", ""])
def test_a_language_that_is_not_installed_is_refused(language: str) -> None:
    with pytest.raises(BadRequest) as caught:
        ocr.read_image(picture(WORDS), language)
    assert caught.value.code == "OCR_LANGUAGE_NOT_AVAILABLE"
    assert "eng" in caught.value.details["languages"]


@pytest.mark.parametrize("body", [b"", b"<html>", b"%PDF-1.7", b"%!PS-Adobe-3.0 EPSF"])
def test_what_is_no_image_is_the_wrong_type(body: bytes) -> None:
    with pytest.raises(UnsupportedType):
        ocr.read_image(body)


@pytest.mark.parametrize("kept", [0.1, 0.5])
def test_a_cut_image_is_broken(kept: float) -> None:
    whole = picture(WORDS, size=40)
    with pytest.raises(Unprocessable) as caught:
        ocr.read_image(whole[: int(len(whole) * kept)])
    assert caught.value.code == "IMAGE_BROKEN"


@pytest.mark.parametrize("side", [8_000, 20_000, 60_000])
def test_a_huge_image_is_refused_before_it_is_unpacked(side: int) -> None:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0))
    with pytest.raises(TooLarge):
        ocr.read_image(b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b""))
