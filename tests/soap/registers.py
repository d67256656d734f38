"""A sandbox register with what the sandbox has not: records in every state, organisations that are refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.service import RunningService, make_sandbox, running, sandbox_settings
from tests.store import databases
from tests.store.builders import quick

from uln_contract.ulns import check_digit
from uln_server.access.organisation import Agreement, Kind, Organisation, Status
from uln_server.register.learner import Learner
from uln_server.register.learner import Status as LearnerStatus
from uln_server.store.database import Database

THEN = datetime(2024, 6, 30, 23, 30, tzinfo=UTC)
"""1 July in London: summer time counts."""


def uln(number: int) -> str:
    """A valid ULN that the sandbox has not given out."""
    digits = f"{900_000_000 + number}"
    return digits + str(check_digit(digits))


PLAIN = Learner(
    uln=uln(1),
    status=LearnerStatus.ACTIVE,
    version=1,
    created_at=THEN,
    updated_at=THEN,
    given_name="Roberta",
    family_name="Harrison",
    date_of_birth="2003-03-03",
    gender="2",
    last_known_post_code="EX4 4QJ",
    ability_to_share="0",
    verification_type="0",
)
FULL = replace(
    PLAIN,
    uln=uln(2),
    version=12,
    updated_at=datetime(2025, 1, 1, 0, 30, tzinfo=UTC),
    title="Dr & Mx",
    given_name="Zo\u00eb <Ann>",
    middle_other_name='"Bee"',
    family_name="O\u2019Hara & Sons",
    preferred_given_name="Peggy",
    previous_family_name="Fitz>gerald",
    family_name_at_age16="D'Arcy",
    school_at_age16="St Mary's & St <John>",
    last_known_address_line1="1 \u201cThe Elms\u201d",
    last_known_address_line2="Flat <2>",
    last_known_address_town="Llanfair\u00adpwll",
    last_known_address_county_or_city="Ynys M\u00f4n",
    last_known_post_code="LL61 5UJ",
    date_of_address_capture="2020-02-29",
    place_of_birth="\u0141\u00f3d\u017a",
    email_address="zoe@example.com",
    nationality="GBR",
    scottish_candidate_number="123456789",
    ability_to_share="2",
    verification_type="999",
    other_verification_description="Letter from the head & seal",
    notes="first line\r\nsecond ]]> line \U0001f642\ttab",
)
PASSPORT = replace(
    PLAIN, uln=uln(3), given_name="Muhammad", family_name="Brown", gender="0", verification_type="5"
)
MASTER = replace(PLAIN, uln=uln(10), given_name="Catherine", family_name="Young")
MIDDLE = replace(MASTER, uln=uln(11), status=LearnerStatus.MERGED, master_uln=MASTER.uln, family_name="Middleton")
FIRST = replace(MIDDLE, uln=uln(12), master_uln=MIDDLE.uln, family_name="Firstly")
GONE = replace(PLAIN, uln=uln(20), status=LearnerStatus.DELETED)
MERGED_INTO_GONE = replace(PLAIN, uln=uln(21), status=LearnerStatus.MERGED, master_uln=GONE.uln)
LEARNERS = (PLAIN, FULL, PASSPORT, MASTER, MIDDLE, FIRST, GONE, MERGED_INTO_GONE)

PASSWORD = "AnyOrganisation+"
READING = frozenset({Agreement.REGISTER_READ})


def credentials(
    ref: str | None = None, ukprn: str | None = None, password: str = PASSWORD, user: str = "u"
) -> str:
    """The four fields that say who calls, in contract order."""
    fields = {"OrganisationRef": ref, "UKPRN": ukprn, "OrgPassword": password, "UserName": user}
    return "".join(f"<{name}>{value}</{name}>" for name, value in fields.items() if value is not None)


def add_organisation(database: Database, ref: str, **fields: object) -> Organisation:
    """Set up an organisation that may read, unless the fields say otherwise; its UKPRN is 70 and its reference."""
    values: dict[str, object] = {
        "kind": Kind.LEARNING_PROVIDER,
        "ukprn": f"70{ref}",
        "organisation_ref": ref,
        "name": f"Organisation {ref}",
        "password": PASSWORD,
        "agreements": READING,
        "hashing": quick,
        **fields,
    }
    with database.writing() as writing:
        return writing.organisations.add(**values)  # type: ignore[arg-type]  # a test's own keywords


REFUSED: dict[str, dict[str, object]] = {
    "SUSPND": {"status": Status.SUSPENDED, "hours": "never", "agreements": ()},
    "CLOSED": {"hours": "never", "agreements": ()},
    "BAREST": {"agreements": frozenset(Agreement) - READING},
}


def fill(url: str) -> None:
    """Make a sandbox in a database that has nothing yet, and put all of this into it."""
    make_sandbox(url)
    with Database.open(url) as database:
        for ref, fields in REFUSED.items():
            add_organisation(database, ref, **fields)
        with database.writing() as writing:
            for learner in LEARNERS:
                writing.learners.add(learner)


@contextmanager
def filled_database(dialect: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A filled register of one kind of database, by its URL; it is filled once a run, and copied."""
    if dialect == "sqlite":
        template: Path = request.getfixturevalue("tmp_path_factory").getbasetemp() / "filled.sqlite3"
        if not template.exists():
            fill(databases.sqlite_url(template))
        yield databases.sqlite_copy(template, folder / "register.sqlite3")
        return
    server, filled = (str(request.getfixturevalue(name)) for name in ("postgres_url", "filled_postgres"))
    with databases.postgres_database(server, filled) as url:
        yield url


@contextmanager
def filled_service(
    request: pytest.FixtureRequest, factory: pytest.TempPathFactory, **settings: object
) -> Iterator[RunningService]:
    """A service on a filled register; ``request.param`` says on which kind of database, SQLite without one."""
    dialect = getattr(request, "param", "sqlite")
    with (
        filled_database(dialect, factory.mktemp("filled"), request) as url,
        running(sandbox_settings(url, **settings)) as service,
    ):
        yield service
