"""Extraction: bytes in, formats out. Plain functions, no network."""
