"""cached pages of crawls"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "page_counts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("tier_used", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("cached", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_page_counts_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_counts")),
    )
    op.create_index(
        op.f("ix_page_counts_organization_id_created_at"),
        "page_counts",
        ["organization_id", "created_at"],
        unique=False,
    )
    op.add_column("crawls", sa.Column("cached", sa.Integer(), server_default="0", nullable=False))
    op.add_column("page_cache", sa.Column("links", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("page_cache", "links")
    op.drop_column("crawls", "cached")
    op.drop_index(op.f("ix_page_counts_organization_id_created_at"), table_name="page_counts")
    op.drop_table("page_counts")
