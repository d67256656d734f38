"""Files that are handed in through folders.

The migrations repeat the columns rather than import them: a migration stays as it was when tables move on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")
ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "intake_file",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("ukprn", sa.String(8), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("filed_as", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64)),
        sa.Column("parts", sa.Text(), nullable=False, server_default="[]"),
        sa.Column("taken_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT),
        sa.Column("claim", sa.String(32)),
        sa.Column("free_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_intake_file"),
        sa.UniqueConstraint("token", name="uq_intake_file_token"),
        sa.UniqueConstraint("organisation_id", "filed_as", name="uq_intake_file_organisation_id_filed_as"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_intake_file_organisation_id"),
    )
    unfinished = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_intake_file_unfinished", "intake_file", ["id"], sqlite_where=unfinished, postgresql_where=unfinished
    )
    op.create_index("ix_intake_file_digest", "intake_file", ["organisation_id", "digest"])
