"""What files of layout 3A say of a learner, and no message does: UCI and UPN."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; nobody has either yet."""
    for name in ("uci", "upn"):
        op.add_column("learner", sa.Column(name, sa.Text()))
