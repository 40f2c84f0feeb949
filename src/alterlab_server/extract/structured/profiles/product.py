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
from alterlab_server.extract.structured.rules import Profile, Rule, first, first_in
from alterlab_server.extract.structured.sources.state import describing

MAX_BRAND = 80
_PRICES = ("price", "salePrice", "currentPrice", "sale_price", "current_price", "finalPrice", "prices")
_SHELL_FIELDS = frozenset({*_PRICES, "sku", "currency", "brand", "images", "image", "description", "availability"})
# Embedded state has prices as objects of objects.
MAX_PRICE_LEVELS = 3
_AMOUNTS = (
    "amount", "value", "price", "current", "sale", "final", "special", "now", "gross", "raw", "min", "lowPrice",
    "formatted", "display", "regular", "base",
)  # fmt: skip
_CODES = ("currency", "currencyCode", "currencyIsoCode", "currency_code", "priceCurrency", "code", "iso")
# A program's empty shell shows no more lines.
MAX_SHELL_LINES = 5
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


def price_of(value: Any, level: int = 0) -> int | float | None:
    """A price as a number; of one that is an object what is to be paid now, the least of a span."""
    if isinstance(value, list) and value:
        value = value[0]
    if not isinstance(value, Mapping) or level > MAX_PRICE_LEVELS:
        return amount(value)
    if isinstance(cents := value.get("centAmount"), int):
        digits = value.get("fractionDigits")
        return amount(cents / 10 ** (digits if isinstance(digits, int) and 0 <= digits <= 4 else 2))
    inner = (value[key] for key in _AMOUNTS if value.get(key) is not None)
    return next((found for one in inner if (found := price_of(one, level + 1)) is not None), amount(value))


def currency_of(value: Any, page: Page, level: int = 0) -> str | None:
    """The currency of a code, a price text, or a price that is an object."""
    if isinstance(value, list) and value:
        value = value[0]
    if not isinstance(value, Mapping) or level > MAX_PRICE_LEVELS:
        return currency(value, page.country)
    inner = (value[key] for key in (*_CODES, *_AMOUNTS) if value.get(key) is not None)
    return next((found for one in inner if (found := currency_of(one, page, level + 1))), None)


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
    return kind != "article" and (page.shop.is_product or _embeds_product(page))


def _embeds_product(page: Page) -> bool:
    """Whether a page that shows nearly nothing embeds, under its own name, what has a price."""
    if len(page.lines) > MAX_SHELL_LINES:
        return False
    node = describing(page.state, f"{page.titles} | {page.heading or ''}", _SHELL_FIELDS)
    return any(price_of(node.get(name)) for name in _PRICES)


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
            first(price_of),
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
            state=_PRICES,
        ),
        Rule(
            "currency",
            first_in(currency_of),
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
            state=("currency", "currencyCode", "priceCurrency", *_PRICES),
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
