"""Whether the catalogue, or the names of organisations and providers, have changed since a record was shown.

The migrations repeat the columns rather than import them: a migration stays as it was when tables move on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# What a learner's record shows of each.
SHOWN = {
    "catalogue_entry": ("key", "reference", "kind", "title", "type", "level", "credit"),
    "organisation": ("ukprn", "name"),
    "provider": ("ukprn", "name"),
}


def upgrade() -> None:
    """Make the table, empty until a list changes, and the triggers that fill it, whoever changes a list."""
    op.create_table(
        "list_state",
        sa.Column("list", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("list", name="pk_list_state"),
    )
    if op.get_bind().dialect.name == "postgresql":
        _on_postgresql()
    else:
        _on_sqlite()


def _on_postgresql() -> None:
    # The same text throughout a transaction, which may change many entries one by one, and never again.
    op.execute(
        "CREATE FUNCTION list_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " INSERT INTO list_state (list, state) VALUES (TG_TABLE_NAME, pg_current_xact_id() || ' ' || now())"
        " ON CONFLICT (list) DO UPDATE SET state = excluded.state WHERE list_state.state <> excluded.state;"
        " RETURN NULL; END $$"
    )
    for table, columns in SHOWN.items():
        op.execute(
            f"CREATE TRIGGER {table}_changed AFTER INSERT OR UPDATE OF {', '.join(columns)} OR DELETE OR TRUNCATE"
            f" ON {table} FOR EACH STATEMENT EXECUTE FUNCTION list_changed()"
        )


def _on_sqlite() -> None:
    for table, columns in SHOWN.items():
        told = (
            f"BEGIN INSERT INTO list_state (list, state) VALUES ('{table}', hex(randomblob(16)))"  # noqa: S608  # our own words
            " ON CONFLICT (list) DO UPDATE SET state = excluded.state; END"
        )
        changed = f"UPDATE OF {', '.join(columns)}"
        for name, event in (("added", "INSERT"), ("changed", changed), ("removed", "DELETE")):
            op.execute(f"CREATE TRIGGER {table}_{name} AFTER {event} ON {table} {told}")
