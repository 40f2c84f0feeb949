"""What the formats are rendered from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from turbohtml import Element

from alterlab_server.extract.document import Document
from alterlab_server.extract.flow import read_flow
from alterlab_server.extract.flow.model import Block, Heading
from alterlab_server.extract.heading import headed
from alterlab_server.extract.options import ExtractOptions


@dataclass(frozen=True)
class Content:
    """A page, understood: its body cut out of the tree, with its words, its heading, its structured data (the `json`
    format), and its links."""

    document: Document
    body: Element
    words: int
    title: str | None
    heading: Heading | None
    data: Any
    links: Sequence[Mapping[str, Any]]
    options: ExtractOptions

    @cached_property
    def flow(self) -> Sequence[Block]:
        """The body as blocks below the page's heading, read once for all formats that need them."""
        return headed(read_flow(self.body, self.document), self.heading)
