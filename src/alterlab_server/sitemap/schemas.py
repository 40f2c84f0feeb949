"""The wire types of POST /map."""

from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints

from alterlab_server.discover.schemas import SiteRequest

MAX_PAGES = 50_000
Search = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]


class MapRequest(SiteRequest):
    """POST /map: the URLs of a site, from its sitemaps and its links."""

    max_pages: int = Field(500, ge=1, le=MAX_PAGES)
    max_depth: int = Field(3, ge=0, le=10, description="0 is the start page and the sitemap")
    search: Search | None = Field(None, description="keep what fits, the best first")
    include_metadata: bool = Field(False, description="fetch each page for its title and description")


class MapResponse(BaseModel):
    """The URLs of a site."""

    map_id: str
    total_urls: int
    urls: list[dict[str, Any]]
    sitemap_found: bool
    stopped_by: str | None = Field(
        description="why it may have missed some: max_pages, max_followed (pages), max_entries, max_sitemaps, deadline"
    )
    robots_txt: dict[str, Any]
    credits_used: int
