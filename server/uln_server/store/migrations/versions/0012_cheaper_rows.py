"""Rows of jobs and awards without foreign keys, and on SQLite each row of a job in one place.

The migrations repeat the columns rather than import them: a migration stays as it was when tables move on.
"""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")
KEYS = {
    "award": ("fk_award_uln", "fk_award_reference"),
    "job_row": ("fk_job_row_job_id",),
    "job_result": ("fk_job_result_job_id",),
}


def upgrade() -> None:
    """Take the keys away; SQLite can do so only by making the tables anew."""
    if op.get_bind().dialect.name == "postgresql":
        for table, names in KEYS.items():
            for name in names:
                op.drop_constraint(name, table, type_="foreignkey")
        return
    # An index keeps its name when its table loses it.
    op.drop_index("ix_award_organisation", "award")
    _anew("award", _award)
    op.create_index("ix_award_organisation", "award", ["organisation", "uln", "reference"])
    _anew("job_row", _job_row)
    _anew("job_result", _job_result)


def _anew(table: str, make: Callable[[], None]) -> None:
    """Make a table anew under its own name, and put into it what it held."""
    op.rename_table(table, f"{table}_before")
    make()
    op.execute(f"INSERT INTO {table} SELECT * FROM {table}_before")  # noqa: S608  # our own words
    op.drop_table(f"{table}_before")


def _award() -> None:
    op.create_table(
        "award",
        sa.Column("uln", sa.String(10), nullable=False),
        sa.Column("reference", sa.String(8), nullable=False),
        sa.Column("organisation", sa.String(8), nullable=False),
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
        sa.PrimaryKeyConstraint("uln", "reference", "organisation", name="pk_award"),
        sa.CheckConstraint("form IN ('Final', 'Provisional')", name="form"),
    )


def _job_row() -> None:
    _of_a_job("job_row", sa.Column("given", sa.Text(), nullable=False))


def _job_result() -> None:
    _of_a_job(
        "job_result", sa.Column("code", sa.Text(), nullable=False), sa.Column("found", sa.Text(), nullable=False)
    )


def _of_a_job(name: str, *columns: "sa.Column[str]") -> None:
    op.create_table(
        name,
        sa.Column("job_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("job_id", "position", name=f"pk_{name}"),
        sqlite_with_rowid=False,
    )
