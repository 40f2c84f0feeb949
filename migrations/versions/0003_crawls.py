"""crawls"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "crawl_pages",
        sa.Column("crawl_id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("depth", sa.SmallInteger(), nullable=False),
        sa.Column("score", sa.REAL(), nullable=False),
        sa.Column("bucket", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("lane", sa.SmallInteger(), nullable=True),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("tier", sa.Text(), nullable=True),
        sa.Column("status_code", sa.Integer(), nullable=True),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("charged_microcents", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("crawl_id", "fingerprint", name=op.f("pk_crawl_pages")),
    )
    op.create_index(
        "ix_crawl_pages_ended",
        "crawl_pages",
        ["crawl_id", "sequence"],
        unique=False,
        postgresql_where=sa.text("sequence IS NOT NULL"),
    )
    op.create_index(
        "ix_crawl_pages_leased",
        "crawl_pages",
        ["crawl_id", "lane"],
        unique=False,
        postgresql_where=sa.text("state = 'leased'"),
    )
    op.create_index(
        "ix_crawl_pages_pending",
        "crawl_pages",
        ["crawl_id", sa.literal_column("score DESC"), "depth", "number"],
        unique=False,
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_table(
        "crawl_results",
        sa.Column("crawl_id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("crawl_id", "fingerprint", name=op.f("pk_crawl_results")),
    )
    op.create_table(
        "host_slots",
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("next_at", sa.Double(), server_default="0", nullable=False),
        sa.Column("penalty", sa.Double(), server_default="0", nullable=False),
        sa.Column("slowed_at", sa.Double(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("authority", name=op.f("pk_host_slots")),
        prefixes=["UNLOGGED"],
    )
    op.create_table(
        "crawls",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("request", sa.LargeBinary(), nullable=True),
        sa.Column("status", sa.Text(), server_default="discovering", nullable=False),
        sa.Column("stopped_by", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("lane_runs", sa.ARRAY(sa.Integer()), nullable=False),
        sa.Column("discovered", sa.Integer(), server_default="0", nullable=False),
        sa.Column("leased", sa.Integer(), server_default="0", nullable=False),
        sa.Column("completed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("max_depth", sa.SmallInteger(), nullable=False),
        sa.Column("budget", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("current_depth", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("tiers", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("skipped", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("budget_counts", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("holds", sa.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("used_microcents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status IN ('discovering', 'scraping')) = (finished_at IS NULL)", name=op.f("ck_crawls_finished")
        ),
        sa.CheckConstraint(
            "status IN ('discovering', 'scraping', 'completed', 'partial', 'failed', 'cancelled')",
            name=op.f("ck_crawls_status"),
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_crawls_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crawls")),
    )
    op.create_index(op.f("ix_crawls_expires_at"), "crawls", ["expires_at"], unique=False)
    op.create_index(
        "ix_crawls_unfinished",
        "crawls",
        ["organization_id"],
        unique=False,
        postgresql_where=sa.text("finished_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_crawls_unfinished", table_name="crawls", postgresql_where=sa.text("finished_at IS NULL"))
    op.drop_index(op.f("ix_crawls_expires_at"), table_name="crawls")
    op.drop_table("crawls")
    op.drop_table("host_slots")
    op.drop_table("crawl_results")
    op.drop_index("ix_crawl_pages_pending", table_name="crawl_pages", postgresql_where=sa.text("state = 'pending'"))
    op.drop_index("ix_crawl_pages_leased", table_name="crawl_pages", postgresql_where=sa.text("state = 'leased'"))
    op.drop_index("ix_crawl_pages_ended", table_name="crawl_pages", postgresql_where=sa.text("sequence IS NOT NULL"))
    op.drop_table("crawl_pages")
