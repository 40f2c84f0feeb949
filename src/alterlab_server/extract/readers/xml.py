"""XML: feeds as a list of their entries, other vocabularies as their text."""

from html import escape

import turbohtml
from turbohtml.extract import Feed, feed

from alterlab_server.extract.document import Document
from alterlab_server.extract.readers import html
from alterlab_server.extract.readers.source import Source


def read(source: str, url: str) -> Source:
    """Read XML; what is not well-formed is read as HTML, which takes anything."""
    try:
        found = feed(source)
        markup = _feed_markup(found) if found else _text_markup(source)
    except (turbohtml.HTMLParseError, ValueError):
        return html.read(source, url)
    return Source(Document(markup, url), verbatim={"raw": source}, whole=True)


def _feed_markup(found: Feed) -> str:
    items = []
    for entry in found.entries:
        title = escape(entry.title or entry.link or "")
        heading = f'<a href="{escape(entry.link)}">{title}</a>' if entry.link else title
        content = entry.content if isinstance(entry.content, str) else entry.summary
        items.append(f"<h2>{heading}</h2>\n{content or ''}")
    title = escape(found.title or "")
    return f"<title>{title}</title><h1>{title}</h1>" + "\n".join(items)


def _text_markup(source: str) -> str:
    strings = turbohtml.parse_xml(source).stripped_strings
    return "\n".join(f"<p>{escape(string)}</p>" for string in strings)
