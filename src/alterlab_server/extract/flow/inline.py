"""Runs of text: emphasis, links, images, code and formulas within a block."""

import re
from collections.abc import Callable, Mapping, Sequence

from turbohtml import Element, Node, Text

from alterlab_server.extract.document import Document
from alterlab_server.extract.flow.assemble import Mark, Piece, assemble
from alterlab_server.extract.flow.escape import code_span, destination, escape_brackets, escape_text, title_part
from alterlab_server.extract.flow.images import image_source
from alterlab_server.extract.flow.lists import list_items
from alterlab_server.extract.flow.math import tex_of
from alterlab_server.extract.flow.model import Inline
from alterlab_server.extract.flow.notes import Notes
from alterlab_server.extract.flow.tags import BLOCKS, SKIPPED
from alterlab_server.extract.words import visible

_SPACE = re.compile(r"[ \t\n\r\f]+")
_SHOWN_AS_IS = re.compile(r"https?://[^\s<>]*$")
# Elements that mean nothing to markdown: text within no others is read at once.
_TRANSPARENT = "span,font,u,small,big,abbr,time,cite,q,label,ins,var,dfn,bdi,bdo,data,wbr,nobr"
_MARKED = f":not({_TRANSPARENT})"
_SCHEME = re.compile(r"[a-zA-Z][\w+.-]*:")
_EMPHASIS = {
    "em": ("*", "em"), "i": ("*", "em"), "strong": ("**", "strong"), "b": ("**", "strong"),
    "del": ("~~", "del"), "s": ("~~", "del"), "strike": ("~~", "del"),
}  # fmt: skip
# An own scheme that means something outside of a browser window.
_OTHER_SCHEMES = ("mailto:", "tel:")
# A line break of a paragraph.
_BREAK = "\\\n"
# Below this the text of an element is taken without its markup: no page that people read nests so deep.
MAX_DEPTH = 60


class InlineReader:
    """Turns nodes into runs of text."""

    def __init__(self, document: Document, notes: Notes) -> None:
        self.document = document
        self.addresses = document.addresses
        self.notes = notes
        self.labels = notes.labels

    def read(self, nodes: Sequence[Node], line_break: str = _BREAK) -> Inline:
        """The nodes as one run; a `<br>` becomes `line_break`."""
        run = _Run(self, line_break)
        run.collect(nodes)
        return Inline(assemble(run.pieces), "".join(run.texts))

    def target(self, href: str | None) -> str | None:
        """Where a link leads, absolute where the page's address is known; None for a script or nothing."""
        if not href:
            return None
        absolute = self.addresses.absolute(href)
        if absolute is not None or not (href := href.strip()):
            return absolute
        if href.lower().startswith(_OTHER_SCHEMES) or not (self.document.base_url or _SCHEME.match(href)):
            return href
        return None

    def image(self, element: Element) -> tuple[str, str, str] | None:
        """The address, alternative text and title of an `<img>`; None for one without an address."""
        source = image_source(element)
        url = self.target(source) if source else None
        if url is None:
            return None
        return url, " ".join((element.attr("alt") or "").split()), element.attr("title") or ""

    def leads_back(self, element: Element) -> bool:
        """Whether an element of a footnote only leads back to where it is mentioned."""
        return bool(self.labels) and self.notes.leads_back(element)

    def note_label(self, element: Element) -> str | None:
        """The footnote that a superscript holds nothing but a reference to."""
        anchor = element.find("a") if self.labels else None
        if anchor is None or anchor.text.strip() != element.text.strip():
            return None
        return self.labels.get((anchor.attr("href") or "").removeprefix("#"))


class _Run:
    """One run while it is read: its markdown in pieces, its plain text, and what encloses the current node."""

    def __init__(self, reader: InlineReader, line_break: str) -> None:
        self.depth, self.in_link = 0, False
        self.emphasis: tuple[str, ...] = ()
        self.reader = reader
        self.line_break = line_break
        self.mark: str | None = None  # of the last item of a list
        self.pieces: list[Piece] = []
        self.texts: list[str] = []

    def collect(self, nodes: Sequence[Node]) -> None:
        for node in nodes:
            if type(node) is Text:
                self.say(node.data)
            elif type(node) is Element and not self.reader.leads_back(node):
                if reader := _READERS.get(node.tag):
                    reader(self, node)
                else:
                    self.within(node)

    def say(self, text: str) -> None:
        data = text if text.isprintable() and "  " not in text else _spaced(text)
        markdown = escape_text(data)
        self.pieces.append(escape_brackets(markdown) if self.in_link else markdown)
        self.texts.append(data)

    def add(self, markdown: str, text: str) -> None:
        self.pieces.append(markdown)
        self.texts.append(text)

    def within(self, element: Element) -> None:
        if self.depth >= MAX_DEPTH or element.select_one(_MARKED) is None:
            self.say(element.text)
            return
        self.depth += 1
        self.collect(element.children)
        self.depth -= 1

    def line(self, _: Element) -> None:
        self.add(self.line_break, "\n")

    def image(self, element: Element) -> None:
        if found := self.reader.image(element):
            self.add(image_markdown(*found), "")

    def code(self, element: Element) -> None:
        text = element.text.replace("\n", " ")
        self.add(code_span(text), text)

    def emphasised(self, element: Element) -> None:
        delimiter, html = _EMPHASIS[element.tag]
        if delimiter in self.emphasis:
            self.within(element)
            return
        mark = Mark(delimiter, html)
        outer, self.emphasis = self.emphasis, (*self.emphasis, delimiter)
        self.pieces.append(mark.opening)
        self.within(element)
        self.pieces.append(mark.closing)
        self.emphasis = outer

    def raised(self, element: Element) -> None:
        """`<sub>` and `<sup>`: markdown has no mark of its own for them."""
        if label := self.reader.note_label(element):
            self.refer(label)
        elif element.text.strip():
            self.pieces.append(f"<{element.tag}>")
            self.within(element)
            self.pieces.append(f"</{element.tag}>")
        else:
            self.within(element)

    def block(self, element: Element) -> None:
        """A block where only a run of text can stand, as in the cell of a table."""
        self.break_line()
        self.within(element)
        self.break_line()

    def listed(self, element: Element) -> None:
        """A list where only a run of text can stand: its marks stand for themselves."""
        if self.depth >= MAX_DEPTH:
            self.say(element.text)
            return
        self.depth += 1
        for _, number, checked, content in list_items(element):
            mark = "- " if number is None else f"{number}. "
            self.break_line()
            self.mark = mark if checked is None else f"{mark}[x] " if checked else f"{mark}[ ] "
            self.add(self.mark, self.mark)
            self.collect(content)
        self.break_line()
        self.depth -= 1

    def break_line(self) -> None:
        """A line break where there is none yet, and not between an item and its mark."""
        while self.pieces and self.pieces[-1] == " ":
            self.pieces.pop()
        if self.pieces and self.pieces[-1] != self.line_break and self.pieces[-1] is not self.mark:
            self.add(self.line_break, "\n")

    def link(self, element: Element) -> None:
        href = element.attr("href")
        if self.reader.labels and (label := self.reader.labels.get((href or "").removeprefix("#"))):
            self.refer(label)
            return
        start, said = len(self.pieces), len(self.texts)
        around, self.in_link = self.in_link, True
        self.within(element)
        self.in_link = around
        markdown, shown = assemble(self.pieces[start:]), "".join(self.texts[said:])
        text, url = unbroken(markdown), self.reader.target(href)
        if url is None or not text:
            return
        title = title_part(named) if (named := element.attr("title")) else ""
        if shown.strip() == url and not title and _SHOWN_AS_IS.match(url):
            linked = f"<{url}>"
        else:
            linked = f"[{text}]({destination(url)}{title})"
        lead = _BREAK if markdown.startswith(_BREAK) else " " if shown[:1] == " " else ""
        trail = _BREAK if markdown.endswith(_BREAK) else " " if markdown[-1] == " " else ""
        del self.pieces[start:]
        self.bracket(f"{lead}{linked}{trail}")

    def refer(self, label: str) -> None:
        """A mention of a footnote."""
        self.bracket(f"[^{label}]")

    def bracket(self, markdown: str) -> None:
        """What may begin with a bracket, which would be an image right behind an exclamation mark."""
        before = self.pieces[-1] if self.pieces else None
        if type(before) is str and before.endswith("!") and markdown[0] == "[":
            self.pieces[-1] = before[:-1] + "\\!"
        self.pieces.append(markdown)

    def formula(self, element: Element) -> None:
        if tex := tex_of(element):
            self.add(f"${tex}$", tex)

    def nothing(self, _: Element) -> None:
        return


_READERS: Mapping[str, Callable[[_Run, Element], None]] = {
    **dict.fromkeys(BLOCKS, _Run.block),
    **dict.fromkeys(("ul", "ol", "menu", "dir"), _Run.listed),
    **dict.fromkeys(SKIPPED, _Run.nothing),
    "math": _Run.formula,
    **dict.fromkeys(_EMPHASIS, _Run.emphasised),
    **dict.fromkeys(("code", "tt", "samp", "kbd"), _Run.code),
    "sub": _Run.raised,
    "sup": _Run.raised,
    "br": _Run.line,
    "img": _Run.image,
    "a": _Run.link,
}


def _spaced(text: str) -> str:
    """The text with each run of white space as one space."""
    if not text.isascii():
        return _SPACE.sub(" ", visible(text))
    words = " ".join(text.split())  # several times faster than the regular expression
    lead = " " if text[0].isspace() else ""
    trail = " " if words and text[-1].isspace() else ""
    return f"{lead}{words}{trail}"


def unbroken(markdown: str) -> str:
    """A run's markdown without spaces and line breaks at its ends."""
    markdown = markdown.lstrip()
    while markdown.startswith(_BREAK):
        markdown = markdown[len(_BREAK) :].lstrip()
    while (words := markdown.rstrip()).endswith("\\") and markdown[len(words) : len(words) + 1] == "\n":
        markdown = words[:-1]
    return words


def image_markdown(url: str, alt: str, title: str) -> str:
    """An image as markdown."""
    return f"![{escape_brackets(escape_text(alt))}]({destination(url)}{title_part(title)})"
