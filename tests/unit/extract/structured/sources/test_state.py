import json

import pytest

from alterlab_server.extract.document import Document
from alterlab_server.extract.structured.sources.state import describing, read_state

LAMP = {"name": "Desk lamp", "price": 19.5, "sku": "L-7", "brand": "Acme", "description": "A lamp for desks."}
TEXT = json.dumps(LAMP)
FIELDS = frozenset({"price", "sku", "brand"})


@pytest.mark.parametrize(
    "script",
    [
        f'<script id="__NEXT_DATA__" type="application/json">{{"props":{{"product":{TEXT}}}}}</script>',
        f"<script>window.__APOLLO_STATE__ = {TEXT};</script>",
        f"<script>var a=1;window.__NUXT__={{data:[{TEXT}]}}</script>",
        f"<script>dataLayer.push({{'product': {TEXT}}});</script>",
        f"<script>window.state = JSON.parse({json.dumps(TEXT)});</script>",
        "<script>var p = {name: 'Desk lamp', price: 19.5, sku: 'L-7', brand: 'Acme', open: function(){}}</script>",
    ],
)
def test_the_object_that_the_page_is_about(script):
    found = describing(read_state(Document(script)), "Desk lamp | Shop", FIELDS)
    assert {key: found[key] for key in FIELDS} == {"price": 19.5, "sku": "L-7", "brand": "Acme"}


def test_other_objects_are_left():
    values = [{"name": "Bulb", "price": 2, "sku": "B"}, {"name": "Desk lamp", "price": 1}, {"price": 1, "sku": "X"}]
    assert describing(values, "Desk lamp", FIELDS) == {}


def test_json_ld_and_linked_scripts_are_not_read_here():
    page = f'<script type="application/ld+json">{TEXT}</script><script src="a.js">x = {TEXT}</script>'
    assert read_state(Document(page)) == []


@pytest.mark.parametrize(
    "script",
    ["a = {" * 100_000, "=[" * 200_000, '="' * 200_000, "={a:'" * 100_000, "=[1," + "1," * 400_000, "=" * 500_000],
)
def test_hostile_scripts_end(script):
    assert isinstance(read_state(Document(f"<script>{script}</script>")), list)
