"""Tables of what scraping learns."""

from sqlalchemy import Column, DateTime, ForeignKey, LargeBinary, Table, Text, Uuid, func
from sqlalchemy.dialects.postgresql import JSONB

from alterlab_server.db import metadata

host_memory = Table(
    "host_memory",
    metadata,
    Column("host", Text, primary_key=True),
    # Weighted counts per tier, as `fetch.memory` writes them.
    Column("memory", JSONB, nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now(), index=True),
)

page_cache = Table(
    "page_cache",
    metadata,
    # A digest of the organization and of all that shapes the answer (`scrape.cache.key`).
    Column("key", LargeBinary, primary_key=True),
    Column("organization_id", Uuid, ForeignKey("organizations.id"), nullable=False),
    Column("body", LargeBinary, nullable=False),
    # The addresses that the page links to, for a crawl that goes on from them.
    Column("links", LargeBinary),
    Column("cached_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False, index=True),
)
