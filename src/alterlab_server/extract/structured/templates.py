"""Extraction templates that come with the server: the profiles, each as the JSON Schema of its answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from alterlab_server.extract.structured.profiles.generic import GENERIC
from alterlab_server.extract.structured.profiles.table import PROFILES
from alterlab_server.extract.structured.rules import Profile

_NUMBER = {"type": "number"}
_INTEGER = {"type": "integer"}
_OBJECT = {"type": "object"}
_STRING = {"type": "string"}
_STRINGS = {"type": "array", "items": _STRING}
_OBJECTS = {"type": "array", "items": _OBJECT}
# The fields that are no string, in all profiles.
_FIELD_SCHEMAS: Mapping[str, Mapping[str, Any]] = {
    "price": _NUMBER,
    "rating": _NUMBER,
    "reviewCount": _INTEGER,
    "images": _STRINGS,
    "keywords": _STRINGS,
    "ingredients": _STRINGS,
    "instructions": _STRINGS,
    "requirements": _STRINGS,
    "responsibilities": _STRINGS,
    "employment_type": _STRINGS,
    "performers": _STRINGS,
    "cuisine": _STRINGS,
    "reviews": _OBJECTS,
    "questions": _OBJECTS,
    "products": _OBJECTS,
    "entries": _OBJECTS,
    "specifications": _OBJECT,
    "nutrition": _OBJECT,
    "salary": _OBJECT,
}
_DESCRIPTIONS = {
    "product": "A product: name, price, availability, article number, brand, rating, pictures, reviews.",
    "article": "An article: title, author, date, section, keywords, picture.",
    "job_posting": "A job posting: title, company, place, salary, description, requirements.",
    "faq": "Questions with their answers.",
    "recipe": "A recipe: ingredients, instructions, times, servings.",
    "event": "An event: name, date, place, organizer, price.",
    "ecommerce_homepage": "A shop's home page: its products with their prices.",
    "directory_listing": "A directory: its entries with their addresses.",
}


@dataclass(frozen=True, slots=True)
class Template:
    """A named schema; its name is that of the profile whose fields it asks for."""

    name: str
    description: str
    schema: Mapping[str, Any]


def _template(profile: Profile) -> Template:
    properties = {rule.name: _FIELD_SCHEMAS.get(rule.name, _STRING) for rule in profile.rules}
    return Template(profile.name, _DESCRIPTIONS[profile.name], {"type": "object", "properties": properties})


TEMPLATES = {profile.name: _template(profile) for profile in PROFILES.values() if profile is not GENERIC}
