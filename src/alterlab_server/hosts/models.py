"""The table of when hosts may be asked."""

from sqlalchemy import Column, Double, Table, Text

from alterlab_server.db import metadata

host_slots = Table(
    "host_slots",
    metadata,
    Column("authority", Text, primary_key=True),
    # As `frontier.politeness.HostSlot`: seconds since the epoch.
    Column("next_at", Double, nullable=False, server_default="0"),
    Column("penalty", Double, nullable=False, server_default="0"),
    Column("slowed_at", Double, nullable=False, server_default="0"),
    # A slot that is lost in a crash is refilled by the next requests.
    prefixes=["UNLOGGED"],
)
