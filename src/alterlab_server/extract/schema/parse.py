"""Schemas as callers write them: JSON Schema (draft 4 to 2020-12, as far as it shapes values), and the shorthand.

The shorthand is a map of name to type: `{"name": "string", "price": "number", "tags": ["string"],
"offer": {"price": "number"}}`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

import orjson

from alterlab_server.base.errors import BadRequest
from alterlab_server.extract.schema.shape import ANY, Shape, merged

MAX_DEPTH = 20
MAX_PROPERTIES = 1_000
# References that multiply end here; what lies behind takes any value.
MAX_VISITED = 5_000

# The types of JSON Schema, and the names that callers use for them in the shorthand.
_TYPES = {
    "string": "string", "str": "string", "text": "string", "date": "string", "datetime": "string", "url": "string",
    "number": "number", "float": "number", "double": "number", "decimal": "number", "price": "number",
    "integer": "integer", "int": "integer",
    "boolean": "boolean", "bool": "boolean",
    "array": "array", "list": "array",
    "object": "object", "dict": "object",
    "null": "any", "any": "any",
}  # fmt: skip
_FORMATS = {"date": "date", "datetime": "date-time", "url": "uri"}
_SCHEMA_KEYWORDS = ("$schema", "$ref", "$defs", "definitions", "anyOf", "oneOf", "allOf")
_STRUCTURE = frozenset({"properties", "patternProperties", "items", "required", "additionalProperties"})
_BESIDE_TYPE = frozenset(
    "type description title format enum const default example examples items nullable pattern minimum maximum minLength"
    " maxLength minItems maxItems".split()
)
_CHOICES = ("anyOf", "oneOf")
_NAMING = frozenset({"properties", "patternProperties", "additionalProperties"})


def parse_schema(schema: Any) -> Shape:
    """The shape that a schema asks for.

    Raises BadRequest for what is no schema; the message says where, as a JSON pointer (RFC 6901).
    """
    try:
        written = orjson.dumps(schema)
    except TypeError:  # no JSON, or deeper than it is written; what is wrong with it has a place
        return _Parser(schema).root()
    return _parsed(written)


@lru_cache(maxsize=8)  # the items of a batch and the pages of a crawl share one, and each asks for it several times
def _parsed(schema: bytes) -> Shape:
    return _Parser(orjson.loads(schema)).root()


class _Parser:
    def __init__(self, schema: Any) -> None:
        self.schema = schema
        self.properties = 0
        self.visited = 0

    def root(self) -> Shape:
        if not isinstance(self.schema, Mapping) or not self.schema:
            raise _error("", "it must be an object with at least one property")
        shape = self.full(self.schema, "", 0) if _is_json_schema(self.schema) else self.shorthand(self.schema, "", 0)
        if shape.type not in ("object", "array", "any"):
            raise _error("/type", f"the root must be an object or an array, not {shape.type!r}")
        return shape

    def full(self, schema: Any, at: str, depth: int) -> Shape:
        """A shape from JSON Schema."""
        if schema is True or schema == {}:
            return ANY
        if isinstance(schema, str):
            return self.named(schema, at)
        if not isinstance(schema, Mapping):
            raise _error(at, f"a schema must be an object, not {_kind(schema)}")
        self.visited += 1
        if depth > MAX_DEPTH or self.visited > MAX_VISITED:
            return ANY
        parts = [self.typed(schema, at, depth)]
        if "$ref" in schema:
            parts.append(self.full(self.referenced(schema["$ref"], f"{at}/$ref"), at, depth + 1))
        if "allOf" in schema:
            parts += self.options(schema, "allOf", at, depth)
        shape = merged(*parts)
        for keyword in _CHOICES:
            if keyword in schema:
                shape = _one_of(shape, self.options(schema, keyword, at, depth))
        return shape

    def typed(self, schema: Mapping[str, Any], at: str, depth: int) -> Shape:
        """What a schema says itself, without what it refers to and combines."""
        items = schema.get("items")
        if isinstance(items, list):
            items = items[0] if items else True
        first, *more = self.types_of(schema, at)
        shape = Shape(
            type=first,
            properties=self.members(schema, "properties", at, depth),
            items=self.full(items, f"{at}/items", depth + 1) if items is not None else None,
            description=str(schema.get("description") or schema.get("title") or ""),
            format=str(schema.get("format") or ""),
            enum=self.enum(schema, at),
            default=schema.get("default", schema.get("const")),
            others=self.others(schema, at, depth),
        )
        return _one_of(replace(shape, type="any"), [Shape(kind) for kind in (first, *more)]) if more else shape

    def members(self, schema: Mapping[str, Any], keyword: str, at: str, depth: int) -> dict[str, Shape]:
        """The shapes that a keyword gives by name."""
        members = schema.get(keyword, {})
        if not isinstance(members, Mapping):
            raise _error(f"{at}/{keyword}", f"{keyword} must be an object, not {_kind(members)}")
        return {
            self.counted(name): self.full(inner, f"{at}/{keyword}/{_escaped(name)}", depth + 1)
            for name, inner in members.items()
        }

    def others(self, schema: Mapping[str, Any], at: str, depth: int) -> tuple[tuple[str, Shape], ...]:
        """The shapes of fields that have no name in the schema."""
        found = list(self.members(schema, "patternProperties", at, depth).items())
        further = schema.get("additionalProperties")
        if isinstance(further, Mapping) and further:
            found.append(("", self.full(further, f"{at}/additionalProperties", depth + 1)))
        return tuple(found)

    def types_of(self, schema: Mapping[str, Any], at: str) -> list[str]:
        kinds = schema.get("type")
        if kinds is None:
            return ["object" if _NAMING.intersection(schema) else "array" if "items" in schema else "any"]
        for kind in kinds if isinstance(kinds, list) else [kinds]:
            if not isinstance(kind, str):
                raise _error(f"{at}/type", f"a type must be a name, not {_kind(kind)}")
        named = [self.named(kind, f"{at}/type").type for kind in (kinds if isinstance(kinds, list) else [kinds])]
        return [kind for kind in named if kind != "any"] or ["any"]

    def enum(self, schema: Mapping[str, Any], at: str) -> tuple[Any, ...]:
        values = [schema["const"]] if "const" in schema else schema.get("enum", [])
        if not isinstance(values, list):
            raise _error(f"{at}/enum", f"enum must be a list, not {_kind(values)}")
        return tuple(values)

    def options(self, schema: Mapping[str, Any], keyword: str, at: str, depth: int) -> list[Shape]:
        """The shapes that a keyword combines."""
        options = schema[keyword]
        if not isinstance(options, list) or not options:
            raise _error(f"{at}/{keyword}", f"{keyword} must be a list of schemas")
        return [self.full(option, f"{at}/{keyword}/{number}", depth + 1) for number, option in enumerate(options)]

    def referenced(self, reference: Any, at: str) -> Any:
        """What a reference inside the schema (`#/$defs/Offer`) points to."""
        if not isinstance(reference, str) or not reference.startswith("#"):
            raise _error(at, "only references inside the schema (#/…) are followed")
        target = self.schema
        for part in filter(None, unquote(reference[1:]).split("/")):
            key: str | int = part.replace("~1", "/").replace("~0", "~")
            if isinstance(target, list) and part.isascii() and part.isdigit() and len(part) < 5:
                key = int(part)
            try:
                target = target[key]
            except (KeyError, IndexError, TypeError):
                raise _error(at, f"there is nothing at {reference}") from None
        return target

    def shorthand(self, value: Any, at: str, depth: int) -> Shape:
        """A shape from the shorthand; a property may also be written in full."""
        if depth > MAX_DEPTH:
            raise _error(at, f"it is nested deeper than {MAX_DEPTH} levels")
        if isinstance(value, str):
            return self.named(value, at)
        if isinstance(value, list):
            return Shape("array", items=self.shorthand(value[0], f"{at}/0", depth + 1) if value else None)
        if not isinstance(value, Mapping):
            raise _error(at, f"a type must be a name, a list or an object, not {_kind(value)}")
        if depth and _is_json_schema(value):
            return self.full(value, at, depth)
        if depth and _is_typed(value):
            return self.full(value, at, depth)
        properties = {
            self.counted(name): self.shorthand(inner, f"{at}/{_escaped(name)}", depth + 1)
            for name, inner in value.items()
        }
        return Shape("object", properties)

    def named(self, name: str, at: str) -> Shape:
        """A type by its name; `name[]` is a list of it, and `name | null` may be missing, as any field may."""
        plain = "|".join(part for part in map(str.strip, name.lower().split("|")) if part != "null") or "null"
        if plain.endswith("[]"):
            return Shape("array", items=self.named(plain[:-2], at))
        if plain not in _TYPES:
            raise _error(at, f"there is no type {name[:40]!r}")
        return Shape(_TYPES[plain], format=_FORMATS.get(plain, ""))

    def counted(self, name: str) -> str:
        self.properties += 1
        if self.properties > MAX_PROPERTIES:
            raise _error("", f"it has more than {MAX_PROPERTIES} properties")
        return name


def _is_json_schema(schema: Mapping[str, Any]) -> bool:
    """Whether an object is written as JSON Schema; a field named `type` is none of a shorthand's reasons to be one."""
    if isinstance(schema.get("properties"), Mapping) or any(keyword in schema for keyword in _SCHEMA_KEYWORDS):
        return True
    return schema.get("type") in ("object", "array") and (len(schema) == 1 or not _STRUCTURE.isdisjoint(schema))


def _is_typed(value: Mapping[str, Any]) -> bool:
    """Whether a property of a shorthand is written in full: a type with nothing but what JSON Schema says beside it."""
    kind = value.get("type")
    if not isinstance(kind, str) or kind.lower() not in _TYPES or not _BESIDE_TYPE.issuperset(value):
        return False
    return not any(said in _TYPES for name, said in value.items() if name != "type" and isinstance(said, str))


def _one_of(shape: Shape, options: Sequence[Shape]) -> Shape:
    """The shape of a value that is also one of several; what says nothing of the value, as `required`, is left out."""
    alternatives = [merged(shape, option) for option in options if option.type != ANY.type or option != ANY]
    if len(alternatives) <= 1:
        return alternatives[0] if alternatives else shape
    kinds = {alternative.type for alternative in alternatives}
    kind = kinds.pop() if len(kinds) == 1 else ANY.type
    return Shape(kind, description=shape.description, default=shape.default, alternatives=tuple(alternatives))


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _kind(value: Any) -> str:
    return "null" if value is None else type(value).__name__


def _error(at: str, reason: str) -> BadRequest:
    details = {"field": "extraction_schema", "pointer": at, "reason": reason}
    return BadRequest(f"extraction_schema is no schema at {at or 'its root'}: {reason}", details=details)
