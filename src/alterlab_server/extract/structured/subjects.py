"""Which node of each syntax describes what the page is about."""

from collections.abc import Iterator, Sequence

from alterlab_server.extract.structured.graph import Node, as_list
from alterlab_server.extract.structured.normalise.text import plain
from alterlab_server.extract.structured.page import Page
from alterlab_server.extract.structured.rules import Profile, Subject

# A page with many equal nodes lists things; the first ones are enough to find the one it is about.
MAX_COMPARED = 100
# So many nodes of different names, none of them the page's, are a list of things and not what the page is about.
MAX_UNNAMED = 2


def subjects_of(profile: Profile, page: Page) -> list[Subject]:
    """The page's main node of the profile's types in each syntax that has one, the most trusted syntax first."""
    return list(_subjects(profile, page))


def _subjects(profile: Profile, page: Page) -> Iterator[Subject]:
    for graph in page.graphs:
        nodes = graph.of_types(profile.schema_types)[:MAX_COMPARED]
        if nodes:
            best = nodes[0] if len(nodes) == 1 else max(nodes, key=lambda node: _aboutness(node, page))
            if len({_name(node) for node in nodes}) <= MAX_UNNAMED or _aboutness(best, page)[0]:
                yield Subject(graph, _with_variants(best, nodes))


def _aboutness(node: Node, page: Page) -> tuple[int, int]:
    """How much a node looks like the page's own: it bears the page's heading, and says more than others."""
    name = (plain(node.get("name")) or plain(node.get("headline")) or "").casefold()
    heading, titles = page.casefolded
    named = 2 if name and name == heading else 1 if name and (name in titles or (heading and heading in name)) else 0
    return named, min(len(node), 12)


def _with_variants(best: Node, nodes: Sequence[Node]) -> Node:
    """The node with the offers of all its namesakes: some shops write a product a size."""
    offers = [offer for node in nodes if _name(node) == _name(best) for offer in as_list(node.get("offers"))]
    return best | {"offers": offers} if offers else best


def _name(node: Node) -> str | None:
    return plain(node.get("name"))
