"""Parts of a page that React sends behind the rest, put where its scripts would put them.

A part is a hidden `<div id="S:0">`. `$RC("B:0","S:0")` puts what is in it in place of what stands from
`<template id="B:0">` to the comment `/$`, and `$RS("S:1","P:1")` in place of `<template id="P:1">`.
"""

import re
from collections.abc import Iterator

from turbohtml import Comment, Document, Element, Node

_CALL = re.compile(r'\$R([CRS])\("([^"\\]{1,100})","([^"\\]{1,100})"')
_BEGINS, _ENDS = frozenset({"$", "$?", "$!", "$~"}), "/$"
# Nodes that are looked at to find where places end; more of them are a trap.
_MAX_NODES = 200_000


def place_streamed(tree: Document) -> None:
    """Put the parts of a page that wait for a script in their places."""
    places = {element.attr("id"): element for element in tree.select("template[id]")}
    if not places:
        return
    parts = {element.attr("id"): element for element in tree.select("div[hidden][id]")}
    left = _MAX_NODES
    for kind, first, second in _calls(tree):
        place_id, part_id = (second, first) if kind == "S" else (first, second)
        if part_id not in parts or place_id not in places:
            continue
        part, place = parts.pop(part_id), places.pop(place_id)
        if place.parent is None or part in place.ancestors:
            continue  # it went with a fallback, or stands in the part itself
        if kind == "S":
            _put(part, place)
        else:
            left -= _put_for_fallback(part, place, left)


def _calls(tree: Document) -> Iterator[tuple[str, str, str]]:
    for script in tree.select("script"):
        source = script.text
        if "$R" in source:
            for found in _CALL.finditer(source):
                yield found[1], found[2], found[3]


def _put(part: Element, place: Node) -> None:
    """Move what is in a part before a node, which goes, and so does the part."""
    for node in list(part.children):
        place.insert_before(node)
    part.extract()
    place.extract()


def _put_for_fallback(part: Element, place: Element, most: int) -> int:
    """Move what is in a part to where its fallback stands; how many nodes that took to find."""
    depth, fallback = 0, list[Node]()
    for node in place.next_siblings:
        if len(fallback) >= most:
            break
        if isinstance(node, Comment):
            if node.data == _ENDS and depth == 0:
                for gone in fallback:
                    gone.extract()
                _put(part, place)
                break
            depth += (node.data in _BEGINS) - (node.data == _ENDS)
        fallback.append(node)
    return len(fallback) + 1
