"""What stands under the headings of a page, and in elements that are named for what they hold."""

from collections.abc import Iterator
from itertools import islice

import turbohtml
from turbohtml import Element

from alterlab_server.extract.structured.normalise.text import squeeze
from alterlab_server.extract.structured.visible.lines import EDGES

FRAME = "nav,header nav,footer,aside,form,[role=navigation]"
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_LIKE_HEADINGS = (*_HEADINGS, "strong", "b", "dt", "summary")
_CONTROLS = ("a", "button", "form", "script", "style", "nav")
MAX_HEADING = 60
# Of a hostile page so many headings are looked at, so many with the right words, and so many elements behind each.
MAX_HEADINGS, MAX_TRIED, MAX_BEHIND = 500, 4, 40
MAX_ITEMS = 60
MAX_ITEM = 1_000
# A heading may stand in a box of its own beside that of its text.
_LEVELS = 3
MAX_NAMED, MAX_NAMED_TEXT = 10, 120


def items_under(tree: turbohtml.Document, headings: frozenset[str]) -> list[str]:
    """The items of the list under the first of these headings, or its paragraphs where it has no list."""
    for heading in islice(_headed(tree, headings), MAX_TRIED):
        if beside := _beside(heading):
            return [beside[:MAX_ITEM]]
        behind = list(_behind(heading))
        items = [item for element in behind for item in islice(_items(element), MAX_ITEMS)]
        parts = items or [part for element in behind for part in element.iter_elements("p", include_self=True)]
        shown = (squeeze(element.to_text()).strip("*• ") for element in (parts or behind)[:MAX_ITEMS])
        if texts := [text[:MAX_ITEM] for text in shown if text]:
            return texts
    return []


def named(tree: turbohtml.Document, *names: str) -> Iterator[str]:
    """The short texts of elements whose class names one of these, without what frames the page."""
    chosen = ",".join(f'[class*="{name}" i]' for name in names)
    for element in islice(tree.select(chosen), MAX_NAMED):
        text = squeeze(element.to_text())
        if 1 < len(text) <= MAX_NAMED_TEXT and element.closest(FRAME) is None:
            yield text


def _items(element: Element) -> Iterator[Element]:
    """The items of the lists in an element, without those of lists in them."""
    for item in element.iter_elements("li", include_self=True):
        holder = item.parent.parent if item.parent is not None else None
        if not isinstance(holder, Element) or holder.tag != "li":
            yield item


def _headed(tree: turbohtml.Document, headings: frozenset[str]) -> Iterator[Element]:
    for element in islice(tree.iter_elements(_LIKE_HEADINGS), MAX_HEADINGS):
        text = squeeze(element.text)
        if len(text) <= MAX_HEADING and text.strip(f"{EDGES}?!").lower() in headings:
            yield element


def _beside(heading: Element) -> str:
    """What stands behind a heading in bold in the same line."""
    line = heading.parent
    if heading.tag not in ("strong", "b") or not isinstance(line, Element) or line.tag not in ("p", "li"):
        return ""
    return squeeze(line.text.partition(heading.text)[2]).strip(": ")


def _behind(heading: Element) -> Iterator[Element]:
    """The elements behind a heading up to the next one, beside it or beside the box that it stands in."""
    place = heading
    for _ in range(_LEVELS):
        found = False
        for node in islice(place.next_siblings, MAX_BEHIND):
            if isinstance(node, Element) and node.tag not in _CONTROLS:
                if _is_heading(node, heading):
                    break
                found = True
                yield node
        if found or not isinstance(place.parent, Element) or place.parent.tag == "body":
            return
        place = place.parent


def _is_heading(element: Element, heading: Element) -> bool:
    """Whether an element is or holds a heading, such as the one it stands behind."""
    if element.tag == heading.tag or element.tag in _HEADINGS or element.find(list(_HEADINGS)) is not None:
        return True
    return is_bold_line(element) or _is_labelled(element)


def is_bold_line(element: Element) -> bool:
    """Whether an element is a line all in bold, which is a heading by another name."""
    bold = element.find(["strong", "b"]) if element.tag in ("p", "div") else None
    return bold is not None and squeeze(bold.text) == squeeze(element.text)


def _is_labelled(element: Element) -> bool:
    """Whether a line begins with a label in bold."""
    bold = element.find(["strong", "b"]) if element.tag == "p" else None
    if bold is None:
        return False
    said, text = squeeze(bold.text), squeeze(element.text)
    return text.startswith(said) and ":" in text[len(said) - 1 : len(said) + 2]
