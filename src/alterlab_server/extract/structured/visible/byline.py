"""Who wrote an article and when, as its page shows it."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

import turbohtml

from alterlab_server.extract.document import Document
from alterlab_server.extract.structured.found import Found
from alterlab_server.extract.structured.normalise.dates import iso_date, western
from alterlab_server.extract.structured.normalise.text import element_text, squeeze

# A byline stands near its heading: this many lines above and below it.
LINES_ABOVE, LINES_BELOW = 4, 14
MAX_NAME = 60
MAX_DATE_LINE = 60
# Dates in words are slow to read; the byline's is among the first.
MAX_DATES = 4
MAX_ELEMENTS = 8

_AUTHOR_ELEMENTS = 'a[rel="author"], [class*="byline" i], [class*="author" i]'
_AUTHOR_CLASS = re.compile(r"byline|author[-_]?name", re.IGNORECASE)
_BY = (
    r"(?:written by|verfasst von|geschrieben von|escrito por|écrit par|scritto da|posted by|published by|by|von|par|"
    r"por|di|door|av|af|autor(?:in)?|author|auteur|text|автор|作者|記者|记者|著者|筆者|撰文|文|بقلم|كتب|کاتب)"
)
_BYLINE = re.compile(rf"{_BY}(?:\s?[:：/]\s?|\s)(?P<name>[^\W\d_].*)", re.IGNORECASE)
_BY_ALONE = re.compile(rf"{_BY}\s?[:：]?", re.IGNORECASE)
_NAME_END = re.compile(
    r"\s[|•·–—]\s|\s-\s|,\s|\s(?:on|am|le|el|il|op|den|for|in|at|updated|published|posted)\s|\d|\s\("
    r"|\s\w{1,6}[:：]|\s(?:기자|특파원|記者|记者)\b"
)
DATE = re.compile(
    r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./](?:19|20)\d{2}|(?:\d{1,2}\.?(?:st|nd|rd|th)?\s(?:de\s|of\s)?)?[^\W\d_]{3,12}\.?"
    r"(?:\s\d{1,2}(?:st|nd|rd|th)?,?)?\s(?:de\s|of\s)?(?:19|20)\d{2}(?![-./年년]?\d)"
    r"|(?:19|20)\d{2}\s?[./年년]\s?\d{1,2}\s?[./月월]\s?\d{1,2}|\d{1,2}\s[\u0e00-\u0e7f.]{3,14}\s(?:19|20)\d{2}"
)
_YEAR = re.compile(r"\d{4}")


def shown_author(document: Document, lines: Sequence[str], heading: int) -> Found | None:
    """The name in the page's byline: an element made for it, else a line near the heading that begins with "by"."""
    for text in _texts(document):
        if name := _name(text):
            return Found(name, "html", text)
    near = [*lines[heading + 1 : heading + LINES_BELOW], ""]
    for line, below in pairwise(near):
        text = f"by {below}" if _BY_ALONE.fullmatch(line) else line
        found = _BYLINE.fullmatch(text) if len(text) <= MAX_NAME * 2 else None
        if found and not found["name"][0].islower() and (name := _name(found["name"])):
            return Found(name, "html", text)
    return None


def shown_date(lines: Sequence[str], heading: int, language: str) -> Found | None:
    """The first date near the heading, below it before above it."""
    near = [*lines[heading + 1 : heading + LINES_BELOW], *lines[max(heading - LINES_ABOVE, 0) : heading][::-1]]
    short = [western(line, language) for line in near if len(line) <= MAX_DATE_LINE and _YEAR.search(line)]
    dated = (match[0] for line in short if (match := DATE.search(line)))
    for text in islice(dated, MAX_DATES):
        if date := iso_date(text, language):
            return Found(date, "html", text)
    return None


def time_element_date(document: Document, language: str) -> Found | None:
    """The date of the page's first `<time>` element."""
    element = document.tree.select_one("time[datetime]")
    date = iso_date(element.attr("datetime"), language) if element is not None else None
    return Found(date, "html", element_text(element) or date) if element is not None and date else None


def _texts(document: Document) -> Iterator[str]:
    elements = document.tree.select(_AUTHOR_ELEMENTS)
    named = (e for e in elements if e.attr("rel") == "author" or _AUTHOR_CLASS.search(e.attr("class") or ""))
    for element in islice(named, MAX_ELEMENTS):
        yield from _lines(element)


def _lines(element: turbohtml.Element) -> Iterator[str]:
    """The first lines of a byline: its name may stand below a picture, and a biography behind it."""
    shown = (squeeze(line) for line in element.to_text().splitlines()[:6])
    return (line for line in shown if line)


def _name(text: str) -> str | None:
    """The name that a byline holds, without the words around it; None where it holds none."""
    found = _BYLINE.fullmatch(text)
    if _BY_ALONE.fullmatch(text):
        return None
    name = _NAME_END.split(found["name"] if found else text, maxsplit=1)[0].strip(" *:|,./／-–—")
    words = name.split()
    is_name = 2 <= len(name) <= MAX_NAME and len(words) <= 6 and words[0][0].isupper() and words[-1][0].isupper()
    return name if is_name or (name and not name.isascii() and len(name) <= MAX_NAME) else None
