"""The catalogue of qualifications and units, and the list of providers.

The migrations repeat the columns rather than import them: a migration stays as it was when tables move on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")
ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEY = sa.String(8)
UKPRN = sa.String(8)
DATE = sa.String(10)


def upgrade() -> None:
    """Make the tables."""
    _entries()
    _events()
    _combinations()
    _exceptions()
    op.create_table(
        "provider",
        sa.Column("ukprn", UKPRN, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("ukprn", name="pk_provider"),
    )


_HOURS = (
    *("guided_learning_hours", "minimum_guided_learning_hours", "maximum_guided_learning_hours"),
    "total_qualification_time",
)
_DATES = ("regulation_start", "operational_start", "operational_end", "certification_end", "review", "expiry")


def _entries() -> None:
    op.create_table(
        "catalogue_entry",
        sa.Column("key", KEY, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("reference", "kind", "title")),
        *(sa.Column(name, sa.Text()) for name in ("type", "level", "sub_level")),
        *(sa.Column(name, sa.Integer()) for name in ("credit", *_HOURS)),
        sa.Column("subject_area", sa.Text()),
        sa.Column("owner_ukprn", UKPRN),
        *(sa.Column(name, sa.Text()) for name in ("owner_recognition_number", "owner_name", "owner_acronym")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("availability", "listed")),
        *(sa.Column(name, sa.Text()) for name in ("grading_type", "grades")),
        *(sa.Column(name, DATE) for name in _DATES),
        *(sa.Column(name, sa.Text()) for name in ("countries", "component_role")),
        sa.Column("other", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", INSTANT),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_catalogue_entry"),
        sa.CheckConstraint("owner_ukprn IS NOT NULL OR owner_recognition_number IS NOT NULL", name="owned"),
    )
    for name in ("owner_ukprn", "owner_recognition_number"):
        op.create_index(f"ix_catalogue_entry_{name}", "catalogue_entry", [name])
    op.create_table(
        "recognition",
        sa.Column("recognition_number", sa.Text(), nullable=False),
        sa.Column("ukprn", UKPRN, nullable=False),
        sa.PrimaryKeyConstraint("recognition_number", name="pk_recognition"),
    )
    op.create_index("ix_recognition_ukprn", "recognition", ["ukprn"])


def _events() -> None:
    op.create_table(
        "catalogue_event",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text()),
        sa.Column("user_name", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_event"),
    )
    op.create_index("ix_catalogue_event_key", "catalogue_event", ["key"])
    if op.get_bind().dialect.name == "postgresql":
        # The function is 0002's.
        op.execute(
            "CREATE TRIGGER catalogue_event_only_appended BEFORE UPDATE OR DELETE ON catalogue_event"
            " FOR EACH ROW EXECUTE FUNCTION only_appended()"
        )
        op.execute(
            "CREATE TRIGGER catalogue_event_not_truncated BEFORE TRUNCATE ON catalogue_event"
            " FOR EACH STATEMENT EXECUTE FUNCTION only_appended()"
        )
        return
    refuse = "BEGIN SELECT RAISE(ABORT, 'catalogue_event is append-only'); END"
    op.execute(f"CREATE TRIGGER catalogue_event_not_updated BEFORE UPDATE ON catalogue_event {refuse}")
    kept = "WHEN (SELECT kind FROM register) = 'production'"
    op.execute(f"CREATE TRIGGER catalogue_event_not_deleted BEFORE DELETE ON catalogue_event {kept} {refuse}")
    # INSERT OR REPLACE deletes without asking the trigger above.
    there = "WHEN EXISTS (SELECT 1 FROM catalogue_event WHERE id = NEW.id)"
    op.execute(f"CREATE TRIGGER catalogue_event_not_replaced BEFORE INSERT ON catalogue_event {there} {refuse}")


def _combinations() -> None:
    op.create_table(
        "combination_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("qualification", KEY, nullable=False),
        sa.Column("parent_id", sa.Integer()),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        *(
            sa.Column(f"{least}_{what}", sa.Integer())
            for what in ("credit", "entries")
            for least in ("minimum", "maximum")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_combination_group"),
        _entry("combination_group", "qualification"),
        sa.ForeignKeyConstraint(["parent_id"], ["combination_group.id"], name="fk_combination_group_parent_id"),
    )
    for name in ("qualification", "parent_id"):
        op.create_index(f"ix_combination_group_{name}", "combination_group", [name])
    op.create_table(
        "combination_component",
        sa.Column("group_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry", KEY, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("group_id", "entry", name="pk_combination_component"),
        sa.ForeignKeyConstraint(["group_id"], ["combination_group.id"], name="fk_combination_component_group_id"),
        _entry("combination_component", "entry"),
    )
    op.create_index("ix_combination_component_entry", "combination_component", ["entry"])


def _exceptions() -> None:
    for table, other, rule, name in (
        ("barred_pair", "other_entry", "entry < other_entry", "in_order"),
        ("equivalence", "equivalent", "entry <> equivalent", "another"),
    ):
        columns = ("qualification", "entry", other)
        op.create_table(
            table,
            *(sa.Column(column, KEY, nullable=False) for column in columns),
            sa.PrimaryKeyConstraint(*columns, name=f"pk_{table}"),
            *(_entry(table, column) for column in columns),
            sa.CheckConstraint(rule, name=name),
        )
    op.create_table(
        "exemption",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("qualification", KEY, nullable=False),
        sa.Column("entry", KEY, nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_exemption"),
        _entry("exemption", "qualification"),
        _entry("exemption", "entry"),
    )
    op.create_index("ix_exemption_qualification", "exemption", ["qualification"])


def _entry(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["catalogue_entry.key"], name=f"fk_{table}_{column}")
