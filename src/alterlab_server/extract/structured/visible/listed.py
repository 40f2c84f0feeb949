"""The things that a page lists: elements alike, side by side, each with a link of its own."""

import re
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from turbohtml import Element, Node

from alterlab_server.extract.document import Document
from alterlab_server.extract.flow.images import image_source
from alterlab_server.extract.structured.found import Found
from alterlab_server.extract.structured.normalise.amounts import currency
from alterlab_server.extract.structured.normalise.text import squeeze
from alterlab_server.extract.structured.visible.prices import price_after, prices_in

MIN_ENTRIES, MAX_ENTRIES = 3, 300
MAX_LINKS = 2_000
MAX_NAME = 300
_HEADINGS = "h1,h2,h3,h4,h5,h6"
_FRAME = "nav,header,footer,aside,form,[role=navigation]"
# What is listed holds its link at most that deep.
_LEVELS = 6
# More words of one thing do not make a group more of a list.
_MOST_WORDS = 60
# A shorter paragraph is a label.
_MIN_DESCRIPTION_WORDS = 4
_TELEPHONE = re.compile(
    r"\b(?:tel|telephone|phone|telefon|téléphone|tél|telefono|teléfono|telefone|telefoon)\b[\s.:]{0,3}"
    r"(\+?\(?\d[\d\s()/.-]{4,20}\d)",
    re.IGNORECASE,
)


def shown_entries(document: Document, country: str) -> Found | None:
    """The listed things in their order: name, address, picture, description, price, telephone, as far as shown."""
    best = max(_groups(document).values(), key=_weight, default={})
    named = zip(best.items(), _names(best), strict=True)
    found = (_entry(element, name, link, document, country) for (element, link), name in named)
    entries = [entry for entry in found if entry]
    return Found(entries[:MAX_ENTRIES], "html", entries[0]["name"]) if len(entries) >= MIN_ENTRIES else None


def _groups(document: Document) -> Mapping[tuple[Node, str, str], dict[Element, Element]]:
    """The elements of one kind within one parent that hold a link, each with its first link that says something."""
    groups: dict[tuple[Node, str, str], dict[Element, Element]] = {}
    links = (link for link in document.tree.iter_elements("a") if link.attr("href") and link.text.strip())
    for link in islice(links, MAX_LINKS):
        if link.closest(_FRAME) is not None:
            continue
        element: Element = link
        for _ in range(_LEVELS):
            parent = element.parent
            if not isinstance(parent, Element) or element.tag == "body":
                break
            groups.setdefault((parent, element.tag, element.attr("class") or ""), {}).setdefault(element, link)
            element = parent
    return groups


def _weight(group: Mapping[Element, Element]) -> int:
    if len(group) < MIN_ENTRIES:
        return 0
    return sum(min(len(element.text.split()), _MOST_WORDS) for element in group)


def _names(group: Mapping[Element, Element]) -> list[str]:
    """What each thing is called: by its heading, its first or its longest link, whichever tells them apart."""
    for read in (_heading, group.__getitem__, _longest_link):
        names = [squeeze(read(element).to_text())[:MAX_NAME] for element in group]
        if len(set(names)) * 2 > len(names):
            return names
    return [""] * len(group)


def _heading(element: Element) -> Element:
    heading = element.select_one(_HEADINGS)
    return heading if heading is not None else Element("h2")


def _longest_link(element: Element) -> Element:
    return max(element.iter_elements("a", include_self=True), key=lambda link: len(link.text))


def _entry(element: Element, name: str, link: Element, page: Document, country: str) -> dict[str, Any] | None:
    url = page.absolute(_link_of_heading(element, link).attr("href") or "")
    if url is None or not name:
        return None
    image, telephone = element.select_one("img"), element.select_one("a[href^='tel:']")
    address = element.select_one("address,[class*=address i]")
    source = image_source(image) if image is not None else None
    paragraphs = (squeeze(paragraph.text) for paragraph in element.iter_elements("p"))
    lines = [squeeze(line) for line in element.to_text().splitlines()]
    price = price_after(lines, 0, len(lines)) or next((found for line in lines for found in prices_in(line)), None)
    called = squeeze(telephone.text) if telephone is not None else _telephone(lines)
    entry = {
        "name": name,
        "url": url,
        "image": page.absolute(source) if source else None,
        "description": next((text for text in paragraphs if len(text.split()) >= _MIN_DESCRIPTION_WORDS), None),
        "price": price[1] if price else None,
        "currency": currency(price[0], country) if price else None,
        "address": squeeze(address.text) if address is not None else None,
        "telephone": called,
    }
    return {key: value for key, value in entry.items() if value}


def _telephone(lines: Sequence[str]) -> str | None:
    return next((found[1] for line in lines if (found := _TELEPHONE.search(line))), None)


def _link_of_heading(element: Element, link: Element) -> Element:
    heading = element.select_one(_HEADINGS)
    if heading is None:
        return link
    return heading.select_one("a[href]") or heading.closest("a[href]") or link
