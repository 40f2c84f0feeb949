"""From the elements of the body to its blocks."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

from turbohtml import Element, Node, Text

from alterlab_server.extract.document import Document
from alterlab_server.extract.flow.code import read_code
from alterlab_server.extract.flow.inline import MAX_DEPTH, InlineReader, unbroken
from alterlab_server.extract.flow.lists import list_items
from alterlab_server.extract.flow.math import is_display, tex_of
from alterlab_server.extract.flow.model import (
    Block,
    Definition,
    Definitions,
    Details,
    Footnote,
    Heading,
    Image,
    Inline,
    Item,
    List,
    Math,
    Paragraph,
    Quote,
    Rule,
)
from alterlab_server.extract.flow.notes import find_notes
from alterlab_server.extract.flow.tables import is_layout, read_table
from alterlab_server.extract.flow.tags import BLOCK_SELECTOR, BLOCKS, SKIPPED

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
# Two line breaks in a row were the paragraphs of old pages.
_BLANK_LINE = re.compile(r"\\\n\s*\\\n")
_BLANK_LINES_OF_TEXT = re.compile(r"\n\s*\n")
# The line break of a cell, which is not the name of the tag in its text.
_CELL_BREAK = re.compile(r"(?<!\\)<br>")
_MAY_BE_BLOCK = f"{BLOCK_SELECTOR},math[display=block]"
_NO_LINE = ":not(a,span,em,strong,i,b,code,br,img,sub,sup,small,u,tt,kbd,samp,var,cite,abbr,time,q,del,ins,mark,label)"
# A list whose items are paragraphs.
_LOOSE = ":scope > * > p"


def read_flow(body: Element, document: Document) -> list[Block]:
    """The blocks of a body in order; links and images are absolute where the page's address is known."""
    return _FlowReader(InlineReader(document, find_notes(body, document.tree))).blocks(body.children)


class _FlowReader:
    def __init__(self, inline: InlineReader) -> None:
        self.inline = inline
        self.labels = inline.labels
        self.depth = 0

    def blocks(self, nodes: Sequence[Node]) -> list[Block]:
        """The blocks of some nodes; text and inline elements between blocks are paragraphs."""
        found: list[Block] = []
        run: list[Node] = []
        for node in nodes:
            if type(node) is Text:
                if run or not node.data.isspace():
                    run.append(node)
            elif type(node) is Element:
                tag = node.tag
                if tag in BLOCKS or _is_block(node, tag):
                    if run:
                        found += self._paragraph(run)
                        run = []
                    found += self._element(node, tag)
                else:
                    run.append(node)
        return found + self._paragraph(run) if run else found

    def _element(self, element: Element, tag: str) -> list[Block]:
        if tag == "math":
            return [Math(tex)] if (tex := tex_of(element)) else []
        if tag in SKIPPED:
            return []
        if self.depth >= MAX_DEPTH:
            text = " ".join(element.text.split())
            return [Paragraph(Inline(text, text))] if text else []
        label = self.labels.get(element.attr("id") or "") if self.labels else None
        self.depth += 1
        if label is not None:
            found = self._footnote(element.children, label)
        else:
            found = _READERS.get(tag, _FlowReader.read_any)(self, element)
        self.depth -= 1
        return found

    def read_any(self, element: Element) -> list[Block]:
        holds_blocks = _holds(element, _MAY_BE_BLOCK)
        return self.blocks(element.children) if holds_blocks else self._paragraph(element.children)

    def read_code(self, element: Element) -> list[Block]:
        code = read_code(element)
        return [code] if code else []

    def read_quote(self, element: Element) -> list[Block]:
        inner = self.blocks(element.children)
        return [Quote(inner)] if inner else []

    def read_rule(self, _: Element) -> list[Block]:
        return [Rule()]

    def _paragraph(self, run: Sequence[Node]) -> list[Block]:
        content = self.inline.read(run)
        if not content.text.strip() and (images := self._only_images(run)) is not None:
            return images
        if "\\\n" not in content.markdown or not _BLANK_LINE.search(content.markdown):
            markdown = unbroken(content.markdown)
            if markdown != content.markdown:
                content = Inline(markdown, content.text)
            return [Paragraph(content)] if markdown else []
        parts = (unbroken(part) for part in _BLANK_LINE.split(content.markdown))
        texts = [" ".join(part.split()) for part in _BLANK_LINES_OF_TEXT.split(content.text)]
        written = [part for part in parts if part]
        if len(written) < 2:
            return [Paragraph(Inline(part, content.text)) for part in written]
        return [Paragraph(Inline(part, text)) for part, text in zip_longest(written, filter(None, texts), fillvalue="")]

    def _only_images(self, run: Sequence[Node]) -> list[Block] | None:
        """The images of a run that has nothing else, each perhaps in a link; None for another run."""
        found: list[Block] = []
        for node in run:
            if type(node) is not Element:
                if type(node) is Text and not node.data.isspace():
                    return None
                continue
            if node.tag in SKIPPED:
                continue
            if node.text.strip():
                return None
            for image in node.iter_elements("img", include_self=True):
                if read := self.inline.image(image):
                    anchor = image.closest("a")
                    link = self.inline.target(anchor.attr("href")) if anchor is not None else None
                    found.append(Image(*read, link=link))
        return found

    def read_heading(self, element: Element) -> list[Block]:
        content = self.inline.read(element.children, line_break=" ")
        if not content.markdown.strip():
            return self._only_images(element.children) or []
        return [Heading(_HEADINGS[element.tag], Inline(content.markdown.strip(), content.text))]

    def read_list(self, element: Element) -> list[Block]:
        items: list[Item] = []
        notes: list[Block] = []
        for first, number, checked, nodes in list_items(element):
            label = self.labels.get(first.attr("id") or "") if self.labels else None
            if label is not None:
                notes += self._footnote(nodes, label)
                continue
            inner = self.blocks(nodes)
            if inner or checked is not None:
                items.append(Item(inner, checked, number))
        if not items:
            return notes
        return [List(items, items[0].number, element.select_one(_LOOSE) is not None), *notes]

    def read_table(self, element: Element) -> list[Block]:
        if is_layout(element):
            cells = (cell for cell in _own_cells(element))
            return [block for cell in cells for block in self.blocks(cell.children)]
        table = read_table(element, lambda cell: _cell(self.inline.read(cell.children, line_break="<br>")))
        return [table] if table else []

    def read_definitions(self, element: Element) -> list[Block]:
        entries: list[Definition] = []
        terms: list[Inline] = []
        meanings: list[Sequence[Block]] = []
        for child in _definition_parts(element):
            if child.tag == "dt":
                if meanings:
                    entries.append(Definition(terms, meanings))
                    terms, meanings = [], []
                terms.append(_stripped(self.inline.read(child.children, line_break=" ")))
            else:
                meanings.append(self.blocks(child.children))
        if terms or meanings:
            entries.append(Definition(terms, meanings))
        return [Definitions(entries)] if entries else []

    def read_details(self, element: Element) -> list[Block]:
        summary = next((c for c in element.children if isinstance(c, Element) and c.tag == "summary"), None)
        said = _stripped(self.inline.read(summary.children, line_break=" ")) if summary is not None else Inline("", "")
        inner = self.blocks([node for node in element.children if node != summary])
        return [Details(said, inner)] if inner or said.markdown else []

    def read_linked_blocks(self, element: Element) -> list[Block]:
        """A link around blocks: its first heading or paragraph carries the address."""
        inner = self.blocks(element.children)
        url = self.inline.target(element.attr("href"))
        for index, block in enumerate(inner):
            if url and isinstance(block, Heading | Paragraph) and "](" not in block.content.markdown:
                text = block.content.markdown.strip()
                linked = Inline(f"[{text}]({url})", block.content.text)
                inner[index] = replace(block, content=linked)
                break
        return inner

    def _footnote(self, nodes: Sequence[Node], label: str) -> list[Block]:
        inner = self.blocks(nodes)
        return [Footnote(label, inner)] if inner else []


_READERS: Mapping[str, Callable[[_FlowReader, Element], list[Block]]] = {
    **dict.fromkeys(_HEADINGS, _FlowReader.read_heading),
    **dict.fromkeys(("ul", "ol", "menu", "dir"), _FlowReader.read_list),
    "table": _FlowReader.read_table,
    "pre": _FlowReader.read_code,
    "blockquote": _FlowReader.read_quote,
    "hr": _FlowReader.read_rule,
    "dl": _FlowReader.read_definitions,
    "details": _FlowReader.read_details,
    "a": _FlowReader.read_linked_blocks,
}


def _is_block(element: Element, tag: str) -> bool:
    """Whether an element that is no block by its tag stands on lines of its own."""
    return (tag == "math" and is_display(element)) or _holds(element, _MAY_BE_BLOCK)


def _holds(element: Element, blocks: str) -> bool:
    """Whether an element holds one of the blocks: most hold nothing that could be one."""
    return element.select_one(_NO_LINE) is not None and element.select_one(blocks) is not None


def _stripped(content: Inline) -> Inline:
    return Inline(content.markdown.strip(), " ".join(content.text.split()))


def _cell(content: Inline) -> Inline:
    lines = [line.strip() for line in _CELL_BREAK.split(content.markdown)]
    while lines and not lines[-1]:
        lines.pop()
    begin = next((number for number, line in enumerate(lines) if line), 0)
    return Inline("<br>".join(lines[begin:]), " ".join(content.text.split()))


def _own_cells(table: Element) -> Iterator[Element]:
    return (cell for cell in table.iter_elements(("td", "th", "caption")) if cell.closest("table") == table)


def _definition_parts(element: Element) -> Iterator[Element]:
    for child in element.children:
        if isinstance(child, Element):
            if child.tag in ("dt", "dd"):
                yield child
            elif child.tag == "div":
                yield from _definition_parts(child)
