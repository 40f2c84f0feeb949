"""A caller's schema, and an extraction filtered by it. No model is asked: fields are matched by name and coerced."""

from alterlab_server.extract.schema.filter import asks_for_lists, filter_by_schema, sources
from alterlab_server.extract.schema.parse import parse_schema

__all__ = ["asks_for_lists", "filter_by_schema", "parse_schema", "sources"]
