"""json: the structured data of the page."""

from typing import Any

from alterlab_server.extract.formats.content import Content


def render(content: Content) -> dict[str, Any]:
    """The page's data with the metadata around it."""
    facts = content.metadata
    generic = {
        "title": facts.title,
        "description": facts.values.get("description"),
        "author": facts.author,
        "published_at": facts.published,
        "metadata": facts.values,
    }
    return {name: value for name, value in generic.items() if value} | content.data
