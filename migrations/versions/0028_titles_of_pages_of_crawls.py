"""titles of pages of crawls"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.add_column("crawl_pages", sa.Column("title", sa.Text(), nullable=True))
    op.add_column("crawls", sa.Column("max_concurrency", sa.SmallInteger(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("crawls", "max_concurrency")
    op.drop_column("crawl_pages", "title")
