"""The register as the first call needs it: organisations, learners, the audit trail, sandbox messages.

The migrations repeat the columns rather than import them: a migration stays as it was when tables move on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")
ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ULN = sa.String(10)


def upgrade() -> None:
    """Make every table."""
    _organisations()
    _learners()
    _messages()


def _organisations() -> None:
    op.create_table(
        "register",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_register"),
        sa.CheckConstraint("id = 1", name=op.f("ck_register_one_row")),
        sa.CheckConstraint("kind IN ('sandbox', 'production')", name=op.f("ck_register_kind")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ukprn", sa.String(8), nullable=False),
        sa.Column("organisation_ref", sa.String(6), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("hours", sa.Text(), nullable=False),
        sa.Column("credential_version", sa.Integer(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("fault_qualified", sa.Boolean()),
        sa.Column("linked_ulns_qualified", sa.Boolean()),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organisation"),
        sa.UniqueConstraint("ukprn", name="uq_organisation_ukprn"),
        sa.UniqueConstraint("organisation_ref", name="uq_organisation_organisation_ref"),
    )
    op.create_table(
        "agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("agreement", sa.Text(), nullable=False),
        sa.Column("signed_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_agreement"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_agreement_organisation_id"),
    )
    op.create_index(
        "uq_agreement_in_force",
        "agreement",
        ["organisation_id", "agreement"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _learners() -> None:
    op.create_table(
        "learner",
        sa.Column("uln", ULN, nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("given_name", sa.Text(), nullable=False),
        sa.Column("family_name", sa.Text(), nullable=False),
        sa.Column("date_of_birth", sa.String(10), nullable=False),
        sa.Column("gender", sa.String(1), nullable=False),
        sa.Column("last_known_post_code", sa.Text(), nullable=False),
        sa.Column("ability_to_share", sa.String(1), nullable=False),
        sa.Column("verification_type", sa.String(3), nullable=False),
        sa.Column("master_uln", ULN),
        sa.Column("title", sa.Text()),
        sa.Column("middle_other_name", sa.Text()),
        sa.Column("preferred_given_name", sa.Text()),
        sa.Column("previous_family_name", sa.Text()),
        sa.Column("family_name_at_age16", sa.Text()),
        sa.Column("school_at_age16", sa.Text()),
        sa.Column("last_known_address_line1", sa.Text()),
        sa.Column("last_known_address_line2", sa.Text()),
        sa.Column("last_known_address_town", sa.Text()),
        sa.Column("last_known_address_county_or_city", sa.Text()),
        sa.Column("date_of_address_capture", sa.String(10)),
        sa.Column("place_of_birth", sa.Text()),
        sa.Column("email_address", sa.Text()),
        sa.Column("nationality", sa.Text()),
        sa.Column("scottish_candidate_number", sa.Text()),
        sa.Column("other_verification_description", sa.Text()),
        sa.Column("notes", sa.Text()),
        sa.PrimaryKeyConstraint("uln", name="pk_learner"),
        sa.ForeignKeyConstraint(["master_uln"], ["learner.uln"], name="fk_learner_master_uln"),
        sa.CheckConstraint("status IN (0, 1, 2)", name=op.f("ck_learner_status")),
        sa.CheckConstraint("(status = 2) = (master_uln IS NOT NULL)", name=op.f("ck_learner_merged_has_master")),
        sa.CheckConstraint("master_uln <> uln", name=op.f("ck_learner_master_is_another")),
    )
    op.create_index("ix_learner_master_uln", "learner", ["master_uln"])


def _messages() -> None:
    op.create_table(
        "audit",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("organisation_id", sa.Integer()),
        sa.Column("organisation", sa.Text()),
        sa.Column("user_name", sa.Text()),
        sa.Column("operation", sa.Text()),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("address", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sa.UniqueConstraint("message_id", name="uq_audit_message_id"),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_index("ix_audit_organisation_at", "audit", ["organisation", "at"])
    op.create_table(
        "disclosure",
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("uln", ULN, nullable=False),
        sa.PrimaryKeyConstraint("message_id", "uln", name="pk_disclosure"),
        sa.ForeignKeyConstraint(["message_id"], ["audit.message_id"], name="fk_disclosure_message_id"),
    )
    op.create_index("ix_disclosure_uln", "disclosure", ["uln"])
    op.create_table(
        "sandbox_message",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("operation", sa.Text()),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("reading", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sandbox_message"),
    )
