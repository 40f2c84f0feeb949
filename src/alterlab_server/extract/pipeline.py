"""From bytes to formats: the order of the steps."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from alterlab_server.extract.body import carve_body
from alterlab_server.extract.document import Document
from alterlab_server.extract.formats import RENDERERS, Content
from alterlab_server.extract.links import page_images, page_links
from alterlab_server.extract.options import ExtractOptions
from alterlab_server.extract.readers import Source, read
from alterlab_server.extract.result import Extraction
from alterlab_server.extract.schema import filter_by_schema
from alterlab_server.extract.structured import StructuredData, read_structured

_log = logging.getLogger(__name__)
_NO_CONTENT = "the page has no readable content"
_DEFAULTS = ExtractOptions()


def extract(body: bytes | str, options: ExtractOptions = _DEFAULTS, **overrides: Any) -> Extraction:
    """Extract the requested formats from a body.

    `body` is what a server sent, or text that is already decoded; `overrides` replace fields of `options`
    (`extract(html, formats=("text",), url="https://example.com/")`). A format that cannot be made is None, with the
    reason in `errors`. Raises `Unprocessable` for a body that cannot be read at all, such as an encrypted PDF,
    and `BadRequest` for a profile or a schema that is none.
    """
    options = replace(options, **overrides)
    source = read(body, options.content_type, options.url)
    document = source.document
    data = read_structured(document, options=options)
    filtered = filter_by_schema(_fields(data, document), options.schema) if options.schema is not None else None
    found, errors = _render(source, data.value if filtered is None else filtered, options)
    return Extraction(
        content=found,
        errors=errors,
        title=data.title,
        author=data.author,
        published_at=data.published_at,
        language=document.language,
        metadata=data.metadata,
        filtered_content=filtered,
        evidence=data.evidence if options.evidence else None,
        links=page_links(document),
        images=page_images(document),
    )


def _fields(data: StructuredData, document: Document) -> dict[str, Any]:
    """What a caller's schema chooses from: the structured data, and what is known of any page behind it."""
    known = {
        "title": data.title,
        "author": data.author,
        "published_at": data.published_at,
        "description": data.metadata.get("description"),
        "url": document.url or None,
        "language": document.language,
        "metadata": data.metadata,
    }
    return {name: value for name, value in known.items() if value} | dict(data.value)


def _render(source: Source, data: Any, options: ExtractOptions) -> tuple[Mapping[str, Any], Mapping[str, str]]:
    content: dict[str, Any] = {}
    errors: dict[str, str] = {}
    body = carve_body(source.document, whole=source.whole)
    empty = not body.text.strip()
    for name in options.formats:
        content[name] = None
        if name in source.verbatim:
            content[name] = source.verbatim[name]
        elif name not in RENDERERS:
            errors[name] = f"there is no format {name!r}"
        elif empty and name != "json":
            errors[name] = _NO_CONTENT
        else:
            page = Content(source.document, body, data, options)
            try:
                content[name] = RENDERERS[name](page)
            except Exception:  # noqa: BLE001  one format's fault must not take the others with it
                _log.exception("format %s failed on %s", name, options.url)
                errors[name] = "the format could not be made from this page"
    return content, errors
