from alterlab_server.extract.structured.graph import MAX_NODES, Graph


def test_references_are_resolved_across_a_graph():
    graph = Graph(
        "jsonld",
        [{"@graph": [{"@type": "Product", "brand": {"@id": "#b"}}, {"@type": "Brand", "@id": "#b", "name": "Acme"}]}],
    )
    (product,) = graph.of_types(frozenset({"product"}))
    assert graph.values(product, "brand.name") == ["Acme"]


def test_types_and_terms_are_known_by_their_local_names():
    graph = Graph("jsonld", [{"@type": "http://schema.org/Product", "schema:name": "Lamp"}])
    (node,) = graph.of_types(frozenset({"product"}))
    assert graph.values(node, "name") == ["Lamp"]


def test_a_path_collects_all_values():
    graph = Graph("jsonld", [{"@type": "Product", "offers": [{"price": 1}, {"price": [2, 3]}, "junk"]}])
    assert graph.values(graph.nodes[0], "offers.price") == [1, 2, 3]


def test_a_cycle_of_references_ends():
    node = {"@type": "A", "@id": "#a"}
    node["self"] = node
    assert Graph("microdata", [node]).as_json() == [{"@type": "A", "@id": "#a", "self": None}]


def test_nodes_are_bounded():
    assert len(Graph("jsonld", [{"a": 1} for _ in range(MAX_NODES + 5)]).nodes) == MAX_NODES
    deep: list = []
    for _ in range(10_000):
        deep = [deep]
    assert Graph("jsonld", [deep]).nodes == []
