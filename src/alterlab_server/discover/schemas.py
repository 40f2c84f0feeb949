"""What the requests of crawls and maps have in common: which addresses of a site are meant."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from alterlab_server.base.errors import InvalidUrl
from alterlab_server.base.url import join, parse_url
from alterlab_server.frontier.scope import Scope
from alterlab_server.scrape.schemas import MAX_URL_CHARS
from alterlab_server.scrape.schemas.fields import Tolerant

MAX_PATTERNS = 100
Pattern = Annotated[str, StringConstraints(min_length=1, max_length=500)]
Patterns = Annotated[list[Pattern], Field(max_length=MAX_PATTERNS)]


def _on_the_site(path: str) -> str:
    # With a second slash it would name another host; tabs and line breaks are left out before a URL is read.
    if not path.startswith("/") or path[1:2] in ("/", "\\") or any(char < " " or char == "\x7f" for char in path):
        raise ValueError("must be a path on the site, with one slash at its beginning, such as /product-sitemap.xml")
    return path


class SiteRequest(Tolerant):
    """A start page, and which of the addresses that it leads to are wanted."""

    url: str = Field(max_length=MAX_URL_CHARS, examples=["https://example.com/"])
    include_patterns: Patterns = Field(default_factory=list, description="globs on the path")
    exclude_patterns: Patterns = Field(default_factory=list)
    include_subdomains: bool = False
    respect_robots: bool = True
    sitemap: Literal["include", "skip", "only"] = "include"
    sitemap_path: Annotated[str, AfterValidator(_on_the_site)] | None = Field(None, max_length=MAX_URL_CHARS)

    @model_validator(mode="after")
    def _sitemap_can_be_asked_for(self) -> "SiteRequest":
        if self.sitemap_path is not None:
            start = parse_url(self.url)
            try:
                join(start.href, self.sitemap_path)
            except InvalidUrl as error:
                raise InvalidUrl(error.message, field="sitemap_path") from None
        return self

    def scope(self, start: str) -> Scope:
        """Which addresses belong to it; `start` is the normalised URL."""
        return Scope(start, self.include_subdomains, self.include_patterns, self.exclude_patterns)

    def sitemaps(self, start: str, declared: Sequence[str]) -> list[str]:
        """Where to look for sitemaps: the given path, else what robots.txt declares, else the usual place."""
        if self.sitemap_path is not None:
            return [join(start, self.sitemap_path)]
        return list(declared) or [join(start, "/sitemap.xml")]
