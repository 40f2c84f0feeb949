"""What structured extraction gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from alterlab_server.extract.structured.normalise.text import plain

# A passage is shown to a reader as evidence, not used as content.
MAX_PASSAGE = 300


@dataclass(frozen=True, slots=True)
class Found:
    """A field's value with where it was read: the source's name, and the text or raw value as it stands there."""

    value: Any
    source: str
    raw: Any

    @property
    def text(self) -> str:
        """The passage that was read, as one line."""
        return plain(self.raw) or (self.raw.strip() if isinstance(self.raw, str) else "")

    def evidence(self) -> dict[str, Any]:
        """The value's provenance as the API shows it."""
        return {"text": self.text[:MAX_PASSAGE], "source": self.source, "selector": None}


@dataclass(frozen=True, slots=True)
class StructuredData:
    """The structured data of one page.

    `value` is the `json` format; `profile` the name of the profile that shaped it. `title`, `author`, `published_at`
    (ISO 8601) and `metadata` are those of the page whatever its profile. `evidence` has the passage and the source of
    each of these and of each field of `value`, where it was asked for.
    """

    value: Mapping[str, Any]
    profile: str
    title: str | None = None
    author: str | None = None
    published_at: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    evidence: Mapping[str, Any] = field(default_factory=dict)
