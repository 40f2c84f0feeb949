"""Footnotes: which elements are their texts, and under which label they are referred to."""

import re
from dataclasses import dataclass

from turbohtml import Document, Element, Node

_HOLDERS = ("li", "p", "div", "aside", "dd", "section")
# Links that may refer to a footnote.
_MENTIONS = "sup > a,sup > span > a,a:has(sup),a[role=doc-noteref]"
# A page without these has none of them, and an element of a known name is found at once.
_MENTIONED = ("sup", "a[role=doc-noteref]")
_BACK = re.compile(r"^[\s↩︎↵⤴^⬆️↑\[\]]*$")
_BACK_NAMES = re.compile(r"fnref|cite_ref|noteref|backref|back-link")
_NOTE_CLASSES = re.compile(r"footnote|endnote|reference|cite|fn", re.IGNORECASE)
_LABEL = re.compile(r"[^\w-]+")


@dataclass(frozen=True, slots=True)
class Notes:
    """The footnotes of a body: their labels by the id of their text, in the order of their first mention, and the ids
    of the places that mention them."""

    labels: dict[str, str]
    mentions: frozenset[str]

    def leads_back(self, element: Element) -> bool:
        """Whether an element in a footnote only leads back to its mentions, by one or several links."""
        links = list(element.iter_elements("a", include_self=True))
        if not links or not all(map(self._is_back_link, links)) or element.find("img") is not None:
            return False
        text = element.text
        for link in links:
            text = text.replace(link.text, "", 1)
        return bool(_BACK.match(text))

    def _is_back_link(self, link: Element) -> bool:
        href = link.attr("href") or ""
        if not href.startswith("#"):
            return False
        if href[1:] in self.mentions or _BACK.match(link.text):
            return True
        return _BACK_NAMES.search(f"{href} {link.attr('class') or ''}") is not None


def find_notes(body: Element, tree: Document) -> Notes:
    """The footnotes under an element of a page."""
    if all(tree.select_one(mentioned) is None for mentioned in _MENTIONED):
        return Notes({}, frozenset())
    labels: dict[str, str] = {}
    taken: set[str] = set()
    mentions: set[str] = set()
    ids: dict[str, Element] | None = None
    for anchor in body.select(_MENTIONS):
        href = anchor.attr("href") or ""
        if not href.startswith("#") or len(href) < 2 or not _is_reference(anchor):
            continue
        if ids is None:
            ids = {name: holder for holder in body.iter_elements(_HOLDERS) if (name := holder.attr("id"))}
        target = href[1:]
        if target not in ids:
            continue
        mentions.update(name for place in (anchor, anchor.parent) if (name := _id_of(place)))
        if target not in labels:
            label = _LABEL.sub("", anchor.text) or str(len(labels) + 1)
            labels[target] = label if label not in taken else f"{label}-{len(labels) + 1}"
            taken.add(labels[target])
    return Notes(labels, frozenset(mentions))


def _id_of(node: Node | None) -> str | None:
    return node.attr("id") if isinstance(node, Element) else None


def _is_reference(anchor: Element) -> bool:
    if anchor.attr("role") == "doc-noteref":
        return True
    names = f"{anchor.attr('class') or ''} {anchor.attr('href') or ''}"
    return bool(_NOTE_CLASSES.search(names)) or anchor.text.strip("[]() \n").isdigit()
