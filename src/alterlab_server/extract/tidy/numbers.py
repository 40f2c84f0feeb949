"""Lists that count down: the number that each item has."""

from turbohtml import Document, Element


def settle_numbers(tree: Document) -> None:
    """Write the numbers of a reversed list at its items: few readers of HTML count down themselves.

    https://html.spec.whatwg.org/multipage/grouping-content.html#ordinal-value
    """
    for numbered in tree.select("ol[reversed]"):
        items = [item for item in numbered.children if isinstance(item, Element) and item.tag == "li"]
        start = (numbered.attr("start") or "").strip()
        number = int(start[:9]) if start.isascii() and start.isdigit() else len(items)
        for item in items:
            stated = (item.attr("value") or "").strip()
            number = int(stated[:9]) if stated.isascii() and stated.isdigit() else number
            item.attrs["value"] = str(number)
            number -= 1
