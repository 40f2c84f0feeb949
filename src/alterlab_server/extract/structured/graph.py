"""Schema.org nodes of one syntax, and how their properties are read."""

from collections.abc import Iterable, Mapping
from typing import Any

from alterlab_server.extract.structured.normalise.amounts import MAX_WHOLE
from alterlab_server.extract.structured.normalise.text import plain

Node = dict[str, Any]

# Bounds for hostile pages; the largest honest graphs seen have some hundred nodes.
MAX_NODES = 3_000
MAX_VALUES = 1_000
MAX_DEPTH = 50


def local_name(term: str) -> str:
    """The last part of a term's address: `Product` of `https://schema.org/Product`, `name` of `schema:name`."""
    return term.strip().rstrip("/").rsplit("/", 1)[-1].rsplit("#", 1)[-1].rsplit(":", 1)[-1]


def as_list(value: Any) -> list[Any]:
    """The values of a property that may have none, one or many."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def types_of(node: Mapping[str, Any]) -> list[str]:
    """The local names of a node's types, in lower case."""
    return [local_name(t).lower() for t in as_list(node.get("@type")) if isinstance(t, str)]


class Graph:
    """All nodes under some roots, in page order, with references (`{"@id": …}`) resolved when they are read."""

    def __init__(self, source: str, roots: Iterable[Any] = ()) -> None:
        self.source = source
        self.nodes: list[Node] = []
        self._by_id: dict[str, Node] = {}
        self._by_type: dict[str, list[int]] = {}
        self.roots = list(roots)
        stack = self.roots[::-1]
        seen: set[int] = set()
        while stack and len(self.nodes) < MAX_NODES:
            value = stack.pop()
            if isinstance(value, dict) and id(value) not in seen:
                seen.add(id(value))
                self._add(value)
                stack += [v for v in reversed(value.values()) if isinstance(v, (dict, list))]
            elif isinstance(value, list):
                stack += [v for v in value[MAX_NODES::-1] if isinstance(v, (dict, list))]

    def _add(self, node: Node) -> None:
        for key in [key for key in node if ":" in key]:
            node.setdefault(local_name(key), node.pop(key))
        if "type" in node and "@type" not in node and isinstance(node["type"], str):
            node["@type"] = node["type"]
        for name in types_of(node):
            self._by_type.setdefault(name, []).append(len(self.nodes))
        self.nodes.append(node)
        identity = node.get("@id")
        # A node that only refers has nothing but its id.
        if isinstance(identity, str) and len(node) > 1:
            self._by_id.setdefault(identity, node)

    def of_types(self, types: frozenset[str]) -> list[Node]:
        """The nodes that have one of these types (local names in lower case)."""
        places = sorted({place for name in types & self._by_type.keys() for place in self._by_type[name]})
        return [self.nodes[place] for place in places]

    def values(self, node: Node, path: str) -> list[Any]:
        """All values at a dotted path of property names, references resolved; empty where there are none."""
        found: list[Any] = [node]
        for name in path.split("."):
            found = [
                self._resolved(value)
                for holder in found
                if isinstance(holder, dict)
                for value in as_list(holder.get(name))[:MAX_VALUES]
            ][:MAX_VALUES]
        return found

    def _resolved(self, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("@id"), str) and len(value) <= 2:
            return self._by_id.get(value["@id"], value)
        return value

    def as_json(self) -> list[Any]:
        """The roots as plain JSON: elements as their text, and each node once, however often the page refers to it."""
        return [value for root in self.roots if (value := _as_json(root, set(), 0)) is not None]


def _as_json(value: Any, seen: set[int], depth: int) -> Any:
    if isinstance(value, dict | list):
        if id(value) in seen or depth > MAX_DEPTH:
            return None
        seen.add(id(value))
        if isinstance(value, list):
            return [_as_json(item, seen, depth + 1) for item in value]
        return {key: _as_json(item, seen, depth + 1) for key, item in value.items()}
    if isinstance(value, int) and abs(value) >= MAX_WHOLE:
        return float(value)
    return value if isinstance(value, str | int | float | None) else plain(value)
