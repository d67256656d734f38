"""The message about a job's end: when it is due, how often it was tried, and when it was sent.

The migrations repeat the columns rather than import them: a migration stays as it was when tables move on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Add the columns; about jobs that ended before nobody is told."""
    op.add_column("job", sa.Column("mail_due", INSTANT))
    op.add_column("job", sa.Column("mail_tries", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("job", sa.Column("mailed_at", INSTANT))
    due = sa.text("mail_due IS NOT NULL")
    op.create_index("ix_job_mail_due", "job", ["mail_due"], sqlite_where=due, postgresql_where=due)
