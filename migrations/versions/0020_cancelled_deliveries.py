"""cancelled deliveries"""

from alembic import op

revision = "0020"
down_revision = "0011"

_NAME, _TABLE = "ck_webhook_deliveries_status", "webhook_deliveries"


def upgrade() -> None:
    op.drop_constraint(op.f(_NAME), _TABLE)
    op.create_check_constraint(op.f(_NAME), _TABLE, "status IN ('pending', 'delivered', 'failed', 'cancelled')")


def downgrade() -> None:
    op.execute("DELETE FROM webhook_deliveries WHERE status = 'cancelled'")
    op.drop_constraint(op.f(_NAME), _TABLE)
    op.create_check_constraint(op.f(_NAME), _TABLE, "status IN ('pending', 'delivered', 'failed')")
