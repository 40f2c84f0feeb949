"""Tables of crawls. Rows of pages come in thousands: they are written in bulk, and have no foreign keys."""

from sqlalchemy import (
    ARRAY,
    REAL,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from alterlab_server.db import metadata

crawls = Table(
    "crawls",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("organization_id", Uuid, ForeignKey("organizations.id"), nullable=False),
    Column("url", Text, nullable=False),
    # That of its pages, for the usage figures.
    Column("mode", Text, nullable=False, server_default="auto"),
    # The request as JSON, sealed because it may hold cookies and tokens; removed when the crawl ends.
    Column("request", LargeBinary),
    Column("status", Text, nullable=False, server_default="discovering"),
    # Why it ended before all that it had found was scraped: max_pages, budget, balance, max_credits, deadline,
    # duplicates, cancelled, fault.
    Column("stopped_by", Text),
    Column("error", Text),
    # For each lane, how often it was begun: the fence by which a late worker is told that it lost the lane.
    Column("lane_runs", ARRAY(Integer), nullable=False),
    # What the pages add up to, written in the transactions that write the pages.
    Column("discovered", Integer, nullable=False, server_default="0"),
    Column("leased", Integer, nullable=False, server_default="0"),
    Column("completed", Integer, nullable=False, server_default="0"),
    Column("failed", Integer, nullable=False, server_default="0"),
    # Those of the completed ones that came from the cache.
    Column("cached", Integer, nullable=False, server_default="0"),
    Column("max_depth", SmallInteger, nullable=False),
    # These two are 0 for crawls of before they were kept here.
    Column("max_pages", Integer, nullable=False, server_default="0"),
    Column("max_concurrency", SmallInteger, nullable=False, server_default="0"),
    Column("budget", JSONB, nullable=False, server_default="{}"),
    Column("current_depth", SmallInteger, nullable=False, server_default="0"),
    Column("tiers", JSONB, nullable=False, server_default="{}"),
    Column("skipped", JSONB, nullable=False, server_default="{}"),
    Column("budget_counts", JSONB, nullable=False, server_default="{}"),
    # Change tracking: the track as JSON, how many pages are new, changed, unchanged and removed, and which are removed.
    Column("track", JSONB),
    Column("compared", JSONB, nullable=False, server_default="{}"),
    Column("removed", ARRAY(Text), nullable=False, server_default="{}"),
    # Microcents of each hold: the pre-debit, and those that dearer pages made necessary.
    Column("holds", ARRAY(BigInteger), nullable=False),
    Column("used_microcents", BigInteger, nullable=False, server_default="0"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("deadline_at", DateTime(timezone=True), nullable=False),
    Column("finished_at", DateTime(timezone=True)),
    # It has ended, and is told as ended when its file is in the object store.
    Column("exporting", Boolean, nullable=False, server_default="false"),
    Column("expires_at", DateTime(timezone=True), index=True),
    CheckConstraint(
        "status IN ('discovering', 'scraping', 'completed', 'partial', 'failed', 'cancelled')", name="status"
    ),
    CheckConstraint("(status IN ('discovering', 'scraping')) = (finished_at IS NULL)", name="finished"),
    Index("ix_crawls_unfinished", "organization_id", postgresql_where=text("finished_at IS NULL")),
)

crawl_exports = Table(
    "crawl_exports",
    metadata,
    Column("crawl_id", Uuid, ForeignKey("crawls.id", ondelete="CASCADE"), primary_key=True),
    # storage or output, as the fields that ask for them.
    Column("kind", Text, primary_key=True),
    Column("organization_id", Uuid, ForeignKey("organizations.id"), nullable=False),
    Column("format", Text, nullable=False),
    Column("columns", ARRAY(Text), nullable=False),
    # The caller's bucket and credentials as JSON, sealed; removed when the export ends. None is our own store.
    Column("destination", LargeBinary),
    # Where it goes, as it is shown; and the key there, or what the keys of single pages begin with.
    Column("target", Text, nullable=False),
    Column("key", Text, nullable=False),
    # The sequence of the last page that was written.
    Column("cursor", Integer, nullable=False, server_default="0"),
    Column("queued", Boolean, nullable=False, server_default="false"),
    Column("failures", SmallInteger, nullable=False, server_default="0"),
    Column("status", Text, nullable=False),
    Column("error", Text),
    CheckConstraint("kind IN ('storage', 'output')", name="kind"),
    CheckConstraint("status IN ('pending', 'completed', 'failed')", name="status"),
)

crawl_snapshots = Table(
    "crawl_snapshots",
    metadata,
    Column("organization_id", Uuid, ForeignKey("organizations.id"), primary_key=True),
    # As `tracking.values.Track.key`.
    Column("track", Text, primary_key=True),
    Column("fingerprint", BigInteger, primary_key=True, autoincrement=False),
    Column("url", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("content", LargeBinary),
    # The crawl that saw it last; it may have expired.
    Column("crawl_id", Uuid, nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False, index=True),
)

crawl_pages = Table(
    "crawl_pages",
    metadata,
    Column("crawl_id", Uuid, nullable=False),
    Column("fingerprint", BigInteger, nullable=False),
    Column("number", BigInteger, Identity(always=True), nullable=False),
    Column("url", Text, nullable=False),
    Column("authority", Text, nullable=False),
    Column("depth", SmallInteger, nullable=False),
    Column("score", REAL, nullable=False),
    # The pattern of the budget that it counts against.
    Column("bucket", Text),
    # pending, leased, completed, failed, or skipped: known, but not scraped.
    Column("state", Text, nullable=False),
    Column("lane", SmallInteger),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("title", Text),
    # The order in which the pages of a crawl ended, from 1.
    Column("sequence", Integer),
    Column("tier", Text),
    Column("status_code", Integer),
    Column("error_code", Text),
    Column("error", Text),
    Column("charged_microcents", Integer, nullable=False, server_default="0"),
    PrimaryKeyConstraint("crawl_id", "fingerprint"),
    Index(
        "ix_crawl_pages_pending",
        "crawl_id",
        text("score DESC"),
        "depth",
        "number",
        postgresql_where=text("state = 'pending'"),
    ),
    Index("ix_crawl_pages_leased", "crawl_id", "lane", postgresql_where=text("state = 'leased'")),
    Index("ix_crawl_pages_ended", "crawl_id", "sequence", postgresql_where=text("sequence IS NOT NULL")),
)

crawl_results = Table(
    "crawl_results",
    metadata,
    Column("crawl_id", Uuid, nullable=False),
    Column("fingerprint", BigInteger, nullable=False),
    # The page's answer as JSON, compressed with Zstandard.
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("crawl_id", "fingerprint"),
)
