"""An extraction in the shape of a caller's schema."""

from collections.abc import Mapping, Sequence
from typing import Any

from alterlab_server.extract.schema.coerce import coerced, is_of
from alterlab_server.extract.schema.match import candidates, is_named
from alterlab_server.extract.schema.parse import parse_schema
from alterlab_server.extract.schema.shape import ANY, Shape

MAX_ITEMS = 1_000
# A list of things that fills fewer of the fields that are asked for is a list of other things.
MIN_FILLED = 0.5

Lists = Sequence[Sequence[Mapping[str, Any]]]
"""The lists of things that a page shows."""


def filter_by_schema(value: Mapping[str, Any], schema: Any, lists: Lists = ()) -> Any:
    """The value's fields as the schema names, types and nests them; None for a property that was not found.

    An array of objects that no field is, is the one of `lists` that fills it best. Raises BadRequest for a schema that
    is none.
    """
    shape = parse_schema(schema)
    if shape.type == "array":
        return _array_of(value, shape, lists)
    if shape.alternatives:
        found = [_object(value, alternative) for alternative in shape.alternatives if alternative.type != "array"]
        return max(found, key=_filled, default={})
    chosen = _object(value, shape)
    for name, inner in shape.properties.items():
        if chosen[name] in (None, inner.default) and (listed := _fitting(inner, lists)):
            chosen[name] = listed
    return chosen


def asks_for_lists(schema: Any) -> bool:
    """Whether a schema asks for an array of objects, alone or as one of its properties."""
    shape = parse_schema(schema)
    return any(inner.type == "array" and _is_thing(inner.items) for inner in (shape, *shape.properties.values()))


def sources(value: Mapping[str, Any], schema: Any) -> dict[str, str]:
    """The field of the value that each property of a schema was taken from."""
    found = {name: _found(name, inner, value)[0] for name, inner in parse_schema(schema).properties.items()}
    return {name: field for name, field in found.items() if field}


def _object(source: Mapping[str, Any], shape: Shape) -> dict[str, Any]:
    if not shape.is_described:
        return dict(source)  # an object that is not described takes any fields
    found = {name: _property(name, inner, source) for name, inner in shape.properties.items()}
    return _with_others(found, source, shape)


def _with_others(found: dict[str, Any], source: Mapping[str, Any], shape: Shape) -> dict[str, Any]:
    """The fields of an object with those that a pattern of its schema names."""
    for key in list(source)[:MAX_ITEMS] if shape.others else ():
        inner = next((inner for pattern, inner in shape.others if is_named(key, pattern)), None)
        if key not in found and inner is not None and (value := _shaped(source[key], inner)) is not None:
            found[key] = value
    return found


def _property(name: str, shape: Shape, source: Mapping[str, Any]) -> Any:
    _, found = _found(name, shape, source)
    if found is None:
        found = _grouped(shape, source)
    return shape.default if found is None else found


def _found(name: str, shape: Shape, source: Mapping[str, Any]) -> tuple[str | None, Any]:
    """The first candidate that fits, and the field of the source that it came from."""
    for field, value in candidates(name, shape.description, source):
        found = _shaped(value, shape)
        if found is not None:
            return field, found
    return None, None


def _grouped(shape: Shape, source: Mapping[str, Any]) -> dict[str, Any] | None:
    """An object of fields that stand side by side in the source, where none has that object's name."""
    grouped = [_object(source, inner) for inner in (shape.alternatives or (shape,)) if inner.properties]
    best = max(grouped, key=_filled, default={})
    return best if _filled(best) else None


def _shaped(value: Any, shape: Shape) -> Any:
    """The value in a shape; None where it does not fit."""
    if value is None:
        return None
    if shape.alternatives:
        likely = sorted(shape.alternatives, key=lambda alternative: not is_of(value, alternative.type))
        fitting = [found for alternative in likely if (found := _shaped(value, alternative)) is not None]
        return max(fitting, key=_filled, default=None)
    if shape.type == "array":
        return _items(value, shape.items or ANY)
    if shape.type != "object":
        return coerced(value, shape)
    if isinstance(value, str) and "name" in shape.properties:
        value = {"name": value}  # schema.org's short form of a brand, a person, a place
    if not isinstance(value, Mapping):
        return None
    found = _object(value, shape)
    return found if _filled(found) or not shape.is_described else None


def _filled(found: Any) -> int:
    """How many fields of a found object say something; 1 for another value."""
    return sum(inner is not None for inner in found.values()) if isinstance(found, Mapping) else 1


def _items(value: Any, shape: Shape) -> list[Any] | None:
    if isinstance(value, Mapping):
        # A map of names to values, such as specifications, is a list of pairs.
        value = [{"name": key, "value": inner} for key, inner in value.items()]
    values = value if isinstance(value, list) else [value]
    found = [item for inner in values[:MAX_ITEMS] if (item := _shaped(inner, shape)) is not None]
    return found or None


def _is_thing(shape: Shape | None) -> bool:
    return shape is not None and bool(shape.properties or shape.alternatives)


def _fitting(shape: Shape, lists: Lists) -> list[Any] | None:
    """The list whose things have most of the fields that an array of objects asks for."""
    if shape.type != "array" or shape.items is None or not shape.items.properties:
        return None
    fields = len(shape.items.properties)
    shaped = [found for listed in lists if (found := _items(list(listed), shape.items))]
    fitting = [found for found in shaped if sum(map(_filled, found)) >= MIN_FILLED * fields * len(found)]
    return max(fitting, key=lambda found: sum(map(_filled, found)), default=None)


def _array_of(source: Mapping[str, Any], shape: Shape, lists: Lists) -> list[Any]:
    """The list of things that a page is about, else the one thing it is about."""
    items = shape.items or ANY
    own = [value for value in source.values() if isinstance(value, list) and value and isinstance(value[0], Mapping)]
    found = _fitting(shape, own) or _fitting(shape, lists)
    found = found or next((listed for value in own if (listed := _items(value, items))), None)
    if found is not None:
        return found
    return [_object(source, items)] if items.type == "object" else []
