"""PostgreSQL: the one store. Connections, transactions, notifications, the embedded server, migrations."""

from alterlab_server.db.database import Database, Publish, Transaction, raw
from alterlab_server.db.listener import Listener
from alterlab_server.db.metadata import metadata

__all__ = ["Database", "Listener", "Publish", "Transaction", "metadata", "raw"]
