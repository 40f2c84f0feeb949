"""extractions and their templates"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "extractions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("profile", sa.Text(), nullable=True),
        sa.Column("formats", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("content_chars", sa.Integer(), nullable=False),
        sa.Column("charged_microcents", sa.BigInteger(), nullable=False),
        sa.Column("latency_ms", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_extractions_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extractions")),
    )
    op.create_index(
        op.f("ix_extractions_organization_id_created_at"),
        "extractions",
        ["organization_id", "created_at"],
        unique=False,
    )
    op.create_table(
        "extraction_templates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("schema", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_extraction_templates_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extraction_templates")),
        sa.UniqueConstraint("organization_id", "name", name=op.f("uq_extraction_templates_organization_id_name")),
    )


def downgrade() -> None:
    op.drop_table("extraction_templates")
    op.drop_index(op.f("ix_extractions_organization_id_created_at"), table_name="extractions")
    op.drop_table("extractions")
