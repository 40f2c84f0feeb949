"""Recipes: what goes in, what is done, and how long it takes."""

from collections.abc import Mapping, Sequence
from typing import Any

import turbohtml

from alterlab_server.extract.structured.normalise.durations import iso_duration
from alterlab_server.extract.structured.normalise.text import element_text, lines, plain
from alterlab_server.extract.structured.page import Page
from alterlab_server.extract.structured.profiles import reads
from alterlab_server.extract.structured.rules import Profile, Rule, first, without_empty

MAX_STEPS = 400
_SECTION_DEPTH = 4
_ITEM_TAGS = "li, p, tr"


def _inner_lines(element: turbohtml.Element) -> list[str]:
    """The items of an element that wraps a whole list, else the element's own text."""
    items = [item for item in element.select(_ITEM_TAGS)[:MAX_STEPS] if not item.select_one(_ITEM_TAGS)]
    found = [text for item in items if (text := element_text(item))]
    if len(found) > 1 or (found and element.tag in ("ul", "ol", "table")):
        return found
    return lines(element.to_text()) if not found or element.tag == "div" else found


def _entries(value: Any, depth: int = 0) -> list[str]:
    """The steps or ingredients in a value: text, an element, a HowToStep, or a section that holds more of them."""
    if isinstance(value, str):
        return lines(value)
    if isinstance(value, turbohtml.Element):
        return _inner_lines(value)
    if isinstance(value, list):
        return (
            [line for item in value[:MAX_STEPS] for line in _entries(item, depth + 1)] if depth < _SECTION_DEPTH else []
        )
    if isinstance(value, Mapping) and depth < _SECTION_DEPTH:
        inner = value.get("itemListElement") or value.get("steps") or value.get("step")
        if inner and not value.get("text"):
            return _entries(inner, depth + 1)
        own = value.get("text") or value.get("description") or value.get("name")
        return _entries(own, depth + 1) if isinstance(own, list) else [text] if (text := plain(own)) else []
    return []


def entries(values: Sequence[Any], _: Page) -> list[str]:
    """The steps or ingredients of a recipe, one line each."""
    return [line for value in values[:MAX_STEPS] for line in _entries(value)]


def servings(values: Sequence[Any], _: Page) -> str | None:
    """How much it makes; of several forms the one in words ("4 servings" rather than "4")."""
    known = [text for value in values if (text := plain(value)) and any(char.isdigit() for char in text)]
    return max(known, key=lambda text: not text.isdecimal(), default=None)


def nutrition(values: Sequence[Any], _: Page) -> dict[str, str]:
    """The amounts of a schema.org NutritionInformation by their names."""
    node = next((value for value in values if isinstance(value, Mapping)), {})
    return without_empty({key: plain(value) for key, value in node.items() if not key.startswith("@")})


RECIPE = Profile(
    name="recipe",
    type="Recipe",
    schema_types=frozenset({"recipe"}),
    rules=(
        Rule("name", reads.text, ("name", "headline"), ("og:title", "twitter:title")),
        Rule("author", reads.person, ("author", "creator"), ("author", "article:author")),
        Rule("description", reads.text, ("description",), ("og:description", "description")),
        Rule("ingredients", entries, ("recipeIngredient", "ingredients", "ingredient")),
        Rule("instructions", entries, ("recipeInstructions", "instructions", "step")),
        Rule("prep_time", first(iso_duration), ("prepTime",)),
        Rule("cook_time", first(iso_duration), ("cookTime", "performTime")),
        Rule("total_time", first(iso_duration), ("totalTime",)),
        Rule("servings", servings, ("recipeYield", "yield")),
        Rule("category", reads.texts, ("recipeCategory",)),
        Rule("cuisine", reads.texts, ("recipeCuisine",)),
        Rule("keywords", reads.texts, ("keywords",)),
        Rule("nutrition", nutrition, ("nutrition",)),
        Rule("rating", reads.rating, ("aggregateRating.ratingValue",)),
        Rule("reviewCount", reads.review_count, ("aggregateRating.reviewCount", "aggregateRating.ratingCount")),
        Rule("published_at", reads.date, ("datePublished",), ("article:published_time",)),
        Rule("images", reads.images, ("image",), ("og:image", "twitter:image")),
        Rule("url", reads.url, ("url", "mainEntityOfPage"), ("og:url",)),
        Rule("reviews", reads.reviews, ("review", "reviews")),
    ),
)
