"""The tables of batches; their items are jobs."""

from sqlalchemy import ARRAY, Boolean, Column, DateTime, ForeignKey, Index, SmallInteger, Table, Text, Uuid, func, text

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

# The items that have not ended, of hosts of which a batch has more than it may ask for at a time.
batch_items = Table(
    "batch_items",
    metadata,
    Column("job_id", Uuid, primary_key=True),
    Column("batch_id", Uuid, ForeignKey("batches.id", ondelete="CASCADE"), nullable=False),
    Column("host", Text, nullable=False),
    Column("position", SmallInteger, nullable=False),
    Column("queued", Boolean, nullable=False),
    Index("ix_batch_items_waiting", "batch_id", "host", "position", postgresql_where=text("NOT queued")),
)
