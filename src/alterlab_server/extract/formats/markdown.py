"""markdown: the body in GitHub's flavour."""

from turbohtml import Markdown

from alterlab_server.extract.formats.content import Content


def render(content: Content) -> str:
    """The body as markdown, links and images absolute."""
    if content.document.base_url:
        content.body.resolve_links(content.document.base_url)
    return content.body.to_markdown(Markdown()).strip()
