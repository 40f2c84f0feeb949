"""items of batches that take turns"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.create_table(
        "batch_items",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("queued", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_batch_items_batch_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_batch_items")),
    )
    op.create_index(
        "ix_batch_items_waiting",
        "batch_items",
        ["batch_id", "host", "position"],
        unique=False,
        postgresql_where=sa.text("NOT queued"),
    )


def downgrade() -> None:
    op.drop_index("ix_batch_items_waiting", table_name="batch_items", postgresql_where=sa.text("NOT queued"))
    op.drop_table("batch_items")
