"""Lists: their items, numbers and check boxes."""

from turbohtml import Element, Node

# Markdown has no longer numbers (CommonMark 5.2).
_LARGEST, _MOST_DIGITS = 999_999_999, 9
_CHECK_BOX = "input[type=checkbox]"


def list_items(element: Element) -> list[tuple[Element, int | None, bool | None, list[Node]]]:
    """The items of a list: the element of each, its number (None in a list without numbers), whether its check box is
    set (None without one), and the nodes of its content.

    A list directly within the list, which is common but invalid, joins the item before.
    """
    number = None if element.tag != "ol" else _number(element, "start", 1)
    has_boxes = element.select_one(_CHECK_BOX) is not None
    items: list[tuple[Element, int | None, bool | None, list[Node]]] = []
    for nodes in _grouped(element):
        first = nodes[0]
        content: list[Node] = [*nodes]
        checked = None
        if first.tag == "li":
            content[:1] = first.children
            if number is not None:
                number = _number(first, "value", number)
            if has_boxes and (box := first.select_one(_CHECK_BOX)) is not None:
                checked = "checked" in box.attrs
                content = [node for node in content if node != box]
        items.append((first, number, checked, content))
        number = None if number is None else min(number + 1, _LARGEST)
    return items


def _grouped(element: Element) -> list[list[Element]]:
    """The elements that make up each item."""
    groups: list[list[Element]] = []
    for child in element.children:
        if type(child) is Element:
            if child.tag == "li" or not groups:
                groups.append([child])
            else:
                groups[-1].append(child)
    return groups


def _number(element: Element, attribute: str, otherwise: int) -> int:
    """What an attribute says, as far as markdown can."""
    value = (element.attr(attribute) or "").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) <= _MOST_DIGITS else otherwise
