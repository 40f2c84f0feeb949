"""What every reader gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from alterlab_server.extract.document import Document


@dataclass(frozen=True, slots=True)
class Source:
    """A body, read: as a parsed document, with the formats that it already is.

    `verbatim` maps a format to its value where the body needs no conversion (the text of a text file, the value of
    a JSON file, always `raw`). `whole` says that all of the document is content: there is no page around it.
    `truncated` is the API's note on what was left out, None when all was read.
    """

    document: Document
    verbatim: Mapping[str, Any] = field(default_factory=dict)
    whole: bool = False
    truncated: Mapping[str, Any] | None = None
