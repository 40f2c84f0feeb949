"""Extraction of content that the caller brings, its templates, and what it cost."""
