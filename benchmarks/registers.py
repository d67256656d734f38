"""Registers to be measured, and the organisation that calls."""

from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random

from faker import Faker

from uln_contract.ulns import check_digit
from uln_server.access.organisation import Agreement, Kind, OwnProcedure
from uln_server.register.learner import Learner, Status
from uln_server.store import schema
from uln_server.store.database import Database

UKPRN, REF, PASSWORD = "90000009", "BENCH9", "Bench-password-1"
CREDENTIALS = (
    f"<OrganisationRef>{REF}</OrganisationRef><UKPRN>{UKPRN}</UKPRN><OrgPassword>{PASSWORD}</OrgPassword>"
    "<UserName>bench</UserName>"
)


def make_register(url: str, learners: int) -> list[Learner]:
    """A production register with learners, and the organisation."""
    invented = list(_invented(learners))
    with Database.open(url) as database:
        schema.upgrade(database)
        with database.writing() as writing:
            writing.register.create("production")
            for each in invented:
                writing.learners.add(each)
        add_organisation(database)
    return invented


def add_organisation(database: Database) -> None:
    """Let the organisation call, where it cannot yet: it may read and write, and registers without a find."""
    with database.writing() as writing:
        if writing.organisations.by_identifier(UKPRN) is not None:
            return
        writing.organisations.add(
            kind=Kind.AWARDING_ORGANISATION,
            ukprn=UKPRN,
            organisation_ref=REF,
            name="Benchmark",
            password=PASSWORD,
            agreements=frozenset({Agreement.REGISTER_READ, Agreement.REGISTER_WRITE}),
        )
        writing.organisations.set_procedure(UKPRN, OwnProcedure(find_first=False))


def _invented(count: int) -> Iterator[Learner]:
    """Invented learners with valid ULNs, the same at every run."""
    random = Random(2)
    fake = Faker("en_GB")
    fake.seed_instance(2)
    now = datetime.now(UTC)
    seen: set[str] = set()
    while len(seen) < count:
        prefix = str(random.randrange(100_000_000, 1_000_000_000))
        digit = check_digit(prefix)
        if digit is None or prefix in seen:
            continue
        seen.add(prefix)
        yield Learner(
            uln=prefix + digit,
            status=Status.ACTIVE,
            version=1,
            created_at=now,
            updated_at=now,
            given_name=fake.first_name(),
            family_name=fake.last_name(),
            date_of_birth=fake.date_of_birth(minimum_age=16, maximum_age=60).isoformat(),
            gender=random.choice("12"),
            last_known_post_code="CV4 9EE",
            ability_to_share="1",
            verification_type="1",
        )
