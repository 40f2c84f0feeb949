"""Whatever a page holds, structured extraction gives an answer that can be written as JSON."""

import json

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alterlab_server.extract.document import Document
from alterlab_server.extract.options import ExtractOptions
from alterlab_server.extract.structured import read_structured
from alterlab_server.extract.structured.profiles.table import PROFILE_NAMES
from alterlab_server.extract.structured.sources.lenient_json import loads_all

_KEYS = st.sampled_from(
    (
        "@type @id @graph name offers price review author image recipeInstructions url item itemListElement mainEntity "
        "baseSalary location datePublished recipeYield prepTime nutrition"
    ).split()
)
_WORDS = st.sampled_from(
    "Product Recipe Article FAQPage Event JobPosting ItemList https://schema.org/InStock $5 PT5M 2024-03-05".split()
)
_SCALARS = st.one_of(st.none(), st.booleans(), st.floats(), st.integers(), st.text(max_size=12), _WORDS)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=6),
    max_leaves=25,
)
_FRAGMENTS = st.sampled_from(
    [
        "<div itemscope itemtype='http://schema.org/Product'>",
        "<b itemprop=name>",
        "<meta itemprop=price content='",
        "</div>",
        "<ul><li>",
        "1 egg",
        "<h1>",
        "</h1>",
        "Ingredients",
        "<p>Method<p>",
        "$5.00",
        "Add to cart",
        "SKU: A-1",
        "<table><tr><td>",
        "By Ann Writer",
        "5 March 2024",
        "<time datetime='",
        "'>",
        '"',
        "<script>x={",
        "window.a = [",
        "JSON.parse('",
        "</script>",
        "<meta property='og:title' content='",
        "<link rel=canonical href=':'>",
        "\0",
        "\ufeff",
        "&#0;",
        "9" * 40,
        "٣",
        "½",
        "：",
        "¥",
    ]
)


def read(page: str, profile: str) -> None:
    options = ExtractOptions(profile=profile, evidence=True)
    found = read_structured(Document(page, "https://example.com/"), options=options)
    assert orjson.loads(orjson.dumps([found.value, found.evidence, found.metadata]))


@settings(max_examples=150)
@given(_VALUES, st.sampled_from(PROFILE_NAMES))
def test_any_json_ld(value, profile):
    read(f'<script type="application/ld+json">{json.dumps(value)}</script>', profile)
    apart = ExtractOptions(promote_schema_org=False)
    page = Document(f'<script type="application/ld+json">{json.dumps(value)}</script>')
    assert orjson.dumps(read_structured(page, options=apart).value)


@settings(max_examples=150)
@given(st.lists(_FRAGMENTS | st.text(max_size=8), max_size=40), st.sampled_from(PROFILE_NAMES))
def test_any_markup(fragments, profile):
    read("".join(fragments), profile)


@settings(max_examples=200)
@given(st.text(alphabet="{}[]\"':,/*\\ua0d8c<!->; \n1.e-trufalsn", max_size=60))
def test_any_source(source):
    assert isinstance(orjson.dumps(loads_all(source)), bytes)


@pytest.mark.parametrize(
    "value", ["9" * 400, "1e30", "1e400", '"999,999,999,999,999,999,999"', '"01 Jan 2020 00:00:9999999999"']
)
@pytest.mark.parametrize("kind", ["Product", "Article", "Recipe"])
def test_no_number_is_too_large_for_an_answer(kind: str, value: str) -> None:
    names = ("sku", "price", "datePublished", "prepTime", "recipeYield")
    fields = ", ".join(f'"{name}": {value}' for name in names)
    rating = f'"aggregateRating": {{"ratingValue": {value}, "reviewCount": {value}}}'
    node = f'{{"@type": "{kind}", "name": "Lamp", {fields}, {rating}}}'
    found = read_structured(Document(f'<script type="application/ld+json">{node}</script>'), options=ExtractOptions())
    assert orjson.dumps(found.value)
