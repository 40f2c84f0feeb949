"""Extraction: bytes in, formats out. Plain functions, no network."""

from alterlab_server.extract.options import FORMATS, ExtractOptions
from alterlab_server.extract.pipeline import extract
from alterlab_server.extract.result import Extraction

__all__ = ["FORMATS", "ExtractOptions", "Extraction", "extract"]
