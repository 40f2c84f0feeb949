"""What a fetch brings back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Redirect:
    """One hop that was followed: the URL that answered, and its status."""

    url: str
    status_code: int


@dataclass(frozen=True, slots=True)
class Page:
    """A response as it came over the wire, or as a browser rendered it.

    `headers` has lower-case names; a header that came several times is joined with ", " (`set-cookie` with a
    line feed). `body` is decoded from its content encoding and cut at the byte cap; `original_bytes` is the size
    it would have had when known, else None. `files` holds what a browser made beside the page ("screenshot": PNG
    bytes, "pdf": PDF bytes), `action_results` what its actions gave, `cookies` what the target set (name to value),
    `warnings` sentences on what was asked for and could not be done.
    """

    url: str
    final_url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    redirects: tuple[Redirect, ...] = ()
    truncated: bool = False
    original_bytes: int | None = None
    rendered: bool = False
    files: Mapping[str, bytes] = field(default_factory=dict)
    action_results: tuple[Mapping[str, Any], ...] = ()
    cookies: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        """The media type without parameters, lower case; empty when the header is missing."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()
