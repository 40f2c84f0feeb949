"""max_pages of crawls"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.add_column("crawls", sa.Column("max_pages", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("crawls", "max_pages")
