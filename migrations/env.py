"""Alembic's environment: it runs on the connection that it is given (`alterlab_server.db.migrate`)."""

from alembic import context

# Tables register themselves with the metadata when their module is imported.
import alterlab_server.accounts.models
import alterlab_server.batch.models
import alterlab_server.billing.models
import alterlab_server.crawl.models
import alterlab_server.extractions.models
import alterlab_server.hosts.models
import alterlab_server.jobs.models
import alterlab_server.scrape.models
import alterlab_server.templates.models
import alterlab_server.webhooks.models  # noqa: F401
from alterlab_server.db import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
