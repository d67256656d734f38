"""Alembic's migrations of the register; run by ``store.schema``."""
