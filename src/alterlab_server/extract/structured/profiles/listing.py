"""Pages that list things: a shop's home page, a directory."""

from collections.abc import Mapping, Sequence
from typing import Any

from alterlab_server.extract.structured.normalise.amounts import amount
from alterlab_server.extract.structured.normalise.text import plain
from alterlab_server.extract.structured.page import Page
from alterlab_server.extract.structured.profiles import reads
from alterlab_server.extract.structured.profiles.places import place
from alterlab_server.extract.structured.rules import Profile, Rule, without_empty

MAX_ENTRIES = 300


def _first(value: Any) -> Any:
    return (value[0] if value else None) if isinstance(value, list) else value


def entry(value: Any, page: Page) -> dict[str, Any] | None:
    """One listed thing: name, address, picture, price, place, as far as they are given."""
    if not isinstance(value, Mapping):
        return None
    thing = _first(value.get("item")) if isinstance(_first(value.get("item")), Mapping) else value
    offer = _first(thing.get("offers"))
    offer = offer if isinstance(offer, Mapping) else {}
    found = without_empty(
        {
            "name": plain(thing.get("name")) or plain(value.get("name")),
            "url": reads.address(thing.get("url") or value.get("url") or value.get("item"), page),
            "image": reads.address(_first(thing.get("image")), page),
            "description": plain(thing.get("description")),
            "price": amount(_first(offer.get("price") or offer.get("lowPrice"))),
            "currency": reads.currency_code([_first(offer.get("priceCurrency"))], page),
            "rating": reads.rating_of(_first(thing.get("aggregateRating"))),
            "address": place([thing["address"]], page) if thing.get("address") else None,
            "telephone": plain(thing.get("telephone")),
        }
    )
    return found if found.get("name") or found.get("url") else None


def entries(values: Sequence[Any], page: Page) -> list[dict[str, Any]]:
    """The listed things in their order."""
    return [found for value in values[:MAX_ENTRIES] if (found := entry(value, page))]


_ABOUT = (
    Rule("title", reads.title, ("name",), ("og:site_name", "og:title", "twitter:title"), visible=reads.shown_title),
    Rule("description", reads.text, ("description",), ("og:description", "description")),
    Rule("url", reads.url, ("url",), ("og:url",)),
)
_LISTED = ("itemListElement", "mainEntity.itemListElement", "hasPart", "hasOfferCatalog.itemListElement")

ECOMMERCE_HOMEPAGE = Profile(
    name="ecommerce_homepage",
    type="WebSite",
    schema_types=frozenset({"offercatalog", "itemlist", "onlinestore", "store"}),
    rules=(
        *_ABOUT,
        Rule("products", entries, _LISTED, visible=lambda page: page.entries),
        Rule("images", reads.images, ("image",), ("og:image",)),
    ),
)

DIRECTORY_LISTING = Profile(
    name="directory_listing",
    type="ItemList",
    schema_types=frozenset({"itemlist", "collectionpage", "searchresultspage"}),
    rules=(*_ABOUT, Rule("entries", entries, _LISTED, visible=lambda page: page.entries)),
)
