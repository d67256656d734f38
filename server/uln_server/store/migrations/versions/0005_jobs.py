"""Jobs, their rows and results; and on PostgreSQL the tables of procrastinate, which carries them to the workers.

The migrations repeat the columns rather than import them: a migration stays as it was when tables move on.
procrastinate's tables are made by the schema of the release that is pinned. Its own scripts, one upon the other,
add a value to a type and use it, which PostgreSQL 15 allows in two transactions only, and this is one. Whoever
pins another release keeps a copy of this one's schema here, and adds a migration that runs the scripts in between.
"""

from importlib import metadata, resources

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")
RELEASE = "3.10.0"


def upgrade() -> None:
    """Make the tables, and let the JobIDs begin."""
    _job()
    _of_a_job("job_row", sa.Column("given", sa.Text(), nullable=False))
    _of_a_job(
        "job_result", sa.Column("code", sa.Text(), nullable=False), sa.Column("found", sa.Text(), nullable=False)
    )
    op.create_table(
        "job_turn",
        sa.Column("organisation_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", name="pk_job_turn"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_job_turn_organisation_id"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER SEQUENCE job_id_seq START 100001 RESTART")
        _procrastinate()
    else:
        op.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('job', 100000)")


def _job() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("ukprn", sa.String(8), nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("wsa_message_id", sa.Text()),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("given", sa.Text(), nullable=False),
        sa.Column("submitted_at", INSTANT, nullable=False),
        sa.Column("started_at", INSTANT),
        sa.Column("finished_at", INSTANT),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("counts", sa.Text(), nullable=False, server_default="{}"),
        sa.Column("rejection", sa.Text()),
        sa.Column("claim", sa.String(32)),
        sa.Column("free_at", INSTANT, nullable=False),
        sa.Column("turn_at", INSTANT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("id", name="pk_job"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_job_organisation_id"),
        sa.CheckConstraint("id BETWEEN 100001 AND 2147483647", name="number"),
        sa.CheckConstraint("done BETWEEN 0 AND rows", name="done"),
        sqlite_autoincrement=True,
    )
    unfinished = sa.text("status IN ('Waiting', 'InProgress')")
    op.create_index("ix_job_unfinished", "job", ["free_at"], sqlite_where=unfinished, postgresql_where=unfinished)
    op.create_index("ix_job_digest", "job", ["organisation_id", "digest"])
    op.create_index("ix_job_wsa_message_id", "job", ["organisation_id", "wsa_message_id"])
    op.create_index("ix_job_finished_at", "job", ["finished_at"])


def _of_a_job(name: str, *columns: "sa.Column[str]") -> None:
    op.create_table(
        name,
        sa.Column("job_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("job_id", "position", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=f"fk_{name}_job_id"),
    )


def _procrastinate() -> None:
    if metadata.version("procrastinate") != RELEASE:
        raise RuntimeError(f"The queue's tables are those of procrastinate {RELEASE}: install that release.")
    # The driver's own connection: a script holds many statements, and a percent sign in it is one.
    connection = op.get_bind().connection.driver_connection
    if connection is None:
        raise RuntimeError("The migration has lost its connection.")
    script = resources.files("procrastinate") / "sql" / "schema.sql"
    connection.execute(script.read_text(encoding="utf-8"))
