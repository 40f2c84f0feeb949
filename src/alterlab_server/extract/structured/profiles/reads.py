"""Readers that several profiles share."""

from collections.abc import Mapping, Sequence
from typing import Any

import turbohtml

from alterlab_server.extract.structured.found import Found
from alterlab_server.extract.structured.normalise.amounts import count, currency, number
from alterlab_server.extract.structured.normalise.dates import iso_date
from alterlab_server.extract.structured.normalise.text import plain, unique
from alterlab_server.extract.structured.page import TITLE_SEPARATOR, Page
from alterlab_server.extract.structured.rules import each, first, first_in, is_empty, without_empty

MAX_IMAGES = 50
MAX_REVIEWS = 50
MAX_NAMES = 10
MAX_TITLE = 500

text = first(plain)
texts = each(plain)


def _title(value: Any, page: Page) -> str | None:
    """A title without the name of the site that many pages add to it."""
    name = plain(value)
    if not name:
        return None
    heading, site = page.heading or "", page.document.first_meta("og:site_name") or ""
    for separator in TITLE_SEPARATOR.finditer(name[:MAX_TITLE]):
        head, tail = name[: separator.start()], name[separator.end() :]
        if head.casefold() == heading.casefold() or tail.casefold() == site.casefold():
            return head
    return name


title = first_in(_title)


def shown_title(page: Page) -> Found | None:
    """The page's heading, else what its window says."""
    shown = page.heading or _title(page.window_title, page)
    return Found(shown, "html", shown) if shown else None


def _date(value: Any, page: Page) -> str | None:
    return iso_date(value, page.language)


def _currency(value: Any, page: Page) -> str | None:
    return currency(value, page.country)


date = first_in(_date)
currency_code = first_in(_currency)


def _person(value: Any) -> str | None:
    name = plain(value)
    # An address names nobody, and a text this long is a biography.
    return name if name and not name.startswith(("http://", "https://")) and len(name) <= 120 else None


def person(values: Sequence[Any], _: Page) -> str | None:
    """The names of one or several authors, joined by commas."""
    names = unique(name for value in values[:MAX_NAMES] if (name := _person(value)))
    return ", ".join(names) or None


def address(value: Any, page: Page) -> str | None:
    """The absolute address that a value holds: a string, an element's link, or a node's `url`."""
    if isinstance(value, Mapping):
        value = next((value[key] for key in ("contentUrl", "url", "@id", "src") if value.get(key)), None)
        value = value[0] if isinstance(value, list) and value else value
    if isinstance(value, turbohtml.Element):
        value = value.attr("href") or value.attr("src")
    return page.document.absolute(value) if isinstance(value, str) and value.strip() else None


url = first_in(address)


def images(values: Sequence[Any], page: Page) -> list[str]:
    """The absolute addresses of pictures, without repeats."""
    return unique(found for value in values[:MAX_IMAGES] if (found := address(value, page)))


def review(value: Any, page: Page) -> dict[str, Any] | None:
    """One review: author, rating, title, body and date as far as they are given."""
    if not isinstance(value, Mapping):
        return None
    body = value.get("reviewBody") or value.get("description")
    entry = without_empty(
        {
            "author": person([value.get("author")], page),
            "rating": rating_of(value.get("reviewRating")),
            "title": plain(value.get("name")),
            "body": plain(body),
            "date": date([value.get("datePublished")], page),
        }
    )
    return entry or None


def rating_of(value: Any) -> int | float | None:
    """The number of a rating: a node's `ratingValue`, or the value itself."""
    if isinstance(value, list):
        value = value[0] if value else None
    return number(value.get("ratingValue") if isinstance(value, Mapping) else value)


def reviews(values: Sequence[Any], page: Page) -> list[dict[str, Any]]:
    """The reviews that stand in the page itself."""
    return [entry for value in values[:MAX_REVIEWS] if (entry := review(value, page))]


rating = first(rating_of)


def positive_count(value: Any) -> int | None:
    """How many, where there are any."""
    found = count(value)
    return found or None


review_count = first(positive_count)


def properties(values: Sequence[Any], _: Page) -> dict[str, str]:
    """Named properties (schema.org PropertyValue) as a map."""
    pairs = ((plain(v.get("name")), plain(v.get("value"))) for v in values if isinstance(v, Mapping))
    return {name: value for name, value in pairs if name and not is_empty(value) and value is not None}
