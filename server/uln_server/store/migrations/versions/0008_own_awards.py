"""The order in which an organisation reads its own awards, a page at a time."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_award_organisation", "award", ["organisation", "uln", "reference"])
