"""Runs of text: emphasis, links, images, code and formulas within a block."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from turbohtml import Element, Namespace, Node, Text

from alterlab_server.extract.document import Document
from alterlab_server.extract.flow.assemble import Mark, Piece, assemble
from alterlab_server.extract.flow.escape import code_span, destination, escape_text, title_part
from alterlab_server.extract.flow.images import image_source
from alterlab_server.extract.flow.math import tex_of
from alterlab_server.extract.flow.model import Inline
from alterlab_server.extract.flow.notes import is_back_link
from alterlab_server.extract.flow.tags import BLOCKS, SKIPPED

_SPACE = re.compile(r"[ \t\n\r\f]+")
_BARE_BRACKET = re.compile(r"(?<!\\)[\[\]]")
_EMPHASIS = {
    "em": ("*", "em"), "i": ("*", "em"), "strong": ("**", "strong"), "b": ("**", "strong"),
    "del": ("~~", "del"), "s": ("~~", "del"), "strike": ("~~", "del"),
}  # fmt: skip
_KEPT_AS_HTML = {"sub", "sup"}
_CODE = {"code", "tt", "samp", "kbd"}
# An own scheme that means something outside of a browser window.
_OTHER_SCHEMES = ("mailto:", "tel:")
# Below this the text of an element is taken without its markup: no page that people read nests so deep.
MAX_DEPTH = 60


@dataclass(slots=True)
class InlineReader:
    """Turns nodes into runs of text. `notes` maps the ids of footnotes to their labels."""

    document: Document
    notes: Mapping[str, str] = field(default_factory=dict)

    def read(self, nodes: Iterable[Node], line_break: str = "\\\n") -> Inline:
        """The nodes as one run; a `<br>` becomes `line_break`."""
        pieces: list[Piece] = []
        self._collect(nodes, pieces, _State(line_break))
        return assemble(pieces)

    def target(self, href: str | None) -> str | None:
        """Where a link leads, absolute where the page's address is known; None for a script or nothing."""
        if not href or not (href := href.strip()):
            return None
        if href.lower().startswith(_OTHER_SCHEMES):
            return href
        absolute = self.document.absolute(href)
        if absolute is None and not self.document.base_url and not re.match(r"[a-zA-Z][\w+.-]*:", href):
            return href
        return absolute

    def image(self, element: Element) -> tuple[str, str, str] | None:
        """The address, alternative text and title of an `<img>`; None for one without an address."""
        source = image_source(element)
        url = self.target(source) if source else None
        if url is None:
            return None
        return url, " ".join((element.attr("alt") or "").split()), element.attr("title") or ""

    def _collect(self, nodes: Iterable[Node], pieces: list[Piece], state: "_State") -> None:
        for node in nodes:
            if type(node) is Text:
                data = _SPACE.sub(" ", node.data)
                markdown = escape_text(data)
                if state.in_link:
                    markdown = _BARE_BRACKET.sub(lambda found: "\\" + found[0], markdown)
                pieces.append((markdown, data))
            elif type(node) is Element:
                self._element(node, pieces, state)

    def _element(self, element: Element, pieces: list[Piece], state: "_State") -> None:
        tag = element.tag
        if tag == "br":
            pieces.append((state.line_break, "\n"))
        elif (tex := tex_of(element)) is not None:
            pieces.append((f"${tex}$", tex) if tex else ("", ""))
        elif tag in SKIPPED or element.namespace is not Namespace.HTML:
            return
        elif state.depth >= MAX_DEPTH:
            pieces.append((escape_text(_SPACE.sub(" ", element.text)), element.text))
        elif tag == "img":
            if found := self.image(element):
                pieces.append((image_markdown(*found), ""))
        elif tag in _CODE:
            text = element.text.replace("\n", " ")
            pieces.append((code_span(text), text))
        elif tag == "a":
            self._link(element, pieces, state)
        else:
            self._wrapped(element, tag, pieces, state.deeper())

    def _wrapped(self, element: Element, tag: str, pieces: list[Piece], state: "_State") -> None:
        if tag in _EMPHASIS and tag not in state.open:
            marker, html = _EMPHASIS[tag]
            mark = Mark(marker, html)
            pieces.append(mark.opening)
            self._collect(element, pieces, state.within(*(t for t, m in _EMPHASIS.items() if m[0] == marker)))
            pieces.append(mark.closing)
        elif tag in _KEPT_AS_HTML and (label := self._note_label(element)):
            pieces.append((f"[^{label}]", ""))
        elif tag in _KEPT_AS_HTML and element.text.strip():
            pieces.append((f"<{tag}>", ""))
            self._collect(element, pieces, state)
            pieces.append((f"</{tag}>", ""))
        elif tag in BLOCKS:
            pieces.append((state.line_break, "\n"))
            if tag == "li":
                pieces.append(("- ", ""))
            self._collect(element, pieces, state)
            pieces.append((state.line_break, "\n"))
        else:
            self._collect(element, pieces, state)

    def _link(self, element: Element, pieces: list[Piece], state: "_State") -> None:
        if label := self.notes.get((element.attr("href") or "").removeprefix("#")):
            pieces.append((f"[^{label}]", ""))
            return
        if self.notes and is_back_link(element):
            return
        inner: list[Piece] = []
        self._collect(element, inner, state.deeper(in_link=True))
        content, url = assemble(inner), self.target(element.attr("href"))
        if url is None or not content.markdown.strip():
            pieces += inner
            return
        lead = " " if content.markdown[0] == " " else ""
        trail = " " if content.markdown[-1] == " " else ""
        title = title_part(element.attr("title") or "")
        text = content.markdown.strip()
        if content.text.strip() == url and not title and re.match(r"https?://[^\s<>]*$", url):
            linked = f"<{url}>"
        else:
            linked = f"[{text}]({destination(url)}{title})"
        pieces.append((f"{lead}{linked}{trail}", content.text))

    def _note_label(self, element: Element) -> str | None:
        """The footnote that a superscript holds nothing but a reference to."""
        anchor = element.find("a")
        if anchor is None or anchor.text.strip() != element.text.strip():
            return None
        return self.notes.get((anchor.attr("href") or "").removeprefix("#"))


def image_markdown(url: str, alt: str, title: str) -> str:
    """An image as markdown."""
    text = _BARE_BRACKET.sub(lambda found: "\\" + found[0], escape_text(alt))
    return f"![{text}]({destination(url)}{title_part(title)})"


@dataclass(frozen=True, slots=True)
class _State:
    line_break: str
    depth: int = 0
    in_link: bool = False
    open: frozenset[str] = frozenset()

    def deeper(self, *, in_link: bool = False) -> "_State":
        return _State(self.line_break, self.depth + 1, self.in_link or in_link, self.open)

    def within(self, *tags: str) -> "_State":
        return _State(self.line_break, self.depth, self.in_link, self.open | set(tags))
