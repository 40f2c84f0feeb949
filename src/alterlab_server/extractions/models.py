"""The table of extractions."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
)

from alterlab_server.db import metadata

extractions = Table(
    "extractions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("organization_id", Uuid, ForeignKey("organizations.id"), nullable=False),
    Column("profile", Text),
    Column("formats", ARRAY(Text), nullable=False),
    Column("content_chars", Integer, nullable=False),
    Column("charged_microcents", BigInteger, nullable=False),
    Column("latency_ms", Integer, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Index(None, "organization_id", "created_at"),
)
