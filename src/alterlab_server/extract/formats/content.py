"""What the formats are rendered from."""

from dataclasses import dataclass
from typing import Any

from turbohtml import Element

from alterlab_server.extract.document import Document
from alterlab_server.extract.options import ExtractOptions


@dataclass(frozen=True, slots=True)
class Content:
    """A page, understood: its body cut out of the tree, and its structured data (the `json` format)."""

    document: Document
    body: Element
    data: Any
    options: ExtractOptions
