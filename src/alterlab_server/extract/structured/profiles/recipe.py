"""Recipes: what goes in, what is done, and how long it takes."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import turbohtml

from alterlab_server.extract.structured.found import Found
from alterlab_server.extract.structured.normalise.durations import iso_duration, minutes
from alterlab_server.extract.structured.normalise.text import element_text, lines, plain
from alterlab_server.extract.structured.page import Page
from alterlab_server.extract.structured.profiles import reads
from alterlab_server.extract.structured.rules import Profile, Rule, first, without_empty
from alterlab_server.extract.structured.visible.kitchen import STEP_LABEL, quantified

MAX_STEPS = 400
# One text that lists so many quantities is a list: "1 onion, 2 cups water, …".
MIN_LISTED = 4
_LISTED = re.compile(r"[,;]\s+(?=[\d½¼¾⅓⅔])")
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
        return _entries(own, depth + 1) if isinstance(own, list) else _step(plain(own), plain(value.get("name")))
    return []


def _step(text: str | None, name: str | None) -> list[str]:
    """A step's text, with its name above it unless that only numbers or repeats the text."""
    if not text:
        return []
    is_title = name and any(map(str.isalpha, name)) and not STEP_LABEL.fullmatch(name)
    return [name, text] if name and is_title and not text.startswith(name.rstrip(".…")) else [text]


def entries(values: Sequence[Any], _: Page) -> list[str]:
    """The steps or ingredients of a recipe, one line each."""
    found = [line for value in values[:MAX_STEPS] for line in _entries(value)]
    found = [line for line in found if any(map(str.isalpha, line)) and not STEP_LABEL.fullmatch(line)]
    parts = _LISTED.split(found[0]) if len(found) == 1 else []
    return parts if len(parts) >= MIN_LISTED else found


def servings(values: Sequence[Any], _: Page) -> str | None:
    """How much it makes; of several forms the one in words ("4 servings" rather than "4")."""
    known = [text for value in values if (text := plain(value)) and any(char.isdigit() for char in text)]
    return max(known, key=lambda text: not text.isdecimal(), default=None)


def nutrition(values: Sequence[Any], _: Page) -> dict[str, str]:
    """The amounts of a schema.org NutritionInformation by their names."""
    node = next((value for value in values if isinstance(value, Mapping)), {})
    return without_empty({key: plain(value) for key, value in node.items() if not key.startswith("@")})


def _shown_author(page: Page) -> Found | None:
    """The byline of the recipe; a site that names no one is the author itself."""
    site = page.document.first_meta("og:site_name")
    return page.kitchen.author or page.author or (Found(site, "meta", site) if site else None)


def _derived(fields: Mapping[str, Found], page: Page) -> dict[str, Found]:
    """The total time, and the ingredients as the page shows them where its markup leaves the quantities out."""
    declared = fields.get("ingredients")
    shown = page.kitchen.ingredients if declared and quantified(declared.value) < 0.2 * len(declared.value) else None
    better = shown is not None and quantified(shown.value) >= 0.6 * len(shown.value)
    return _total_time(fields, page) | ({"ingredients": shown} if better and shown else {})


def _total_time(fields: Mapping[str, Found], page: Page) -> dict[str, Found]:
    """The total that the page shows, or the sum of its parts, where it declares none."""
    if "total_time" in fields:
        return {}
    parts = [fields[name] for name in ("prep_time", "cook_time") if name in fields]
    shown = page.kitchen.time("total_time") if len(parts) < 2 else None
    total = iso_duration(sum(minutes(part.value) or 0 for part in parts))
    summed = Found(total, parts[0].source, " + ".join(part.text for part in parts)) if total else None
    found = shown or summed
    return {"total_time": found} if found else {}


RECIPE = Profile(
    name="recipe",
    type="Recipe",
    schema_types=frozenset({"recipe"}),
    recognise=lambda page: page.kitchen.is_recipe,
    derive=_derived,
    rules=(
        Rule("name", reads.title, ("name", "headline"), ("og:title", "twitter:title"), visible=reads.shown_title),
        Rule("author", reads.person, ("author", "creator"), ("author", "article:author"), visible=_shown_author),
        Rule("description", reads.text, ("description",), ("og:description", "description")),
        Rule(
            "ingredients",
            entries,
            ("recipeIngredient", "ingredients", "ingredient"),
            visible=lambda page: page.kitchen.ingredients,
            state=("ingredients", "recipeIngredient"),
        ),
        Rule(
            "instructions",
            entries,
            ("recipeInstructions", "instructions", "step"),
            visible=lambda page: page.kitchen.instructions,
            state=("instructions", "steps", "directions", "method", "recipeInstructions"),
        ),
        Rule(
            "prep_time",
            first(iso_duration),
            ("prepTime",),
            visible=lambda page: page.kitchen.time("prep_time"),
            state=("prepTime", "prep_time"),
        ),
        Rule(
            "cook_time",
            first(iso_duration),
            ("cookTime", "performTime"),
            visible=lambda page: page.kitchen.time("cook_time"),
            state=("cookTime", "cook_time"),
        ),
        Rule("total_time", first(iso_duration), ("totalTime",)),
        Rule(
            "servings",
            servings,
            ("recipeYield", "yield"),
            visible=lambda page: page.kitchen.servings,
            state=("servings", "yield", "serves"),
        ),
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
