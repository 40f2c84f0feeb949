"""json: the structured data of the page, in the caller's schema where one was given."""

from typing import Any

from alterlab_server.extract.formats.inputs import Content


def render(content: Content) -> Any:
    """The page's fields by name."""
    return content.data
