"""The lines of a body as a browser sets them: what parts texts on the page parts them also once it is gone, and where
readers of HTML know lines by their tags alone."""

from collections.abc import Iterable

from turbohtml import Element, Node, Text

from alterlab_server.extract.body.blocks import BLOCK_TAGS, Layout

# What a line may hold that parts the words around it and says nothing itself.
BOXES = (
    "audio", "canvas", "embed", "iframe", "img", "input:not([type=hidden])", "meter", "object", "picture", "progress",
    "select", "svg", "textarea", "video",
)  # fmt: skip
# The text beside these is what is on their other side.
_SILENT = {box.partition(":")[0] for box in BOXES} | {"datalist", "noscript", "script", "style", "template"}
_OPENING, _CLOSING = ("(", "[", "{"), (",", ".", ";", ":", "!", "?", ")", "]", "}")
# So many nodes are passed on the way to the text beside an element.
_FAR = 8


def remove(element: Element) -> Element | None:
    """Take a block out; a line break stays, which is given, where the text before it would meet the text behind it."""
    if not parts_lines(element):
        element.extract()
        return None
    line_break = Element("br")
    element.replace_with(line_break)
    return line_break


def parts_lines(element: Element) -> bool:
    """Whether an element stands between two texts that have no lines of their own."""
    return not _is_blank(_beside(element, False)) and not _is_blank(_beside(element, True))


def part_words(boxes: Iterable[Element]) -> None:
    """Set a space where a picture or a field stands between words, which without it are one."""
    for box in boxes:
        before = _beside(box, False)
        if not before or before[-1].isspace() or before.endswith(_OPENING):
            continue
        behind = _beside(box, True)
        if behind and not behind[0].isspace() and not behind.startswith(_CLOSING):
            box.insert_before(Text(" "))


def box_texts(layout: Layout, kept: list[bool]) -> None:
    """Give texts beside blocks boxes of their own, as browsers do, in elements of a line and in cells of tables: there
    readers of HTML glue them to the blocks.

    https://www.w3.org/TR/CSS22/visuren.html#anonymous-block-level
    """
    broken: set[Element] = set()
    around: set[Node] = set()
    for element, start, end in layout.broken:
        if True in kept[start:end] and _box_texts(element, broken):
            broken.add(element)
            if element.next_sibling is not None and element.parent is not None:
                around.add(element.parent)
    for holder in around:
        _box_texts(holder, broken)
    for cell in layout.containers:
        if cell.tag in ("td", "th") and True in kept[cell.start : cell.end]:
            beside = {
                block.container.element for block in layout.blocks[cell.start : cell.end] if block.container.kinds
            }
            for element in beside:
                _box_texts(element, broken, all_texts=True)


def _box_texts(holder: Node, broken: set[Element], *, all_texts: bool = False) -> bool:
    """Box the texts in an element that stand behind a block, or all beside one; whether it holds any block.

    `broken` are the elements of a line within it that do.
    """
    runs: list[list[Node]] = [[]]
    for node in holder.children:
        if type(node) is Element and (node.tag in BLOCK_TAGS or node in broken):
            runs.append([])
        else:
            runs[-1].append(node)
    if len(runs) == 1:
        return False
    for run in runs if all_texts else runs[1:]:
        if not all(map(_is_silent, run)):
            box = Element("div")
            run[0].insert_before(box)
            box.extend(run)
    return True


def _is_silent(node: Node) -> bool:
    return _is_blank(node.data if isinstance(node, Text) else node.text if isinstance(node, Element) else "")


def _is_blank(text: str) -> bool:
    return not text or text.isspace()


def _beside(node: Node, behind: bool) -> str:
    """The text before or behind a node on its line; empty where the line begins or ends there."""
    for _ in range(_FAR):
        beside = node.next_sibling if behind else node.previous_sibling
        if beside is None:
            beside = node.parent
            if type(beside) is not Element or beside.tag in BLOCK_TAGS:
                return ""
        else:
            while type(beside) is Element and (tag := beside.tag) not in _SILENT:
                if tag == "br" or tag in BLOCK_TAGS:
                    return ""
                nodes = beside.children
                if not nodes:
                    break
                beside = nodes[0 if behind else -1]
            if type(beside) is Text and beside.data:
                return beside.data
        node = beside
    return ""
