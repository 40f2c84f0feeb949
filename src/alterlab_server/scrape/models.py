"""Tables of what scraping learns."""

from sqlalchemy import Column, DateTime, Table, Text, func
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
