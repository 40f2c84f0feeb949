"""Lists: their items, numbers and check boxes."""

from collections.abc import Iterator

from turbohtml import Element, Node


def list_items(element: Element) -> Iterator[list[Node]]:
    """The nodes of each item; a list directly within the list, which is common but invalid, joins the item before."""
    current: list[Node] = []
    for child in element.children:
        if not isinstance(child, Element):
            continue
        if child.tag == "li":
            if current:
                yield current
            current = [child]
        else:
            current.append(child)
    if current:
        yield current


def item_parts(nodes: list[Node]) -> tuple[bool | None, list[Node]]:
    """Whether an item's check box is set (None without one), and the nodes of its content."""
    first = nodes[0]
    if not isinstance(first, Element) or first.tag != "li":
        return None, nodes
    content = [*first.children, *nodes[1:]]
    box = first.select_one("input[type=checkbox]")
    if box is None:
        return None, content
    return "checked" in box.attrs, [node for node in content if node != box]


def starts_at(element: Element) -> int | None:
    """The number of the first item; None for a list without numbers."""
    if element.tag != "ol":
        return None
    start = (element.attr("start") or "").strip()
    return int(start) if start.isascii() and start.isdigit() and len(start) < 10 else 1
