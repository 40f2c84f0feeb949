"""Products: what it is, what it costs, and whether it can be had."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from alterlab_server.extract.structured.found import Found
from alterlab_server.extract.structured.normalise.amounts import amount, currency
from alterlab_server.extract.structured.normalise.availability import availability
from alterlab_server.extract.structured.normalise.text import plain
from alterlab_server.extract.structured.page import Page
from alterlab_server.extract.structured.profiles import reads
from alterlab_server.extract.structured.rules import Profile, Rule, first

MAX_BRAND = 80
_PRICE_META = ("product:price:amount", "og:price:amount", "product:sale_price:amount", "og:price")
# An address names its product by a parameter (?pid=260591), or by the number that ends it (…/lamp-1609583.html).
_ADDRESS_IDS = (
    re.compile(r"[?&](?:pid|sku|product_?id|item_?id|article_?id)=(\w{4,20})\b", re.IGNORECASE),
    re.compile(r"(?<![\d.])(\d{5,14})(?:/|\.\w{2,5})?(?:[?#]|$)"),
)
_OPEN_GRAPH_TYPES = ("product", "product.item", "product.group", "og:product")
# The page does not say it: its price lets us think so.
INFERRED = "inferred"
_RATING = ("aggregateRating.ratingValue",)
_COUNTS = ("aggregateRating.reviewCount", "aggregateRating.ratingCount")


def best_availability(values: Sequence[Any], _: Page) -> str | None:
    """The availability of a product with several offers or variants: it can be had if any of them can."""
    known = [name for value in values if (name := availability(value))]
    return "InStock" if "InStock" in known else next(iter(known), None)


def brand_name(value: Any) -> str | None:
    """A brand's name without the label that some shops mark up with it ("More of the brand: Acme")."""
    name = (plain(value) or "").rsplit(": ", 1)[-1]
    return name if len(name) <= MAX_BRAND else None


def _derived(fields: Mapping[str, Found], page: Page) -> dict[str, Found]:
    """What has a price and is said nothing of can be had, most likely; the id in its address is its number."""
    derived = {}
    if "price" in fields and "availability" not in fields:
        derived["availability"] = replace(fields["price"], value="InStock", source=INFERRED)
    if "sku" not in fields:
        found = next((match for pattern in _ADDRESS_IDS if (match := pattern.search(page.address))), None)
        derived |= {"sku": Found(found[1], "url", page.address)} if found else {}
    return derived


def _is_product(page: Page) -> bool:
    kind = page.document.first_meta("og:type")
    if kind in _OPEN_GRAPH_TYPES or page.document.first_meta(*_PRICE_META):
        return True
    return kind != "article" and page.shop.is_product


def _shown_currency(page: Page) -> Found | None:
    price = page.shop.price
    code = currency(price.text, page.country) if price else None
    return Found(code, "html", price.text) if price and code else None


PRODUCT = Profile(
    name="product",
    type="Product",
    recognise=_is_product,
    derive=_derived,
    schema_types=frozenset({"product", "productgroup", "individualproduct", "productmodel", "vehicle", "car", "book"}),
    rules=(
        Rule("name", reads.title, ("name",), ("og:title", "twitter:title"), visible=reads.shown_title),
        Rule(
            "description",
            reads.text,
            ("description",),
            ("og:description", "description", "twitter:description"),
            state=("description", "shortDescription"),
        ),
        Rule(
            "price",
            first(amount),
            (
                "offers.price",
                "offers.lowPrice",
                "offers.priceSpecification.price",
                "offers.offers.price",
                "hasVariant.offers.price",
                "model.offers.price",
                "price",
            ),
            _PRICE_META,
            visible=lambda page: page.shop.price,
            state=("price", "salePrice", "currentPrice", "sale_price", "current_price", "finalPrice"),
        ),
        Rule(
            "currency",
            reads.currency_code,
            (
                "offers.priceCurrency",
                "offers.priceSpecification.priceCurrency",
                "offers.offers.priceCurrency",
                "hasVariant.offers.priceCurrency",
                "priceCurrency",
                "offers.price",
            ),
            ("product:price:currency", "og:price:currency"),
            visible=_shown_currency,
            state=("currency", "currencyCode", "priceCurrency"),
        ),
        Rule(
            "availability",
            best_availability,
            ("offers.availability", "offers.offers.availability", "hasVariant.offers.availability", "availability"),
            ("product:availability", "og:availability", "availability"),
            visible=lambda page: page.shop.availability,
            state=("availability", "stockStatus", "inStock", "available", "in_stock"),
        ),
        Rule(
            "sku",
            reads.text,
            ("sku", "productID", "offers.sku", "mpn"),
            ("product:retailer_item_id",),
            visible=lambda page: page.shop.sku,
            shown_first=True,
            state=("sku", "productCode", "articleNumber", "productId", "product_id", "id"),
        ),
        Rule("mpn", reads.text, ("mpn",), ("product:mfr_part_no",), visible=lambda page: page.shop.mpn),
        Rule(
            "gtin",
            reads.text,
            ("gtin13", "gtin", "gtin14", "gtin12", "gtin8", "isbn", "offers.gtin13"),
            ("product:ean", "product:upc", "product:isbn"),
            visible=lambda page: page.shop.gtin,
            state=("gtin", "gtin13", "ean", "barcode"),
        ),
        Rule(
            "brand",
            first(brand_name),
            ("brand", "manufacturer"),
            ("product:brand", "og:brand"),
            visible=lambda page: page.shop.brand,
            state=("brand", "brandName", "manufacturer", "vendor"),
        ),
        Rule("category", reads.text, ("category",), ("product:category",)),
        Rule("condition", reads.text, ("offers.itemCondition", "itemCondition"), ("product:condition",)),
        Rule(
            "rating",
            reads.rating,
            _RATING,
            visible=lambda page: page.shop.rating,
            state=("rating", "averageRating", "ratingValue"),
        ),
        Rule(
            "reviewCount",
            reads.review_count,
            _COUNTS,
            visible=lambda page: page.shop.review_count,
            state=("reviewCount", "numReviews", "reviewsCount"),
        ),
        Rule("url", reads.url, ("url", "offers.url"), ("og:url",)),
        Rule(
            "images",
            reads.images,
            ("image", "hasVariant.image"),
            ("og:image", "twitter:image"),
            state=("images", "image", "imageUrl"),
        ),
        Rule(
            "specifications",
            reads.properties,
            ("additionalProperty",),
            visible=lambda page: page.shop.specifications,
        ),
        Rule("reviews", reads.reviews, ("review", "reviews")),
    ),
)
