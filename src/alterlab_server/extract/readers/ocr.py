"""Text in images, read by Tesseract."""

import io
import math
import warnings
from dataclasses import dataclass
from pathlib import Path

import tesserocr
from PIL import Image, ImageOps, UnidentifiedImageError

from alterlab_server.base.errors import BadRequest, TooLarge, Unavailable, Unprocessable, UnsupportedType

# Where distributions put the language data; the first folder that exists is used.
TESSDATA_FOLDERS = (
    Path("/usr/share/tesseract-ocr/5/tessdata"),
    Path("/usr/share/tesseract-ocr/4.00/tessdata"),
    Path("/usr/share/tessdata"),
    Path("/usr/local/share/tessdata"),
    Path("/opt/homebrew/share/tessdata"),
)
MAX_PIXELS = 50_000_000  # an A4 page at 600 dots per inch has 35 million
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP")
_NO_LANGUAGE = "osd"  # data for orientation and script detection
# Tesseract was trained at 300 dots per inch; the text of a screen has a third of that.
_SMALL_PIXELS = 2_000_000
_ENLARGEMENT = 2
_LAYOUT = tesserocr.PSM.AUTO


@dataclass(frozen=True, slots=True)
class OcrBox:
    """One word, where it stands (pixels of the image from its top left corner), and how sure it is (0 to 1)."""

    text: str
    x: int
    y: int
    width: int
    height: int
    confidence: float


@dataclass(frozen=True, slots=True)
class OcrResult:
    """The text of an image, line by line, and its words; both are empty when there is none."""

    text: str
    boxes: tuple[OcrBox, ...]


def tessdata_folder() -> Path | None:
    """The folder of Tesseract's language data, or None when it is not installed."""
    return next((folder for folder in TESSDATA_FOLDERS if folder.is_dir()), None)


def installed_languages() -> tuple[str, ...]:
    """The languages that images can be read in (`eng`, `deu`, …), sorted; empty when there is no Tesseract."""
    folder = tessdata_folder()
    names = (path.stem for path in folder.glob("*.traineddata")) if folder else ()
    return tuple(sorted(name for name in names if name != _NO_LANGUAGE))


def read_image(body: bytes, language: str = "eng") -> OcrResult:
    """Read the text of an image.

    `language` is a Tesseract code, or several joined with "+". Raises `BadRequest` for a language that is not
    installed, `UnsupportedType` for what is no image, `Unprocessable` for a broken one, `TooLarge` above `MAX_PIXELS`,
    and `Unavailable` where there is no Tesseract.
    """
    folder = tessdata_folder()
    if folder is None:
        raise Unavailable("Text recognition is not installed on this server.", code="OCR_NOT_AVAILABLE")
    _check_language(language)
    image, scale = _prepared(body)
    with tesserocr.PyTessBaseAPI(path=str(folder), lang=language, psm=_LAYOUT) as reader:
        reader.SetImageBytes(image.tobytes(), image.width, image.height, 1, image.width)
        text = reader.GetUTF8Text().strip()
        return OcrResult(text, tuple(_words(reader, scale)) if text else ())


def _check_language(language: str) -> None:
    installed = installed_languages()
    missing = [name for name in language.split("+") if name not in installed]
    if missing:
        raise BadRequest(
            f"The OCR language {missing[0][:20]!r} is not installed; there are {', '.join(installed) or 'none'}.",
            code="OCR_LANGUAGE_NOT_AVAILABLE",
            details={"languages": list(installed)},
        )


def _prepared(body: bytes) -> tuple[Image.Image, int]:
    """The image in shades of grey, upright, and how many times it was enlarged."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the bound below is lower
            image = Image.open(io.BytesIO(body), formats=_FORMATS)
            if math.prod(image.size) > MAX_PIXELS:
                raise _too_large()
            image.load()
    except Image.DecompressionBombError as error:
        raise _too_large() from error
    except UnidentifiedImageError as error:
        raise UnsupportedType("The content is no image that text can be read from.") from error
    except (OSError, SyntaxError, ValueError) as error:  # what Pillow's decoders raise for damaged data
        raise Unprocessable("The image is broken and cannot be read.", code="IMAGE_BROKEN") from error
    upright = ImageOps.exif_transpose(image)
    if upright.has_transparency_data:
        upright = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright.convert("RGBA"))
    grey = upright.convert("L")
    scale = _ENLARGEMENT if math.prod(grey.size) <= _SMALL_PIXELS else 1
    return (ImageOps.scale(grey, scale, Image.Resampling.LANCZOS) if scale > 1 else grey), scale


def _too_large() -> TooLarge:
    return TooLarge(f"The image has more than {MAX_PIXELS:,} pixels.", code="IMAGE_TOO_LARGE")


def _words(reader: tesserocr.PyTessBaseAPI, scale: int) -> list[OcrBox]:
    words = []
    for word in tesserocr.iterate_level(reader.GetIterator(), tesserocr.RIL.WORD):
        text = (word.GetUTF8Text(tesserocr.RIL.WORD) or "").strip()
        box = word.BoundingBox(tesserocr.RIL.WORD)
        if text and box:
            left, top, right, bottom = (round(edge / scale) for edge in box)
            confidence = round(word.Confidence(tesserocr.RIL.WORD) / 100, 4)
            words.append(OcrBox(text, left, top, right - left, bottom - top, confidence))
    return words
