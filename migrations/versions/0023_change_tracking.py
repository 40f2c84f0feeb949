"""change tracking"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.create_table(
        "crawl_snapshots",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("track", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("crawl_id", sa.Uuid(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_crawl_snapshots_organization_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", "track", "fingerprint", name=op.f("pk_crawl_snapshots")),
    )
    op.create_index(op.f("ix_crawl_snapshots_seen_at"), "crawl_snapshots", ["seen_at"], unique=False)
    op.add_column("crawls", sa.Column("track", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.add_column(
        "crawls", sa.Column("compared", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False)
    )
    op.add_column("crawls", sa.Column("removed", sa.ARRAY(sa.Text()), server_default="{}", nullable=False))


def downgrade() -> None:
    op.drop_column("crawls", "removed")
    op.drop_column("crawls", "compared")
    op.drop_column("crawls", "track")
    op.drop_index(op.f("ix_crawl_snapshots_seen_at"), table_name="crawl_snapshots")
    op.drop_table("crawl_snapshots")
