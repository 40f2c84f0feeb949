"""What an extraction gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Extraction:
    """One page, extracted.

    `content` has a key for each requested format, None where it failed, with the reason under the same key in
    `errors`. `published_at` is ISO 8601. `content_truncated` and `quality_warning` are the API's objects or None.
    `links` and `images` are the absolute http(s) addresses of the page in document order, without repeats; None where
    the options do not ask for them.
    """

    content: Mapping[str, Any]
    title: str | None = None
    author: str | None = None
    published_at: str | None = None
    language: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    filtered_content: Any = None
    evidence: Mapping[str, Any] | None = None
    page_type: str | None = None
    content_quality: Mapping[str, Any] | None = None
    quality_warning: Mapping[str, Any] | None = None
    content_truncated: Mapping[str, Any] | None = None
    links: tuple[str, ...] | None = None
    images: tuple[str, ...] | None = None
