from alterlab_server.extract.document import Document
from alterlab_server.extract.structured.sources.microdata import read_annotations

OFFER = """
<div itemscope itemtype="http://schema.org/Product"><h1 itemprop="name">Oak
 table</h1><a itemprop="brand" href="/b">Acme</a><a itemprop="url" href="/t">here</a>
<div itemprop="offers" itemscope itemtype="http://schema.org/Offer">
<meta itemprop="price" content="450"><link itemprop="availability" href="http://schema.org/InStock"></div></div>
"""


def read(graph):
    return graph.as_json()


def test_items_and_their_values():
    (product,) = read(read_annotations(Document(OFFER))[0])
    assert product == {
        "@type": ["http://schema.org/Product"],
        "name": ["Oak table"],
        "brand": ["Acme"],
        "url": ["/t"],
        "offers": [
            {"@type": ["http://schema.org/Offer"], "price": ["450"], "availability": ["http://schema.org/InStock"]}
        ],
    }


def test_itemref_reaches_elsewhere():
    page = '<p id="x"><b itemprop="sku">77</b></p><div itemscope itemtype="Product" itemref="x"></div>'
    assert read(read_annotations(Document(page))[0]) == [{"@type": ["Product"], "sku": ["77"]}]


def test_rdfa_lite():
    page = '<div vocab="http://schema.org/" typeof="Recipe"><span property="schema:name">Pie</span></div>'
    assert read(read_annotations(Document(page))[1]) == [{"@type": ["Recipe"], "name": ["Pie"]}]


def test_open_graph_is_no_rdfa():
    assert read(read_annotations(Document('<meta property="og:title" content="x">'))[1]) == []


def test_items_that_hold_each_other_have_no_root():
    page = '<div id="a" itemprop="q" itemscope><i itemprop="p" itemscope itemref="a"><b itemprop="n">1</b></i></div>'
    assert read(read_annotations(Document(page))[0]) == []
