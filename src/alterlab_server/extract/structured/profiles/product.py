"""Products: what it is, what it costs, and whether it can be had."""

from alterlab_server.extract.structured.normalise.amounts import amount
from alterlab_server.extract.structured.normalise.availability import availability
from alterlab_server.extract.structured.profiles import reads
from alterlab_server.extract.structured.rules import Profile, Rule, first

_RATING = ("aggregateRating.ratingValue",)
_COUNTS = ("aggregateRating.reviewCount", "aggregateRating.ratingCount")

PRODUCT = Profile(
    name="product",
    type="Product",
    schema_types=frozenset({"product", "productgroup", "individualproduct", "productmodel", "vehicle", "car", "book"}),
    rules=(
        Rule("name", reads.text, ("name",), ("og:title", "twitter:title")),
        Rule("description", reads.text, ("description",), ("og:description", "description", "twitter:description")),
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
            ("product:price:amount", "og:price:amount", "product:sale_price:amount", "twitter:data1"),
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
        ),
        Rule(
            "availability",
            first(availability),
            ("offers.availability", "offers.offers.availability", "hasVariant.offers.availability", "availability"),
            ("product:availability", "og:availability", "availability"),
        ),
        Rule("sku", reads.text, ("sku", "productID", "offers.sku", "mpn"), ("product:retailer_item_id",)),
        Rule("mpn", reads.text, ("mpn",), ("product:mfr_part_no",)),
        Rule(
            "gtin",
            reads.text,
            ("gtin13", "gtin", "gtin14", "gtin12", "gtin8", "isbn", "offers.gtin13"),
            ("product:ean", "product:upc", "product:isbn"),
        ),
        Rule("brand", reads.text, ("brand", "manufacturer"), ("product:brand", "og:brand")),
        Rule("category", reads.text, ("category",), ("product:category",)),
        Rule("condition", reads.text, ("offers.itemCondition", "itemCondition"), ("product:condition",)),
        Rule("rating", reads.rating, _RATING),
        Rule("reviewCount", reads.review_count, _COUNTS),
        Rule("url", reads.url, ("url", "offers.url"), ("og:url",)),
        Rule("images", reads.images, ("image", "hasVariant.image"), ("og:image", "twitter:image")),
        Rule("specifications", reads.properties, ("additionalProperty",)),
        Rule("reviews", reads.reviews, ("review", "reviews")),
    ),
)
