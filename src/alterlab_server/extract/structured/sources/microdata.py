"""HTML microdata (https://html.spec.whatwg.org/multipage/microdata.html) and RDFa Lite, as JSON-LD-like nodes.

A property's value is the node it opens, the attribute its element carries it in, or the element itself, so that a rule
can still see the list items and line breaks inside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import turbohtml

from alterlab_server.extract.document import Document
from alterlab_server.extract.structured.graph import Graph, Node, local_name

# Bounds for hostile pages. The parser nests no deeper than 512; honest markup stays far below.
MAX_ELEMENTS = 4_000
MAX_CLIMB = 60

_VALUE_ATTRIBUTE = {
    "a": "href", "area": "href", "link": "href", "audio": "src", "embed": "src", "iframe": "src", "img": "src",
    "source": "src", "track": "src", "video": "src", "object": "data", "data": "value", "meter": "value",
    "time": "datetime",
}  # fmt: skip
# An anchor around a name is the name, not the address it leads to.
_ADDRESS_PROPERTIES = frozenset(
    {"url", "sameas", "image", "availability", "itemcondition", "logo", "contenturl", "thumbnailurl", "item"}
)


@dataclass(frozen=True, slots=True)
class _Syntax:
    """The attributes that one syntax uses for a node's type and a property's name."""

    source: str
    scope: str
    type: str
    property: str


_MICRODATA = _Syntax("microdata", "itemscope", "itemtype", "itemprop")
_RDFA = _Syntax("rdfa", "typeof", "typeof", "property")


def read_annotations(document: Document) -> tuple[Graph, Graph]:
    """The microdata items of a page, and its RDFa resources.

    A `property` outside any `typeof`, as Open Graph has it, is left out.
    """
    opening = document.tree.select("[itemscope],[typeof]")
    return _read(document, opening, _MICRODATA), _read(document, opening, _RDFA)


def _read(document: Document, opening: Sequence[turbohtml.Element], syntax: _Syntax) -> Graph:
    scopes = [element for element in opening if element.attr(syntax.scope) is not None][:MAX_ELEMENTS]
    if not scopes:
        return Graph(syntax.source)
    nodes: dict[turbohtml.Element, Node] = {scope: _opened(scope, syntax) for scope in scopes}
    roots = [nodes[scope] for scope in scopes if scope.attr(syntax.property) is None]
    references = _references(document, scopes, nodes) if syntax is _MICRODATA else {}
    for element in document.tree.select(f"[{syntax.property}]")[:MAX_ELEMENTS]:
        owner = references.get(element) or _owner(element, nodes)
        if owner is None:
            if element in nodes:
                roots.append(nodes[element])
            continue
        _assign(owner, element, nodes, syntax)
    return Graph(syntax.source, roots)


def _opened(scope: turbohtml.Element, syntax: _Syntax) -> Node:
    node: Node = {"@type": (scope.attr(syntax.type) or "").split()}
    identity = scope.attr("itemid") or scope.attr("resource")
    return node | {"@id": identity} if identity else node


def _owner(element: turbohtml.Element, nodes: dict[turbohtml.Element, Node]) -> Node | None:
    holder = element.parent
    for _ in range(MAX_CLIMB):
        if not isinstance(holder, turbohtml.Element):
            return None
        if holder in nodes:
            return nodes[holder]
        holder = holder.parent
    return None


def _references(
    document: Document, scopes: list[turbohtml.Element], nodes: dict[turbohtml.Element, Node]
) -> dict[turbohtml.Element, Node]:
    """The elements that `itemref` gives to an item elsewhere in the page."""
    given: dict[turbohtml.Element, Node] = {}
    for scope in [scope for scope in scopes if scope.attr("itemref")][:20]:
        for name in (scope.attr("itemref") or "").split()[:20]:
            target = document.tree.find(id=name)
            if target is not None:
                within = [target, *target.select("[itemprop]")[:200]]
                given.update((e, nodes[scope]) for e in within if e.attr("itemprop") and e not in given)
    return given


def _assign(owner: Node, element: turbohtml.Element, nodes: dict[turbohtml.Element, Node], syntax: _Syntax) -> None:
    for name in (element.attr(syntax.property) or "").split()[:5]:
        key = local_name(name)
        value = nodes[element] if element in nodes else _value(element, key)
        if value not in (None, ""):
            owner.setdefault(key, []).append(value)


def _value(element: turbohtml.Element, key: str) -> Any:
    content = element.attr("content")
    if content is not None and content.strip():
        return content
    attribute = _VALUE_ATTRIBUTE.get(element.tag)
    if attribute == "href" and element.tag == "a" and key.lower() not in _ADDRESS_PROPERTIES:
        return element
    return (element.attr(attribute) if attribute else None) or (None if element.tag == "meta" else element)
