"""A caller's schema, and an extraction filtered by it. No model is asked: fields are matched by name and coerced."""

from alterlab_server.extract.schema.filter import filter_by_schema
from alterlab_server.extract.schema.parse import parse_schema

__all__ = ["filter_by_schema", "parse_schema"]
