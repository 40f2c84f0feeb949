"""A value as the type that a schema asks for."""

from collections.abc import Mapping
from typing import Any

from alterlab_server.extract.schema.shape import Shape
from alterlab_server.extract.structured.normalise.amounts import MAX_WHOLE, amount, number
from alterlab_server.extract.structured.normalise.availability import schema_name
from alterlab_server.extract.structured.normalise.dates import iso_date
from alterlab_server.extract.structured.normalise.text import plain

_YES = frozenset({"true", "yes", "1", "on", "y", "ja", "oui", "si", "sí", "sim"})
_NO = frozenset({"false", "no", "0", "off", "n", "nein", "non", "não", "none"})
# Availabilities (https://schema.org/ItemAvailability) under which a thing can be had now.
_AVAILABLE = frozenset({"InStock", "LimitedAvailability", "InStoreOnly", "OnlineOnly"})


def coerced(value: Any, shape: Shape) -> Any:
    """The value as the shape's scalar type; None where it cannot be one, or is none of the allowed values."""
    result = _SCALARS[shape.type](value) if shape.type in _SCALARS else value
    if shape.type == "string" and shape.format in ("date", "date-time"):
        result = _as_date(value, shape.format)
    if shape.enum and result is not None:
        return next((allowed for allowed in shape.enum if str(allowed).casefold() == str(result).casefold()), None)
    return result


def _string(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(text for item in value if (text := _string(item))) or None
    return value if isinstance(value, str) else plain(value)


def _number(value: Any) -> int | float | None:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, Mapping | list):
        value = plain(value)
    found = amount(value)
    return number(value) if found is None else found


def _integer(value: Any) -> int | None:
    found = _number(value)
    return round(found) if found is not None and abs(found) < MAX_WHOLE else None


def _boolean(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    text = (plain(value) or "").lower()
    if text in _YES or text in _NO:
        return text in _YES
    named = schema_name(value)
    return named in _AVAILABLE if named else None


def _as_date(value: Any, form: str) -> str | None:
    found = iso_date(value)
    return found[:10] if found and form == "date" else found


_SCALARS = {"string": _string, "number": _number, "integer": _integer, "boolean": _boolean}
