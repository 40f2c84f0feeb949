"""The specifications of a product as its page shows them: labels with their values, in tables and lists."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

import turbohtml
from turbohtml import Element

from alterlab_server.extract.structured.found import Found
from alterlab_server.extract.structured.normalise.text import squeeze
from alterlab_server.extract.structured.visible.lines import EDGES
from alterlab_server.extract.structured.visible.vocabulary import PRODUCT_LABELS, SPECIFICATION_HEADINGS

Pair = tuple[str, str]

MAX_HOLDERS = 80
MAX_ROWS = 200
MAX_LABEL, MAX_VALUE = 60, 300
# Longer values on the average are terms of delivery and the like, unless a heading says otherwise.
MEAN_VALUE = 80
# A line of a list that is one of its specifications says little: longer ones are prose.
MAX_ITEM = 120
MIN_PAIRS, MIN_LISTED = 2, 3
# Of four rows one may be something else, such as the name of a group.
MOST_OTHERS = 0.25
_NAMED = "spec", "attribut", "charact", "technical", "detail"
_HOLDERS = ",".join(
    [
        "table",
        "dl",
        "ul",
        *(f'{tag}[{name}*="{word}" i]' for tag in ("div", "section") for name in ("class", "id") for word in _NAMED),
    ]
)
_FRAME = "nav,header,footer,aside,[role=navigation]"
# How deep an element stands in what is named for its content.
_LEVELS = 4
# With the white space between the elements.
_BEHIND_HEADING = 5
_MOST_PARTS = 3
_IS_SPECIFICATION = re.compile(r"spec|attribut|charact|technical", re.IGNORECASE)
_OTHER = re.compile(
    r"review|comment|relat|recommend|shipping|deliver|return|size-?(?:chart|guide)|compar|question|cart|breadcrumb|menu",
    re.IGNORECASE,
)
_LISTED = re.compile(r"([^:：.!?]{2,40}?)\s?[:：]\s?(\S.*)")
# They have fields of their own.
_OTHER_FIELDS = frozenset({"price", "list_price", "availability"})


def shown_specifications(tree: turbohtml.Document) -> Found | None:
    """Label to value; those that stand under a heading or a name for specifications, where there are any."""
    named: list[Pair] = []
    others: list[Pair] = []
    for holder in tree.select(_HOLDERS)[:MAX_HOLDERS]:
        pairs = _pairs(holder)
        if pairs and holder.closest(_FRAME) is None and not _OTHER.search(_names(holder)):
            if _is_titled(holder):
                named += pairs
            elif sum(len(value) for _, value in pairs) <= MEAN_VALUE * len(pairs):
                others += pairs
    found: dict[str, str] = {}
    for label, value in named or others:
        if PRODUCT_LABELS.get(label.lower()) not in _OTHER_FIELDS:
            found.setdefault(label, value)
    raw = "; ".join(f"{label}: {value}" for label, value in found.items())
    return Found(found, "html", raw) if found else None


def _pairs(holder: Element) -> list[Pair]:
    """The labels and values that an element holds; none where it holds mostly something else."""
    rows = list(islice(_ROWS.get(holder.tag, _rows_of_boxes)(holder), MAX_ROWS))
    pairs = [pair for row in rows for pair in row if _is_pair(*pair)]
    least = MIN_PAIRS if holder.tag in ("table", "dl") else MIN_LISTED
    others = sum(not row for row in rows) + sum(len(row) for row in rows) - len(pairs)
    if len(pairs) < least or others > len(pairs) * MOST_OTHERS:
        return []
    counted = sum(label[0].isdigit() for label, _ in pairs)
    return [] if counted * 2 > len(pairs) else pairs


def _is_pair(label: str, value: str) -> bool:
    if not (0 < len(label) <= MAX_LABEL and 0 < len(value) <= MAX_VALUE) or label == value:
        return False
    return any(map(str.isalpha, label)) and not label.endswith(("?", "？"))


def _rows_of_table(table: Element) -> Iterator[Sequence[Pair]]:
    if table.find("table") is not None:
        return
    for row in islice(table.iter_elements("tr"), MAX_ROWS):
        cells = [child for child in row.children if isinstance(child, Element) and child.tag in ("td", "th")]
        if len(cells) == 2 and not all(cell.tag == "th" for cell in cells):
            yield [_pair(*cells)]
        elif len(cells) == 4 and cells[0].tag == cells[2].tag == "th":
            yield [_pair(*cells[:2]), _pair(*cells[2:])]
        elif len(cells) > 2:
            yield []


def _rows_of_terms(terms: Element) -> Iterator[Sequence[Pair]]:
    term: Element | None = None
    for element in islice(terms.iter_elements(("dt", "dd")), 2 * MAX_ROWS):
        if element.tag == "dt":
            term = element
        elif term is not None:
            yield [_pair(term, element)]
            term = None


def _rows_of_list(items: Element) -> Iterator[Sequence[Pair]]:
    for child in items.children:
        if isinstance(child, Element) and child.tag == "li":
            text = squeeze(child.to_text())
            found = _LISTED.fullmatch(text) if len(text) <= MAX_ITEM else None
            yield [(found[1].strip(EDGES), found[2])] if found else []


def _rows_of_boxes(box: Element) -> Iterator[Sequence[Pair]]:
    """The children of an element that have two children each, a label and its value."""
    for row in box.children:
        if isinstance(row, Element):
            parts = [part for part in row.children if isinstance(part, Element)]
            yield [_pair(*parts)] if len(parts) == 2 and row.tag == "div" else []


_ROWS: dict[str, Callable[[Element], Iterator[Sequence[Pair]]]] = {
    "table": _rows_of_table,
    "dl": _rows_of_terms,
    "ul": _rows_of_list,
}


def _pair(label: Element, value: Element) -> Pair:
    return squeeze(label.text).lstrip("?").strip(EDGES), squeeze(value.to_text()).strip(" :：*")


def _around(element: Element) -> Iterator[Element]:
    place: object = element
    for _ in range(_LEVELS):
        if not isinstance(place, Element) or place.tag == "body":
            return
        yield place
        place = place.parent


def _names(element: Element) -> str:
    """What the page calls an element and what is around it."""
    return " ".join(f"{place.attr('class') or ''} {place.attr('id') or ''}" for place in _around(element))


def _is_titled(element: Element) -> bool:
    """Whether an element is named for specifications, or stands behind a heading for them."""
    if _IS_SPECIFICATION.search(_names(element)):
        return True
    caption = element.find("caption")
    if caption is not None and _is_heading(caption):
        return True
    before = (node for place in _around(element) for node in islice(place.previous_siblings, _BEHIND_HEADING))
    return any(_is_heading(node) for node in before if isinstance(node, Element))


def _is_heading(element: Element) -> bool:
    said = " ".join(islice(element.stripped_strings, _MOST_PARTS + 1))
    return squeeze(said[: MAX_LABEL * 2]).strip(EDGES).lower() in SPECIFICATION_HEADINGS
