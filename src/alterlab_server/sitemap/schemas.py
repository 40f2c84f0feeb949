"""The wire types of POST /map."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints

from alterlab_server.scrape.schemas import MAX_URL_CHARS
from alterlab_server.scrape.schemas.fields import Tolerant

Patterns = Annotated[list[Annotated[str, StringConstraints(min_length=1, max_length=500)]], Field(max_length=100)]


class MapRequest(Tolerant):
    """POST /map: the URLs of a site, from its sitemaps and its links."""

    url: str = Field(max_length=MAX_URL_CHARS, examples=["https://example.com/"])
    max_pages: int = Field(500, ge=1, le=50_000)
    max_depth: int = Field(3, ge=0, le=10, description="0 is the start page and the sitemap")
    include_patterns: Patterns = Field(default_factory=list, description="globs on the path")
    exclude_patterns: Patterns = Field(default_factory=list)
    search: str | None = Field(None, min_length=1, max_length=500, description="keep what fits, the best first")
    sitemap: Literal["include", "skip", "only"] = "include"
    sitemap_path: str | None = Field(None, pattern="^/", max_length=MAX_URL_CHARS)
    include_metadata: bool = Field(False, description="fetch each page for its title and description")
    include_subdomains: bool = False
    respect_robots: bool = True


class MapResponse(BaseModel):
    """The URLs of a site."""

    map_id: str
    total_urls: int
    urls: list[dict[str, Any]]
    sitemap_found: bool
    robots_txt: dict[str, Any]
    credits_used: int
