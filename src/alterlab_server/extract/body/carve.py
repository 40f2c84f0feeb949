"""Cutting the content out of a page."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, compress, islice

from turbohtml import Element, Node

from alterlab_server.extract.body.blocks import Container, Layout
from alterlab_server.extract.body.hints import read_hints
from alterlab_server.extract.body.lines import BOXES, box_texts, part_words, parts_lines, remove
from alterlab_server.extract.body.model import Judge, Judgement, shipped_judge
from alterlab_server.extract.body.unseen import drop_unseen
from alterlab_server.extract.document import Document
from alterlab_server.extract.words import count_words

_NEVER_CONTENT = (
    "body script:not([type^='math/tex'])", "body style", "body template", "object", "embed", "svg", "canvas", "select",
    "textarea", "input:not([type=checkbox])", "datalist", "meter", "progress",
)  # fmt: skip
# These had lines of their own.
_NEVER_CONTENT_BLOCKS, _FRAME = ("dialog",), ("nav", "footer")
# Says who said it, and is no footer of the page.
_SOURCE = "blockquote footer"
_MEDIA = ("img", "picture", "video", "audio", "math", "input", "hr")
# What `filter_content` asks for: a block has to promise this much more than its words.
_STRICT = 1.6
# Text beside an image that is no longer than this is its caption: without it the image still belongs to the body.
_CAPTION_WORDS = 60
# So many tell what all of a bar are.
_MANY_PICTURES = 20
# What a small picture is a link to where it shows the large one.
_PICTURE_FILE = re.compile(r"\.(?:avif|gif|jpe?g|png|svg|webp)\b", re.IGNORECASE)
# Old pages set whole articles in as quotations; the longest posts that are quoted, with who wrote them, are shorter.
_QUOTATION_WORDS = 300
# A cell of a table of data may hold a paragraph that long, but not two.
_PARAGRAPH_WORDS = 10


@dataclass(frozen=True, slots=True)
class Body:
    """The content of a page as an element, its words, how sure the choice was, from 0 to 1, and the kind of page."""

    element: Element
    words: int
    certainty: float
    page_type: str | None = None


def carve_body(document: Document, *, whole: bool = False, strict: bool = False, judge: Judge | None = None) -> Body:
    """Cut the content out of the tree; an element without text for a page without any.

    The tree is not whole afterwards: what needs the page around the body reads it before. `whole` keeps everything,
    `strict` drops what is less sure. `judge` is another than the one that ships with the package.
    """
    root = document.tree.find("body") or Element("body")
    if whole:
        text = root.text
        return Body(root, count_words(text, len(text.split())), 1.0)
    drop_unseen(document)
    for source in document.tree.select(_SOURCE):
        source.tag = "div"
    layout = Layout(root)
    if not layout.blocks:
        return Body(Element("body"), 0, 0.0)
    found = (judge or shipped_judge()).judge(layout, read_hints(document))
    chosen = found.chosen(_STRICT if strict else 1.0)
    kept = _with_terms(layout, _whole_quotations(layout, _whole_tables(layout, found, chosen)))
    # Found while the tree is whole: elements of one tag are indexed until it changes.
    boxes, never = _found(document, BOXES), _found(document, _NEVER_CONTENT)
    never_blocks = _found(document, _NEVER_CONTENT_BLOCKS if layout.framed else _NEVER_CONTENT_BLOCKS + _FRAME)
    _cut(layout, kept)
    part_words(boxes)
    for element in never:
        element.extract()
    for element in never_blocks:
        remove(element)
    box_texts(layout, kept)
    # What is never content was judged with the rest, and a page may be nothing else.
    words = sum(compress((block.words for block in layout.blocks), kept)) if any(root.stripped_strings) else 0
    return Body(root, words, found.certainty(kept), found.page_type)


def _whole_tables(layout: Layout, found: Judgement, chosen: list[bool]) -> list[bool]:
    """A table of data is kept or dropped as a whole: a row without some of its cells says something else."""
    kept = list(chosen)
    places = [index for index, keep in enumerate(chosen) if keep]
    last = -1
    for table in layout.containers:
        if table.tag != "table" or table.start <= last or table.start == table.end:
            continue
        if table.role == "presentation" or table.element.find("table") is not None or _arranges_page(layout, table):
            continue
        last = table.end - 1
        inside = range(table.start, table.end)
        words = sum(layout.blocks[index].words for index in inside)
        keep = sum(layout.blocks[index].words for index in inside if chosen[index]) * 2 > words
        amid = bool(places) and places[0] < table.start and places[-1] >= table.end
        kept[table.start : table.end] = [keep or (amid and found.continues(inside))] * len(inside)
    return kept


def _arranges_page(layout: Layout, table: Container) -> bool:
    """Whether a cell of a table holds a text: several paragraphs."""
    paragraphs: Counter[int] = Counter()
    for index in range(table.start, table.end):
        block = layout.blocks[index]
        if block.words >= _PARAGRAPH_WORDS and block.container.tag == "p":
            paragraphs[id(block.container.parent)] += 1
    return any(count > 1 for count in paragraphs.values())


def _whole_quotations(layout: Layout, chosen: list[bool]) -> list[bool]:
    """A short quotation of which most is kept is kept as a whole: who said it stands within it."""
    kept = list(chosen)
    for quotation in layout.containers:
        blocks = quotation.end - quotation.start
        if quotation.tag != "blockquote" or not 2 <= blocks <= _QUOTATION_WORDS:  # each has a word at least
            continue
        inside = range(quotation.start, quotation.end)
        words = sum(layout.blocks[index].words for index in inside)
        most = sum(layout.blocks[index].words for index in inside if chosen[index]) * 2 > words
        if most and words <= _QUOTATION_WORDS:
            kept[quotation.start : quotation.end] = [True] * blocks
    return kept


def _with_terms(layout: Layout, chosen: list[bool]) -> list[bool]:
    """Terms are kept with what is said of them, which without them is about nothing."""
    kept = list(chosen)
    terms: list[Container] = []
    for container in layout.containers:
        if container.tag == "dt":
            if terms and terms[0].parent is not container.parent:
                terms = []
            terms.append(container)
        elif container.tag == "dd" and terms and terms[0].parent is container.parent:
            if any(kept[container.start : container.end]):
                for term in terms:
                    kept[term.start : term.end] = [True] * (term.end - term.start)
            terms = []
    return kept


def _cut(layout: Layout, kept: list[bool]) -> None:
    sums = [0, *accumulate(kept)]
    settled = list(kept)
    depth_gone = len(layout.containers)
    line_breaks: list[Element | None] = []
    for container in layout.containers[1:]:
        if container.depth > depth_gone:
            continue  # inside of the last that went
        depth_gone = len(layout.containers)
        start, end = container.start, container.end
        if sums[end] == sums[start] and not _holds_picture(layout, container, kept, sums[-1]):
            line_breaks.append(remove(container.element))
            depth_gone = container.depth
            settled[start:end] = [True] * (end - start)
    for block, done in zip(layout.blocks, settled, strict=True):
        if not done:
            for node in block.nodes:
                _remove_with_wrappers(node, block.container.element)
    for line_break in line_breaks:
        if line_break is not None and not parts_lines(line_break):
            line_break.extract()


def _found(document: Document, selectors: Sequence[str]) -> list[Element]:
    return [element for selector in selectors for element in document.tree.select(selector)]


def _holds_picture(layout: Layout, container: Container, kept: Sequence[bool], total: int) -> bool:
    """Whether a container without a chosen block holds a picture, with its caption at most, amid the content, or is a
    rule there."""
    start, end = container.start, container.end
    before, after = start == 0 or kept[start - 1], end == len(kept) or kept[end]
    if not (before and after and total):
        return False
    if container.tag == "hr":
        return 0 < start < len(kept)
    if sum(block.words for block in layout.blocks[start:end]) > _CAPTION_WORDS:
        return False
    pictures = islice(container.element.iter_elements(_MEDIA), _MANY_PICTURES)
    return any(not _leads_away(picture) for picture in pictures) if start == 0 else next(pictures, None) is not None


def _leads_away(picture: Element) -> bool:
    """Whether a picture is a link to another page: before all text of a page it is a logo, or an icon of a menu."""
    link = picture.closest("a")
    return link is not None and not _PICTURE_FILE.search(link.attr("href") or "")


def _remove_with_wrappers(node: Node, container: Element) -> None:
    """Take a text out together with the links and spans that held nothing else."""
    parent = node.parent
    node.extract()
    while isinstance(parent, Element) and parent != container:
        if parent.text.strip() or next(parent.iter_elements(_MEDIA), None) is not None:
            return
        above = parent.parent
        parent.extract()
        parent = above
