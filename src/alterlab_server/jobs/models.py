"""Tables of jobs, their results and their attempts."""

from sqlalchemy import (
    BigInteger,
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
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from alterlab_server.db import metadata

jobs = Table(
    "jobs",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("organization_id", Uuid, ForeignKey("organizations.id"), nullable=False),
    Column("api_key_id", Uuid, ForeignKey("api_keys.id")),
    Column("url", Text, nullable=False),
    Column("host", Text, nullable=False),
    # The batch it belongs to, if any; a batch is kept by a slice above this one, so there is no foreign key.
    Column("batch_id", Uuid),
    Column("mode", Text, nullable=False),
    # The request as JSON, sealed because it may hold cookies and tokens; removed when the job ends.
    Column("request", LargeBinary),
    Column("status", Text, nullable=False, server_default="pending"),
    # How often a worker has begun it; also the fence by which a late worker is told that it lost the job.
    Column("runs", SmallInteger, nullable=False, server_default="0"),
    Column("held_microcents", BigInteger, nullable=False),
    Column("charged_microcents", BigInteger, nullable=False, server_default="0"),
    Column("tier_used", Text),
    Column("cached", Boolean, nullable=False, server_default="false"),
    Column("target_status", Integer),
    Column("error_status", SmallInteger),
    Column("error_code", Text),
    Column("error", Text),
    Column("error_details", JSONB),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("deadline_at", DateTime(timezone=True), nullable=False),
    Column("started_at", DateTime(timezone=True)),
    Column("finished_at", DateTime(timezone=True)),
    Column("expires_at", DateTime(timezone=True)),
    CheckConstraint("status IN ('pending', 'running', 'completed', 'failed')", name="status"),
    CheckConstraint("(status IN ('completed', 'failed')) = (finished_at IS NOT NULL)", name="finished"),
    Index(None, "organization_id", "created_at"),
    Index("ix_jobs_unfinished", "organization_id", postgresql_where=text("finished_at IS NULL")),
    Index("ix_jobs_overdue", "deadline_at", postgresql_where=text("finished_at IS NULL")),
    Index(None, "expires_at"),
    Index("ix_jobs_batch", "batch_id", postgresql_where=text("batch_id IS NOT NULL")),
)

job_results = Table(
    "job_results",
    metadata,
    Column("job_id", Uuid, ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    # The answer's JSON, compressed with Zstandard by us: about a third of what PostgreSQL's own compression leaves.
    Column("body", LargeBinary, nullable=False),
)

job_attempts = Table(
    "job_attempts",
    metadata,
    Column("job_id", Uuid, ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("position", SmallInteger, primary_key=True),
    Column("tier", Text, nullable=False),
    Column("result", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("duration_ms", Integer, nullable=False),
    Column("status_code", Integer),
)

job_files = Table(
    "job_files",
    metadata,
    # The object's key in the blob store, and the path below /downloads.
    Column("key", Text, primary_key=True),
    Column("organization_id", Uuid, ForeignKey("organizations.id"), nullable=False),
    Column("job_id", Uuid, nullable=False, index=True),
    Column("content_type", Text, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False, index=True),
)

page_counts = Table(
    "page_counts",
    metadata,
    # Pages that were scraped without jobs of their own, by what GET /usage counts: one row for each kind of a source.
    Column("id", Uuid, primary_key=True),
    Column("organization_id", Uuid, ForeignKey("organizations.id"), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("mode", Text, nullable=False),
    Column("tier_used", Text),
    Column("status", Text, nullable=False),
    Column("cached", Boolean, nullable=False, server_default="false"),
    Column("pages", Integer, nullable=False),
    Column("charged_microcents", BigInteger, nullable=False, server_default="0"),
    # The host of the site; NULL for pages of before this was kept here.
    Column("host", Text),
    Index(None, "organization_id", "created_at"),
)

workers = Table(
    "workers",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    # What it can do: the tiers it has, its versions of browser and OCR.
    Column("abilities", JSONB, nullable=False),
    # Its figures in Prometheus' text format.
    Column("metrics", Text, nullable=False, server_default=""),
    Column("started_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("seen_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
