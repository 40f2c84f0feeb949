"""Tables of the ledger. Amounts are microcents with their sign: a balance is the sum of its entries."""

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, ForeignKey, Index, Table, Text, Uuid, func

from alterlab_server.db import metadata

ledger_entries = Table(
    "ledger_entries",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=True),
    Column("organization_id", Uuid, ForeignKey("organizations.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("amount", BigInteger, nullable=False),
    # What the entry is about: the job of a hold and of its settlement.
    Column("reference", Uuid),
    Column("idempotency_key", Text, nullable=False, unique=True),
    Column("note", Text),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    CheckConstraint("kind IN ('deposit', 'hold', 'release', 'charge', 'refund')", name="kind"),
    CheckConstraint("(kind IN ('hold', 'charge')) = (amount < 0) OR amount = 0", name="sign"),
    Index(None, "organization_id", "created_at"),
)

balances = Table(
    "balances",
    metadata,
    Column("organization_id", Uuid, ForeignKey("organizations.id"), primary_key=True),
    Column("microcents", BigInteger, nullable=False, server_default="0"),
    CheckConstraint("microcents >= 0", name="never_negative"),
)
