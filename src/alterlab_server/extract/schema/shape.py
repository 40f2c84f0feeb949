"""What a caller's schema asks for, whichever way it is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Shape:
    """One value that a schema asks for.

    `type` is a JSON Schema type or `any`. `properties` are those of an object, `items` the shape of an array's items.
    `format` and `enum` are those of JSON Schema; `default` is what stands where nothing was found. With `alternatives`
    the value has one of these shapes. `others` are the shapes of further fields of an object by the pattern of their
    names, the empty one for all.
    """

    type: str = "any"
    properties: Mapping[str, "Shape"] = field(default_factory=dict)
    items: "Shape | None" = None
    description: str = ""
    format: str = ""
    enum: tuple[Any, ...] = ()
    default: Any = None
    alternatives: tuple["Shape", ...] = ()
    others: tuple[tuple[str, "Shape"], ...] = ()

    @property
    def is_described(self) -> bool:
        """Whether an object of this shape has only some fields."""
        return bool(self.properties or self.others)


ANY = Shape()


def merged(*shapes: Shape) -> Shape:
    """All that several shapes say of one value; of what only one can say, what the first of them does."""
    properties: dict[str, Shape] = {}
    for shape in shapes:
        for name, inner in shape.properties.items():
            properties[name] = merged(properties[name], inner) if name in properties else inner
    kind = next((shape.type for shape in shapes if shape.type != ANY.type), ANY.type)
    return Shape(
        type="object" if properties else kind,
        properties=properties,
        items=next((shape.items for shape in shapes if shape.items), None),
        description=" ".join(dict.fromkeys(shape.description for shape in shapes if shape.description)),
        format=next((shape.format for shape in shapes if shape.format), ""),
        enum=next((shape.enum for shape in shapes if shape.enum), ()),
        default=next((shape.default for shape in shapes if shape.default is not None), None),
        alternatives=tuple(alternative for shape in shapes for alternative in shape.alternatives),
        others=tuple(other for shape in shapes for other in shape.others),
    )
