"""Places as one line of text."""

from collections.abc import Mapping, Sequence
from typing import Any

from alterlab_server.extract.structured.normalise.text import plain, unique
from alterlab_server.extract.structured.page import Page

_ADDRESS_PARTS = ("streetAddress", "postalCode", "addressLocality", "addressRegion", "addressCountry")


def _line(value: Any) -> str | None:
    """A place's name and postal address, joined by commas."""
    if not isinstance(value, Mapping):
        return plain(value)
    holder = value.get("address") or value
    holder = holder[0] if isinstance(holder, list) and holder else holder
    parts = [holder.get(key) for key in _ADDRESS_PARTS] if isinstance(holder, Mapping) else [holder]
    return ", ".join(unique(part for part in map(plain, (value.get("name"), *parts)) if part)) or None


def place(values: Sequence[Any], _: Page) -> str | None:
    """Where it is; several places are joined by semicolons."""
    return "; ".join(unique(line for value in values[:10] if (line := _line(value)))) or None
