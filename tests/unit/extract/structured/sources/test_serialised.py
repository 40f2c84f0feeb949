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
NUXT_2 = (
    'window.__NUXT__=(function(a,b,c){return {layout:"default",data:[{product:{name:"Oak table",sku:a,brand:{name:c},'
    'price:{amount:b,currency:"EUR"},stock:.5,old:void 0,url:"\\u002Fp"}}],error:null}}("OT-77",129.5,"Acme"));'
)
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
        script(NUXT_2),
        script(f"window.__NUXT__={{data:[{{product:{json.dumps(TABLE)}}}],serverRendered:true}};"),
        script("window.__NUXT__={x:f(1),p:{name:'Oak table',sku:'OT-77',price:129.5,brand:'Acme'}};"),
        f'<script type="application/json" id="__NUXT_DATA__">{json.dumps(NUXT)}</script>',
        f'<astro-island props="{escape(json.dumps({"product": [0, ASTRO]}))}"></astro-island>',
        f'<div data-react-props="{ATTRIBUTE}"></div>',
        f'<div id=app data-page="{ATTRIBUTE}"></div>',
    ],
    ids=[
        "redux",
        "encoded",
        "remix",
        "apollo",
        "next rows",
        "nuxt 2",
        "nuxt 2 as it is",
        "nuxt 2 with code",
        "nuxt",
        "astro",
        "properties",
        "inertia",
    ],
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
        [[{"Reactive": 1}], {"a": 1}],
    ],
    ids=[
        "a list of itself",
        "an object of itself",
        "no such place",
        "lists that multiply",
        "a list of many of itself",
        "a reference to itself",
        "a list that begins like one of Nuxt's",
    ],
)
def test_odd_state_ends(state: Any) -> None:
    page = f'<title>Oak table</title><script type="application/json">{json.dumps(state)}</script>'
    assert extract(page, formats=("json",), profile="product").content["json"]["name"] == "Oak table"


@pytest.mark.parametrize(
    "price",
    [
        {"amount": 12.5, "currency": "EUR"},
        {"value": "12.50", "currencyCode": "EUR"},
        {"current": {"value": 12.5}, "regular": {"value": 15}, "currency": {"code": "EUR"}},
        {"centAmount": 1250, "currencyCode": "EUR", "fractionDigits": 2},
        {"value": {"centAmount": 1250, "currencyCode": "EUR"}},
        {"formatted": "12,50 €"},
        {"min": 12.5, "max": 20, "currency": "EUR"},
        [{"amount": 12.5, "currency": "EUR"}],
        "12,50 €",
    ],
)
def test_prices_that_are_objects(price: Any) -> None:
    state = json.dumps({"product": {"name": "Oak table", "sku": "OT-77", "price": price}})
    page = f"<title>Oak table</title><div id=root></div>{script(f'window.__STATE__={state}')}"
    found = extract(page, formats=("json",)).content["json"]
    assert [found.get(name) for name in ("@type", "price", "currency")] == ["Product", 12.5, "EUR"]


def test_a_shell_without_a_price_is_no_product() -> None:
    page = (
        f"<title>Oak table</title>{script('window.__STATE__=' + json.dumps({'p': {'name': 'Oak table', 'sku': '7'}}))}"
    )
    assert extract(page, formats=("json",)).content["json"]["@type"] == "WebPage"


@pytest.mark.parametrize(
    "salary", [{"min": 28000, "max": 32000, "currency": "GBP"}, "£28k - £32k", {"value": {"min": 28000, "max": 32000}}]
)
def test_a_posting_of_a_shell(salary: Any) -> None:
    job = {"title": "Senior baker", "company": {"name": "Ovenworks"}, "location": "Leeds", "salary": salary}
    state = json.dumps({"job": job | {"datePosted": "2026-11-03"}})
    page = f"<title>Senior baker</title><div id=root></div>{script(f'window.__STATE__={state}')}"
    found = extract(page, formats=("json",), profile="job_posting").content["json"]
    assert [found.get(name) for name in ("company", "location", "published_at")] == ["Ovenworks", "Leeds", "2026-11-03"]
    assert [found["salary"][name] for name in ("min", "max")] == [28_000, 32_000]


def test_an_event_of_a_shell() -> None:
    event = {"name": "Organ night", "startDate": "2026-12-12T19:30:00Z", "venue": {"name": "St Mary", "address": "Ely"}}
    page = f"<title>Organ night</title>{script(f'window.__STATE__={json.dumps(event)}')}"
    found = extract(page, formats=("json",), profile="event").content["json"]
    assert [found.get(name) for name in ("date", "location")] == ["2026-12-12T19:30:00Z", "St Mary, Ely"]
