import pytest

from alterlab_server.extract.document import Document
from alterlab_server.extract.structured.page import Page

NAV = "<nav><ul><li>Cart 0</li><li>Lamps from $5</li></ul></nav>"


def shop(body: str, title: str = "Desk lamp | Shop"):
    return Page(Document(f"<title>{title}</title>{NAV}{body}")).shop


def test_what_stands_around_the_heading():
    found = shop(
        "<h1>Desk lamp</h1><p>Product code: L-700</p><p><del>$25.00</del></p><p>$19.50</p><button>Add to cart</button>"
        "<table><tr><td>Brand</td><td>Acme</td></tr><tr><td>EAN</td><td>4005176518430</td></tr>"
        "<tr><td>Model</td><td>X1</td></tr></table><h2>Related products</h2><p>Bulb</p><p>$2.00</p>"
    )
    assert found.is_product
    assert (found.price.value, found.sku.value, found.brand.value) == (19.5, "L-700", "Acme")
    assert (found.gtin.value, found.availability.value) == ("4005176518430", "InStock")


def test_prices_of_other_products_are_not_taken():
    assert shop("<h1>Desk lamp</h1><p>Sold here</p><h2>Similar products</h2><p>Bulb</p><p>$2.00</p>").price is None


def test_the_element_that_is_named_for_the_price():
    body = '<h1>Desk lamp</h1><p>From $9 a month</p><p id="old-price">$25</p><b id="our_price">$19.50</b>'
    assert shop(body).price.value == 19.5


@pytest.mark.parametrize(
    ("body", "availability"),
    [
        ("<p>Availability: Out of stock</p><button>Add to cart</button>", "OutOfStock"),
        ("<p>Currently unavailable.</p>", "OutOfStock"),
        ("<p>Derzeit nicht verfügbar.</p>", "OutOfStock"),
        ("<p>In stock</p>", "InStock"),
        ("<button>In den Warenkorb</button>", "InStock"),
        ("<p>$19</p>", None),
        ("<p>A lamp for desks.</p>", None),
    ],
)
def test_availability(body, availability):
    found = shop(f"<h1>Desk lamp</h1>{body}").availability
    assert (found.value if found else None) == availability


@pytest.mark.parametrize(
    ("label", "sku"),
    [
        ("Artikelnummer: 79961", "79961"),
        ("Ref: VE900 Size guide", "VE900"),
        ("Kód produktu: GARNI 570 EASY II", "GARNI 570 EASY II"),
        ("SKU: see below", None),
        ("Item: Desk lamp", None),
    ],
)
def test_article_numbers_look_like_codes(label, sku):
    found = shop(f"<h1>Desk lamp</h1><p>{label}</p>").sku
    assert (found.value if found else None) == sku


@pytest.mark.parametrize(
    "body",
    [
        "<h1>Desk lamp</h1><p>A story about lamps that cost $5 or more.</p>",
        "<h1>Desk lamps</h1>" + "<p>Lamp</p><p>$5.00</p><button>Add to cart</button>" * 6,
        "",
    ],
    ids=["article", "listing", "empty"],
)
def test_other_pages_are_no_products(body):
    assert not shop(body).is_product
