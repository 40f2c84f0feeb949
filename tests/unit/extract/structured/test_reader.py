import json

import pytest

from alterlab_server.base.errors import BadRequest
from alterlab_server.extract.document import Document
from alterlab_server.extract.options import ExtractOptions
from alterlab_server.extract.structured import read_structured

URL = "https://shop.test/lamps/7"


def structured(page: str, **options):
    return read_structured(Document(page, URL), options=ExtractOptions(url=URL, evidence=True, **options))


def script(*nodes) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(node)}</script>' for node in nodes)


LAMP = {
    "@context": "https://schema.org",
    "@type": "Product",
    "name": "Desk lamp",
    "sku": "L-7",
    "brand": {"@type": "Brand", "name": "Acme &amp; Sons"},
    "image": ["/a.jpg", {"@type": "ImageObject", "url": "/b.jpg"}],
    "offers": {"price": "19.50", "priceCurrency": "EUR", "availability": "http://schema.org/InStock"},
    "aggregateRating": {"ratingValue": "4.5", "reviewCount": "12"},
    "review": [{"author": {"name": "Ann"}, "reviewRating": {"ratingValue": 5}, "reviewBody": "Bright."}],
    "additionalProperty": [{"@type": "PropertyValue", "name": "Height", "value": "40 cm"}],
}


def test_a_product():
    found = structured(script(LAMP))
    assert found.profile == "product"
    assert found.value == {
        "@type": "Product",
        "name": "Desk lamp",
        "price": 19.5,
        "currency": "EUR",
        "availability": "InStock",
        "sku": "L-7",
        "brand": "Acme & Sons",
        "rating": 4.5,
        "reviewCount": 12,
        "images": ["https://shop.test/a.jpg", "https://shop.test/b.jpg"],
        "specifications": {"Height": "40 cm"},
        "reviews": [{"author": "Ann", "rating": 5, "body": "Bright."}],
    }


def test_each_field_comes_from_the_first_source_that_has_it():
    page = script({"@type": "Product", "name": "Lamp"}) + (
        '<div itemscope itemtype="https://schema.org/Product"><b itemprop="sku">M-1</b></div>'
        '<meta property="product:price:amount" content="12"><meta property="product:brand" content="Acme">'
    )
    found = structured(page)
    assert (found.value["sku"], found.value["price"], found.value["brand"]) == ("M-1", 12, "Acme")
    assert {name: found.evidence[name]["source"] for name in ("name", "sku", "price")} == {
        "name": "jsonld",
        "sku": "microdata",
        "price": "meta",
    }
    assert found.evidence["price"]["text"] == "12"


def test_the_node_that_bears_the_heading_is_the_one_the_page_is_about():
    related = {"@type": "Product", "name": "Other lamp", "sku": "1", "description": "d", "color": "red", "size": "m"}
    page = script({"@type": "ItemList", "itemListElement": [related]}, LAMP) + "<h1>Desk lamp</h1>"
    assert structured(page).value["sku"] == "L-7"


def test_an_article():
    page = script(
        {
            "@type": "NewsArticle",
            "headline": "Rain again",
            "author": [{"name": "A. Writer"}, {"name": "B. Writer"}],
            "datePublished": "2024-03-05T07:08:09Z",
        }
    )
    found = structured(page)
    assert (found.title, found.author, found.published_at) == (
        "Rain again",
        "A. Writer, B. Writer",
        "2024-03-05T07:08:09Z",
    )
    assert found.value["@type"] == "Article"


def test_a_recipe_with_sections_and_steps():
    page = script(
        {
            "@type": ["Recipe", "NewsArticle"],
            "name": "Soup",
            "recipeIngredient": ["1 onion", "1 l water"],
            "recipeInstructions": [
                {
                    "@type": "HowToSection",
                    "name": "Day 1",
                    "itemListElement": [{"@type": "HowToStep", "text": "Chop."}],
                },
                {"@type": "HowToStep", "text": "Boil &amp; serve."},
            ],
            "prepTime": "PT5M",
            "totalTime": "PT1H5M",
            "recipeYield": ["4", "4 servings"],
        }
    )
    value = structured(page).value
    assert value["ingredients"] == ["1 onion", "1 l water"]
    assert value["instructions"] == ["Chop.", "Boil & serve."]
    assert (value["prep_time"], value["total_time"], value["servings"]) == ("PT5M", "PT1H5M", "4 servings")


def test_microdata_lists_keep_their_items():
    page = (
        '<div itemscope itemtype="http://schema.org/Recipe"><h1 itemprop="name">Soup</h1>'
        '<div itemprop="recipeInstructions"><ol><li>Chop.</li><li>Boil.</li></ol></div></div>'
    )
    assert structured(page).value["instructions"] == ["Chop.", "Boil."]


@pytest.mark.parametrize(
    ("profile", "node", "expected"),
    [
        (
            "job_posting",
            {
                "@type": "JobPosting",
                "title": "Baker",
                "hiringOrganization": {"name": "Bread Co"},
                "jobLocation": {"address": {"addressLocality": "Bern", "addressCountry": "CH"}},
                "baseSalary": {"currency": "CHF", "value": {"minValue": 4000, "maxValue": 5000, "unitText": "MONTH"}},
            },
            {
                "title": "Baker",
                "company": "Bread Co",
                "location": "Bern, CH",
                "salary": {"min": 4000, "max": 5000, "currency": "CHF", "period": "MONTH"},
            },
        ),
        (
            "event",
            {"@type": "MusicEvent", "name": "Gig", "startDate": "2030-01-02T20:00", "location": {"name": "Hall"}},
            {"name": "Gig", "date": "2030-01-02T20:00:00", "location": "Hall"},
        ),
        (
            "faq",
            {"@type": "FAQPage", "mainEntity": [{"name": "Why?", "acceptedAnswer": {"text": "<p>Because.</p>"}}]},
            {"questions": [{"question": "Why?", "answer": "Because."}]},
        ),
        (
            "directory_listing",
            {"@type": "ItemList", "itemListElement": [{"item": {"name": "Bakery", "url": "/b", "telephone": "1"}}]},
            {"entries": [{"name": "Bakery", "url": "https://shop.test/b", "telephone": "1"}]},
        ),
        (
            "ecommerce_homepage",
            {"@type": "ItemList", "itemListElement": [{"item": {"name": "Lamp", "offers": {"price": "5"}}}]},
            {"products": [{"name": "Lamp", "price": 5}]},
        ),
    ],
)
def test_profiles(profile, node, expected):
    value = structured(script(node), profile=profile).value
    assert expected.items() <= value.items()


def test_a_page_of_no_kind_has_title_description_and_metadata():
    page = '<title>About us</title><meta name="description" content="Who we are"><meta name="keywords" content="a, b">'
    value = structured(page).value
    assert value["description"] == "Who we are"
    assert value["metadata"]["keywords"] == ["a", "b"]


def test_schema_org_can_be_kept_apart():
    value = structured(script(LAMP), promote_schema_org=False).value
    assert value["@type"] == "WebPage"
    assert value["schema_org"][0]["sku"] == "L-7"


def test_an_unknown_profile_is_refused():
    with pytest.raises(BadRequest, match=r"extraction_profile must be one of auto, .*, not 'poem'"):
        structured("", profile="poem")


@pytest.mark.parametrize(
    "page",
    [
        "",
        "<div itemscope itemprop=a>" * 20_000,
        "<i itemprop=a>" * 20_000,
        '<script type="application/ld+json">' + "[" * 500_000,
        '<script type="application/ld+json">' + '{"@graph":' * 100_000,
        '<script type="application/ld+json">[' + '{"@type":"Product"},' * 40_000,
        '<meta property="og:title" content="' + "<" * 300_000 + '">',
    ],
    ids=["empty", "nested items", "nested properties", "open lists", "open objects", "many products", "open tags"],
)
def test_hostile_pages_end(page):
    assert structured(page).value["@type"]


@pytest.mark.parametrize(
    ("page", "profile"),
    [
        (script({"@type": "WebPage", "name": "x"}, LAMP), "product"),
        (script({"@type": "Article", "headline": "Rain"}, {"@type": "Recipe", "name": "Soup"}), "recipe"),
        ('<meta property="og:type" content="product"><h1>Lamp</h1>', "product"),
        ('<meta property="og:type" content="article"><h1>Rain</h1>', "article"),
        ("<h1>Rain</h1><p>By Ann Writer</p><p>5 March 2024</p>", "article"),
        ("<h1>Lamp</h1><p>$5</p><button>Add to cart</button>", "product"),
        (
            "<h1>Soup</h1><p>Ingredients</p><ul><li>1 egg<li>1 l</ul><p>Method</p><ol><li>Boil all the eggs.</ol>",
            "recipe",
        ),
        (script(*({"@type": "Product", "name": f"Lamp {n}"} for n in range(5))) + "<h1>The best lamps</h1>", "generic"),
        ("<h1>About us</h1><p>We make lamps.</p>", "generic"),
    ],
)
def test_the_kind_of_a_page(page, profile):
    assert structured(page).profile == profile


def test_the_offers_of_all_variants_count():
    sizes = [
        {"@type": "Product", "name": "Boot", "offers": {"price": 70, "availability": f"http://schema.org/{state}"}}
        for state in ("OutOfStock", "InStock", "OutOfStock")
    ]
    assert structured(script(*sizes) + "<h1>Boot</h1>").value["availability"] == "InStock"


def test_the_article_number_that_the_page_shows_goes_before_its_markup():
    page = script(LAMP) + "<h1>Desk lamp</h1><p>Product code: 46286401</p>"
    found = structured(page)
    assert found.value["sku"] == "46286401"
    assert found.evidence["sku"] == {"text": "46286401", "source": "html", "selector": None}


@pytest.mark.parametrize(
    ("address", "sku"),
    [
        ("https://shop.test/desk-lamp-1609583.html", "1609583"),
        ("https://shop.test/store/122725?pid=260591", "260591"),
        ("https://shop.test/lamps/desk-lamp", None),
    ],
)
def test_the_article_number_of_the_address(address, sku):
    page = f'<link rel="canonical" href="{address}">' + script({"@type": "Product", "name": "Lamp"})
    assert structured(page).value.get("sku") == sku


def test_that_what_has_a_price_can_be_had_is_only_inferred():
    lamp = structured(script({"@type": "Product", "name": "Lamp", "offers": {"price": 5}}))
    assert lamp.value["availability"] == "InStock"
    assert lamp.evidence["availability"] == {"text": "5", "source": "inferred", "selector": None}
    bare = structured("<h1>Desk lamp</h1><p>SKU: L-700</p><p>$19.50</p>")
    assert (bare.value["availability"], bare.evidence["availability"]["source"]) == ("InStock", "inferred")
    said = structured("<h1>Desk lamp</h1><p>SKU: L-700</p><p>$19.50</p><p>In stock</p>")
    assert said.evidence["availability"]["source"] == "html"


def test_the_total_time_is_the_sum_of_its_parts():
    node = {"@type": "Recipe", "name": "Soup", "prepTime": "PT10M", "cookTime": "PT1H"}
    assert structured(script(node)).value["total_time"] == "PT1H10M"


def test_an_empty_shell_is_read_from_its_state():
    state = {"name": "Desk lamp", "price": 19.5, "currency": "EUR", "sku": "L-7", "stock": 3}
    page = (
        '<title>Desk lamp</title><meta property="og:type" content="product"><div id="app"></div>'
        f"<script>window.__STATE__ = {json.dumps({'product': state})}</script>"
    )
    found = structured(page)
    assert (found.value["price"], found.value["sku"], found.evidence["price"]["source"]) == (19.5, "L-7", "state")


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Desk lamp | Shop", "Desk lamp"),
        ("Desk lamp - best - Shop", "Desk lamp - best"),
        ("Lamp-o-rama", "Lamp-o-rama"),
    ],
)
def test_a_title_goes_without_the_name_of_its_site(title, expected):
    page = f'<meta property="og:site_name" content="Shop"><meta property="og:title" content="{title}">'
    assert structured(page).title == expected


@pytest.mark.parametrize(
    ("title", "below", "expected"),
    [
        ("Knots | The handbook of sailing", "Knots", "Knots"),
        ("Knots | The handbook of sailing", "Sails", "The handbook of sailing"),
        ("The handbook of sailing | Our press", "Our press", "The handbook of sailing"),
    ],
)
def test_a_heading_that_only_ends_the_title_is_the_name_of_the_site(title, below, expected):
    page = f"<title>{title}</title><h1>The handbook of sailing</h1><h2>{below}<a href='#k'>#</a></h2>"
    assert structured(page).title == expected


@pytest.mark.parametrize(
    ("url", "language", "code"),
    [
        ("https://shop.example/", "sv", "SEK"),
        ("https://shop.dk/", "en", "DKK"),
        ("https://shop.co/", "en", None),
        ("https://shop.example/", "nb-NO", "NOK"),
        ("https://shop.example/", "zh-Hant-TW", None),
    ],
)
def test_a_crown_is_that_of_the_country(url, language, code):
    html = f'<html lang="{language}"><h1>Desk lamp</h1><p>149 kr</p><p>SKU: L-7</p><button>Add to cart</button>'
    data = read_structured(Document(html, url), options=ExtractOptions(profile="product"))
    assert data.value.get("currency") == code
