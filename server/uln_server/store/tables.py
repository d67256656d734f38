"""The tables of the register. The migrations make them; a test holds the two together."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from uln_server.access.organisation import Agreement, Kind
from uln_server.access.organisation import Status as OrganisationStatus
from uln_server.batch.intake_file import IntakeState
from uln_server.batch.job import JobKind, JobStatus
from uln_server.catalogue.entry import Availability, ComponentRole, EntryKind
from uln_server.catalogue.event import CatalogueEventKind
from uln_server.record.action import Form
from uln_server.record.award import Outcome
from uln_server.register.event import EventKind
from uln_server.register.learner import Status as LearnerStatus
from uln_server.store.columns import Instant, Member

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

# SQLite numbers rows by itself only where the key is exactly INTEGER.
RowNumber = BigInteger().with_variant(Integer(), "sqlite")

register = Table(
    "register",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("uln_key", String(64), nullable=False, server_default=""),
    Column("uln_counter", BigInteger, nullable=False, server_default="0"),
    Column("maintenance", Text),
    CheckConstraint("id = 1", name="one_row"),
    CheckConstraint("kind IN ('sandbox', 'production')", name="kind"),
)

# Identifiers are kept in upper case [O], so that the unique indexes ignore case on both databases.
organisation = Table(
    "organisation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Member(Kind), nullable=False),
    Column("ukprn", String(8), nullable=False, unique=True),
    Column("organisation_ref", String(6), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("status", Member(OrganisationStatus), nullable=False),
    Column("hours", Text, nullable=False),
    Column("credential_version", Integer, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("fault_qualified", Boolean),
    Column("linked_ulns_qualified", Boolean),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("find_first", Boolean),
    Column("find_maximum_minutes", Integer),
    Column("review_minimum_seconds", Integer),
)

# A withdrawn agreement keeps its row: what an organisation was allowed, and when, is part of the audit.
agreement = Table(
    "agreement",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("organisation_id", Integer, ForeignKey("organisation.id"), nullable=False),
    Column("agreement", Member(Agreement), nullable=False),
    Column("signed_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Index(
        "uq_agreement_in_force",
        "organisation_id",
        "agreement",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
)

learner = Table(
    "learner",
    metadata,
    Column("uln", String(10), primary_key=True),
    Column("status", Member(LearnerStatus), nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("given_name", Text, nullable=False),
    Column("family_name", Text, nullable=False),
    Column("date_of_birth", String(10), nullable=False),
    Column("gender", String(1), nullable=False),
    Column("last_known_post_code", Text, nullable=False),
    Column("ability_to_share", String(1), nullable=False),
    Column("verification_type", String(3), nullable=False),
    Column("master_uln", String(10), ForeignKey("learner.uln"), index=True),
    Column("title", Text),
    Column("middle_other_name", Text),
    Column("preferred_given_name", Text),
    Column("previous_family_name", Text),
    Column("family_name_at_age16", Text),
    Column("school_at_age16", Text),
    Column("last_known_address_line1", Text),
    Column("last_known_address_line2", Text),
    Column("last_known_address_town", Text),
    Column("last_known_address_county_or_city", Text),
    Column("date_of_address_capture", String(10)),
    Column("place_of_birth", Text),
    Column("email_address", Text),
    Column("nationality", Text),
    Column("scottish_candidate_number", Text),
    Column("other_verification_description", Text),
    Column("notes", Text),
    # As compared (register.demographics): what a find looks up, in blocks of equal values.
    Column("given_key", Text, nullable=False, server_default=""),
    Column("family_key", Text, nullable=False, server_default=""),
    Column("post_code_key", Text, nullable=False, server_default=""),
    Column("uci", Text),
    Column("upn", Text),
    Index("ix_learner_names", "date_of_birth", "family_key", "given_key", "post_code_key"),
    Index("ix_learner_place", "date_of_birth", "post_code_key"),
    CheckConstraint("status IN (0, 1, 2)", name="status"),
    CheckConstraint("(status = 2) = (master_uln IS NOT NULL)", name="merged_has_master"),
    CheckConstraint("master_uln <> uln", name="master_is_another"),
)

# Append-only, by triggers of the migration: what notices and feeds read. No name, no date of birth.
register_event = Table(
    "register_event",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("kind", Member(EventKind), nullable=False),
    Column("uln", String(10), nullable=False, index=True),
    Column("master_uln", String(10), index=True),
    Column("version", Integer, nullable=False),
    Column("message_id", Text),
    Column("organisation", Text),
    Column("user_name", Text),
    Index("ix_register_event_kind_at", "kind", "at"),
)

# What an event's change replaced: with the event, the history of a record.
learner_before = Table(
    "learner_before",
    metadata,
    Column("event_id", BigInteger, ForeignKey("register_event.id"), primary_key=True, autoincrement=False),
    Column("fields", Text, nullable=False),
)

# How far an import of a file has come, so that it can go on; a finished one stays. No file name: it may be a
# person's.
learner_import = Table(
    "learner_import",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("form", Text, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("user_name", Text),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("row", BigInteger, nullable=False, server_default="0"),
    Column("asides", BigInteger, nullable=False, server_default="0"),
    Column("added", BigInteger, nullable=False, server_default="0"),
    Column("merged", BigInteger, nullable=False, server_default="0"),
    Column("deleted", BigInteger, nullable=False, server_default="0"),
    Column("held", BigInteger, nullable=False, server_default="0"),
    Column("refused", BigInteger, nullable=False, server_default="0"),
    Column("errors_size", BigInteger, nullable=False, server_default="0"),
    Index(
        "uq_learner_import_unfinished",
        "sha256",
        "size",
        "form",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
)

# The key is a keyed hash of the five demographics: who was looked for cannot be read from it.
demographic_find = Table(
    "demographic_find",
    metadata,
    Column("organisation_id", Integer, primary_key=True, autoincrement=False),
    Column("key", String(32), primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    Column("code", Text, nullable=False),
)

# No foreign key to organisation: a refused message names whom it likes, and the row must stand.
audit = Table(
    "audit",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("message_id", Text, nullable=False, unique=True),
    Column("at", Instant, nullable=False, index=True),
    Column("organisation_id", Integer),
    Column("organisation", Text),
    Column("user_name", Text),
    Column("operation", Text),
    Column("code", Text, nullable=False),
    Column("address", Text),
    Column("reason", Text),
    Index("ix_audit_organisation_at", "organisation", "at"),
)

disclosure = Table(
    "disclosure",
    metadata,
    Column("message_id", Text, ForeignKey("audit.message_id"), primary_key=True),
    Column("uln", String(10), primary_key=True, index=True),
)

sandbox_message = Table(
    "sandbox_message",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("message_id", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("path", Text, nullable=False),
    Column("operation", Text),
    Column("code", Text, nullable=False),
    Column("reading", Text, nullable=False),
    Column("request", Text, nullable=False),
    Column("reply", Text, nullable=False),
)

# Qualifications and units, under their reference as it is compared (catalogue.reference). Several values of one
# field are a JSON array, so that a change of an entry is a change of one row. Dates are YYYY-MM-DD.
catalogue_entry = Table(
    "catalogue_entry",
    metadata,
    Column("key", String(8), primary_key=True),
    Column("reference", Text, nullable=False),
    Column("kind", Member(EntryKind), nullable=False),
    Column("title", Text, nullable=False),
    Column("type", Text),
    Column("level", Text),
    Column("sub_level", Text),
    Column("credit", Integer),
    Column("guided_learning_hours", Integer),
    Column("minimum_guided_learning_hours", Integer),
    Column("maximum_guided_learning_hours", Integer),
    Column("total_qualification_time", Integer),
    Column("subject_area", Text),
    Column("owner_ukprn", String(8), index=True),
    Column("owner_recognition_number", Text, index=True),
    Column("owner_name", Text),
    Column("owner_acronym", Text),
    Column("availability", Member(Availability), nullable=False),
    Column("listed", Text, nullable=False),
    Column("grading_type", Text),
    Column("grades", Text),
    Column("regulation_start", String(10)),
    Column("operational_start", String(10)),
    Column("operational_end", String(10)),
    Column("certification_end", String(10)),
    Column("review", String(10)),
    Column("expiry", String(10)),
    Column("countries", Text),
    Column("component_role", Member(ComponentRole)),
    Column("other", Text, nullable=False),
    Column("withdrawn_at", Instant),
    Column("version", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    CheckConstraint("owner_ukprn IS NOT NULL OR owner_recognition_number IS NOT NULL", name="owned"),
)

# Append-only, by triggers of the migration: who changed the catalogue, and what was there before.
catalogue_event = Table(
    "catalogue_event",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("key", String(8), nullable=False, index=True),
    Column("kind", Member(CatalogueEventKind), nullable=False),
    Column("version", Integer, nullable=False),
    Column("before", Text, nullable=False),
    Column("message_id", Text),
    Column("user_name", Text),
)

# A regulator's list names an owner by recognition number, a message its sender by UKPRN: what joins the two.
recognition = Table(
    "recognition",
    metadata,
    Column("recognition_number", Text, primary_key=True),
    Column("ukprn", String(8), nullable=False, index=True),
)

# The tree of a qualification's rules of combination: groups within groups, entries in groups.
combination_group = Table(
    "combination_group",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("qualification", String(8), ForeignKey("catalogue_entry.key"), nullable=False, index=True),
    Column("parent_id", Integer, ForeignKey("combination_group.id"), index=True),
    Column("place", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("minimum_credit", Integer),
    Column("maximum_credit", Integer),
    Column("minimum_entries", Integer),
    Column("maximum_entries", Integer),
)

combination_component = Table(
    "combination_component",
    metadata,
    Column("group_id", Integer, ForeignKey("combination_group.id"), primary_key=True, autoincrement=False),
    Column("entry", String(8), ForeignKey("catalogue_entry.key"), primary_key=True, index=True),
    Column("place", Integer, nullable=False),
)

# Of two barred entries one alone counts towards the qualification.
barred_pair = Table(
    "barred_pair",
    metadata,
    Column("qualification", String(8), ForeignKey("catalogue_entry.key"), primary_key=True),
    Column("entry", String(8), ForeignKey("catalogue_entry.key"), primary_key=True),
    Column("other_entry", String(8), ForeignKey("catalogue_entry.key"), primary_key=True),
    CheckConstraint("entry < other_entry", name="in_order"),
)

# What stands in an entry's place although it is not on the catalogue.
exemption = Table(
    "exemption",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("qualification", String(8), ForeignKey("catalogue_entry.key"), nullable=False, index=True),
    Column("entry", String(8), ForeignKey("catalogue_entry.key"), nullable=False),
    Column("ground", Text, nullable=False),
)

# What stands in an entry's place and is on the catalogue.
equivalence = Table(
    "equivalence",
    metadata,
    Column("qualification", String(8), ForeignKey("catalogue_entry.key"), primary_key=True),
    Column("entry", String(8), ForeignKey("catalogue_entry.key"), primary_key=True),
    Column("equivalent", String(8), ForeignKey("catalogue_entry.key"), primary_key=True),
    CheckConstraint("entry <> equivalent", name="another"),
)

provider = Table(
    "provider",
    metadata,
    Column("ukprn", String(8), primary_key=True),
    Column("name", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
)

UNFINISHED_JOB = text("job.status IN ('Waiting', 'InProgress')")
"""In the words of the partial index: with parameters the databases would not know it again."""
_unfinished = text("status IN ('Waiting', 'InProgress')")
_mail_due = text("mail_due IS NOT NULL")

# The truth about a job: whoever works it off holds ``claim`` until ``free_at``. Its key never comes again, though
# old jobs are deleted.
job = Table(
    "job",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Member(JobKind), nullable=False),
    Column("form", Text, nullable=False),
    Column("organisation_id", Integer, ForeignKey("organisation.id"), nullable=False),
    Column("ukprn", String(8), nullable=False),
    Column("user_name", Text, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("wsa_message_id", Text),
    Column("digest", String(64), nullable=False),
    Column("given", Text, nullable=False),
    Column("submitted_at", Instant, nullable=False),
    Column("started_at", Instant),
    Column("finished_at", Instant),
    Column("status", Member(JobStatus), nullable=False),
    Column("rows", Integer, nullable=False),
    Column("done", Integer, nullable=False, server_default="0"),
    Column("counts", Text, nullable=False, server_default="{}"),
    Column("rejection", Text),
    Column("claim", String(32)),
    Column("free_at", Instant, nullable=False),
    Column("turn_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    # When the message about its end is to be tried next, how often it was, and when the mail server took it.
    Column("mail_due", Instant),
    Column("mail_tries", Integer, nullable=False, server_default="0"),
    Column("mailed_at", Instant),
    Index("ix_job_unfinished", "free_at", sqlite_where=_unfinished, postgresql_where=_unfinished),
    Index("ix_job_digest", "organisation_id", "digest"),
    Index("ix_job_wsa_message_id", "organisation_id", "wsa_message_id"),
    Index("ix_job_finished_at", "finished_at"),
    Index("ix_job_mail_due", "mail_due", sqlite_where=_mail_due, postgresql_where=_mail_due),
    CheckConstraint("id BETWEEN 100001 AND 2147483647", name="number"),
    CheckConstraint("done BETWEEN 0 AND rows", name="done"),
    sqlite_autoincrement=True,
)

# No foreign key here, nor from results and awards: to hold a batch's rows to them takes PostgreSQL as long as to
# write them, and each look locks the row referred to, a job's thousands of times, and writes its page. Whoever
# writes them holds the job, or has just read the learner and the entry, and neither of these is ever deleted.
job_row = Table(
    "job_row",
    metadata,
    Column("job_id", Integer, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("given", Text, nullable=False),
    sqlite_with_rowid=False,
)

# A table of its own: a row has one result, which is written once.
job_result = Table(
    "job_result",
    metadata,
    Column("job_id", Integer, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("code", Text, nullable=False),
    Column("found", Text, nullable=False),
    sqlite_with_rowid=False,
)

# When one of an organisation's jobs was last worked on: the others go before it.
job_turn = Table(
    "job_turn",
    metadata,
    Column("organisation_id", Integer, ForeignKey("organisation.id"), primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
)

# A file that was handed in through a folder: whoever works on it holds ``claim`` until ``free_at``. ``parts`` is a
# JSON array of jobs and their rows; no foreign key, for jobs are deleted some time after they have ended.
_not_ended = text("ended_at IS NULL")
intake_file = Table(
    "intake_file",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("token", String(32), nullable=False, unique=True),
    Column("organisation_id", Integer, ForeignKey("organisation.id"), nullable=False),
    Column("ukprn", String(8), nullable=False),
    Column("name", Text, nullable=False),
    Column("filed_as", Text, nullable=False),
    Column("state", Member(IntakeState), nullable=False),
    Column("digest", String(64)),
    Column("parts", Text, nullable=False, server_default="[]"),
    Column("taken_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("claim", String(32)),
    Column("free_at", Instant, nullable=False),
    Index("ix_intake_file_unfinished", "id", sqlite_where=_not_ended, postgresql_where=_not_ended),
    Index("ix_intake_file_digest", "organisation_id", "digest"),
    UniqueConstraint("organisation_id", "filed_as"),
)

# The learner's record: an award stays under the ULN that it was submitted with, whatever is merged later. The
# organisation is a UKPRN, the reference the catalogue's key.
award = Table(
    "award",
    metadata,
    Column("uln", String(10), primary_key=True),
    Column("reference", String(8), primary_key=True),
    Column("organisation", String(8), primary_key=True),
    Column("award_date", String(10), nullable=False),
    Column("provider_ukprn", String(8), nullable=False),
    Column("grade", Text),
    Column("language", Text),
    Column("mis_identifier", Text),
    Column("details_at", Instant, nullable=False),
    Column("form", Member(Form), nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Column("withdrawn_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    # An organisation's own, a page at a time.
    Index("ix_award_organisation", "organisation", "uln", "reference"),
    CheckConstraint("form IN ('Final', 'Provisional')", name="form"),
)

# Append-only, by triggers of the migration: who did what to an award, by which row of which job, and what was
# there before. No name. Each version of an award has one event, so that nothing is done to it twice.
award_event = Table(
    "award_event",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("kind", Member(Outcome), nullable=False),
    Column("uln", String(10), nullable=False),
    Column("reference", String(8), nullable=False),
    Column("organisation", String(8), nullable=False),
    Column("version", Integer, nullable=False),
    Column("action_at", Instant, nullable=False),
    Column("before", Text, nullable=False),
    # No foreign key: a job is deleted some time after it has ended, and the event stands.
    Column("job_id", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("user_name", Text),
    UniqueConstraint("uln", "reference", "organisation", "version"),
)

# Apart from the events, append-only too: free text, in which somebody may have written a name.
award_reason = Table(
    "award_reason",
    metadata,
    Column("uln", String(10), primary_key=True),
    Column("reference", String(8), primary_key=True),
    Column("organisation", String(8), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("reason", Text, nullable=False),
)

# Another text whenever a list that records are shown with changes, whoever changes it: by triggers of the
# migration. A list that has not changed since then has no row.
list_state = Table(
    "list_state",
    metadata,
    Column("list", Text, primary_key=True),
    Column("state", Text, nullable=False),
)
