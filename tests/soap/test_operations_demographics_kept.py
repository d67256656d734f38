"""What a find by demographics leaves: its audit row, whom it disclosed, the find that a registration follows."""

import hashlib
import itertools
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from tests.service import RunningService
from tests.soap.registers import FIRST, MASTER, PASSWORD, credentials
from tests.soap.searched import BERN, MERGED_NAMESAKE, NAMESAKE, TEN, searched_service, searching
from tests.soap.wire import DEMOGRAPHICS, GENERATION_2014, TODAY, demographics_body, find_body, send, verify_body

from uln_server.access.audit import AuditEntry
from uln_server.register.demographics import Demographics
from uln_server.register.registering import LastFind
from uln_server.store.drivers import Role
from uln_server.store.prepared import Prepared
from uln_server.store.tables import demographic_find

_numbers = itertools.count(1)
UNKNOWN = "ZZ99 9ZZ"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    with searched_service(request, tmp_path_factory) as running:
        yield running


def caller() -> tuple[str, str]:
    """Credentials, and the user in them: another for each test."""
    user = f"user {next(_numbers)}"
    return credentials("SBXAO1", password="SandboxAO-000001", user=user), user


def left_by(service: RunningService, user: str) -> list[AuditEntry]:
    with service.register() as register, register.reading() as reading:
        return list(reading.audit.query(user=user))


# search, code, the learners whose data a full find discloses
ANSWERED: dict[str, tuple[dict[str, str], str, tuple[str, ...]]] = {
    "exact": (searching(BERN), "WSRC0004", (BERN.uln,)),
    "possible": (searching(BERN, LastKnownPostCode=UNKNOWN), "WSRC0003", (BERN.uln,)),
    "ten": (searching(TEN[0], LastKnownPostCode=UNKNOWN), "WSRC0003", tuple(each.uln for each in TEN)),
    "merged": (searching(FIRST), "WSRC0022", (MASTER.uln,)),
    "merged, its master's names": (searching(MERGED_NAMESAKE), "WSRC0022", (NAMESAKE.uln,)),
    "too many": (
        {"FamilyName": "Smith", "GivenName": "Alex", "DateOfBirth": "2000-01-01", "LastKnownPostCode": UNKNOWN},
        "WSRC0002",
        (),
    ),
    "none": (searching(BERN, FamilyName="Zimmer"), "WSRC0001", ()),
    "insufficient": (searching(BERN, FamilyName="-"), "WSRC0015", ()),
}


@pytest.mark.parametrize(("find_type", "path"), [("FUL", TODAY), ("FUL", GENERATION_2014), ("CHK", TODAY)])
@pytest.mark.parametrize(("fields", "code", "disclosed"), ANSWERED.values(), ids=ANSWERED.keys())
def test_an_answer_leaves_one_row_and_whom_it_disclosed(  # noqa: PLR0913, PLR0917  # a table of calls
    service: RunningService,
    fields: dict[str, str],
    code: str,
    disclosed: tuple[str, ...],
    find_type: str,
    path: str,
) -> None:
    who, user = caller()
    assert send(service, demographics_body(find_type, who, **fields), path=path).text("ResponseCode") == code
    (entry,) = left_by(service, user)
    assert (entry.operation, entry.code, entry.reason) == ("learnerByDemographics", code, None)
    assert (entry.organisation, entry.address) == ("90000001", "127.0.0.1")
    assert entry.disclosed == (tuple(sorted(disclosed)) if find_type == "FUL" else ())


ODILE = {
    "FamilyName": "Thistlewood",
    "GivenName": "Odile",
    "DateOfBirth": "1991-03-04",
    "Gender": "2",
    "LastKnownPostCode": "M9 8ZZ",
}
AO, COLLEGE = (
    credentials("SBXAO1", password="SandboxAO-000001"),
    credentials("SBXLP2", password="SandboxLP-000002"),
)


def five(fields: dict[str, str]) -> Demographics:
    return Demographics(
        family_name=fields["FamilyName"],
        given_name=fields["GivenName"],
        date_of_birth=fields["DateOfBirth"],
        gender=fields["Gender"],
        last_known_post_code=fields["LastKnownPostCode"],
    )


def last_find(service: RunningService, fields: dict[str, str], ref: str = "SBXAO1") -> LastFind | None:
    with service.register() as register, register.reading() as reading:
        organisation = reading.organisations.by_identifier(ref)
        assert organisation is not None
        return reading.finds.last(organisation.id, five(fields))


def remembered(service: RunningService) -> list[tuple[Any, ...]]:
    with service.register() as register, closing(register.line(Role.READING)) as line:
        return line.rows(Prepared(select(demographic_find)))


@pytest.mark.parametrize(("find_type", "path"), [("FUL", TODAY), ("CHK", GENERATION_2014)])
@pytest.mark.parametrize("name", [name for name in ANSWERED if name != "insufficient"])
def test_a_find_is_remembered(service: RunningService, name: str, find_type: str, path: str) -> None:
    fields, code, _ = ANSWERED[name]
    fields = {**DEMOGRAPHICS, **fields}
    before = datetime.now(UTC)
    send(service, demographics_body(find_type, AO, **fields), path=path)
    last = last_find(service, fields)
    assert last is not None
    assert last.code == code
    assert before - timedelta(seconds=1) <= last.at <= datetime.now(UTC)


def test_a_later_find_takes_the_place_of_the_earlier_however_it_is_written(service: RunningService) -> None:
    """The key is the five as they are compared; what narrows is no part of it, nor is FUL or CHK (domain §6).

    Nor does what narrows count for the procedure: a made-up place of birth would else spare anybody the review.
    """
    fields = searching(BERN, LastKnownPostCode="M9 8ZZ")
    otherwise = searching(
        BERN,
        GivenName="bernad\u00e9tte",
        FamilyName="WINTER BOURNE",
        LastKnownPostCode="m98zz",
        PlaceOfBirth="Rhyl",
    )
    send(service, demographics_body(**fields))
    first, rows = last_find(service, fields), len(remembered(service))
    assert send(service, demographics_body("CHK", **otherwise)).text("ResponseCode") == "WSRC0001"
    second = last_find(service, fields)
    send(service, demographics_body("FUL", **fields))
    third = last_find(service, fields)
    assert first is not None
    assert second is not None
    assert third is not None
    assert [each.code for each in (first, second, third)] == ["WSRC0003", "WSRC0003", "WSRC0003"]
    assert first.at < second.at < third.at
    assert len(remembered(service)) == rows


@pytest.mark.parametrize("name", ODILE)
def test_each_of_the_five_makes_it_another_find(service: RunningService, name: str) -> None:
    other = {
        "FamilyName": "Thistlewoods",
        "GivenName": "Odille",
        "DateOfBirth": "1991-04-03",
        "Gender": "9",
        "LastKnownPostCode": UNKNOWN,
    }
    send(service, demographics_body(**ODILE))
    assert last_find(service, ODILE) is not None
    assert last_find(service, {**ODILE, name: other[name]}) is None


def test_each_organisation_has_finds_of_its_own(service: RunningService) -> None:
    fields = {**ODILE, "GivenName": "Ottilie"}
    send(service, demographics_body(**fields, credentials=COLLEGE))
    assert last_find(service, fields) is None
    college = last_find(service, fields, "SBXLP2")
    send(service, demographics_body(**fields, credentials=AO))
    assert last_find(service, fields) is not None
    assert last_find(service, fields, "SBXLP2") == college is not None


def asked_by(ref: str, password: str = PASSWORD) -> str:
    return demographics_body(**ODILE, credentials=credentials(ref, password=password))


# What is no find, or was refused; and its answer.
NO_FINDS = {
    "insufficient": (demographics_body(**{**ODILE, "GivenName": "-"}), "WSRC0015"),
    "schema": (demographics_body(**{**ODILE, "Gender": "5"}), "WSEC0001"),
    "unknown organisation": (asked_by("NOBODY"), "WSEC0003"),
    "wrong password": (asked_by("SBXRO4"), "WSEC0005"),
    "suspended": (asked_by("SBXSU3", "SandboxSU-000003"), "WSEC0003"),
    "out of hours": (asked_by("SBXNS5", "SandboxNS-000005"), "WSEC0004"),
    "no agreement": (asked_by("BAREST"), "WSEC0006"),
    "by ULN": (find_body(), "WSRC0004"),
    "verifying": (verify_body(), "WSVRC001"),
}


@pytest.mark.parametrize(("body", "code"), NO_FINDS.values(), ids=NO_FINDS.keys())
def test_what_is_no_find_is_not_remembered(service: RunningService, body: str, code: str) -> None:
    before = remembered(service)
    answer = send(service, body)
    assert code == (answer.text("ResponseCode") if answer.status == 200 else answer.fault().code)
    assert remembered(service) == before


def test_who_was_looked_for_cannot_be_read(service: RunningService) -> None:
    """Neither from the row nor by hashing a guess: the key of the hash is the register's own."""
    send(service, demographics_body(**ODILE))
    rows = remembered(service)
    assert {len(row) for row in rows} == {4}
    keys = {row[1] for row in rows}
    assert all(re.fullmatch(r"[0-9a-f]{32}", key) for key in keys)
    guess = five(ODILE).key.encode()
    assert hashlib.blake2b(guess, digest_size=16).hexdigest() not in keys
    assert hashlib.sha256(guess).hexdigest()[:32] not in keys
    assert hashlib.md5(guess).hexdigest() not in keys
    for detail in ("Odile", "odile", "Thistlewood", "thistlewood", "1991-03-04", "M9 8ZZ", "M98ZZ"):
        assert detail not in repr(rows)


@contextmanager
def refusing(service: RunningService, table: str, code: str) -> Iterator[None]:
    """Let the database refuse to write this code into this table."""
    abort = "BEGIN SELECT RAISE(ABORT, 'refused'); END"
    ways = {
        "sqlite": (
            f"CREATE TRIGGER refusing BEFORE INSERT ON {table} WHEN NEW.code = '{code}' {abort}",
            "DROP TRIGGER refusing",
        ),
        "postgresql": (
            f"ALTER TABLE {table} ADD CONSTRAINT refusing CHECK (code <> '{code}') NOT VALID",
            f"ALTER TABLE {table} DROP CONSTRAINT refusing",
        ),
    }
    with service.register() as register, closing(register.line(Role.WRITING)) as line:
        begin, end = ways[register.dialect]
        line.run(Prepared(text(begin)))
        try:
            yield
        finally:
            line.run(Prepared(text(end)))


@pytest.mark.parametrize("table", ["audit", "demographic_find"])
def test_find_and_audit_row_are_written_together_or_not_at_all(service: RunningService, table: str) -> None:
    """And what was not written down is not answered."""
    fields = {**ODILE, "GivenName": "Odette" if table == "audit" else "Odalys"}
    who, user = caller()
    with refusing(service, table, "WSRC0001"):
        send(service, demographics_body(**fields, credentials=who)).expect_fault("WSEC0999", "incident ")
    assert left_by(service, user) == []
    assert last_find(service, fields) is None
    assert send(service, demographics_body(**fields, credentials=who)).text("ResponseCode") == "WSRC0001"
    assert [entry.code for entry in left_by(service, user)] == ["WSRC0001"]
    assert last_find(service, fields) is not None
