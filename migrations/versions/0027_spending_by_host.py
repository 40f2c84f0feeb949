"""spending by host"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.add_column("crawls", sa.Column("mode", sa.Text(), server_default="auto", nullable=False))
    op.add_column("page_counts", sa.Column("charged_microcents", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("page_counts", sa.Column("host", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("page_counts", "host")
    op.drop_column("page_counts", "charged_microcents")
    op.drop_column("crawls", "mode")
