"""Run the migrations on the connection, and within the transaction, that ``store.schema`` hands over."""

from alembic import context

from uln_server.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
