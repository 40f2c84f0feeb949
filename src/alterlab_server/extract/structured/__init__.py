"""Structured data of a page: one value for each field, with its provenance."""

from alterlab_server.extract.structured.found import Found, StructuredData
from alterlab_server.extract.structured.reader import read_lists, read_structured

__all__ = ["Found", "StructuredData", "read_lists", "read_structured"]
