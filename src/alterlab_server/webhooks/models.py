"""Tables of webhooks, and of what was sent to them."""

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from alterlab_server.db import metadata

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("organization_id", Uuid, ForeignKey("organizations.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("host", Text, nullable=False),
    # Topics, `*`, or a group such as `job.*`.
    Column("events", ARRAY(Text), nullable=False),
    Column("secret", LargeBinary, nullable=False),
    Column("is_active", Boolean, nullable=False, server_default="true"),
    # Deliveries given up since the last one that arrived.
    Column("failure_count", Integer, nullable=False, server_default="0"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("organization_id", "url"),
)

webhook_targets = Table(
    "webhook_targets",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("organization_id", Uuid, ForeignKey("organizations.id"), nullable=False),
    # The job, batch, crawl … with which it was given.
    Column("source_id", Uuid, nullable=False, index=True),
    Column("host", Text, nullable=False),
    # Topics it wants; none means all.
    Column("events", ARRAY(Text), nullable=False),
    # URL, secret and headers, sealed together: each may hold a token.
    Column("target", LargeBinary, nullable=False),
    # Repeated in every payload.
    Column("metadata", JSONB, nullable=False, server_default="{}"),
    Column("created_at", DateTime(timezone=True), nullable=False, index=True),
)

webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("organization_id", Uuid, ForeignKey("organizations.id"), nullable=False),
    Column("webhook_id", Uuid, ForeignKey("webhooks.id", ondelete="CASCADE")),
    Column("target_id", Uuid, ForeignKey("webhook_targets.id", ondelete="CASCADE"), index=True),
    Column("event", Text, nullable=False),
    Column("host", Text, nullable=False),
    # The payload, compressed with Zstandard; removed when the delivery ends.
    Column("body", LargeBinary),
    Column("status", Text, nullable=False, server_default="pending"),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    # Both on the clock of the store, which the queue goes by too.
    Column("due_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("leased_until", DateTime(timezone=True)),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("finished_at", DateTime(timezone=True), index=True),
    CheckConstraint("num_nonnulls(webhook_id, target_id) = 1", name="receiver"),
    CheckConstraint("status IN ('pending', 'delivered', 'failed', 'cancelled')", name="status"),
    CheckConstraint("(status = 'pending') = (finished_at IS NULL)", name="finished"),
    Index(None, "webhook_id", "created_at"),
    Index(
        "ix_webhook_deliveries_pending",
        "organization_id",
        "due_at",
        postgresql_where=text("status = 'pending'"),
    ),
    # Those that are being sent now, which are few among many that wait.
    Index(
        "ix_webhook_deliveries_leased",
        "organization_id",
        "host",
        postgresql_where=text("leased_until IS NOT NULL"),
    ),
)

webhook_attempts = Table(
    "webhook_attempts",
    metadata,
    Column("delivery_id", Uuid, ForeignKey("webhook_deliveries.id", ondelete="CASCADE"), primary_key=True),
    Column("number", SmallInteger, primary_key=True),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("duration_ms", Integer, nullable=False),
    Column("status_code", Integer),
    Column("error", Text),
)
