"""State in the forms of frameworks."""

import json
from html import escape
from typing import Any
from urllib.parse import quote

import pytest

from alterlab_server.extract import extract

TABLE = {"name": "Oak table", "sku": "OT-77", "price": 129.5, "currency": "EUR", "brand": "Acme", "images": ["/a.jpg"]}
NUXT = [
    ["Reactive", 1],
    {"product": 2},
    {"name": 3, "sku": 4, "price": 5, "brand": 6},
    "Oak table",
    "OT-77",
    129.5,
    "Acme",
]
APOLLO = {
    "Product:1": {
        "__typename": "Product",
        "name": "Oak table",
        "sku": "OT-77",
        "price": 129.5,
        "brand": {"__ref": "Brand:2"},
    },
    "Brand:2": {"__typename": "Brand", "name": "Acme"},
}
ASTRO = {
    name: [1, [[0, item] for item in value]] if isinstance(value, list) else [0, value] for name, value in TABLE.items()
}
ROW = "5:" + json.dumps(["$", "div", None, {"product": TABLE}]) + "\n"
ATTRIBUTE = escape(json.dumps({"product": TABLE}))


def script(assigned: str) -> str:
    return f"<script>{assigned}</script>"


@pytest.mark.parametrize(
    "markup",
    [
        script(f"window.__INITIAL_STATE__={json.dumps({'product': TABLE})}"),
        script(f"window.__STATE__ = JSON.parse(decodeURIComponent('{quote(json.dumps({'product': TABLE}))}'))"),
        script(f"window.__remixContext = {json.dumps({'state': {'loaderData': {'p': {'product': TABLE}}}})}"),
        script(f"window.__APOLLO_STATE__={json.dumps(APOLLO)}"),
        "".join(script(f"self.__next_f.push({json.dumps([1, piece])})") for piece in (ROW[:40], ROW[40:])),
        f'<script type="application/json" id="__NUXT_DATA__">{json.dumps(NUXT)}</script>',
        f'<astro-island props="{escape(json.dumps({"product": [0, ASTRO]}))}"></astro-island>',
        f'<div data-react-props="{ATTRIBUTE}"></div>',
        f'<div id=app data-page="{ATTRIBUTE}"></div>',
    ],
    ids=["redux", "encoded", "remix", "apollo", "next rows", "nuxt", "astro", "properties", "inertia"],
)
def test_a_shell_is_filled_from_state(markup: str) -> None:
    page = f"<title>Oak table</title><div id=root></div>{markup}"
    found = extract(page, formats=("json",), profile="product", url="https://shop.test/").content["json"]
    assert {name: found.get(name) for name in ("sku", "price", "brand")} == {
        "sku": "OT-77",
        "price": 129.5,
        "brand": "Acme",
    }


@pytest.mark.parametrize(
    "state",
    [
        [["Reactive", 1], [1, 1, 1]],
        [["Reactive", 1], {"a": 1, "b": 1}],
        [["Reactive", 9], 1],
        [["Reactive", 1], *[[number + 2] * 300 for number in range(300)]],
        [["Reactive", 1], [1] * 100_000],
        {"a": {"__typename": "A", "b": {"__ref": "a"}}},
    ],
    ids=[
        "a list of itself",
        "an object of itself",
        "no such place",
        "lists that multiply",
        "a list of many of itself",
        "a reference to itself",
    ],
)
def test_state_that_refers_to_itself_ends(state: Any) -> None:
    page = f'<title>Oak table</title><script type="application/json">{json.dumps(state)}</script>'
    assert extract(page, formats=("json",), profile="product").content["json"]["name"] == "Oak table"
