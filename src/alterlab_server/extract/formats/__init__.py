"""The output formats: one file each, and the table that names them."""

from collections.abc import Callable, Mapping
from typing import Any

from alterlab_server.extract.formats import html, json, markdown, text
from alterlab_server.extract.formats.content import Content

__all__ = ["RENDERERS", "Content"]

RENDERERS: Mapping[str, Callable[[Content], Any]] = {
    "text": text.render,
    "html": html.render,
    "markdown": markdown.render,
    "json": json.render,
}
