"""A value as the type that a schema asks for."""

import re
from collections.abc import Mapping
from typing import Any

from alterlab_server.extract.schema.aliases import folded
from alterlab_server.extract.schema.shape import Shape
from alterlab_server.extract.structured.normalise.amounts import MAX_WHOLE, amount, number
from alterlab_server.extract.structured.normalise.availability import schema_name
from alterlab_server.extract.structured.normalise.dates import iso_date
from alterlab_server.extract.structured.normalise.durations import iso_duration, minutes
from alterlab_server.extract.structured.normalise.text import plain

_YES = frozenset("true yes 1 on y ja oui si sí sì sim tak да ano áno igen evet kyllä はい 是 有 예 ✓ ✔".split())
_NO = frozenset(
    "false no 0 off n nein non não nee nie нет ne nem hayır ei nej nei いいえ 否 无 無 아니요 none ✗ ✘".split()
)
_DURATION = re.compile(r"P(?:\d|T\d)")
# Availabilities (https://schema.org/ItemAvailability) under which a thing can be had now.
_AVAILABLE = frozenset({"InStock", "LimitedAvailability", "InStoreOnly", "OnlineOnly"})


def coerced(value: Any, shape: Shape) -> Any:
    """The value as the shape's scalar type; None where it cannot be one, or is none of the allowed values."""
    result = _SCALARS[shape.type](value) if shape.type in _SCALARS else value
    if shape.type == "string" and shape.format in _FORMATS:
        result = _FORMATS[shape.format](value)
    if shape.enum and result is not None:
        wanted = _alike(result)
        return next((allowed for allowed in shape.enum if _alike(allowed) == wanted), None)
    return result


def is_of(value: Any, kind: str) -> bool:
    """Whether a value is of a JSON Schema type as it stands."""
    if kind not in _PYTHON or not isinstance(value, _PYTHON[kind]):
        return False
    return kind == "boolean" or not isinstance(value, bool)


def _alike(value: Any) -> str:
    """A value as it is compared with those that a schema allows: "in_stock" is "InStock"."""
    text = str(value)
    return folded(text) or text


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
    if isinstance(value, str) and _DURATION.match(value):
        return minutes(value)
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


def _date(value: Any) -> str | None:
    found = iso_date(value)
    return found[:10] if found else None


def _date_time(value: Any) -> str | None:
    """A time of RFC 3339; where only the day is known, its beginning."""
    found = iso_date(value)
    return f"{found}T00:00:00Z" if found and len(found) == len("2024-01-01") else found


_FORMATS = {"date": _date, "date-time": _date_time, "duration": iso_duration}
_SCALARS = {"string": _string, "number": _number, "integer": _integer, "boolean": _boolean}
_PYTHON: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "number": (int, float),
    "integer": int,
    "boolean": bool,
    "array": list,
    "object": Mapping,
}
