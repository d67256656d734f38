"""The whole Learner Register: what is compared, events and their history, finds made, the key of ULNs.

The migrations repeat the columns rather than import them: a migration stays as it was when tables move on.
"""

import secrets
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from uln_contract.normalising import normalise
from uln_server.register.issuing import SANDBOX_KEY

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")
ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ULN = sa.String(10)
_ROWS = 1000  # rows a step, so that a large register does not have to fit into memory
_MERGED = 2


def upgrade() -> None:
    """Add what is missing, and fill it for the records that are there."""
    _columns()
    _events()
    _finds()
    _only_appended()
    _key()
    _compared()
    _past_events()


def _columns() -> None:
    op.add_column("register", sa.Column("uln_key", sa.String(64), nullable=False, server_default=""))
    op.add_column("register", sa.Column("uln_counter", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("register", sa.Column("maintenance", sa.Text()))
    op.add_column("organisation", sa.Column("find_first", sa.Boolean()))
    op.add_column("organisation", sa.Column("find_maximum_minutes", sa.Integer()))
    op.add_column("organisation", sa.Column("review_minimum_seconds", sa.Integer()))
    op.add_column("audit", sa.Column("reason", sa.Text()))
    for name in ("given_key", "family_key", "post_code_key"):
        op.add_column("learner", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    if _postgresql():
        op.execute("CREATE SEQUENCE uln_counter MINVALUE 0 START 0")


def _events() -> None:
    op.create_table(
        "register_event",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("uln", ULN, nullable=False),
        sa.Column("master_uln", ULN),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Text()),
        sa.Column("organisation", sa.Text()),
        sa.Column("user_name", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_register_event"),
    )
    op.create_index("ix_register_event_uln", "register_event", ["uln"])
    op.create_index("ix_register_event_master_uln", "register_event", ["master_uln"])
    op.create_index("ix_register_event_kind_at", "register_event", ["kind", "at"])
    op.create_table(
        "learner_before",
        sa.Column("event_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name="pk_learner_before"),
        sa.ForeignKeyConstraint(["event_id"], ["register_event.id"], name="fk_learner_before_event_id"),
    )


def _finds() -> None:
    op.create_table(
        "demographic_find",
        sa.Column("organisation_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "key", name="pk_demographic_find"),
    )
    op.create_index("ix_demographic_find_at", "demographic_find", ["at"])


def _only_appended() -> None:
    """Nothing changes an event, and nothing but the emptying of a sandbox deletes one."""
    if _postgresql():
        op.execute(
            "CREATE FUNCTION only_appended() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " IF TG_OP <> 'UPDATE' AND NOT EXISTS (SELECT FROM register WHERE kind = 'production') THEN"
            " RETURN OLD; END IF; RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
    for table, key in (("register_event", "id"), ("learner_before", "event_id")):
        if _postgresql():
            op.execute(
                f"CREATE TRIGGER {table}_only_appended BEFORE UPDATE OR DELETE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION only_appended()"
            )
            op.execute(
                f"CREATE TRIGGER {table}_not_truncated BEFORE TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION only_appended()"
            )
            continue
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        op.execute(f"CREATE TRIGGER {table}_not_updated BEFORE UPDATE ON {table} {refuse}")
        kept = "WHEN (SELECT kind FROM register) = 'production'"
        op.execute(f"CREATE TRIGGER {table}_not_deleted BEFORE DELETE ON {table} {kept} {refuse}")
        # INSERT OR REPLACE deletes without asking the trigger above.
        there = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"  # noqa: S608  # our own words
        op.execute(f"CREATE TRIGGER {table}_not_replaced BEFORE INSERT ON {table} {there} {refuse}")


def _key() -> None:
    """Give a register that was made before it issued ULNs its key."""
    connection = op.get_bind()
    connection.execute(
        sa.text("UPDATE register SET uln_key = CASE kind WHEN 'sandbox' THEN :public ELSE :secret END"),
        {"public": SANDBOX_KEY, "secret": secrets.token_hex(32)},
    )


def _compared() -> None:
    """Fill in what is compared, then index it: the other way round would cost twice."""
    last = ""
    while rows := _next_learners("uln, given_name, family_name, last_known_post_code", last):
        op.get_bind().execute(
            sa.text(
                "UPDATE learner SET given_key = :given, family_key = :family, post_code_key = :place"
                " WHERE uln = :uln"
            ),
            [
                {
                    "uln": uln,
                    "given": normalise(given),
                    "family": normalise(family),
                    "place": "".join(post_code.split()).upper(),
                }
                for uln, given, family, post_code in rows
            ],
        )
        last = rows[-1][0]
    op.create_index("ix_learner_names", "learner", ["date_of_birth", "family_key", "given_key", "post_code_key"])
    op.create_index("ix_learner_place", "learner", ["date_of_birth", "post_code_key"])


def _past_events() -> None:
    """Tell of the records that are there as if events had been kept from the start; by whom is not known."""
    for status, kind, at, version in (
        (None, "registered", "created_at", "1"),
        (_MERGED, "merged", "updated_at", "version"),
        (0, "deleted", "updated_at", "version"),
    ):
        only = "" if status is None else f" WHERE status = {status}"
        master = "master_uln" if kind == "merged" else "NULL"
        op.execute(
            "INSERT INTO register_event (at, kind, uln, master_uln, version)"  # noqa: S608  # our own words
            f" SELECT {at}, '{kind}', uln, {master}, {version} FROM learner{only} ORDER BY {at}, uln"
        )


def _next_learners(columns: str, last: str) -> Sequence[Any]:
    statement = f"SELECT {columns} FROM learner WHERE uln > :last ORDER BY uln LIMIT :rows"  # noqa: S608  # as above
    return op.get_bind().execute(sa.text(statement), {"last": last, "rows": _ROWS}).fetchall()


def _postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
