"""From a document to its structured data."""

from collections.abc import Mapping, Sequence
from typing import Any

from alterlab_server.base.errors import BadRequest
from alterlab_server.extract.document import Document
from alterlab_server.extract.options import ExtractOptions
from alterlab_server.extract.structured.found import Found, StructuredData
from alterlab_server.extract.structured.metadata import metadata
from alterlab_server.extract.structured.page import Page
from alterlab_server.extract.structured.profiles.article import ABOUT
from alterlab_server.extract.structured.profiles.generic import GENERIC
from alterlab_server.extract.structured.profiles.table import PROFILE_NAMES, PROFILES, RECOGNITION
from alterlab_server.extract.structured.rules import Profile, Subject, fill, read_profile
from alterlab_server.extract.structured.subjects import subjects_of
from alterlab_server.extract.structured.visible.tables import shown_records

_OF_ONE_THING = frozenset({"product", "recipe", "job_posting", "event", "article"})


def read_structured(document: Document, *, options: ExtractOptions) -> StructuredData:
    """The structured data of a page in the profile that was asked for, or the one the page is recognised as.

    With `promote_schema_org` off the answer is the generic one, and the Schema.org nodes stand beside it as they are.
    Raises BadRequest for a profile that does not exist.
    """
    page = Page(document)
    profile, subjects = _profile(page, options.profile or "auto")
    apart = not options.promote_schema_org and (options.profile or "auto") == "auto"
    fields = fill(GENERIC.rules, page, ()) if apart else read_profile(profile, page, subjects)
    head = metadata(page)
    value: dict[str, Any] = {"@type": (GENERIC if apart else profile).type}
    value |= {name: found.value for name, found in fields.items()}
    if apart:
        value["schema_org"] = [node for graph in page.graphs for node in graph.as_json()]
    if apart or profile is GENERIC:
        value["metadata"] = head
    known = fields | fill([rule for rule in ABOUT if rule.name not in fields], page, subjects)
    return StructuredData(
        value=value,
        profile=profile.name,
        title=_text(known, "title"),
        author=_text(known, "author"),
        published_at=_text(known, "published_at"),
        metadata=head,
        evidence={name: found.evidence() for name, found in known.items()} if options.evidence else {},
    )


def read_lists(document: Document, profile: str) -> list[list[Mapping[str, Any]]]:
    """The lists of things that a page shows: its tables, and unless it is about one thing its cards."""
    entries = None if profile in _OF_ONE_THING else Page(document).entries
    return [*([entries.value] if entries else []), *shown_records(document)]


def _profile(page: Page, name: str) -> tuple[Profile, Sequence[Subject]]:
    """The profile of that name, or the one that the page is recognised as, with the page's main nodes for it."""
    if name not in PROFILE_NAMES:
        raise BadRequest(f"extraction_profile must be one of {', '.join(PROFILE_NAMES)}, not {name!r}")
    if name != "auto":
        return PROFILES[name], subjects_of(PROFILES[name], page)
    for profile, evidence in RECOGNITION:
        if evidence == "declared" and (subjects := subjects_of(profile, page)):
            return profile, subjects
        if evidence == "shown" and profile.recognise is not None and profile.recognise(page):
            return profile, ()
    return GENERIC, ()


def _text(fields: Mapping[str, Found], name: str) -> str | None:
    return fields[name].value if name in fields else None
