"""JSON-LD (https://www.w3.org/TR/json-ld11/), as much of it as pages use."""

from alterlab_server.extract.document import Document
from alterlab_server.extract.structured.graph import Graph
from alterlab_server.extract.structured.sources.lenient_json import MAX_SOURCE, loads_all

MAX_SCRIPTS = 50


def read_jsonld(document: Document) -> Graph:
    """The nodes of all JSON-LD scripts of a page, broken ones as far as they can be read."""
    roots = []
    budget = MAX_SOURCE
    for script in document.tree.select('script[type*="ld+json" i]')[:MAX_SCRIPTS]:
        source = script.text[:budget]
        budget -= len(source)
        roots.extend(loads_all(source))
    return Graph("jsonld", roots)
