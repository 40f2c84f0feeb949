"""jobs under way"""

from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    # VOLATILE (the default), so that each call sees what was committed since its statement began. Jobs of batches are
    # bounded by the number of batches.
    op.execute(
        """
        CREATE FUNCTION jobs_under_way(account uuid) RETURNS bigint LANGUAGE plpgsql AS $$
        BEGIN
            RETURN (
                SELECT count(*) FROM jobs
                WHERE organization_id = account AND batch_id IS NULL AND finished_at IS NULL
            );
        END
        $$
        """
    )


def downgrade() -> None:
    op.execute("DROP FUNCTION jobs_under_way(uuid)")
