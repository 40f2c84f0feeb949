"""What a caller's schema asks for, whichever way it is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Shape:
    """One value that a schema asks for.

    `type` is a JSON Schema type or `any`. `properties` are those of an object, `items` the shape of an array's items.
    `format` and `enum` are those of JSON Schema; `default` is what stands where nothing was found.
    """

    type: str = "any"
    properties: Mapping[str, "Shape"] = field(default_factory=dict)
    items: "Shape | None" = None
    description: str = ""
    format: str = ""
    enum: tuple[Any, ...] = ()
    default: Any = None


ANY = Shape()
