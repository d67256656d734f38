"""SQLAlchemy Core: tables, statements, units of work; the only place that knows a database."""
