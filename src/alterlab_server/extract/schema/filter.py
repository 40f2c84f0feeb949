"""An extraction in the shape of a caller's schema."""

from collections.abc import Mapping
from typing import Any

from alterlab_server.extract.schema.coerce import coerced
from alterlab_server.extract.schema.match import candidates
from alterlab_server.extract.schema.parse import parse_schema
from alterlab_server.extract.schema.shape import ANY, Shape

MAX_ITEMS = 1_000


def filter_by_schema(value: Mapping[str, Any], schema: Any) -> Any:
    """The value's fields as the schema names, types and nests them; None for a property that was not found.

    Raises BadRequest for a schema that is none.
    """
    shape = parse_schema(schema)
    return _array_of(value, shape) if shape.type == "array" else _object(value, shape)


def _object(source: Mapping[str, Any], shape: Shape) -> dict[str, Any]:
    if not shape.properties:
        return dict(source)  # an object that is not described takes any fields
    return {name: _property(name, inner, source) for name, inner in shape.properties.items()}


def _property(name: str, shape: Shape, source: Mapping[str, Any]) -> Any:
    for value in candidates(name, shape.description, source):
        found = _shaped(value, shape)
        if found is not None:
            return found
    if shape.type == "object" and shape.properties:
        # No object of that name: the schema groups fields that stand side by side.
        grouped = _object(source, shape)
        if any(value is not None for value in grouped.values()):
            return grouped
    return shape.default


def _shaped(value: Any, shape: Shape) -> Any:
    """The value in a shape; None where it does not fit."""
    if value is None:
        return None
    if shape.type == "array":
        return _items(value, shape.items or ANY)
    if shape.type != "object":
        return coerced(value, shape)
    if isinstance(value, str) and "name" in shape.properties:
        value = {"name": value}  # schema.org's short form of a brand, a person, a place
    if not isinstance(value, Mapping):
        return None
    if not shape.properties:
        return dict(value)
    found = {name: _property(name, inner, value) for name, inner in shape.properties.items()}
    return found if any(inner is not None for inner in found.values()) else None


def _items(value: Any, shape: Shape) -> list[Any] | None:
    if isinstance(value, Mapping):
        # A map of names to values, such as specifications, is a list of pairs.
        value = [{"name": key, "value": inner} for key, inner in value.items()]
    values = value if isinstance(value, list) else [value]
    found = [item for inner in values[:MAX_ITEMS] if (item := _shaped(inner, shape)) is not None]
    return found or None


def _array_of(source: Mapping[str, Any], shape: Shape) -> list[Any]:
    """The list of things that a page is about, else the one thing it is about."""
    items = shape.items or ANY
    lists = [value for value in source.values() if isinstance(value, list) and value and isinstance(value[0], Mapping)]
    found = next((listed for value in lists if (listed := _items(value, items))), None)
    if found is not None:
        return found
    return [_object(source, items)] if items.type == "object" else []
