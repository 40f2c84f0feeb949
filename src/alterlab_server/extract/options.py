"""What an extraction is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FORMATS = ("text", "json", "json_v2", "html", "markdown", "rag", "content", "raw")


@dataclass(frozen=True, slots=True)
class ExtractOptions:
    """Options of one extraction; the names and defaults are those of the API.

    `url` is where the content came from (links are made absolute against it), `content_type` the media type
    with its parameters as the server sent it; both may be empty. `schema` is a JSON Schema or the shorthand
    map of name to type. `links` and `images` ask for the addresses of a page's links and images beside the formats.
    """

    formats: tuple[str, ...] = ("markdown", "json")
    url: str = ""
    content_type: str = ""
    filter_content: bool = False
    schema: Mapping[str, Any] | None = None
    profile: str | None = None
    evidence: bool = False
    promote_schema_org: bool = True
    section_filter: Mapping[str, Any] | None = None
    links: bool = False
    images: bool = False
