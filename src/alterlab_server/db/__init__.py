"""PostgreSQL: the one store. Connections, transactions, notifications, the embedded server, migrations."""

from alterlab_server.db.compiled import Compiled
from alterlab_server.db.database import (
    STORE_ERRORS,
    Condition,
    Database,
    Heard,
    IdColumn,
    Publish,
    Transaction,
    is_away,
    raw,
)
from alterlab_server.db.listener import Listener
from alterlab_server.db.metadata import metadata

__all__ = [
    "STORE_ERRORS",
    "Compiled",
    "Condition",
    "Database",
    "Heard",
    "IdColumn",
    "Listener",
    "Publish",
    "Transaction",
    "is_away",
    "metadata",
    "raw",
]
