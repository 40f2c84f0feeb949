"""Lists: their items, numbers and check boxes."""

from collections.abc import Iterator

from turbohtml import Element, Node

# Markdown has no longer numbers (CommonMark 5.2).
_LARGEST = 999_999_999


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


def numbered_items(element: Element) -> Iterator[tuple[int | None, list[Node]]]:
    """The nodes of each item with its number; None in a list without numbers."""
    number = None if element.tag != "ol" else _number(element, "start", 1)
    for nodes in list_items(element):
        first = nodes[0]
        if number is not None and isinstance(first, Element) and first.tag == "li":
            number = _number(first, "value", number)
        yield number, nodes
        number = None if number is None else min(number + 1, _LARGEST)


def _number(element: Element, attribute: str, otherwise: int) -> int:
    """What an attribute says, as far as markdown can."""
    value = (element.attr(attribute) or "").strip()
    return int(value) if value.isascii() and value.isdigit() and int(value[:10]) <= _LARGEST else otherwise
