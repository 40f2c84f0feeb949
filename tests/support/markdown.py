"""From HTML to our markdown, and HTML in a form that can be compared."""

import re

from alterlab_server.extract.document import Document
from alterlab_server.extract.flow import read_flow
from alterlab_server.extract.formats.markdown import write
from alterlab_server.extract.tidy import tidy


def normal(html: str) -> str:
    """HTML without what does not show: white space around blocks, and the tags that stand for delimiters."""
    html = re.sub(r"\s*(</?(?:p|li|ul|ol|blockquote|h\d|hr|table|thead|tbody|tr|t[hd])\b[^>]*>)\s*", r"\1", html)
    html = re.sub(r"(?<!^)[ \n]+(?![^<]*</code></pre>)", " ", html)
    return html.replace("<s>", "<del>").replace("</s>", "</del>").replace(' start="1"', "").strip()


def again(html: str) -> str:
    document = Document(html)
    tidy(document)
    return write(read_flow(document.tree.find("body"), document))
