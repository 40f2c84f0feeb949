"""figures of workers"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("workers", sa.Column("metrics", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("workers", "metrics")
