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
    apart,
    is_away,
    raw,
)
from alterlab_server.db.listener import Listener
from alterlab_server.db.metadata import metadata
from alterlab_server.db.patience import outlasting

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
    "apart",
    "is_away",
    "metadata",
    "outlasting",
    "raw",
]
