"""Tables of organizations and their API keys."""

from sqlalchemy import ARRAY, BigInteger, Boolean, Column, DateTime, ForeignKey, LargeBinary, Table, Text, Uuid, func

from alterlab_server.db import metadata

organizations = Table(
    "organizations",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("is_personal", Boolean, nullable=False, server_default="true"),
    # A rate tier given by the operator; NULL means that the balance decides.
    Column("rate_tier", Text),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("organization_id", Uuid, ForeignKey("organizations.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    # SHA-256 of the key: keys are random, so a slow hash would add nothing.
    Column("key_hash", LargeBinary, nullable=False, unique=True),
    Column("key_prefix", Text, nullable=False),
    Column("scopes", ARRAY(Text), nullable=False, server_default="{scrape}"),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("revoked_at", DateTime(timezone=True)),
)

rate_windows = Table(
    "rate_windows",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("window_start", BigInteger, primary_key=True),
    Column("tokens", BigInteger, nullable=False),
    # Losing the counters of the current minute in a crash is harmless; not logging them makes them cheap.
    prefixes=["UNLOGGED"],
)
