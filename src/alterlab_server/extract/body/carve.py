"""Cutting the content out of a page."""

from collections.abc import Sequence
from dataclasses import dataclass

from turbohtml import Element, Node

from alterlab_server.extract.body.blocks import Block, Container, Layout
from alterlab_server.extract.body.model import content_chances
from alterlab_server.extract.body.select import choose
from alterlab_server.extract.document import Document

_NEVER_CONTENT = (
    "script:not([type^='math/tex']),style,template,object,embed,svg,canvas,dialog,select,textarea,"
    "input:not([type=checkbox])"
)
_FRAME = "nav,footer"
_MEDIA = ("img", "picture", "video", "audio", "math", "input", "hr")
# What `filter_content` asks for: a block has to promise this much more than its words.
_STRICT = 1.6
# Text beside an image that is no longer than this is its caption: without it the image still belongs to the body.
_CAPTION_WORDS = 60


@dataclass(frozen=True, slots=True)
class Body:
    """The content of a page as an element, and how sure the choice was, from 0 to 1."""

    element: Element
    certainty: float


def carve_body(document: Document, *, whole: bool = False, strict: bool = False) -> Body:
    """Cut the content out of the tree; an element without text for a page without any.

    The tree is not whole afterwards: what needs the page around the body reads it before. `whole` keeps everything,
    `strict` drops what is less sure.
    """
    root = document.tree.find("body") or Element("body")
    if whole:
        return Body(root, 1.0)
    layout = Layout(root)
    if not layout.blocks:
        return Body(Element("body"), 0.0)
    chances = content_chances(layout, document.heading_title, document.first_meta("og:type") or "")
    kept = _whole_tables(layout, choose(layout.blocks, chances, strictness=_STRICT if strict else 1.0))
    _cut(layout, kept)
    root.remove(_NEVER_CONTENT if layout.framed else f"{_NEVER_CONTENT},{_FRAME}")
    return Body(root, _certainty(layout.blocks, chances, kept))


def _certainty(blocks: Sequence[Block], chances: Sequence[float], kept: Sequence[bool]) -> float:
    words = sum(block.words for block, keep in zip(blocks, kept, strict=True) if keep)
    mass = sum(block.words * chance for block, chance, keep in zip(blocks, chances, kept, strict=True) if keep)
    return mass / words if words else 0.0


def _whole_tables(layout: Layout, kept: list[bool]) -> list[bool]:
    """A table of data is kept or dropped as a whole: a row without some of its cells says something else."""
    last = -1
    for table in layout.containers:
        if table.tag != "table" or table.first <= last or table.element.find("table") is not None:
            continue
        if table.element.attr("role") == "presentation" or not table.blocks:
            continue
        last = table.first + table.blocks - 1
        inside = range(table.first, last + 1)
        words = sum(layout.blocks[index].words for index in inside if kept[index])
        for index in inside:
            kept[index] = words * 2 > table.words
    return kept


def _cut(layout: Layout, kept: Sequence[bool]) -> None:
    sums = [0]
    for keep in kept:
        sums.append(sums[-1] + keep)
    gone: set[int] = set()
    for container in layout.containers[1:]:
        if container.parent and id(container.parent) in gone:
            gone.add(id(container))
        elif not _stays(container, kept, sums):
            container.element.extract()
            gone.add(id(container))
    for block, keep in zip(layout.blocks, kept, strict=True):
        if not keep and id(block.container) not in gone:
            for node in block.nodes:
                _remove_with_wrappers(node, block.container.element)


def _stays(container: Container, kept: Sequence[bool], sums: Sequence[int]) -> bool:
    start, end = container.start, container.start + container.blocks
    if sums[end] > sums[start]:
        return True
    if container.words > _CAPTION_WORDS or container.element.find(list(_MEDIA)) is None:
        return False
    before, after = start == 0 or kept[start - 1], end == len(kept) or kept[end]
    return before and after and sums[-1] > 0


def _remove_with_wrappers(node: Node, container: Element) -> None:
    """Take a text out together with the links and spans that held nothing else."""
    parent = node.parent
    node.extract()
    while isinstance(parent, Element) and parent != container:
        if parent.text.strip() or parent.find(list(_MEDIA)) is not None:
            return
        above = parent.parent
        parent.extract()
        parent = above
