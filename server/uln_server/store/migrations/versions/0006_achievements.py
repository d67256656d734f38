"""Awards, what happened to each of them, and the reasons that were given.

The migrations repeat the columns rather than import them: a migration stays as it was when tables move on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")
ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEY = ("uln", "reference", "organisation")
CHANGE = (*KEY, "version")


def upgrade() -> None:
    """Make the tables."""
    _award()
    _award_event()
    op.create_table(
        "award_reason",
        *_key(),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(*CHANGE, name="pk_award_reason"),
    )
    _only_appended("award_event", ("id",))
    _only_appended("award_reason", CHANGE)


def _key() -> tuple["sa.Column[str]", ...]:
    return (
        sa.Column("uln", sa.String(10), nullable=False),
        sa.Column("reference", sa.String(8), nullable=False),
        sa.Column("organisation", sa.String(8), nullable=False),
    )


def _award() -> None:
    op.create_table(
        "award",
        *_key(),
        sa.Column("award_date", sa.String(10), nullable=False),
        sa.Column("provider_ukprn", sa.String(8), nullable=False),
        *(sa.Column(name, sa.Text()) for name in ("grade", "language", "mis_identifier")),
        sa.Column("details_at", INSTANT, nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("withdrawn_at", INSTANT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint(*KEY, name="pk_award"),
        sa.ForeignKeyConstraint(["uln"], ["learner.uln"], name="fk_award_uln"),
        sa.ForeignKeyConstraint(["reference"], ["catalogue_entry.key"], name="fk_award_reference"),
        sa.CheckConstraint("form IN ('Final', 'Provisional')", name="form"),
    )


def _award_event() -> None:
    op.create_table(
        "award_event",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        *_key(),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("action_at", INSTANT, nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("user_name", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_award_event"),
        sa.UniqueConstraint(*CHANGE, name="uq_award_event_uln_reference_organisation_version"),
    )


def _only_appended(table: str, key: tuple[str, ...]) -> None:
    if op.get_bind().dialect.name == "postgresql":
        # The function is 0002's.
        op.execute(
            f"CREATE TRIGGER {table}_only_appended BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION only_appended()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_not_truncated BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION only_appended()"
        )
        return
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    op.execute(f"CREATE TRIGGER {table}_not_updated BEFORE UPDATE ON {table} {refuse}")
    kept = "WHEN (SELECT kind FROM register) = 'production'"
    op.execute(f"CREATE TRIGGER {table}_not_deleted BEFORE DELETE ON {table} {kept} {refuse}")
    # INSERT OR REPLACE deletes without asking the trigger above.
    same = " AND ".join(f"{name} = NEW.{name}" for name in key)
    there = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608  # our own words
    op.execute(f"CREATE TRIGGER {table}_not_replaced BEFORE INSERT ON {table} {there} {refuse}")
