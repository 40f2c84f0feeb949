"""batches"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "batches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("job_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("webhook_url", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_batches_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
    )
    op.create_index(op.f("ix_batches_expires_at"), "batches", ["expires_at"], unique=False)
    op.create_index(
        "ix_batches_unfinished",
        "batches",
        ["organization_id"],
        unique=False,
        postgresql_where=sa.text("finished_at IS NULL"),
    )
    op.add_column("jobs", sa.Column("batch_id", sa.Uuid(), nullable=True))
    op.create_index(
        "ix_jobs_batch", "jobs", ["batch_id"], unique=False, postgresql_where=sa.text("batch_id IS NOT NULL")
    )


def downgrade() -> None:
    op.drop_index("ix_jobs_batch", table_name="jobs", postgresql_where=sa.text("batch_id IS NOT NULL"))
    op.drop_column("jobs", "batch_id")
    op.drop_index("ix_batches_unfinished", table_name="batches", postgresql_where=sa.text("finished_at IS NULL"))
    op.drop_index(op.f("ix_batches_expires_at"), table_name="batches")
    op.drop_table("batches")
