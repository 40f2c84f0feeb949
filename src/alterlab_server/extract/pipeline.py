"""From bytes to formats: the order of the steps."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from alterlab_server.extract.body import carve_body
from alterlab_server.extract.document import Document
from alterlab_server.extract.formats import RENDERERS, Content
from alterlab_server.extract.links import page_images, page_links
from alterlab_server.extract.metadata import Metadata, read_metadata
from alterlab_server.extract.options import ExtractOptions
from alterlab_server.extract.readers import Source, read
from alterlab_server.extract.result import Extraction

_log = logging.getLogger(__name__)
_NO_CONTENT = "the page has no readable content"
_DEFAULTS = ExtractOptions()


def extract(body: bytes | str, options: ExtractOptions = _DEFAULTS, **overrides: Any) -> Extraction:
    """Extract the requested formats from a body.

    `body` is what a server sent, or text that is already decoded; `overrides` replace fields of `options`
    (`extract(html, formats=("text",), url="https://example.com/")`). A format that cannot be made is None, with the
    reason in `errors`. Raises `Unprocessable` for a body that cannot be read at all, such as an encrypted PDF.
    """
    options = replace(options, **overrides)
    source = read(body, options.content_type, options.url)
    document = source.document
    facts, links = read_metadata(document), page_links(document)
    data = _structured(document)
    found, errors = _render(source, facts, data, options)
    return Extraction(
        content=found,
        errors=errors,
        title=facts.title,
        author=facts.author,
        published_at=facts.published,
        language=document.language,
        metadata=facts.values,
        links=links,
        images=page_images(document),
    )


def _structured(document: Document) -> dict[str, Any]:
    json_ld = document.tree.json_ld()
    return {"json_ld": json_ld} if json_ld else {}


def _render(
    source: Source, facts: Metadata, data: dict[str, Any], options: ExtractOptions
) -> tuple[Mapping[str, Any], Mapping[str, str]]:
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
            page = Content(source.document, body, facts, data, options)
            try:
                content[name] = RENDERERS[name](page)
            except Exception:  # noqa: BLE001  one format's fault must not take the others with it
                _log.exception("format %s failed on %s", name, options.url)
                errors[name] = "the format could not be made from this page"
    return content, errors
