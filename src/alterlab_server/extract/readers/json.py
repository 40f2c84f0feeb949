"""JSON."""

from html import escape

import orjson

from alterlab_server.extract.document import Document
from alterlab_server.extract.readers import html
from alterlab_server.extract.readers.source import Source


def read(source: str, url: str) -> Source:
    """Take a JSON value as it is; what does not parse is read as HTML, since servers mislabel error pages."""
    try:
        value = orjson.loads(source)
        pretty = orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):  # the latter for what is nested deeper than any answer
        return html.read(source, url)
    markup = f'<pre><code class="language-json">{escape(pretty)}\n</code></pre>'
    return Source(Document(markup, url), verbatim={"raw": source, "json": value, "text": pretty}, whole=True)
