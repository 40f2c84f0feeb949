"""The table of batches; their items are jobs."""

from sqlalchemy import ARRAY, Column, DateTime, ForeignKey, Index, Table, Text, Uuid, func, text

from alterlab_server.db import metadata

batches = Table(
    "batches",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("organization_id", Uuid, ForeignKey("organizations.id"), nullable=False),
    # In the order of the request.
    Column("job_ids", ARRAY(Uuid), nullable=False),
    Column("webhook_url", Text),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("finished_at", DateTime(timezone=True)),
    Column("expires_at", DateTime(timezone=True), index=True),
    Index("ix_batches_unfinished", "organization_id", postgresql_where=text("finished_at IS NULL")),
)
