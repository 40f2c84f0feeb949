"""The link to itself that many a heading, term or caption has."""

from itertools import islice

from turbohtml import Document, Element, Node

_SIGNS = {"#", "¶", "§", "🔗", ""}
_ZERO_WIDTH = "\u200b\u2060\ufeff"
# What has more links is no heading.
_MOST_LINKS = 20


def is_permalink(node: Node) -> bool:
    """Whether a node is a permalink: a link within the page that shows at most a sign."""
    if type(node) is not Element or node.tag != "a" or not (node.attr("href") or "").startswith("#"):
        return False
    return _sign(node) in _SIGNS and node.find("img") is None


def drop_permalinks(tree: Document) -> None:
    """Take the permalinks out of headings, and out of the terms and captions that have one as well."""
    for anchor in tree.select("a[href^='#']"):
        if is_permalink(anchor):
            anchor.extract()


def without_permalink(text: str, heading: Element) -> str:
    """The text of a heading without the sign of its permalink, which is one of its first links."""
    for link in islice(heading.iter_elements("a"), _MOST_LINKS):
        if is_permalink(link) and (sign := _sign(link)):
            return (text.removesuffix(sign) if text.endswith(sign) else text.removeprefix(sign)).strip()
    return text


def _sign(link: Element) -> str:
    return link.text.strip(_ZERO_WIDTH + " \t\r\n\f")
