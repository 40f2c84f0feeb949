"""Footnotes: which elements are their texts, and under which label they are referred to."""

import re
from collections.abc import Mapping

from turbohtml import Element

_HOLDERS = ("li", "p", "div", "aside", "dd", "section")
# Links that may refer to a footnote.
_MENTIONS = "sup > a,sup > span > a,a:has(sup),a[role=doc-noteref]"
_BACK = re.compile(r"^[\s↩︎↵⤴^⬆️↑\[\]]*$")
_NOTE_CLASSES = re.compile(r"footnote|endnote|reference|cite|fn", re.IGNORECASE)
_LABEL = re.compile(r"[^\w-]+")


def find_notes(body: Element) -> Mapping[str, str]:
    """The labels of the footnotes under an element, by the id of their text, in the order of their first mention."""
    labels: dict[str, str] = {}
    ids: dict[str, Element] | None = None
    for anchor in body.select(_MENTIONS):
        href = anchor.attr("href") or ""
        if not href.startswith("#") or len(href) < 2 or not _is_reference(anchor):
            continue
        if ids is None:
            ids = {name: holder for holder in body.iter_elements(_HOLDERS) if (name := holder.attr("id"))}
        target = href[1:]
        if target in ids and target not in labels:
            label = _LABEL.sub("", anchor.text) or str(len(labels) + 1)
            labels[target] = label if label not in labels.values() else f"{label}-{len(labels) + 1}"
    return labels


def is_back_link(element: Element) -> bool:
    """Whether an `<a>` in a footnote only leads back to its mention."""
    href = element.attr("href") or ""
    names = element.attr("class") or ""
    return href.startswith("#") and (bool(_BACK.match(element.text)) or "backref" in names or "back-link" in names)


def _is_reference(anchor: Element) -> bool:
    if anchor.attr("role") == "doc-noteref":
        return True
    names = f"{anchor.attr('class') or ''} {anchor.attr('href') or ''}"
    return bool(_NOTE_CLASSES.search(names)) or anchor.text.strip("[]() \n").isdigit()
