"""From bytes to formats: the order of the steps."""

import gc
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from turbohtml import Element

from alterlab_server.base.errors import ServiceError
from alterlab_server.base.url import for_log
from alterlab_server.extract.body import carve_body
from alterlab_server.extract.bounds import cut_output
from alterlab_server.extract.document import Document
from alterlab_server.extract.formats import RENDERERS, Content
from alterlab_server.extract.formats.json_v2 import section_filter
from alterlab_server.extract.formats.text import plain_text
from alterlab_server.extract.heading import page_heading
from alterlab_server.extract.links import page_images, page_links
from alterlab_server.extract.options import ExtractOptions
from alterlab_server.extract.quality import content_quality, quality_warning
from alterlab_server.extract.readers import Source, read
from alterlab_server.extract.result import Extraction
from alterlab_server.extract.roles import page_links_by_role
from alterlab_server.extract.schema import asks_for_lists, filter_by_schema, sources
from alterlab_server.extract.structured import StructuredData, read_lists, read_structured
from alterlab_server.extract.structured.profiles.article import ARTICLE
from alterlab_server.extract.structured.profiles.generic import GENERIC
from alterlab_server.extract.tidy import tidy

_log = logging.getLogger(__name__)
_NO_CONTENT = "the page has no readable content"
_FAULT = "the format could not be made from this page"
_NO_TEXT = "the body is no text, so it cannot stand here unchanged"
# What a schema chose, among the errors of the formats.
FILTERED = "filtered_content"
_DEFAULTS = ExtractOptions()
_WITH_ROLES = frozenset({"json_v2", "content"})


def extract(body: bytes | str, options: ExtractOptions = _DEFAULTS, **overrides: Any) -> Extraction:
    """Extract the requested formats from a body.

    `body` is what a server sent, or text that is already decoded; `overrides` replace fields of `options`
    (`extract(html, formats=("text",), url="https://example.com/")`). A format that cannot be made is None, with the
    reason in `errors`; so is what a schema chose, under `filtered_content`. Raises `Unprocessable` for a body that
    cannot be read at all, such as an encrypted PDF, and `BadRequest` for a profile, a schema or a section filter that
    is none.
    """
    options = replace(options, **overrides)
    with _collector_paused():
        return _extract(body, options)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Without the cyclic garbage collector: the many small objects of a page hold no cycles and die together."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _extract(body: bytes | str, options: ExtractOptions) -> Extraction:
    section_filter(options.section_filter)
    source = read(body, options.content_type, options.url)
    document = source.document
    data, faults = _structured(document, options)
    links = page_links(document) if options.links else None
    images = page_images(document) if options.images else None
    roles = page_links_by_role(document) if _WITH_ROLES.intersection(options.formats) else []
    heading = None if source.whole else page_heading(document, data.title)
    lists = read_lists(document, data.profile) if options.schema and asks_for_lists(options.schema) else ()
    carved = carve_body(document, whole=source.whole, strict=options.filter_content)
    tidy(document)
    filtered, evidence = None, data.evidence
    if options.schema is not None and not faults:
        own = _own_fields(source)
        fields = _fields(data, document, carved.element) | own
        filtered = filter_by_schema(fields, options.schema, [*_own_lists(own), *lists])
        evidence = _evidence(data, fields, options)
    shown = _shown(data, carved.element, options) if filtered is None else filtered
    content = Content(document, carved.element, carved.words, data.title, heading, shown, roles, options)
    quality = content_quality(carved)
    verbatim = {name: value for name, value in source.verbatim.items() if name != "json" or filtered is None}
    found, errors, cut = _render(content, verbatim, faults, empty=not quality["word_count"])
    return Extraction(
        content=found,
        errors=errors,
        title=data.title,
        author=data.author,
        published_at=data.published_at,
        language=document.language,
        metadata=data.metadata,
        filtered_content=filtered,
        evidence=evidence if options.evidence else None,
        page_type=carved.page_type,
        content_quality=quality,
        quality_warning=quality_warning(quality, carved, len(body)),
        content_truncated=source.truncated or cut,
        links=links,
        images=images,
    )


def _structured(document: Document, options: ExtractOptions) -> tuple[StructuredData, Mapping[str, str]]:
    """The structured data, and why what is made of it cannot be made, by name, where reading it failed."""
    try:
        return read_structured(document, options=options), {}
    except ServiceError:
        raise
    except Exception:  # noqa: BLE001  a fault in one source must not take the text with it
        _log.exception("structured data failed on %s", for_log(options.url))
        made = ("json",) if options.schema is None else ("json", FILTERED)
        return StructuredData({}, GENERIC.name), dict.fromkeys(made, _FAULT)


def _shown(data: StructuredData, body: Element, options: ExtractOptions) -> Mapping[str, Any]:
    """The `json` format without a schema; an article that is asked for as such has its text."""
    if options.profile != ARTICLE.name or data.value.get("body"):
        return data.value
    return {**data.value, "body": plain_text(body)}


def _fields(data: StructuredData, document: Document, body: Element) -> dict[str, Any]:
    """What a caller's schema chooses from: the structured data, and what is known of any page behind it."""
    known = {
        "body": plain_text(body),
        "title": data.title,
        "author": data.author,
        "published_at": data.published_at,
        "description": data.metadata.get("description"),
        "url": document.url or None,
        "language": document.language,
        "metadata": data.metadata,
    }
    return {name: value for name, value in known.items() if value} | dict(data.value)


def _own_fields(source: Source) -> dict[str, Any]:
    """The fields of a body that is JSON; a list stands under a name of its own."""
    own = source.verbatim.get("json")
    if isinstance(own, list):
        return {"items": own}
    return {name: value for name, value in own.items() if value is not None} if isinstance(own, dict) else {}


def _own_lists(fields: Mapping[str, Any]) -> list[list[dict[str, Any]]]:
    """The lists of things among the fields of a body that is JSON."""
    found = (value for value in fields.values() if isinstance(value, list))
    return [things for value in found if (things := [thing for thing in value if isinstance(thing, dict)])]


def _evidence(data: StructuredData, fields: Mapping[str, Any], options: ExtractOptions) -> Mapping[str, Any]:
    """The evidence of the fields, also by the names that the caller's schema has for them."""
    if not options.evidence:
        return data.evidence
    taken = sources(fields, options.schema)
    return {name: data.evidence[field] for name, field in taken.items() if field in data.evidence} | {**data.evidence}


def _render(
    page: Content, verbatim: Mapping[str, Any], faults: Mapping[str, str], *, empty: bool
) -> tuple[Mapping[str, Any], Mapping[str, str], Mapping[str, Any] | None]:
    """The requested formats, the errors of those that failed, and the note on the first that was cut."""
    content: dict[str, Any] = {}
    errors = {name: fault for name, fault in faults.items() if name == FILTERED}
    note: Mapping[str, Any] | None = None
    for name in page.options.formats:
        content[name] = None
        if name in verbatim:
            content[name] = verbatim[name]
        elif name in faults:
            errors[name] = faults[name]
        elif name not in RENDERERS:
            errors[name] = _NO_TEXT if name == "raw" else f"there is no format {name!r}"
        elif empty and name != "json":
            errors[name] = _NO_CONTENT
        else:
            content[name], cut = _rendered(name, page, errors)
            note = note or cut
    return content, errors, note


def _rendered(name: str, page: Content, errors: dict[str, str]) -> tuple[Any, Mapping[str, Any] | None]:
    try:
        value = RENDERERS[name](page)
    except Exception:  # noqa: BLE001  one format's fault must not take the others with it
        _log.exception("format %s failed on %s", name, for_log(page.options.url))
        errors[name] = _FAULT
        return None, None
    return cut_output(value) if isinstance(value, str) else (value, None)
