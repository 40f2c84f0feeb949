"""Words of a page that its readers do not see: what is for those who hear it, what opens under the pointer, and what
asks them for JavaScript."""

import re
from itertools import islice

from turbohtml import Element, Node

from alterlab_server.extract.body.lines import part_words
from alterlab_server.extract.document import Document

# Of the words in such elements on labelled pages, 95 in 100 are not content. Blocks are left to the judge.
_HEARD = re.compile(r"(?<![a-z])(?:sr-only|visually-?hidden|screen-?reader|off-?screen)(?![a-z])", re.IGNORECASE)
# Tailwind's, for what is only heard in narrow windows.
_SEEN = "not-sr-only"
_POPUP = re.compile(r"tool-?tip|pop-?over|roll-?over", re.IGNORECASE)
# Finds these and little else, at once.
_CANDIDATES = ",".join(
    f"span[{sign}]"
    for sign in (
        "role=tooltip", *(f"class*={part} i" for part in ("sr-only", "visually", "screen", "tool", "over"))
    )
)  # fmt: skip
# What asks for JavaScript, in any language, is a sentence or two: of 27 such on labelled pages none was content. Longer
# ones are copies of the page.
_ASKED_FOR, _REQUEST_LENGTH = "javascript", 800
# A popup stands close behind the words that open it.
_NEAR = 3


def drop_unseen(document: Document) -> None:
    """Take out what a line holds for screen readers alone, what opens where one points at a word of it, and what a page
    without scripts says instead of its content."""
    for element in document.tree.select("noscript"):
        if len(text := element.text) <= _REQUEST_LENGTH and _ASKED_FOR in text.lower():
            element.extract()
    for element in document.tree.select(_CANDIDATES):
        names = element.attr("class") or ""
        if (_HEARD.search(names) and _SEEN not in names) or element.attr("role") == "tooltip" or _opens(element, names):
            part_words([element])
            element.extract()


def _opens(element: Element, names: str) -> bool:
    """Whether an element is the popup of the words before it, with which it stands in one that is named for it."""
    around = element.parent
    if not (isinstance(around, Element) and around.tag == "span" and _POPUP.search(names)):
        return False
    if not _POPUP.search(around.attr("class") or ""):
        return False
    return any(_says_something(node) for node in islice(element.previous_siblings, _NEAR))


def _says_something(node: Node) -> bool:
    return any(node.stripped_strings) if isinstance(node, Element) else bool(node.text.strip())
