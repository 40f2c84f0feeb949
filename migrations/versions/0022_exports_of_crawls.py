"""exports of crawls"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.create_table(
        "crawl_exports",
        sa.Column("crawl_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("columns", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("destination", sa.LargeBinary(), nullable=True),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("cursor", sa.Integer(), server_default="0", nullable=False),
        sa.Column("queued", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("failures", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.CheckConstraint("kind IN ('storage', 'output')", name=op.f("ck_crawl_exports_kind")),
        sa.CheckConstraint("status IN ('pending', 'completed', 'failed')", name=op.f("ck_crawl_exports_status")),
        sa.ForeignKeyConstraint(
            ["crawl_id"], ["crawls.id"], name=op.f("fk_crawl_exports_crawl_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_crawl_exports_organization_id")
        ),
        sa.PrimaryKeyConstraint("crawl_id", "kind", name=op.f("pk_crawl_exports")),
    )
    op.add_column("crawls", sa.Column("exporting", sa.Boolean(), server_default="false", nullable=False))


def downgrade() -> None:
    op.drop_column("crawls", "exporting")
    op.drop_table("crawl_exports")
