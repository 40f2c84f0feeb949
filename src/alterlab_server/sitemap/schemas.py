"""The wire types of POST /map."""

from typing import Any

from pydantic import BaseModel, Field

from alterlab_server.discover.schemas import SiteRequest


class MapRequest(SiteRequest):
    """POST /map: the URLs of a site, from its sitemaps and its links."""

    max_pages: int = Field(500, ge=1, le=50_000)
    max_depth: int = Field(3, ge=0, le=10, description="0 is the start page and the sitemap")
    search: str | None = Field(None, min_length=1, max_length=500, description="keep what fits, the best first")
    include_metadata: bool = Field(False, description="fetch each page for its title and description")


class MapResponse(BaseModel):
    """The URLs of a site."""

    map_id: str
    total_urls: int
    urls: list[dict[str, Any]]
    sitemap_found: bool
    stopped_by: str | None = Field(description="why it may have missed some: max_pages, max_followed (pages), deadline")
    robots_txt: dict[str, Any]
    credits_used: int
