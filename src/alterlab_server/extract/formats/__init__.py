"""The output formats: one file each, and the table that names them."""

from collections.abc import Callable, Mapping
from typing import Any

from alterlab_server.extract.formats import content, html, json, json_v2, markdown, rag, text
from alterlab_server.extract.formats.inputs import Content

__all__ = ["RENDERERS", "Content"]

RENDERERS: Mapping[str, Callable[[Content], Any]] = {
    "text": text.render,
    "markdown": markdown.render,
    "html": html.render,
    "json": json.render,
    "json_v2": json_v2.render,
    "rag": rag.render,
    "content": content.render,
}
