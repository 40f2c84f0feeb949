"""PDF, page by page; what is set larger than the body of the text is a heading."""

from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw

from alterlab_server.base.errors import Unprocessable
from alterlab_server.extract.document import Document
from alterlab_server.extract.readers.source import Source

# Of a longer document the first pages are read: the formats are bounded anyway.
MAX_PAGES = 500
_PASSWORD = "Incorrect password error"  # noqa: S105  a message of pdfium, no secret
# Type of a heading is at least this much larger than that of the body; smaller steps are accidents of conversion.
_HEADING_SCALE = 1.15
_MAX_HEADING = 200
_LEVELS = 6
# A line that ends a sentence this much before the page's longest line does ends a paragraph.
_SHORT_LINE = 0.75


class _Line(NamedTuple):
    """A line of a page, and the size of its type in points."""

    text: str
    size: float


def read(body: bytes, url: str) -> Source:
    """Read the text layer of a PDF; each page is a section. Raises `Unprocessable` for an encrypted or broken file."""
    try:
        with pypdfium2.PdfDocument(body) as pdf:
            title = pdf.get_metadata_value("Title")
            pages = [_page_lines(pdf, number) for number in range(min(len(pdf), MAX_PAGES))]
    except pypdfium2.PdfiumError as error:
        if _PASSWORD in str(error):
            raise Unprocessable("The PDF is encrypted and needs a password.", code="PDF_ENCRYPTED") from error
        raise Unprocessable("The PDF is broken and cannot be read.", code="PDF_BROKEN") from error
    texts = ["\n".join(line.text for line in page).strip() for page in pages]
    data = {"title": title or None, "page_count": len(pages), "pages": _numbered(texts)}
    verbatim = {"text": "\n\n".join(text for text in texts if text), "json": data}
    return Source(Document(_markup(title, pages), url), verbatim=verbatim, whole=True)


def _page_lines(pdf: pypdfium2.PdfDocument, number: int) -> list[_Line]:
    page = pdf[number]
    try:
        text_page = page.get_textpage()
        text: str = text_page.get_text_range()
        lines, place = [], 0
        for line in text.split("\n"):
            size = pypdfium2.raw.FPDFText_GetFontSize(text_page.raw, place)
            lines.append(_Line(line.rstrip("\r").replace("\x02", ""), round(size, 1)))
            place += len(line.encode("utf-16-le")) // 2 + 1  # pdfium counts in units of UTF-16
        return lines
    finally:
        page.close()


def _numbered(pages: list[str]) -> list[dict[str, int | str]]:
    return [{"page": number, "text": text} for number, text in enumerate(pages, 1)]


def _markup(title: str, pages: Sequence[Sequence[_Line]]) -> str:
    levels = _levels([line for page in pages for line in page])
    sections = ("".join(_blocks(page, levels)) for page in pages)
    return f"<title>{escape(title)}</title>" + "<hr>".join(section for section in sections if section)


def _levels(lines: Sequence[_Line]) -> dict[float, int]:
    """The level of a heading by the size of its type, the largest first; the size that most of the text has is none."""
    set_in: Counter[float] = Counter()
    for line in lines:
        set_in[line.size] += len(line.text)
    body = set_in.most_common(1)[0][0] if set_in else 0.0
    larger = sorted((size for size in set_in if size > body * _HEADING_SCALE), reverse=True)
    return {size: level for level, size in enumerate(larger[:_LEVELS], 1)}


def _blocks(lines: Sequence[_Line], levels: dict[float, int]) -> Iterator[str]:
    for level, run in groupby(lines, key=lambda line: levels.get(line.size)):
        texts = [line.text.strip() for line in run]
        heading = " ".join(filter(None, texts))
        if level is not None and heading and len(heading) <= _MAX_HEADING:
            yield f"<h{level}>{escape(heading)}</h{level}>"
        else:
            yield from (f"<p>{escape(part)}</p>" for part in _paragraphs(texts))


def _paragraphs(lines: Sequence[str]) -> Iterator[str]:
    longest = max(map(len, lines), default=0)
    open_lines: list[str] = []
    for line in lines:
        if line:
            open_lines.append(line)
        ends = not line or (len(line) < _SHORT_LINE * longest and line.endswith((".", "!", "?", "…", ":", "”")))
        if ends and open_lines:
            yield "\n".join(open_lines)
            open_lines = []
    if open_lines:
        yield "\n".join(open_lines)
