"""PDF, page by page."""

from html import escape

import pypdfium2

from alterlab_server.base.errors import Unprocessable
from alterlab_server.extract.document import Document
from alterlab_server.extract.readers.source import Source

# Of a longer document the first pages are read: the formats are bounded anyway.
MAX_PAGES = 500
_PASSWORD = "Incorrect password error"  # noqa: S105  a message of pdfium, no secret


def read(body: bytes, url: str) -> Source:
    """Read the text layer of a PDF; each page is a section. Raises `Unprocessable` for an encrypted or broken file."""
    try:
        with pypdfium2.PdfDocument(body) as pdf:
            title = pdf.get_metadata_value("Title")
            pages = [_page_text(pdf, number) for number in range(min(len(pdf), MAX_PAGES))]
    except pypdfium2.PdfiumError as error:
        if _PASSWORD in str(error):
            raise Unprocessable("The PDF is encrypted and needs a password.", code="PDF_ENCRYPTED") from error
        raise Unprocessable("The PDF is broken and cannot be read.", code="PDF_BROKEN") from error
    data = {"title": title or None, "page_count": len(pages), "pages": _numbered(pages)}
    verbatim = {"text": "\n\n".join(page for page in pages if page), "json": data}
    return Source(Document(_markup(title, pages), url), verbatim=verbatim, whole=True)


def _page_text(pdf: pypdfium2.PdfDocument, number: int) -> str:
    page = pdf[number]
    try:
        text: str = page.get_textpage().get_text_range()
    finally:
        page.close()
    return text.replace("\r\n", "\n").replace("\x02", "").strip()


def _numbered(pages: list[str]) -> list[dict[str, int | str]]:
    return [{"page": number, "text": text} for number, text in enumerate(pages, 1)]


def _markup(title: str, pages: list[str]) -> str:
    sections = ("".join(f"<p>{escape(part)}</p>" for part in page.split("\n\n") if part.strip()) for page in pages)
    return f"<title>{escape(title)}</title>" + "<hr>".join(section for section in sections if section)
