"""The link to itself that many a heading has."""

from itertools import islice

from turbohtml import Element, Node

_SIGNS = {"#", "¶", "§", "🔗", ""}
# What has more links is no heading.
_MOST_LINKS = 20


def is_permalink(node: Node) -> bool:
    """Whether a part of a heading is its permalink: a link within the page that shows at most a sign."""
    if type(node) is not Element or node.tag != "a" or node.find("img") is not None:
        return False
    return (node.attr("href") or "").startswith("#") and node.text.strip() in _SIGNS


def without_permalink(text: str, heading: Element) -> str:
    """The text of a heading without the sign of its permalink, which is one of its first links."""
    for link in islice(heading.iter_elements("a"), _MOST_LINKS):
        if is_permalink(link) and (sign := link.text.strip()):
            return (text.removesuffix(sign) if text.endswith(sign) else text.removeprefix(sign)).strip()
    return text
